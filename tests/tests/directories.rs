//! Accounts from directories: one that nsswitch.conf names and that does not run, and one that takes several spellings.

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::Door::{Account, Auth};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Script, Transcript};

/// Names nobody has: misspelt, never there.
const UNKNOWN: [&str; 2] = ["alcie", "nobody-here"];

/// syslog's `crit`: this and less is an alarm.
const CRITICAL: u32 = 2;

/// Alice is enrolled, Carl is not, and Bob is, but his account was deleted.
fn ward() -> (Host, Person) {
    let host = Host::new();
    let alice = host.person("alice");
    host.add_account("carl");
    host.person("bob");
    host.deletes_account("bob");
    (host, alice)
}

/// What a person can tell two refusals apart by.
fn as_seen(login: &Transcript) -> (PamResult, String, String) {
    (login.result(), login.prompts(), login.messages())
}

fn alarms(host: &Host, action: impl FnOnce()) -> Vec<String> {
    let lines = host.syslog().lines_of(action);
    lines.into_iter().filter(|line| line.severity <= CRITICAL).map(|line| line.text).collect()
}

/// Everything that goes by a name is as if the directory were not named.
fn is_served_as_without(host: &Host, alice: &mut Person) {
    logins_read_the_same(host, alice);
    lockers_are_answered(host, alice);
    commands_end_as_documented(host);
    who_has_left_is_not_found_and_can_be_removed(host);
    groups_and_exemptions_are_looked_up(host);
}

fn logins_read_the_same(host: &Host, alice: &mut Person) {
    let refused = as_seen(&host.types("alice", &alice.wrong_code(host)));
    assert_eq!(refused.0, PamResult::AuthErr);
    for name in UNKNOWN.into_iter().chain(["bob", "carl"]) {
        let seen = alarms(host, || assert_eq!(as_seen(&host.types(name, "123456")), refused, "{name}"));
        assert!(seen.is_empty(), "{name}: {seen:?}");
    }
    let _ = host.syslog().authpriv(&["login refused", "unknown user"]);
    assert!(host.types("alice", &alice.fresh_code(host)).accepted());
}

/// Through the helper, which looks names up in a process of its own. It tells nobody whether somebody else exists.
fn lockers_are_answered(host: &Host, alice: &mut Person) {
    let _helper = host.start_helper();
    let login = host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, alice.fresh_code(host)));
    assert!(login.accepted(), "{}", host.syslog().text());
    let asks_about = |name: &str| {
        let mut seen = None;
        let alarms = alarms(host, || seen = Some(as_seen(&host.pam_as("alice", &Script::new(ALONE, name)))));
        (seen, alarms.len())
    };
    assert_eq!(asks_about("nobody-here"), asks_about("carl"));
}

fn commands_end_as_documented(host: &Host) {
    for words in
        [&["status", "alcie"][..], &["enroll", "alcie"], &["reset", "alcie", "--verified-by", "badge"]]
    {
        let refused = host.wardkey(&[&["--json"], words].concat(), "").exits(1).json();
        assert_eq!(refused["error"]["kind"], "refused", "{words:?}");
    }
    let key = "3132333435363738393031323334353637383930";
    host.write("/etc/users.oath", format!("HOTP/T30/6 carl - {key}\nHOTP/T30/6 moved - {key}\n"));
    let printed = host.json(&["import", "oath", "/etc/users.oath"], "");
    assert_eq!(printed["imported"][0]["user"], "carl", "{printed:#}");
    assert_eq!(printed["left_out"].as_array().map(Vec::len), Some(1), "{printed:#}");
    host.json(&["remove", "carl", "--reason", "again"], "");
}

