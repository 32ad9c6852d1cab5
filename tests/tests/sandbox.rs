//! Root in a read-only sandbox asks the helper: it alone can write down there that a code is spent.

use wardkey_tests::machine::host::{ALONE, AUDIT, CODE, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};

const WHOLE: &str = "[service.whole]\nentry = \"combined\"\n";

fn host() -> Host {
    let host = Host::with_config(WHOLE);
    example::install(&host, "polkit-1");
    host.service(
        "whole",
        "auth requisite pam_wardkey.so\nauth required pam_unix.so try_first_pass nodelay\n",
    );
    let written = host.shell_sandboxed("touch /var/lib/wardkey/x");
    assert!(written.stderr.contains("Read-only"), "{}", written.stderr);
    host
}

fn polkit(code: &str) -> Script {
    Script::new("polkit-1", "alice").types("assword", PASSWORD).types(CODE, code)
}

fn alone(name: &str, code: &str) -> Script {
    Script::new(ALONE, name).types(CODE, code)
}

// Row: S1-17
#[test]
fn polkits_agent_helper_in_its_sandbox_asks_ours() {
    let host = host();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let code = alice.fresh_code(&host);
    let recovery = &alice.recovery_codes[0];
    for right in [recovery, &code] {
        let accepted = host.pam_sandboxed(&polkit(right));
        assert!(accepted.accepted(), "{accepted:#?}\n{}", host.syslog().text());
        for used in [host.pam_sandboxed(&polkit(right)), host.types("alice", right)] {
            assert_eq!(used.result(), PamResult::AuthErr, "{used:#?}");
        }
    }
    let wrong = host.pam_sandboxed(&polkit(&alice.wrong_code(&host)));
    assert_eq!(wrong.result(), PamResult::AuthErr, "{wrong:#?}");
    let entry = format!("{PASSWORD}{}", alice.fresh_code(&host));
    let whole = Script::new("whole", "alice").types("one entry", entry);
    assert!(host.pam_sandboxed(&whole).accepted());
    let accepted = host.read(AUDIT).lines().filter(|line| line.contains("\"result\":\"accepted\"")).count();
    assert_eq!(accepted, 3, "the helper writes the audit file: {}", host.read(AUDIT));
}

fn said(transcript: &Transcript) -> (PamResult, String) {
    (transcript.result(), transcript.messages())
}

/// With a helper and without one, for every name.
#[test]
fn the_sandbox_does_not_tell_who_has_a_record() {
    let host = host();
    let alice = host.person("alice");
    host.add_account("bob");
    for listens in [false, true] {
        let _helper = listens.then(|| host.start_helper());
        let wrong = alice.wrong_code(&host);
        let known = host.pam_sandboxed(&alone("alice", &wrong));
        assert_eq!(known.messages().starts_with("That code was not accepted."), listens, "{known:#?}");
        for name in ["bob", "nobody-at-all"] {
            assert_eq!(said(&host.pam_sandboxed(&alone(name, &wrong))), said(&known), "{name}");
        }
    }
}

/// What the helper says is final: it is not root's own judgement that was in doubt.
#[test]
fn a_helper_that_will_not_is_not_passed_by() {
    let host = host();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let code = alice.fresh_code(&host);
    host.service_alone("strict", "config=/etc/wardkey/strict.toml");
    host.shell("cp /etc/wardkey/wardkey.toml /etc/wardkey/strict.toml").exits(0);
    let denied = host.pam_sandboxed(&Script::new("strict", "alice").types(CODE, &code));
    assert!(denied.messages().starts_with("Cannot check codes now."), "{denied:#?}");
    assert!(host.types("alice", &code).accepted(), "and the code is not spent");
}
