//! The example in which a security key opens and, without one, a code; `pam_u2f` is played by modules that say what
//! they are told.

use wardkey_tests::machine::world::{CODE, World};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::Door::{Account, Auth, OpenSession};
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::programs::program::Program;

/// The key's line, as far as it is the module's.
const KEY: &str = "pam_u2f.so cue authfile=/etc/u2f_mappings";
/// Whatever `pam_u2f` says that is not a yes, in all its versions: no key, another key, no file, no conversation; and
/// what libpam says where it is not installed.
const NOT_OPEN: [&str; 12] = [
    "auth_err",
    "authinfo_unavail",
    "user_unknown",
    "ignore",
    "conv_err",
    "service_err",
    "system_err",
    "buf_err",
    "cred_insufficient",
    "cred_unavail",
    "abort",
    "module_unknown",
];
const START: &str = "auth       optional   pam_wardkey.so start\n";

fn example_with(key: &str) -> String {
    let text = example::text("key-or-code");
    assert!(text.contains(KEY) && text.contains(START), "{text}");
    text.replace(KEY, key)
}

/// The example for `service`, with a key that is touched at the second try only, and with the line `start` or not.
fn with_a_key(world: &World, service: &str, starts: bool) {
    let second_try = "#!/bin/sh\ntest -e /run/key/tried || { touch /run/key/tried; exit 1; }\n";
    world.write("/var/key", second_try);
    world.must("chmod 755 /var/key && rm -rf /run/key && mkdir -m 1777 /run/key");
    let text = example_with("pam_exec.so quiet /var/key");
    world.service(service, &if starts { text } else { text.replace(START, "") });
}

#[test]
fn the_key_opens_and_whatever_else_it_says_leads_to_the_code() {
    let world = World::new();
    let mut alice = world.person("alice");
    let doors = [Auth, Account, OpenSession];
    let script = || Script::new("keyed", "alice").types("assword", PASSWORD).doors(&doors);
    world.service("keyed", &example_with("pam_debug.so auth=success"));
    assert_eq!(world.pam(&script()).results(), [PamResult::Success; 3], "{}", world.syslog().text());
    let wrong_password = Script::new("keyed", "alice").types("assword", "not the password");
    assert_ne!(world.pam(&wrong_password).result(), PamResult::Success);
    for said in NOT_OPEN {
        world.service("keyed", &example_with(&format!("pam_debug.so auth={said}")));
        let login = world.pam(&script().types(CODE, alice.wrong_code(&world)));
        let refused = [PamResult::AuthErr, PamResult::PermDenied, PamResult::SessionErr];
        assert_eq!(login.results(), refused, "{said}");
        let login = world.pam(&script().types(CODE, alice.fresh_code(&world)));
        assert_eq!(login.results(), [PamResult::Success; 3], "{said}");
        world.advance(30);
    }
}

#[test]
fn a_wrong_code_and_then_the_key_in_one_transaction() {
    let world = World::new();
    let alice = world.person("alice");
    let tries = |starts: bool| {
        with_a_key(&world, "keyed", starts);
        let script = Script::new("keyed", "alice").types("assword", PASSWORD);
        let script = script.types(CODE, alice.wrong_code(&world)).types("assword", PASSWORD);
        world.pam(&script.doors(&[Auth, Auth, Account, OpenSession])).results()
    };
    use PamResult::{AuthErr, PermDenied, SessionErr, Success};
    assert_eq!(tries(true), [AuthErr, Success, Success, Success]);
    assert_eq!(tries(false), [AuthErr, Success, PermDenied, SessionErr], "without the line `start`");
}

#[test]
fn a_wrong_code_and_then_the_key_in_one_sudo() {
    let world = World::new();
    Program::prepare(&world);
    world.write("/etc/sudoers.d/wardkey", "Defaults passwd_tries=3\nALL ALL=(ALL) ALL\n");
    let alice = world.person("alice");
    for starts in [true, false] {
        with_a_key(&world, "sudo", starts);
        let mut sudo = Program::Sudo.open(&world, "alice", "");
        sudo.answer(CODE, &alice.wrong_code(&world));
        sudo.answer("[sudo] password for", PASSWORD);
        let entry = Program::Sudo.end(sudo, "alice");
        assert_eq!(entry.accepted, starts, "{}\n{}", entry.text, world.syslog().text());
    }
}

/// Behind the line that asks it would make a refusal void.
#[test]
fn the_check_of_the_configuration_refuses_the_line_start_anywhere_but_first() {
    let world = World::new();
    let check = || world.wardkey(&["--json", "config", "check"], "");
    let asks = "auth requisite pam_wardkey.so\n";
    example::install(&world, "key-or-code");
    let _ = check().exits(0);
    world.service("common-keyed", START);
    world.must("ln -s common-keyed /etc/pam.d/linked");
    let _ = check().exits(0);
    for (text, place, what) in [
        (format!("{asks}# a key\n{START}"), "/etc/pam.d/keyed, line 3", "not in the first `auth` line"),
        (format!("{asks}@include linked\n"), "/etc/pam.d/linked, line 1", "of the service keyed"),
        ("auth required pam_wardkey.so start\n".to_owned(), "/etc/pam.d/keyed, line 1", "must be `optional`"),
        (
            "session optional pam_wardkey.so start\n".to_owned(),
            "/etc/pam.d/keyed, line 1",
            "`auth` lines only",
        ),
        (
            "auth optional pam_wardkey.so start debug\n".to_owned(),
            "/etc/pam.d/keyed, line 1",
            "the only argument",
        ),
    ] {
        world.service("keyed", &text);
        let error = check().exits(3).json()["error"].clone();
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(place) && message.contains(what), "{text}: {error}");
        assert!(error["hint"].as_str().unwrap_or_default().contains("pam_wardkey.so start"), "{error}");
    }
    world.configure("language = \"fr\"\n");
    let error = check().exits(3).json()["error"].clone();
    assert!(error["message"].as_str().unwrap_or_default().contains("/etc/pam.d/keyed, ligne 1"), "{error}");
    world.service("keyed", &format!("{START}{asks}"));
    let _ = check().exits(0);
}
