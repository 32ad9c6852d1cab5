//! The example in which a security key opens and, without one, a code; `pam_u2f` is played by modules that say what
//! they are told.

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::Door::{Account, Auth, OpenSession};
use wardkey_tests::programs::pam::{PamResult, Script};

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
fn with_a_key(host: &Host, service: &str, starts: bool) {
    let second_try = "#!/bin/sh\ntest -e /run/key/tried || { touch /run/key/tried; exit 1; }\n";
    host.write("/var/key", second_try);
    host.must("chmod 755 /var/key && rm -rf /run/key && mkdir -m 1777 /run/key");
    let text = example_with("pam_exec.so quiet /var/key");
    host.service(service, &if starts { text } else { text.replace(START, "") });
}

#[test]
fn the_key_opens_and_whatever_else_it_says_leads_to_the_code() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let doors = [Auth, Account, OpenSession];
    let script = || Script::new("keyed", "alice").types("assword", PASSWORD).doors(&doors);
    host.service("keyed", &example_with("pam_debug.so auth=success"));
    assert_eq!(host.pam(&script()).results(), [PamResult::Success; 3], "{}", host.syslog().text());
    let wrong_password = Script::new("keyed", "alice").types("assword", "not the password");
    assert_ne!(host.pam(&wrong_password).result(), PamResult::Success);
    for said in NOT_OPEN {
        host.service("keyed", &example_with(&format!("pam_debug.so auth={said}")));
        let login = host.pam(&script().types(CODE, alice.wrong_code(&host)));
        let refused = [PamResult::AuthErr, PamResult::PermDenied, PamResult::SessionErr];
        assert_eq!(login.results(), refused, "{said}");
        let login = host.pam(&script().types(CODE, alice.fresh_code(&host)));
        assert_eq!(login.results(), [PamResult::Success; 3], "{said}");
        host.advance(30);
    }
}

#[test]
fn a_wrong_code_and_then_the_key_in_one_transaction() {
    let host = Host::new();
    let alice = host.person("alice");
    let tries = |starts: bool| {
        with_a_key(&host, "keyed", starts);
        let script = Script::new("keyed", "alice").types("assword", PASSWORD);
        let script = script.types(CODE, alice.wrong_code(&host)).types("assword", PASSWORD);
        host.pam(&script.doors(&[Auth, Auth, Account, OpenSession])).results()
    };
    use PamResult::{AuthErr, PermDenied, SessionErr, Success};
    assert_eq!(tries(true), [AuthErr, Success, Success, Success]);
    assert_eq!(tries(false), [AuthErr, Success, PermDenied, SessionErr], "without the line `start`");
}

#[test]
fn a_wrong_code_and_then_the_key_in_one_sudo() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    host.write("/etc/sudoers.d/wardkey", "Defaults passwd_tries=3\nALL ALL=(ALL) ALL\n");
    let alice = host.person("alice");
    for starts in [true, false] {
        with_a_key(&host, "sudo", starts);
        let mut sudo = ConsoleProgram::Sudo.open(&host, "alice", "");
        sudo.answer(CODE, &alice.wrong_code(&host));
        sudo.answer("[sudo] password for", PASSWORD);
        let entry = ConsoleProgram::Sudo.end(sudo, "alice");
        assert_eq!(entry.accepted, starts, "{}\n{}", entry.text, host.syslog().text());
    }
}

/// Behind the line that asks it would make a refusal void.
#[test]
fn config_check_refuses_the_line_start_anywhere_but_first() {
    let host = Host::new();
    let check = || host.wardkey(&["--json", "config", "check"], "");
    let asks = "auth requisite pam_wardkey.so\n";
    example::install(&host, "key-or-code");
    let _ = check().exits(0);
    host.service("common-keyed", START);
    host.must("ln -s common-keyed /etc/pam.d/linked");
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
        host.service("keyed", &text);
        let error = check().exits(3).json()["error"].clone();
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(place) && message.contains(what), "{text}: {error}");
        assert!(error["hint"].as_str().unwrap_or_default().contains("pam_wardkey.so start"), "{error}");
    }
    host.configure("language = \"fr\"\n");
    let error = check().exits(3).json()["error"].clone();
    assert!(error["message"].as_str().unwrap_or_default().contains("/etc/pam.d/keyed, ligne 1"), "{error}");
    host.service("keyed", &format!("{START}{asks}"));
    let _ = check().exits(0);
}