/// Never "gone": a directory that is down looks the same.
fn who_has_left_is_not_found_and_can_be_removed(host: &Host) {
    for words in [&["status", "bob"][..], &["list"]] {
        let said = host.wardkey(words, "").exits(0);
        assert!(said.stdout.contains("not found at present"), "{said:?}");
        assert!(!said.stdout.contains("any more") && !said.stdout.contains("gone"), "{said:?}");
    }
    let listed = host.wardkey(&["list"], "").exits(0);
    assert!(listed.stderr.contains("before you remove"), "{listed:?}");
    assert!(listed.stderr.contains("wardkey rename OLD NEW --verified-by TEXT"), "{listed:?}");
    let status = host.wardkey(&["status", "bob"], "").exits(0);
    assert!(status.stdout.contains("wardkey rename bob NEW --verified-by TEXT"), "{status:?}");
    let of_alice =
        listed.stdout.lines().find(|line| line.trim_start().starts_with("alice")).expect("her line");
    assert!(!of_alice.contains("not found"), "{of_alice}");
    let refused = host.wardkey(&["reset", "bob", "--verified-by", "badge"], "").exits(1);
    assert!(
        refused.stderr.contains("not found at present") && refused.stderr.contains("rename bob"),
        "{refused:?}"
    );
    host.wardkey(&["remove", "bob", "--reason", "left"], "").exits(0);
    assert!(!host.wardkey(&["list"], "").exits(0).stdout.contains("ACCOUNT"), "nothing to say of anybody");
}

fn groups_and_exemptions_are_looked_up(host: &Host) {
    let sound = host.read(CONFIG);
    let exempt = "\n[[exempt]]\nuser = \"alcie\"\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n";
    host.write(CONFIG, format!("{sound}{exempt}"));
    let checked = host.json(&["config", "check"], "");
    assert!(checked["warnings"].to_string().contains("alcie"), "{checked:#}");
    let past = exempt.replace("2099", "2020").replace("user = \"alcie\"", "group = \"nobody-made-it\"");
    host.write(CONFIG, format!("{sound}{past}"));
    let checked = host.json(&["config", "check"], "");
    assert!(checked["warnings"].to_string().contains("2020-01-31"), "past, and no error: {checked:#}");
    host.write(CONFIG, format!("{sound}\n[policy]\ngroups = [\"nobody-made-it\"]\n"));
    let refused = host.wardkey(&["--json", "config", "check"], "").exits(3).json();
    assert!(refused["error"]["message"].to_string().contains("no such group"), "{refused:#}");
    let seen = alarms(host, || assert_eq!(host.types("carl", "123456").result(), PamResult::AuthErr));
    assert!(seen.is_empty(), "{seen:?}");
    host.write(CONFIG, sound);
}

fn a_real_directory_does_not_run(module: &str) {
    let (host, mut alice) = ward();
    host.names_directory(module);
    is_served_as_without(&host, &mut alice);
}

#[test]
fn an_sssd_that_does_not_run_is_as_if_it_were_not_named() {
    a_real_directory_does_not_run("sss");
}

#[test]
fn a_winbind_that_does_not_run_is_as_if_it_were_not_named() {
    a_real_directory_does_not_run("winbind");
}

#[test]
fn a_systemd_that_does_not_run_is_as_if_it_were_not_named() {
    a_real_directory_does_not_run("systemd");
}

/// getpwnam(3), "the given name or uid was not found".
#[test]
fn every_error_that_means_not_found_is_not_found() {
    for error in ["ENOENT", "ESRCH", "EBADF", "EPERM"] {
        let (host, mut alice) = ward();
        host.makes_directory(&[&format!("DOWN={error}")]);
        is_served_as_without(&host, &mut alice);
    }
}

