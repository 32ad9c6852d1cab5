//! Programs that run PAM as an ordinary user, through the helper.

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::programs::pam::{Door, PamResult, Script};
use wardkey_tests::proof::outcome::run;
use wardkey_tests::proof::simultaneous::while_prompted;

fn types(code: &str) -> Script {
    Script::new(ALONE, "alice").types(CODE, code)
}

#[test]
fn a_persons_own_program_checks_codes_through_the_helper() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let code = alice.fresh_code(&host);
    let script = types(&code).doors(&[Door::Auth, Door::SetCred]);
    assert_eq!(host.pam_as("alice", &script).results(), [PamResult::Success, PamResult::Success]);
    let again = host.pam_as("alice", &types(&code));
    assert_eq!(again.result(), PamResult::AuthErr);
    assert!(again.messages().contains("already used"), "{again:?}");
    let recovery = &alice.recovery_codes[0];
    let spent = host.pam_as("alice", &types(recovery));
    assert!(spent.accepted() && spent.messages().contains("4 recovery codes left"), "{spent:?}");
    let lines = host.read(wardkey_tests::machine::host::AUDIT);
    let of_logins: Vec<_> = lines.lines().filter(|line| line.contains(r#""event":"login""#)).collect();
    assert_eq!(of_logins.len(), 3, "{lines}");
    assert!(of_logins.iter().all(|line| line.contains(r#""user":"alice","service":"alone""#)), "{lines}");
}

/// Where its locks cannot be made no recovery code is checked, and the log says which directory it is.
#[test]
fn a_recovery_code_that_gets_no_turn_is_refused_and_the_log_says_why() {
    let host = Host::new();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    host.shell("touch /run/wardkey/places").exits(0);
    let recovery = &alice.recovery_codes[0];
    let said = host.syslog().lines_of(|| {
        let refused = host.pam_as("alice", &types(recovery));
        assert!(refused.cannot_check() && !refused.messages().contains("places"), "{refused:?}");
    });
    let told = |line: &str| line.contains("no turn") && line.contains("/run/wardkey/places: Not a directory");
    assert!(said.iter().any(|line| told(&line.text)), "{said:?}");
    host.shell("rm /run/wardkey/places").exits(0);
    assert!(host.pam_as("alice", &types(recovery)).accepted(), "it is not spent");
}

#[test]
fn without_the_helper_nobody_gets_in_as_themselves() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let script = Script::new(ALONE, "alice");
    let refused = host.pam_as("alice", &script);
    assert_eq!((refused.result(), refused.cannot_check()), (PamResult::AuthErr, true));
    assert!(refused.messages().starts_with("Cannot check codes now."), "{refused:?}");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "root's programs need none");
}

#[test]
fn nobody_asks_about_somebody_else() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.add_account("bob");
    let _helper = host.start_helper();
    for name in ["alice", "nobody-at-all", "root"] {
        let refused = host.pam_as("bob", &Script::new(ALONE, name));
        assert_eq!((refused.result(), refused.cannot_check()), (PamResult::AuthErr, true), "{name}");
    }
    assert!(host.pam_as("alice", &types(&alice.fresh_code(&host))).accepted());
}

#[test]
fn wrong_codes_through_the_helper_count_everywhere() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    for _ in 0..5 {
        let wrong = alice.wrong_code(&host);
        assert_eq!(host.pam_as("alice", &types(&wrong)).result(), PamResult::AuthErr);
    }
    let code = alice.fresh_code(&host);
    assert!(host.pam_as("alice", &types(&code)).waits());
    assert!(host.types("alice", &code).waits(), "at root's doors too");
}

/// While a person types, the module is not connected: if the helper restarts meanwhile, the person notices nothing.
#[test]
fn a_code_typed_after_the_helper_has_restarted_is_checked() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let mut helper = vec![host.start_helper()];
    let code = alice.fresh_code(&host);
    let opened = while_prompted(&host, "alice", &types(&code), || {
        helper.clear();
        helper.push(host.start_helper());
    });
    assert!(opened.accepted(), "{opened:?}");
    assert_eq!(host.pam_as("alice", &types(&code)).result(), PamResult::AuthErr, "and is spent");
}

/// A site that grows stricter while prompts stand means those too.
#[test]
fn a_code_is_judged_by_the_configuration_of_when_it_is_typed() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let code = alice.fresh_code(&host);
    let refused =
        while_prompted(&host, "alice", &types(&code), || host.write(CONFIG, "no = \"configuration\""));
    assert_eq!((refused.result(), refused.cannot_check()), (PamResult::AuthErr, true), "{refused:?}");
    host.configure("");
    assert!(host.pam_as("alice", &types(&code)).accepted(), "and the code is not spent");
}

#[test]
fn it_tells_its_version_and_how_it_is_started_and_refuses_other_words() {
    let host = Host::new();
    let binary = host.built("wardkey-helper");
    let says = |word: &str| run(host.command(&binary).arg(word), b"");
    assert_eq!(
        says("--version").exits(0).stdout,
        concat!("wardkey-helper ", env!("CARGO_PKG_VERSION"), "\n")
    );
    assert!(says("--help").exits(0).stdout.contains("listen"));
    assert!(says("--listen").exits(2).stderr.contains("--listen"));
}
