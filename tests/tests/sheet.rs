//! The enrolment sheet: printed, scanned, kept in a drawer; never where others look, never over anything.

use wardkey_tests::machine::host::{Host, STATE, SUPPORT};
use wardkey_tests::machine::interrupt::{changing_calls, kill_at};
use wardkey_tests::people::history::History;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::sheet::Sheet;
use wardkey_tests::proof::terminal_screen::printed_codes;

const SHEET: &str = "/var/sheets/alice.html";

fn host(tables: &str) -> Host {
    let host = Host::with_config(tables);
    host.add_account("alice");
    host.must("mkdir -m 700 /var/sheets");
    host
}

/// Enrols Alice with a sheet, up to the question for the first code; the phone has scanned the paper.
fn before_the_first_code(host: &Host) -> (Terminal, Authenticator) {
    let command = host.built("wardkey");
    let words = ["enroll", "alice", "--sheet", SHEET];
    let mut terminal = Terminal::start(host, command.to_str().expect("a plain path"), &words);
    terminal.expect("Code from the app:");
    (terminal, phone(&Sheet::read(host, SHEET).scanned))
}

fn phone(uri: &str) -> Authenticator {
    let (_, secret) = uri.split_once("secret=").unwrap_or_else(|| panic!("no key in {uri:?}"));
    let secret = secret.split('&').next().expect("its end").to_owned();
    Authenticator { secret, algorithm: "SHA1".into(), digits: 6, period: 30 }
}

fn mode_and_owner(host: &Host) -> String {
    host.must(&format!("stat -c '%a %U %h' {SHEET}")).trim().to_owned()
}

