//! Accounts from directories: one that nsswitch.conf names and that does not run, and one that takes several spellings.

use wardkey_tests::machine::world::{ALONE, CODE, CONFIG, World};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::Door::{Account, Auth};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Script, Transcript};

/// Names nobody has: misspelt, never there.
const UNKNOWN: [&str; 2] = ["alcie", "nobody-here"];

/// syslog's `crit`: this and less is an alarm.
const CRITICAL: u32 = 2;

/// Alice is enrolled, Carl is not, and Bob is, but his account was deleted.
fn ward() -> (World, Person) {
    let world = World::new();
    let alice = world.person("alice");
    world.add_account("carl");
    world.person("bob");
    world.deletes_account("bob");
    (world, alice)
}

/// What a person can tell two refusals apart by.
fn as_seen(login: &Transcript) -> (PamResult, String, String) {
    (login.result(), login.prompts(), login.messages())
}

fn alarms(world: &World, action: impl FnOnce()) -> Vec<String> {
    let lines = world.syslog().lines_of(action);
    lines.into_iter().filter(|line| line.severity <= CRITICAL).map(|line| line.text).collect()
}

/// Everything that goes by a name is as if the directory were not named.
fn is_served_as_without(world: &World, alice: &mut Person) {
    logins_read_the_same(world, alice);
    lockers_are_answered(world, alice);
    commands_end_as_documented(world);
    who_has_left_is_not_found_and_can_be_removed(world);
    groups_and_exemptions_are_looked_up(world);
}

fn logins_read_the_same(world: &World, alice: &mut Person) {
    let refused = as_seen(&world.types("alice", &alice.wrong_code(world)));
    assert_eq!(refused.0, PamResult::AuthErr);
    for name in UNKNOWN.into_iter().chain(["bob", "carl"]) {
        let seen = alarms(world, || assert_eq!(as_seen(&world.types(name, "123456")), refused, "{name}"));
        assert!(seen.is_empty(), "{name}: {seen:?}");
    }
    let _ = world.syslog().authpriv(&["login refused", "unknown user"]);
    assert!(world.types("alice", &alice.fresh_code(world)).accepted());
}

/// Through the helper, which looks names up in a process of its own. It tells nobody whether somebody else exists.
fn lockers_are_answered(world: &World, alice: &mut Person) {
    let _helper = world.start_helper();
    let login = world.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, alice.fresh_code(world)));
    assert!(login.accepted(), "{}", world.syslog().text());
    let asks_about = |name: &str| {
        let mut seen = None;
        let alarms =
            alarms(world, || seen = Some(as_seen(&world.pam_as("alice", &Script::new(ALONE, name)))));
        (seen, alarms.len())
    };
    assert_eq!(asks_about("nobody-here"), asks_about("carl"));
}

fn commands_end_as_documented(world: &World) {
    for words in
        [&["status", "alcie"][..], &["enroll", "alcie"], &["reset", "alcie", "--verified-by", "badge"]]
    {
        let refused = world.wardkey(&[&["--json"], words].concat(), "").exits(1).json();
        assert_eq!(refused["error"]["kind"], "refused", "{words:?}");
    }
    let key = "3132333435363738393031323334353637383930";
    world.write("/etc/users.oath", format!("HOTP/T30/6 carl - {key}\nHOTP/T30/6 moved - {key}\n"));
    let printed = world.json(&["import", "oath", "/etc/users.oath"], "");
    assert_eq!(printed["imported"][0]["user"], "carl", "{printed:#}");
    assert_eq!(printed["left_out"].as_array().map(Vec::len), Some(1), "{printed:#}");
    world.json(&["remove", "carl", "--reason", "again"], "");
}

/// Never "gone": a directory that is down looks the same.
fn who_has_left_is_not_found_and_can_be_removed(world: &World) {
    for words in [&["status", "bob"][..], &["list"]] {
        let said = world.wardkey(words, "").exits(0);
        assert!(said.stdout.contains("not found at present"), "{said:?}");
        assert!(!said.stdout.contains("any more") && !said.stdout.contains("gone"), "{said:?}");
    }
    let listed = world.wardkey(&["list"], "").exits(0);
    assert!(listed.stderr.contains("before you remove"), "{listed:?}");
    assert!(listed.stderr.contains("wardkey rename OLD NEW --verified-by TEXT"), "{listed:?}");
    let status = world.wardkey(&["status", "bob"], "").exits(0);
    assert!(status.stdout.contains("wardkey rename bob NEW --verified-by TEXT"), "{status:?}");
    let of_alice =
        listed.stdout.lines().find(|line| line.trim_start().starts_with("alice")).expect("her line");
    assert!(!of_alice.contains("not found"), "{of_alice}");
    let refused = world.wardkey(&["reset", "bob", "--verified-by", "badge"], "").exits(1);
    assert!(
        refused.stderr.contains("not found at present") && refused.stderr.contains("rename bob"),
        "{refused:?}"
    );
    world.wardkey(&["remove", "bob", "--reason", "left"], "").exits(0);
    assert!(!world.wardkey(&["list"], "").exits(0).stdout.contains("ACCOUNT"), "nothing to say of anybody");
}