#[test]
fn a_directory_that_says_it_is_down_is_no_proof_that_anybody_has_left() {
    let (host, mut alice) = ward();
    host.makes_directory(&["DOWN=ETIMEDOUT"]);
    let seen = alarms(&host, || assert!(host.types("nobody-here", "123456").cannot_check()));
    assert!(seen.iter().any(|line| line.contains("ETIMEDOUT")), "{seen:?}");
    assert!(!seen.iter().any(|line| line.contains("nobody-here")), "a name that may be a password: {seen:?}");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "files are asked first");
    for words in [&["remove", "bob", "--reason", "left"][..], &["status", "bob"], &["enroll", "alcie"]] {
        let failed = host.wardkey(&[&["--json"], words].concat(), "").exits(3).json();
        assert_eq!(failed["error"]["kind"], "system", "{words:?}");
    }
    let listed = host.wardkey(&["list"], "").exits(0);
    assert!(listed.stdout.contains("no answer") && listed.stderr.contains("did not answer"), "{listed:?}");
    let exempt =
        "[[exempt]]\nuser = \"mary\"\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n";
    host.write(CONFIG, format!("{}\n{exempt}", host.read(CONFIG)));
    let refused = host.wardkey(&["--json", "config", "check"], "").exits(3).json();
    assert!(refused["error"]["message"].to_string().contains("exempt.user"), "{refused:#}");
    assert_eq!(host.types("carl", "123456").result(), PamResult::AuthErr, "nobody is exempt by it");
}

/// A login in which no prompt comes.
fn unasked(host: &Host, name: &str) -> Vec<PamResult> {
    host.pam(&Script::new(ALONE, name).doors(&[Auth, Account])).results()
}

/// As an LDAP server that fails over: longer than a program may take to ask, and shorter than it waits for its answer.
#[test]
fn a_slow_directory_makes_an_unlock_slow_and_no_more() {
    let host = Host::new();
    host.makes_directory(&["SECONDS=3"]);
    let mut mary = host.enrol("mary@clinic.example");
    let _helper = host.start_helper();
    let code = mary.fresh_code(&host);
    let unlock = host.pam_as("mary", &Script::new(ALONE, "mary").types(CODE, code));
    assert!(unlock.accepted(), "{unlock:#?}\n{}", host.syslog().text());
}

// Row: S1-3
#[test]
fn an_exempt_user_may_be_written_in_any_spelling_of_the_directory() {
    for spelling in ["mary@clinic.example", "MARY", r"CLINIC\mary"] {
        let exempt = format!(
            "[[exempt]]\nuser = '{spelling}'\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n"
        );
        let host = Host::with_config(&exempt);
        host.makes_directory(&[]);
        host.add_account("carl");
        for name in ["mary", "Mary@Clinic.example", r"clinic\MARY"] {
            assert_eq!(unasked(&host, name), [IGNORED, PamResult::Success], "{spelling}: {name}");
        }
        assert_eq!(host.types("carl", "123456").result(), PamResult::AuthErr, "somebody else is asked");
        let checked = host.json(&["config", "check"], "");
        assert!(!checked["warnings"].to_string().contains("exempts nobody"), "{checked:#}");
        assert!(!host.status("mary")["exempt"].is_null(), "{spelling}");
    }
}

// Row: S1-3
#[test]
fn an_exemption_for_a_service_holds_there_alone() {
    let of = |keys: &str| {
        format!("[[exempt]]\n{keys}\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n")
    };
    let host = Host::with_config(&of("service = [\"Cups\", \"lpd\"]\nuser = \"carl\""));
    for name in ["carl", "dora"] {
        host.add_account(name);
    }
    for service in ["cups", "ipp"] {
        host.service_alone(service, "");
    }
    let asked = |service: &str, name: &str| {
        host.pam(&Script::new(service, name).types(CODE, "123456")).result() == PamResult::AuthErr
    };
    assert_eq!(host.pam(&Script::new("cups", "carl")).result(), IGNORED);
    assert!(asked("ipp", "carl") && asked("cups", "dora"), "all keys must hold");
    let printed = host.json(&["config", "check"], "");
    assert_eq!(printed["config"]["exempt"][0]["service"], serde_json::json!(["cups", "lpd"]));
    host.write(CONFIG, of("service = []"));
    host.wardkey(&["config", "check"], "").exits(3);
}
