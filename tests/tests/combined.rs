//! Password and code in one entry, and what the modules after ours are given.

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};

/// Passwords that look like what may follow them, or like nothing at all.
const SHAPES: [&str; 11] = [
    "secret123456",
    "secret12345678",
    "123456",
    "12345678",
    "0000000000000000",
    "ABCDEFGHJKMNPQRS",
    "ABCD-EFGH-JKMN-PQRS",
    "qrstvwxyzabcdefg",
    "with spaces 42 ",
    "pässwörd-∑-94",
    "x",
];

/// A part of the prompt for both.
const BOTH: &str = "assword";

/// Combined entry, then `pam_unix` with what is left, then a witness of what that was.
const STACK: &str = "\
auth requisite pam_wardkey.so ARGUMENTS
auth required pam_unix.so use_first_pass nodelay
auth required pam_exec.so expose_authtok quiet /etc/witness
account required pam_wardkey.so
";

fn prepare(host: &Host) {
    host.write("/etc/witness", "#!/bin/sh\ntr -d '\\0' > /var/witnessed\n");
    host.must("chmod 755 /etc/witness");
    host.service("joined", &STACK.replace("ARGUMENTS", "forward_pass"));
    host.service("by-config", &STACK.replace("ARGUMENTS", ""));
}

fn enters(host: &Host, service: &str, name: &str, entry: &str) -> Transcript {
    host.must("rm -f /var/witnessed");
    host.pam(&Script::new(service, name).types(BOTH, entry))
}

const BY_CONFIG: &str = "[service.by-config]\nentry = \"combined\"\n";

// Row: S1-17
#[test]
fn a_password_of_every_shape_comes_out_as_it_went_in() {
    let host = Host::with_config(BY_CONFIG);
    prepare(&host);
    for (number, password) in SHAPES.into_iter().enumerate() {
        let name = format!("user{number}");
        host.add_account_with_password(&name, password);
        let mut person = host.enrol(&name);
        let code = person.fresh_code(&host);
        let by_code = enters(&host, "joined", &name, &format!("{password}{code}"));
        assert_eq!(by_code.result(), PamResult::Success, "{password:?} and a code: {by_code:#?}");
        assert_eq!(host.read("/var/witnessed"), password);
        let printed = &person.recovery_codes[0];
        let by_recovery = enters(&host, "by-config", &name, &format!("{password}{printed}"));
        assert_eq!(by_recovery.result(), PamResult::Success, "{password:?} and a recovery code");
        assert_eq!(host.read("/var/witnessed"), password);
        let replayed = enters(&host, "joined", &name, &format!("{password}{code}"));
        assert_eq!(replayed.result(), PamResult::AuthErr, "{password:?}: replayed");
    }
}

fn a_person(host: &Host) -> Person {
    prepare(host);
    host.person("alice")
}

// Row: S1-2
#[test]
fn half_an_entry_opens_nothing() {
    let host = Host::with_config(BY_CONFIG);
    let mut alice = a_person(&host);
    let wrong = alice.wrong_code(&host);
    for entry in [PASSWORD.to_owned(), format!("{PASSWORD}{wrong}"), String::new()] {
        for service in ["joined", "by-config"] {
            assert_eq!(enters(&host, service, "alice", &entry).result(), PamResult::AuthErr, "{entry:?}");
            host.wardkey(&["unlock", "alice"], "").exits(0);
        }
    }
    let unhyphened = alice.recovery_codes[1].replace('-', "");
    let half = enters(&host, "joined", "alice", &unhyphened);
    assert_eq!(half.result(), PamResult::AuthErr, "a recovery code alone");
    let code = alice.fresh_code(&host);
    assert_eq!(enters(&host, "joined", "alice", &code).result(), PamResult::AuthErr, "a code alone");
    let code = alice.fresh_code(&host);
    let other = enters(&host, "joined", "alice", &format!("not the password{code}"));
    assert_eq!(other.result(), PamResult::AuthErr, "another password");
}