fn groups_and_exemptions_are_looked_up(world: &World) {
    let sound = world.read(CONFIG);
    let exempt = "\n[[exempt]]\nuser = \"alcie\"\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n";
    world.write(CONFIG, format!("{sound}{exempt}"));
    let checked = world.json(&["config", "check"], "");
    assert!(checked["warnings"].to_string().contains("alcie"), "{checked:#}");
    let past = exempt.replace("2099", "2020").replace("user = \"alcie\"", "group = \"nobody-made-it\"");
    world.write(CONFIG, format!("{sound}{past}"));
    let checked = world.json(&["config", "check"], "");
    assert!(checked["warnings"].to_string().contains("2020-01-31"), "past, and no error: {checked:#}");
    world.write(CONFIG, format!("{sound}\n[policy]\ngroups = [\"nobody-made-it\"]\n"));
    let refused = world.wardkey(&["--json", "config", "check"], "").exits(3).json();
    assert!(refused["error"]["message"].to_string().contains("no such group"), "{refused:#}");
    let seen = alarms(world, || assert_eq!(world.types("carl", "123456").result(), PamResult::AuthErr));
    assert!(seen.is_empty(), "{seen:?}");
    world.write(CONFIG, sound);
}

fn a_real_directory_does_not_run(module: &str) {
    let (world, mut alice) = ward();
    world.names_directory(module);
    is_served_as_without(&world, &mut alice);
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
        let (world, mut alice) = ward();
        world.makes_directory(&[&format!("DOWN={error}")]);
        is_served_as_without(&world, &mut alice);
    }
}

#[test]
fn a_directory_that_says_it_is_down_is_no_proof_that_anybody_has_left() {
    let (world, mut alice) = ward();
    world.makes_directory(&["DOWN=ETIMEDOUT"]);
    let seen = alarms(&world, || assert!(world.types("nobody-here", "123456").cannot_check()));
    assert!(seen.iter().any(|line| line.contains("ETIMEDOUT")), "{seen:?}");
    assert!(!seen.iter().any(|line| line.contains("nobody-here")), "a name that may be a password: {seen:?}");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "files are asked first");
    for words in [&["remove", "bob", "--reason", "left"][..], &["status", "bob"], &["enroll", "alcie"]] {
        let failed = world.wardkey(&[&["--json"], words].concat(), "").exits(3).json();
        assert_eq!(failed["error"]["kind"], "system", "{words:?}");
    }
    let listed = world.wardkey(&["list"], "").exits(0);
    assert!(listed.stdout.contains("no answer") && listed.stderr.contains("did not answer"), "{listed:?}");
    let exempt =
        "[[exempt]]\nuser = \"mary\"\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n";
    world.write(CONFIG, format!("{}\n{exempt}", world.read(CONFIG)));
    let refused = world.wardkey(&["--json", "config", "check"], "").exits(3).json();
    assert!(refused["error"]["message"].to_string().contains("exempt.user"), "{refused:#}");
    assert_eq!(world.types("carl", "123456").result(), PamResult::AuthErr, "nobody is exempt by it");
}

/// A login in which no prompt comes.
fn unasked(world: &World, name: &str) -> Vec<PamResult> {
    world.pam(&Script::new(ALONE, name).doors(&[Auth, Account])).results()
}

/// As an LDAP server that fails over: longer than a program may take to ask, and shorter than it waits for its answer.
#[test]
fn a_slow_directory_makes_an_unlock_slow_and_no_more() {
    let world = World::new();
    world.makes_directory(&["SECONDS=3"]);
    let mut mary = world.enrol("mary@clinic.example");
    let _helper = world.start_helper();
    let code = mary.fresh_code(&world);
    let unlock = world.pam_as("mary", &Script::new(ALONE, "mary").types(CODE, code));
    assert!(unlock.accepted(), "{unlock:#?}\n{}", world.syslog().text());
}

// Row: S1-3
#[test]
fn an_exempt_user_may_be_written_in_any_spelling_of_the_directory() {
    for spelling in ["mary@clinic.example", "MARY", r"CLINIC\mary"] {
        let exempt = format!(
            "[[exempt]]\nuser = '{spelling}'\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n"
        );
        let world = World::with_config(&exempt);
        world.makes_directory(&[]);
        world.add_account("carl");
        for name in ["mary", "Mary@Clinic.example", r"clinic\MARY"] {
            assert_eq!(unasked(&world, name), [IGNORED, PamResult::Success], "{spelling}: {name}");
        }
        assert_eq!(world.types("carl", "123456").result(), PamResult::AuthErr, "somebody else is asked");
        let checked = world.json(&["config", "check"], "");
        assert!(!checked["warnings"].to_string().contains("exempts nobody"), "{checked:#}");
        assert!(!world.status("mary")["exempt"].is_null(), "{spelling}");
    }
}

// Row: S1-3
#[test]
fn an_exemption_for_a_service_holds_there_alone() {
    let of = |keys: &str| {
        format!("[[exempt]]\n{keys}\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n")
    };
    let world = World::with_config(&of("service = [\"Cups\", \"lpd\"]\nuser = \"carl\""));
    for name in ["carl", "dora"] {
        world.add_account(name);
    }
    for service in ["cups", "ipp"] {
        world.service_alone(service, "");
    }
    let asked = |service: &str, name: &str| {
        world.pam(&Script::new(service, name).types(CODE, "123456")).result() == PamResult::AuthErr
    };
    assert_eq!(world.pam(&Script::new("cups", "carl")).result(), IGNORED);
    assert!(asked("ipp", "carl") && asked("cups", "dora"), "all keys must hold");
    let printed = world.json(&["config", "check"], "");
    assert_eq!(printed["config"]["exempt"][0]["service"], serde_json::json!(["cups", "lpd"]));
    world.write(CONFIG, of("service = []"));
    world.wardkey(&["config", "check"], "").exits(3);
}
