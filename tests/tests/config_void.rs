//! What a file or a name makes void is said by `config check`, with the line that mends it; what refuses logins ends it with
//! status 3.

use wardkey_tests::machine::host::{ALONE, AUDIT, CODE, CONFIG, Host, STATE};
use wardkey_tests::programs::helper::SOCKET;
use wardkey_tests::programs::pam::{Script, Transcript};
use wardkey_tests::proof::outcome::{Outcome, run};

fn check(host: &Host) -> Outcome {
    host.wardkey(&["config", "check"], "")
}

/// The commands that an answer names.
fn cures(said: &str) -> Vec<String> {
    let commands =
        said.lines().filter_map(|line| line.split_once(", then: ").map(|(_, command)| command.trim()));
    commands.map(str::to_owned).collect()
}

fn alice_gets_in(host: &Host, code: &str) -> bool {
    host.types("alice", code).accepted()
}

#[test]
fn what_refuses_logins_is_named_and_its_cure_works() {
    let host = Host::new();
    let alice = host.person("alice");
    host.add_account("bob");
    let mut codes = alice.recovery_codes.iter();
    for (breaks, place, cure) in [
        (format!("chmod 755 {STATE}"), STATE.to_owned(), "chmod go= "),
        (format!("chown bob {STATE}/users"), format!("{STATE}/users"), "chown root: "),
        (format!("chmod 750 {STATE}/users/alice"), format!("{STATE}/users/alice"), "chmod go= "),
        (
            format!("chmod 644 {STATE}/users/alice/ledger"),
            format!("{STATE}/users/alice/ledger"),
            "chmod go= ",
        ),
        (
            format!("chmod 640 {STATE}/users/alice/enrolment"),
            format!("{STATE}/users/alice/enrolment"),
            "chmod go= ",
        ),
    ] {
        check(&host).exits(0);
        host.must(&breaks);
        let code = codes.next().expect("a code");
        assert!(!alice_gets_in(&host, code), "{breaks}");
        let found = check(&host).exits(3);
        assert!(found.stderr.contains(&format!("logins are refused: {place}: ")), "{breaks}: {found:?}");
        assert_eq!(cures(&found.stderr), [format!("{cure}{place}")], "{found:?}");
        host.must(&cures(&found.stderr)[0]);
        check(&host).exits(0);
        assert!(alice_gets_in(&host, code), "{breaks}");
    }
}

#[test]
fn everything_that_a_restore_got_wrong_is_said_at_once() {
    let host = Host::new();
    let _alice = host.person("alice");
    host.must(&format!("chmod -R go+rX {STATE} && chmod 644 /etc/wardkey/seal.key"));
    while let Some(first) = Some(check(&host)).filter(|found| found.code() == Some(3)) {
        let all = cures(&first.stderr);
        assert!(!all.is_empty(), "{first:?}");
        all.iter().for_each(|cure| drop(host.must(cure)));
    }
    // What the file `machine` says is no secret.
    let modes = host.must(&format!("find {STATE} /etc/wardkey/seal.key -perm /077 ! -name machine"));
    assert_eq!((check(&host).code(), modes.as_str()), (Some(0), ""));
}

#[test]
fn a_state_directory_that_is_a_link_is_called_one() {
    let host = Host::new();
    host.must(&format!("mv {STATE} /var/lib/other && ln -s other {STATE}"));
    let found = check(&host).exits(3);
    assert!(found.stderr.contains(&format!("{STATE}: is a symbolic link")), "{found:?}");
    assert!(found.stderr.contains(&format!("readlink -f {STATE}")), "{found:?}");
    let list = host.wardkey(&["list"], "").exits(3);
    assert!(list.stderr.contains(&format!("{STATE}: is a symbolic link")), "{list:?}");
}

#[test]
fn the_sealing_key_that_others_can_read_refuses_too() {
    let host = Host::new();
    host.must("chmod 644 /etc/wardkey/seal.key");
    let found = check(&host).exits(3);
    assert!(found.stderr.contains("chmod go= /etc/wardkey/seal.key"), "{found:?}");
    host.must("chmod 600 /etc/wardkey/seal.key && mv /etc/wardkey/seal.key /var/key && ln -s /var/key /etc/wardkey/seal.key");
    let found = check(&host).exits(3);
    assert!(found.stderr.contains("/etc/wardkey/seal.key: is a symbolic link"), "{found:?}");
}