// Row: S1-5
// Row: S1-6
// Row: S1-7
// Row: S1-10
// Row: S1-23
// Row: S2-4
#[test]
fn the_page_of_the_key_says_what_to_install_what_to_scan_and_whom_to_call() {
    let host = host("issuer = \"Lakeside <b>&amp; \\\"Co\\\"\"");
    let printed = host.json(&["enroll", "alice", "--sheet", SHEET], "");
    assert_eq!((&printed["sheet"], &printed["state"]), (&SHEET.into(), &"pending".into()));
    let sheet = Sheet::read(&host, SHEET);
    assert_eq!((sheet.language.as_str(), sheet.pages.len()), ("en", 1));
    assert!(sheet.policy.starts_with("default-src 'none';"), "{}", sheet.policy);
    assert_eq!(sheet.scanned, printed["uri"].as_str().expect("an address"));
    let secret = printed["secret"].as_str().expect("a key");
    let groups: Vec<_> = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    let apps = [
        ("Google Authenticator", "Google LLC"),
        ("Microsoft Authenticator", "Microsoft Corporation"),
        ("Twilio Authy", "Authy Inc."),
        ("Duo Mobile", "Duo Security LLC"),
        ("1Password", "AgileBits Inc."),
        ("LastPass Authenticator", "LastPass US LP"),
    ];
    let parts = [
        "Lakeside <b>&amp; \"Co\"",
        &groups.join(" "),
        "App Store (iPhone) or Google Play (Android)",
        "All but 1Password cost nothing",
        "Beware of lookalikes",
        "hardware token",
        SUPPORT,
        "recovery codes",
        "your name alone is not enough",
        "Then you are asked for a code",
        "automatic date and time",
        "This key opens nothing yet",
    ];
    let page = &sheet.pages[0];
    for part in parts.into_iter().chain(apps.iter().flat_map(|(app, publisher)| [*app, *publisher])) {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(mode_and_owner(&host), "600 root 1");
}

// Row: S1-13
// Row: S1-15
// Row: S1-16
// Row: S2-10
// Row: S2-11
// Row: S2-16
#[test]
fn the_recovery_codes_take_the_place_of_the_key_on_the_sheet() {
    let host = host("");
    let (mut terminal, phone) = before_the_first_code(&host);
    assert_eq!(Sheet::read(&host, SHEET).pages.len(), 1, "no codes before a code was right");
    terminal.type_line(&phone.code(host.now() / 30));
    let (status, shown) = terminal.finish();
    assert!(status.success(), "{shown}");
    let (_, end) = shown.rsplit_once("\x1b[2J").expect("a cleared screen");
    assert!(printed_codes(&shown).is_empty() && !end.contains("Key:"), "{end}");
    for part in ["MFA: ON for alice", SHEET, "shred -u", "5 left", SUPPORT] {
        assert!(end.contains(part), "{part}: {end}");
    }

    let sheet = Sheet::read(&host, SHEET);
    assert_eq!((sheet.pages.len(), sheet.codes(0).len(), sheet.scanned.as_str()), (1, 5, ""));
    let codes = &sheet.pages[0];
    let parts = ["locked drawer", "password manager", "second device", "sticky note", "e-mail to yourself"];
    let login = ["At a login", "automatic date and time", "your name alone is not enough"];
    for part in parts.into_iter().chain(login).chain(["shared document", "page of the key", "alice", SUPPORT])
    {
        assert!(codes.contains(part), "{part}: {codes}");
    }
    let file = host.read(SHEET).replace(' ', "");
    assert!(!file.contains(&phone.secret) && !file.contains("<svg"), "the key is in the file: {file}");
    assert_eq!(mode_and_owner(&host), "600 root 1");
    assert_eq!(host.must("ls -A /var/sheets").trim(), "alice.html");
    for code in sheet.codes(0) {
        assert!(host.types("alice", &code).accepted());
    }
}

// Row: S2-2
#[test]
fn a_sheet_of_an_enrolment_broken_off_says_that_it_opens_nothing() {
    let host = host("");
    let (mut terminal, phone) = before_the_first_code(&host);
    terminal.type_line(&phone.wrong_code(host.now() / 30));
    terminal.expect("Code from the app:");
    drop(terminal);
    assert_eq!(host.state("alice"), "pending");
    let sheet = Sheet::read(&host, SHEET);
    assert!(sheet.pages.len() == 1 && sheet.pages[0].contains("This key opens nothing yet"), "{sheet:?}");
    let refused = host.wardkey(&["enroll", "alice", "--sheet", SHEET], "").exits(1);
    assert!(refused.stderr.contains("already exists"), "{refused:?}");
    assert_eq!(Sheet::read(&host, SHEET).scanned, sheet.scanned, "never over an earlier one");

    let code = format!("{}\n", phone.code(host.now() / 30));
    let printed = host.json(&["confirm", "alice", "--sheet", "/var/sheets/codes.html"], &code);
    assert_eq!(
        (&printed["recovery_codes"], &printed["sheet"]),
        (&serde_json::json!([]), &"/var/sheets/codes.html".into())
    );
    let codes = Sheet::read(&host, "/var/sheets/codes.html");
    assert_eq!((codes.pages.len(), codes.scanned.as_str()), (1, ""));
    assert!(host.types("alice", &codes.codes(0)[4]).accepted());
}

// Row: S2-12
#[test]
fn a_new_set_goes_to_a_sheet_and_a_full_disk_keeps_the_old_one() {
    let host = host("");
    let alice = host.enrol("alice");
    host.must("mount -t tmpfs -o size=64k,mode=700 none /var/sheets");
    host.must("head -c 65536 /dev/zero >/var/sheets/ballast || :");
    let full = host.wardkey(&["--json", "recovery-codes", "alice", "--sheet", SHEET], "").exits(3);
    assert!(printed_codes(&full.stdout).is_empty(), "{full:?}");
    assert_eq!(host.must("ls -A /var/sheets").trim(), "ballast");
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "the old set stays");
    host.must("rm /var/sheets/ballast");
    host.json(&["recovery-codes", "alice", "--sheet", SHEET], "");
    let sheet = Sheet::read(&host, SHEET);
    assert!(!host.types("alice", &alice.recovery_codes[1]).accepted());
    assert!(host.types("alice", &sheet.codes(0)[0]).accepted());
}