/// The code is looked at before the password is: who is in a hurry must hear what the slip cost.
#[test]
fn a_recovery_code_behind_a_wrong_password_is_spent_and_that_is_said() {
    let host = Host::with_config(BY_CONFIG);
    let alice = a_person(&host);
    let printed = &alice.recovery_codes[0];
    let slip = enters(&host, "joined", "alice", &format!("not the password{printed}"));
    assert_eq!(slip.result(), PamResult::AuthErr, "{slip:#?}");
    let text = "Recovery code spent, even if the password was wrong. 4 recovery codes left.";
    assert!(slip.messages().contains(text), "{slip:#?}");
    let again = enters(&host, "joined", "alice", &format!("{PASSWORD}{printed}"));
    assert_eq!(again.result(), PamResult::AuthErr, "spent: {again:#?}");
    let alone = host.types("alice", &alice.recovery_codes[1]);
    assert!(alone.messages().contains("Recovery code accepted; it will not work again."), "{alone:#?}");
}

#[test]
fn wrong_combined_entries_wait_but_never_disable() {
    let host = Host::with_config(&format!(
        "{BY_CONFIG}[throttle]\nfree_tries = 1\nfirst_wait = \"60s\"\nlongest_wait = \"60s\"\ndisable_after = 3\n"
    ));
    let mut alice = a_person(&host);
    let mut waited = 0;
    for _ in 0..6 {
        let entry = format!("{PASSWORD}{}", alice.wrong_code(&host));
        waited += u32::from(enters(&host, "joined", "alice", &entry).waits());
        host.advance(61);
    }
    assert_eq!(waited, 0, "the waiting was over each time");
    assert_eq!(host.state("alice"), "enrolled");
    let entry = format!("{PASSWORD}{}", alice.wrong_code(&host));
    assert_eq!(enters(&host, "joined", "alice", &entry).result(), PamResult::AuthErr);
    let status = host.status("alice");
    assert!(status["wait_until"]["combined"].is_string(), "{status:#}");
    assert!(status["wait_until"]["authenticator"].is_null(), "{status:#}");
    let right = format!("{PASSWORD}{}", alice.fresh_code(&host));
    assert!(enters(&host, "joined", "alice", &right).waits());
}

#[test]
fn a_person_not_concerned_is_asked_too_and_passes_on_the_whole_entry() {
    let host = Host::with_config(&format!("{BY_CONFIG}[policy]\nunenrolled = \"ignore\"\n"));
    prepare(&host);
    host.add_account_with_password("bob", "secret123456");
    let login = enters(&host, "joined", "bob", "secret123456");
    assert_eq!(login.result(), PamResult::Success, "{login:#?}");
    assert_eq!(host.read("/var/witnessed"), "secret123456");
}

#[test]
fn try_first_pass_takes_a_code_from_the_entry_before_and_else_asks() {
    let host = Host::new();
    let mut alice = a_person(&host);
    let lines = "auth optional pam_unix.so nodelay\nauth required pam_wardkey.so try_first_pass\n";
    host.service("try", lines);
    let code = alice.fresh_code(&host);
    let given = host.pam(&Script::new("try", "alice").types("assword", &code));
    assert_eq!(given.result(), PamResult::Success, "{given:#?}");
    let code = alice.fresh_code(&host);
    let asked = host.pam(&Script::new("try", "alice").types("assword", PASSWORD).types(CODE, &code));
    assert_eq!(asked.result(), PamResult::Success, "{asked:#?}");
}

#[test]
fn a_password_that_looks_like_a_code_makes_nobody_wait() {
    let host = Host::new();
    prepare(&host);
    host.service("try", "auth requisite pam_unix.so nodelay\nauth required pam_wardkey.so try_first_pass\n");
    host.add_account_with_password("alice", "secret123456");
    let mut alice = host.enrol("alice");
    for round in 0..12 {
        host.advance(30);
        let code = alice.fresh_code(&host);
        let script = Script::new("try", "alice").types("assword", "secret123456").types(CODE, code);
        assert_eq!(host.pam(&script).result(), PamResult::Success, "round {round}");
    }
}

#[test]
fn use_first_pass_never_asks() {
    let host = Host::new();
    let mut alice = a_person(&host);
    let lines = "auth optional pam_unix.so nodelay\nauth required pam_wardkey.so use_first_pass\n";
    host.service("use", lines);
    let code = alice.fresh_code(&host);
    let given = host.pam(&Script::new("use", "alice").types("assword", &code));
    assert_eq!(given.result(), PamResult::Success, "{given:#?}");
    let other = host.pam(&Script::new("use", "alice").types("assword", PASSWORD));
    assert_eq!(other.result(), PamResult::AuthErr, "{other:#?}");
}