#[test]
fn an_audit_file_that_takes_no_line_is_warned_of() {
    let host = Host::new();
    let alice = host.person("alice");
    host.add_account("bob");
    let lines = || host.must(&format!("cat {AUDIT}")).lines().count();
    let before = check(&host).exits(0).stderr;
    for (number, (breaks, cure)) in [
        (format!("chmod 660 {AUDIT}"), format!("chmod go-w {AUDIT}")),
        (format!("chown bob {AUDIT}"), format!("chown root: {AUDIT}")),
    ]
    .iter()
    .enumerate()
    {
        host.must(breaks);
        let found = check(&host).exits(0);
        assert!(found.stderr.contains("audit lines go to syslog only"), "{breaks}: {found:?}");
        assert!(found.stderr.contains(cure), "{breaks}: {found:?}");
        host.must(cure);
        assert_eq!(check(&host).stderr, before);
        let written = lines();
        assert!(alice_gets_in(&host, &alice.recovery_codes[number]));
        assert_eq!(lines(), written + 1);
    }
    for breaks in ["ln -s /var/elsewhere", "mkfifo", "mkdir"] {
        host.must(&format!("touch /var/elsewhere && rm -rf {AUDIT} && {breaks} {AUDIT}"));
        let found = check(&host).exits(0);
        assert!(found.stderr.contains("audit lines go to syslog only"), "{breaks}: {found:?}");
    }
    host.must(&format!("rm -rf {AUDIT}"));
    assert_eq!(check(&host).stderr, before, "one that is missing is made");
}

#[test]
fn names_that_mean_nothing_and_paths_that_cannot_be_are_said() {
    let exempt = "[[exempt]]\nservice = [\"sshd\", \"SHHD2\"]\nreason = \"r\"\napproved_by = \"y\"\nuntil = 2099-01-01\n";
    let tables = format!("{exempt}[service.shhd]\nenroll = false\n[service.SSHD]\nenroll = false");
    let host = Host::with_config(&tables);
    let found = check(&host).exits(0);
    assert!(found.stderr.contains("[service.shhd]") && !found.stderr.contains("[service.sshd]"), "{found:?}");
    let exempts = |name: &str| found.stderr.contains(&format!("[[exempt]] service = \"{name}\""));
    assert!(exempts("shhd2") && !exempts("sshd"), "{found:?}");
    for (length, status) in [(107, 0), (108, 3)] {
        let socket = format!("/run/{}", "x".repeat(length - "/run/".len()));
        host.write(CONFIG, format!("[helper]\nsocket = \"{socket}\"\n"));
        let found = check(&host).exits(status);
        assert_eq!(found.stderr.contains("is 108 bytes long"), status == 3, "{found:?}");
    }
}

#[test]
fn what_lockers_and_people_cannot_reach_refuses_them_and_its_cure_works() {
    let host = Host::new();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let unlocks = || {
        let script = Script::new(ALONE, "alice").types(CODE, &alice.recovery_codes[0]);
        let command = host.pam_command(&[script]);
        let outcome = run(&mut host.under(&["runuser", "--user", "alice", "--"], &command), b"");
        Transcript::read(&outcome.stdout).accepted()
    };
    let before = check(&host).exits(0).stderr;
    for (breaks, cure) in [
        (format!("chmod 600 {CONFIG}"), format!("chmod a+r {CONFIG}")),
        ("chmod 700 /etc/wardkey".into(), "chmod a+rx /etc/wardkey".into()),
        ("chmod 700 /run/wardkey".into(), "chmod a+rx /run/wardkey".into()),
        (format!("chmod 600 {SOCKET}"), format!("chmod a+rw {SOCKET}")),
    ] {
        let place = breaks.split(' ').next_back().expect("a place");
        let mode = host.must(&format!("stat -c %a {place}"));
        host.must(&breaks);
        assert!(!unlocks(), "{breaks} refuses nobody");
        let found = check(&host).exits(3);
        assert!(found.stderr.contains(&cure), "{breaks}: {found:?}");
        host.must(&cure);
        assert_eq!(host.must(&format!("stat -c %a {place}")), mode);
        assert_eq!(check(&host).exits(0).stderr, before);
    }
    assert!(unlocks());
}

/// Through a link, the directories of the file itself count.
#[test]
fn a_configuration_behind_a_link_is_looked_for_where_it_is() {
    let host = Host::new();
    host.must(&format!("mkdir -p -m 755 /var/store/a && mv {CONFIG} /var/store/a/w.toml"));
    host.must(&format!("ln -s /var/store/a/w.toml {CONFIG} && chmod 711 /var/store"));
    check(&host).exits(0);
    host.must("chmod 700 /var/store");
    let found = check(&host).exits(3);
    assert!(found.stderr.contains("chmod a+rx /var/store"), "{found:?}");
}