// Row: S1-13
#[test]
fn nothing_is_in_force_when_the_codes_find_no_room_on_the_sheet() {
    let host = host("");
    host.must("mount -t tmpfs -o size=64k,mode=700 none /var/sheets");
    let (mut terminal, phone) = before_the_first_code(&host);
    host.must("head -c 65536 /dev/zero >/var/sheets/ballast || :");
    terminal.type_line(&phone.code(host.now() / 30));
    let (status, shown) = terminal.finish();
    assert_eq!(status.code(), Some(3), "{shown}");
    assert_eq!(host.state("alice"), "pending");
    let sheet = Sheet::read(&host, SHEET);
    assert!(sheet.pages.len() == 1 && sheet.pages[0].contains("This key opens nothing yet"), "{sheet:?}");
    host.must("rm /var/sheets/ballast");
    let next = format!("{}\n", phone.code(host.now() / 30 + 1));
    host.json(&["confirm", "alice"], &next);
}

// Row: S2-12
#[test]
fn killed_at_any_call_a_sheet_has_the_codes_in_force_or_the_old_open() {
    let history = History::new();
    let host = &history.host;
    // Where the trace sees it.
    let sheet = format!("{STATE}/sheets/alice.html");
    host.must(&format!("mkdir -m 700 {STATE}/sheets"));
    history.keep();
    let command = || host.wardkey_command(&["recovery-codes", "alice", "--sheet", &sheet]);
    let (outcome, calls) = changing_calls(host, &command(), b"");
    outcome.exits(0);
    assert!(calls.iter().any(|call| call.line.contains("/sheets")), "{calls:#?}");
    let (mut old, mut new) = (0, 0);
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        history.restore();
        host.must(&format!("rm -f {sheet}"));
        let _ = kill_at(&command(), call, b"");
        let left = host.must(&format!("ls -A {STATE}/sheets"));
        assert!(["", "alice.html"].contains(&left.trim()), "{}: {left}", call.line);
        if host.types("alice", &history.alice.recovery_codes[1]).accepted() {
            old += 1;
            continue;
        }
        let codes = Sheet::read(host, &sheet).codes(0);
        assert!(host.types("alice", &codes[0]).accepted(), "{}", call.line);
        new += 1;
    }
    assert!(old > 0 && new > 0, "{old} kills before and {new} after");
}

/// The sheet is written twice: with the key, and with the codes in its place.
#[test]
fn killed_at_any_system_call_an_enrolment_leaves_its_sheet() {
    let history = History::new();
    let host = &history.host;
    host.add_account("dora");
    let sheet = format!("{STATE}/sheets/dora.html");
    host.must(&format!("mkdir -m 700 {STATE}/sheets"));
    history.keep();
    let phone = phone("otpauth://totp/x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&");
    let command = || host.wardkey_command(&["enroll", "dora", "--secret-stdin", "--sheet", &sheet]);
    let input = || format!("{}\n{}\n", phone.secret, phone.code(host.now() / 30)).into_bytes();
    let (outcome, calls) = changing_calls(host, &command(), &input());
    outcome.exits(0);
    let named = calls.iter().position(|call| call.name == "linkat" && call.line.contains("dora.html"));
    let (mut with_codes, mut without) = (0, 0);
    let calls = calls.iter().skip(named.expect("a name for the sheet") + 1);
    for call in calls.filter(|call| call.may_leave_another_state()) {
        history.restore();
        host.must(&format!("rm -f {STATE}/sheets/*"));
        let _ = kill_at(&command(), call, &input());
        let left = host.must(&format!("ls {STATE}/sheets"));
        assert_eq!(left.trim(), "dora.html", "{}", call.line);
        match Sheet::read(host, &sheet).codes(0).len() {
            0 => without += 1,
            _ => with_codes += 1,
        }
    }
    assert!(with_codes > 0 && without > 0, "{with_codes} kills with codes and {without} without");
}

