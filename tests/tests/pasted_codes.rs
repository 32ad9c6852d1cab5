//! Codes as they arrive from where people keep them: a chat, a printed page read by a phone, a table, a password manager.

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::{PamResult, Script};

/// What a copy makes of one hyphen, and what it adds in front and behind.
const COPIES: [(&str, &str, &str); 7] = [
    ("\u{2011}", "", ""),
    ("\u{2013}", "", " "),
    ("\u{a0}", "", "\t"),
    ("\u{202f}", "\u{feff}", ""),
    ("", "", "\r"),
    ("-\u{200b}", "", ""),
    (" \u{2014} ", "\u{a0}", "\u{200b}\r"),
];

fn copied(code: &str, (hyphen, before, behind): (&str, &str, &str)) -> String {
    format!("{before}{}{behind}", code.replace('-', hyphen))
}

/// An app's code, shown in two halves.
fn halves(code: &str) -> String {
    format!("{}-{}", &code[..3], &code[3..])
}

/// Each of these codes is good once: as a copy it opens by itself, and is spent.
fn opens_once(host: &Host, login: &dyn Fn(&str) -> PamResult, alice: &mut Person) {
    for copy in COPIES {
        let recovery = host.wardkey(&["--json", "recovery-codes", "alice"], "").exits(0).json();
        let code = recovery["recovery_codes"][0].as_str().expect("a code").to_owned();
        for code in [code, halves(&alice.fresh_code(host))] {
            let typed = copied(&code, copy);
            assert_eq!(login(&typed), PamResult::Success, "{typed:?}");
            assert_eq!(login(&code), PamResult::AuthErr, "{typed:?} is spent");
        }
        host.wardkey(&["unlock", "alice"], "").exits(0);
    }
}

// Row: S1-11
#[test]
fn what_a_copy_adds_to_a_code_changes_nothing() {
    let host = Host::new();
    let mut alice = host.person("alice");
    opens_once(&host, &|typed| host.types("alice", typed).result(), &mut alice);
}

#[test]
fn nor_does_it_through_the_helper() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let unlocks =
        |typed: &str| host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, typed)).result();
    opens_once(&host, &unlocks, &mut alice);
}

#[test]
fn the_command_takes_the_same() {
    let host = Host::new();
    let mut alice = host.person("alice");
    for copy in COPIES {
        // A line ends there.
        let code = copied(&halves(&alice.fresh_code(&host)), copy).replace('\r', "");
        host.wardkey(&["check", "alice"], &format!("{code}\r\n")).exits(0);
    }
}

const STACK: &str = "\
auth requisite pam_wardkey.so forward_pass
auth required pam_unix.so use_first_pass nodelay
auth required pam_exec.so expose_authtok quiet /etc/witness
account required pam_wardkey.so
";

/// Blanks and dashes of its own, wherever they stand.
const PASSWORDS: [&str; 5] =
    ["secret ", "\u{a0}ge heim\u{a0}", "Mai-2024-06-12", "tr-ue-ho-rse\u{2013}", "123 456 "];

/// Whatever is taken off with the code, the password is what it was.
#[test]
fn behind_a_password_only_the_copy_of_the_code_is_taken_off() {
    let host = Host::new();
    host.write("/etc/witness", "#!/bin/sh\ntr -d '\\0' > /var/witnessed\n");
    host.must("chmod 755 /etc/witness");
    host.service("joined", STACK);
    for (number, password) in PASSWORDS.into_iter().enumerate() {
        let name = format!("user{number}");
        host.add_account_with_password(&name, password);
        let mut person = host.enrol(&name);
        for copy in [("-", "", ""), ("\u{2013}", "", "\t"), ("\u{202f}", "", "\r"), ("", "", "")] {
            let recovery = person.recovery_codes.pop().expect("a code");
            for code in [recovery, halves(&person.fresh_code(&host))] {
                let entry = format!("{password}{}", copied(&code, copy));
                let entered = host.pam(&Script::new("joined", &name).types("assword", &entry));
                assert_eq!(entered.result(), PamResult::Success, "{entry:?}: {entered:#?}");
                assert_eq!(host.read("/var/witnessed"), password, "{entry:?}");
            }
        }
    }
}

/// As before: a password that ends like a code is one failure where a code was due, one that ends in words is none.
#[test]
fn passwords_of_words_and_dates_keep_nobody_waiting() {
    let host = Host::with_config("[throttle]\nfree_tries = 1\n");
    host.service(
        "joined",
        &STACK.replace("auth required pam_exec.so expose_authtok quiet /etc/witness\n", ""),
    );
    host.add_account_with_password("alice", "that land made fame");
    let mut alice = host.enrol("alice");
    for _ in 0..4 {
        let alone = host.pam(&Script::new("joined", "alice").types("assword", "that land made fame"));
        assert_eq!(alone.result(), PamResult::AuthErr);
    }
    assert!(host.status("alice")["wait_until"]["combined"].is_null());
    let entry = format!("that land made fame{}", alice.fresh_code(&host));
    assert_eq!(
        host.pam(&Script::new("joined", "alice").types("assword", &entry)).result(),
        PamResult::Success
    );
}
