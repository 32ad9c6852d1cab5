//! Module and helper judge by one configuration: a question by another file than the helper's own is refused.

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::programs::pam::{Script, Transcript};
use wardkey_tests::proof::outcome::run;

const STRICT: &str = "/etc/wardkey/strict.toml";

/// A host with a second configuration, equal to the first.
fn host() -> Host {
    let host = Host::new();
    host.write(STRICT, host.read(CONFIG));
    host.service_alone("strict", &format!("config={STRICT}"));
    host.service_alone("spelled", "config=/etc//wardkey/./wardkey.toml");
    host
}

fn types(service: &str, code: &str) -> Script {
    Script::new(service, "alice").types(CODE, code)
}

/// A set-user-ID program of alice's, which could judge for itself.
fn set_uid(host: &Host, script: &Script) -> Transcript {
    let command = host.pam_command(std::slice::from_ref(script));
    Transcript::read(&run(&mut host.under(&["setpriv", "--ruid=alice"], &command), b"").exits(0).stdout)
}

fn names_both(line: &str) -> bool {
    line.contains(CONFIG) && line.contains(STRICT)
}

#[test]
fn a_question_by_another_configuration_is_refused_and_both_logs_say_which() {
    let host = host();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let asked = |as_themself: bool| {
        let script = Script::new("strict", "alice");
        if as_themself { host.pam_as("alice", &script) } else { set_uid(&host, &script) }
    };
    for as_themself in [true, false] {
        let lines = host.syslog().lines_of(|| {
            let refused = asked(as_themself);
            assert!(!refused.accepted(), "{refused:#?}");
            assert!(refused.messages().starts_with("Cannot check codes now."), "{refused:#?}");
        });
        let says = |who, names: &dyn Fn(&str) -> bool| {
            let said = lines.iter().any(|line| line.text.contains(who) && names(&line.text));
            assert!(said, "{who}: {lines:#?}");
        };
        says(" wardkey[", &names_both);
        // Which file the helper has is told to root alone.
        if as_themself {
            says("pam_wardkey(", &|line| line.contains(STRICT) && !line.contains(CONFIG));
        } else {
            says("pam_wardkey(", &names_both);
        }
    }
    for service in [ALONE, "spelled"] {
        let own = types(service, &alice.fresh_code(&host));
        assert!(host.pam_as("alice", &own).accepted(), "{service}: its own");
    }
    let own = types("strict", &alice.fresh_code(&host));
    assert!(host.pam(&own).accepted(), "root judges for itself");
}

#[test]
fn without_a_helper_a_set_user_id_program_judges_by_the_file_it_was_given() {
    let host = host();
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    assert!(set_uid(&host, &types("strict", &code)).accepted());
}

/// What is wrong with root's files is for root to read.
#[test]
fn a_configuration_that_does_not_load_is_explained_to_the_log_alone() {
    let host = host();
    host.person("alice");
    let _helper = host.start_helper();
    host.write(CONFIG, "no = \"configuration\"");
    let mut refused = None;
    let lines = host.syslog().lines_of(|| {
        refused = Some(host.wardkey_as("alice", &["--config", STRICT, "status", "--json"], "").exits(3));
    });
    let refused = refused.expect("an answer").stdout;
    assert!(refused.contains("The log of this machine says why"), "{refused}");
    assert!(!refused.contains(CONFIG) && !refused.contains("unknown field"), "{refused}");
    let explains =
        |line: &str| line.contains(" wardkey[") && line.contains(CONFIG) && line.contains("unknown");
    assert!(lines.iter().any(|line| explains(&line.text)), "{lines:#?}");
}

#[test]
fn the_command_too_must_name_the_helpers_own() {
    let host = host();
    host.person("alice");
    let _helper = host.start_helper();
    let refused = host.wardkey_as("alice", &["--config", STRICT, "status"], "").exits(3);
    let said = format!("The helper uses another configuration than {STRICT}.");
    assert!(refused.stderr.contains(&said) && !refused.stderr.contains(CONFIG), "{}", refused.stderr);
    host.wardkey_as("alice", &["--config", "/etc//wardkey/wardkey.toml", "status"], "").exits(0);
    let in_place = "cd /etc/wardkey && runuser --user alice -- \"$0\" --config wardkey.toml status";
    let mut command = host.command("sh");
    command.args(["-c", in_place]).arg(host.built("wardkey"));
    run(&mut command, b"").exits(0);
}