/// What each opener of a file or directory does not believe comes with a cure that leaves it as the package makes it.
#[test]
fn every_cure_of_a_mode_gives_back_the_mode_that_was_there() {
    let host = Host::with_config("[service.login]\nunlock_grace = \"1h\"");
    let _alice = host.person("alice");
    host.must("mkdir -p -m 755 /run/wardkey && mkdir -m 700 /run/wardkey/grace");
    let _helper = host.start_helper();
    let before = check(&host).exits(0).stderr;
    let person = format!("{STATE}/users/alice");
    let edit: &[&str] = &["config", "edit"];
    let (look, init): (&[&str], &[&str]) = (&["config", "check"], &["init"]);
    for (place, broken, command) in [
        ("/etc/wardkey", "775", edit),
        ("/etc/wardkey", "757", edit),
        (CONFIG, "666", look),
        (CONFIG, "666", edit),
        ("/etc/wardkey/seal.key", "640", look),
        ("/etc/wardkey/seal.key", "604", init),
        (STATE, "755", look),
        (STATE, "755", init),
        (&format!("{STATE}/users"), "711", look),
        (&format!("{STATE}/spare"), "622", look),
        (&person, "750", look),
        (&format!("{person}/ledger"), "644", look),
        (&format!("{person}/enrolment"), "604", look),
        ("/run/wardkey", "777", look),
        ("/run/wardkey/grace", "755", look),
        (AUDIT, "622", look),
        ("/var/log/wardkey", "770", init),
    ] {
        let mode = host.must(&format!("stat -c %a {place}"));
        host.must(&format!("chmod {broken} {place}"));
        let mut command = host.wardkey_command(command);
        let found = run(command.env("EDITOR", "true"), b"");
        let cure = found.stderr.lines().find_map(|line| line.split_once("chmod ").map(|(_, rest)| rest));
        let cure = cure.unwrap_or_else(|| panic!("{place} {broken}: {found:?}"));
        host.must(&format!("chmod {cure}"));
        assert_eq!(host.must(&format!("stat -c %a {place}")), mode, "chmod {cure}");
        assert_eq!(check(&host).exits(0).stderr, before, "chmod {cure}");
        host.wardkey_as("alice", &["status"], "").exits(0);
    }
}

/// Where everybody makes files nothing is mended.
#[test]
fn no_cure_shuts_a_directory_that_others_need() {
    for tables in
        ["[run]\npath = \"/tmp/grace\"\n[service.login]\nunlock_grace = \"1h\"", "[store]\npath = \"/tmp\""]
    {
        let host = Host::new();
        host.must("chmod 1777 /tmp");
        host.write(CONFIG, tables);
        let found = check(&host);
        assert!(found.stderr.contains("name a directory of wardkey's own"), "{found:?}");
        assert!(!found.stderr.contains("chmod"), "{found:?}");
    }
}

#[test]
fn a_record_that_cannot_be_read_is_named_with_its_person_and_the_remedy() {
    let host = Host::new();
    let (alice, _bob) = (host.person("alice"), host.person("bob"));
    let ledger = format!("{STATE}/users/alice/ledger");
    check(&host).exits(0);
    for breaks in [
        format!("truncate -s 100 {ledger}"),
        format!("rm {ledger}"),
        format!("echo x >> {STATE}/users/alice/enrolment"),
    ] {
        host.must(&format!("rm -rf /var/kept && cp -a {STATE} /var/kept && {breaks}"));
        assert!(!alice_gets_in(&host, &alice.recovery_codes[0]), "{breaks}");
        let found = check(&host).exits(3);
        assert!(found.stderr.contains("alice cannot log in: ") && !found.stderr.contains("bob"), "{found:?}");
        assert!(found.stderr.contains("wardkey remove alice --reason TEXT"), "{found:?}");
        host.must(&format!("rm -rf {STATE}/users && cp -a /var/kept/users {STATE}/users"));
        check(&host).exits(0);
    }
}

#[test]
fn a_sealing_key_that_is_needed_and_missing_or_another_refuses() {
    let host = Host::new();
    let key = "/etc/wardkey/seal.key";
    host.must(&format!("mv {key} {key}.kept"));
    let nobody = check(&host).exits(0);
    assert!(nobody.stderr.contains("seal.key is missing"), "{nobody:?}");
    host.must(&format!("cp -p {key}.kept {key}"));
    let mut alice = host.person("alice");
    let other = "head -c 32 /dev/urandom | base64";
    for breaks in
        [format!("rm {key}"), format!("echo nonsense >{key}"), format!("{other} >{key} && chmod 600 {key}")]
    {
        host.must(&breaks);
        let code = alice.fresh_code(&host);
        assert!(!alice_gets_in(&host, &code), "{breaks}");
        let found = check(&host).exits(3);
        assert!(found.stderr.contains("logins are refused: "), "{breaks}: {found:?}");
        host.must(&format!("cp -p {key}.kept {key}"));
        check(&host).exits(0);
    }
}

#[test]
fn grace_that_cannot_be_kept_is_warned_of() {
    let host = Host::with_config("[service.login]\nunlock_grace = \"1h\"");
    host.must("mkdir -m 755 /run/wardkey && mkdir -m 755 /run/wardkey/grace");
    let found = check(&host).exits(0);
    assert!(found.stderr.contains("chmod go= /run/wardkey/grace"), "{found:?}");
    host.must("chmod 700 /run/wardkey/grace && chmod 777 /run/wardkey");
    let found = check(&host).exits(0);
    assert!(found.stderr.contains("unlock_grace has no effect"), "{found:?}");
    assert_eq!(cures(&found.stderr), ["chmod go-w /run/wardkey"], "{found:?}");
}