// Row: S1-16
#[test]
fn no_sheet_goes_where_others_write_or_look() {
    let host = host("");
    host.enrol("alice");
    host.must(
        "mkdir -m 777 /var/open; mkdir -m 1777 /var/sticky; mkdir -m 770 /var/group; mkdir -m 755 /var/seen",
    );
    host.must("mkdir -m 750 /var/team; mkdir -m 700 /var/theirs; chown alice /var/theirs; ln -s /var/open /var/link");
    host.must("mkdir -m 700 /var/odd; mount -t ramfs -o mode=777 none /var/odd");
    let cases = [
        ("/tmp", "Everybody can write into /tmp"),
        ("/dev/shm", "Everybody can write into /dev/shm"),
        ("/var/open", "Others can write into /var/open"),
        ("/var/sticky", "Everybody can write into /var/sticky"),
        ("/var/group", "Others can write into /var/group"),
        ("/var/seen", "Others can look into /var/seen (mode 0755)"),
        ("/var/team", "Others can look into /var/team (mode 0750)"),
        ("/var/theirs", "/var/theirs belongs to uid"),
        ("/var/link", "Others can write into /var/link"),
        ("/var/odd", "Others can write into /var/odd"),
        ("/var/nowhere", "/var/nowhere is missing"),
    ];
    let before = host.status("alice");
    for (directory, why) in cases {
        let file = format!("{directory}/alice.html");
        let refused = host.wardkey(&["recovery-codes", "alice", "--sheet", &file], "").exits(1);
        assert!(refused.stderr.contains(why) && refused.stderr.contains("mkdir -m 700"), "{refused:?}");
        assert!(!host.path(&file).exists(), "{file}");
    }
    host.must(&format!("ln -s /var/elsewhere {SHEET}"));
    let refused = host.wardkey(&["recovery-codes", "alice", "--sheet", SHEET], "").exits(1);
    assert!(refused.stderr.contains("already exists"), "{refused:?}");
    host.wardkey(&["recovery-codes", "alice", "--sheet", "/"], "").exits(2);
    assert_eq!(host.status("alice"), before, "nothing was made");
}

// Row: S1-16
#[test]
fn no_sheet_goes_onto_a_network_file_system() {
    let host = host("");
    host.enrol("alice");
    host.must("mkdir -m 700 /var/far /var/near && mkfifo /var/pipe");
    // A server and a client of SFTP, joined without a network.
    host.must(
        "(/usr/lib/openssh/sftp-server </var/pipe | sshfs :/var/far /var/near -o passive -f >/var/pipe) >/dev/null 2>&1 &
         n=0; until mountpoint -q /var/near; do n=$((n+1)); [ $n -lt 900 ] || exit 1; sleep 0.1; done",
    );
    let refused = host.wardkey(&["recovery-codes", "alice", "--sheet", "/var/near/alice.html"], "");
    let left = host.must("ls -A /var/far");
    host.must("umount /var/near");
    let refused = refused.exits(1);
    assert!(refused.stderr.contains("FUSE (sshfs") && left.is_empty(), "{refused:?} {left}");
}

#[test]
fn a_french_sheet_is_french_throughout() {
    let host = host("language = \"fr\"");
    let printed = host.json(&["enroll", "alice", "--sheet", SHEET], "");
    let code = phone(printed["uri"].as_str().expect("an address")).code(host.now() / 30);
    let sheet = Sheet::read(&host, SHEET);
    assert_eq!(sheet.language, "fr");
    host.json(&["confirm", "alice", "--sheet", "/var/sheets/codes.html"], &format!("{code}\n"));
    let codes = Sheet::read(&host, "/var/sheets/codes.html");
    assert_eq!((codes.language.as_str(), codes.codes(0).len()), ("fr", 5));
    let (key, codes) = (&sheet.pages[0], &codes.pages[0]);
    for part in ["Éditeur", "imitations", "jeton matériel", "Cette clé n'ouvre encore rien", SUPPORT] {
        assert!(key.contains(part), "{part}: {key}");
    }
    for part in ["Codes de secours de alice", "tiroir fermé à clé", "pense-bête", SUPPORT] {
        assert!(codes.contains(part), "{part}: {codes}");
    }
    for english in [" the ", " and ", " your ", " this "] {
        assert!(!key.contains(english) && !codes.contains(english), "{english}: {key} {codes}");
    }
}
