//! What stands behind the module's name in a PAM line, and who may call it.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::run;

#[test]
fn arguments_that_make_no_sense_refuse_and_say_so() {
    let host = Host::new();
    host.add_account("alice");
    let cases = [
        ("unknown", "nullok", "nullok"),
        ("repeated", "debug debug", "debug"),
        ("two-configs", "config=/etc/wardkey/wardkey.toml config=/etc/wardkey/wardkey.toml", "config"),
        ("relative", "config=wardkey.toml", "config"),
        ("no-path", "config=", "config"),
        ("upper-case", "DEBUG", "DEBUG"),
        ("missing", "config=/etc/wardkey/other.toml", "/etc/wardkey/other.toml"),
    ];
    for (service, arguments, said) in cases {
        host.service_alone(service, arguments);
        let lines = host.syslog().lines_of(|| {
            let login = host.pam(&Script::new(service, "alice"));
            assert_eq!(login.result(), PamResult::ServiceErr, "{service}");
        });
        assert!(lines.iter().any(|line| line.is_authpriv_with(&[said])), "{service}: {lines:#?}");
    }
}

#[test]
fn a_missing_default_configuration_means_the_defaults() {
    let host = Host::new();
    let mut alice = host.person("alice");
    fs::remove_file(host.path(CONFIG)).expect("it was there");
    host.advance(30);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
}

#[test]
fn a_named_configuration_leads_to_a_state_of_its_own() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let other = "/srv/wardkey.toml";
    host.must("mkdir -p /var/srv/state && mkdir -p /run/srv");
    let other = other.replace("/srv", "/var/srv");
    host.write(
        &other,
        "[store]\npath = \"/var/srv/state\"\n[seal]\nkey = \"/var/srv/seal.key\"\n[log]\naudit_file = \"/var/srv/audit\"\n",
    );
    host.must("chmod 700 /var/srv/state");
    host.wardkey(&["--config", &other, "init"], "").exits(0);
    host.service_alone("elsewhere", &format!("config={other}"));
    let code = alice.fresh_code(&host);
    let script = |service: &str| Script::new(service, "alice").types(CODE, &code);
    assert_eq!(host.pam(&script("elsewhere")).result(), PamResult::AuthErr, "nobody is enrolled there");
    assert_eq!(host.pam(&script(ALONE)).result(), PamResult::Success);
    assert!(host.read("/var/srv/audit").contains("alice"));
}

#[test]
fn debug_changes_nothing_but_the_log() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.service_alone("debug", "debug");
    let code = alice.fresh_code(&host);
    let login = host.pam(&Script::new("debug", "alice").types(CODE, &code));
    assert_eq!(login.result(), PamResult::Success);
    assert!(host.syslog().lines().iter().any(|line| line.severity == 7), "{}", host.syslog().text());
    assert!(!host.syslog().text().contains(&code));
}

#[test]
fn a_caller_who_is_not_root_is_refused_alike_for_every_code() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let seen = |code: &str| {
        let script = Script::new(ALONE, "alice").types(CODE, code);
        let as_alice = ["setpriv", "--reuid=alice", "--regid=alice", "--init-groups"];
        let mut command = host.under(&as_alice, &host.pam_command(&[script]));
        let login = Transcript::read(&run(&mut command, b"").exits(0).stdout);
        (login.result(), login.seen())
    };
    let (right, wrong) = (alice.fresh_code(&host), alice.wrong_code(&host));
    let refused = seen(&wrong);
    assert!(refused.0 == PamResult::AuthErr && refused.1.contains("Cannot check codes now"), "{refused:?}");
    assert_eq!(seen(&right), refused);
    assert_eq!(seen(&alice.recovery_codes[0]), refused);
    assert!(host.types("alice", &right).accepted(), "nothing was spent");
}

#[test]
fn a_directory_of_service_files_of_ones_own_serves_too() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.must("mkdir -p /var/stacks && cp /etc/pam.d/alone /var/stacks/elsewhere");
    let mode = fs::metadata(host.path("/var/stacks/elsewhere")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o022, 0);
    let mut script = Script::new("elsewhere", "alice").types(CODE, alice.fresh_code(&host));
    script.confdir = Some("/var/stacks".into());
    assert_eq!(host.pam(&script).result(), PamResult::Success);
}
