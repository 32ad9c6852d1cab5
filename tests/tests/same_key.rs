//! One key in two slots, and codes that come again: no code opens twice, and none that opened counts as wrong.

use wardkey_tests::machine::host::{AUDIT, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::pam::Script;

const KEY: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const HEX: &str = "3132333435363738393031323334353637383930";

fn phone() -> Authenticator {
    Authenticator { secret: KEY.into(), algorithm: "SHA1".into(), digits: 6, period: 30 }
}

/// What the error or the import says.
fn why(answer: &serde_json::Value) -> String {
    answer.to_string()
}

#[test]
fn a_key_that_somebody_has_is_refused_and_nothing_changes() {
    let host = Host::new();
    host.add_account("alice");
    let phone = phone();
    host.json(&["enroll", "alice", "--secret-stdin"], &format!("{KEY}\n"));
    host.json(&["confirm", "alice"], &format!("{}\n", phone.code(host.now() / 30)));
    let before = host.status("alice");
    for command in [
        &["--json", "authenticator", "add", "alice", "second", "--secret-stdin"][..],
        &["--json", "authenticator", "add", "alice", "second", "--secret-stdin", "--digits", "8"],
        &["--json", "replace", "alice", "--secret-stdin"],
    ] {
        let refused = host.wardkey(command, &format!("{KEY}\n")).exits(1);
        assert!(refused.stdout.contains("already has an authenticator with this key"), "{refused:?}");
    }
    assert_eq!(host.status("alice"), before);
}

#[test]
fn an_oath_key_that_is_there_twice_is_taken_over_once_with_all_used() {
    let host = Host::new();
    host.add_account("alice");
    let phone = phone();
    let now = host.now();
    let used = phone.code(now / 30);
    let stamp = "2026-01-01T00:00:00L";
    let lines = format!("HOTP/T30 alice - {HEX}\nHOTP/T30/6 alice - {HEX} 0 {used} {stamp}\n");
    host.write("/etc/users.oath", lines);
    host.must("chmod 600 /etc/users.oath");
    let answer = host.json(&["import", "oath", "/etc/users.oath"], "");
    assert!(why(&answer["left_out"]).contains("the same key"), "{answer:#}");
    assert_eq!(answer["imported"][0]["authenticators"].as_array().map(Vec::len), Some(1), "{answer:#}");
    assert!(!host.types("alice", &used).accepted(), "used there");
    let next = phone.code(now / 30 + 1);
    assert!(host.types("alice", &next).accepted());
    assert!(!host.types("alice", &next).accepted(), "once");
}

/// Steps of a minute and of half a minute are numbered apart: the one's would spend the other's for decades.
#[test]
fn one_key_with_two_periods_is_taken_over_and_opens() {
    let host = Host::new();
    host.add_account("alice");
    let used = phone().code(host.now() / 30);
    let lines = format!("HOTP/T60/6 alice - {HEX}\nHOTP/T30/6 alice - {HEX} 0 {used} 2026-01-01T00:00:00L\n");
    host.write("/etc/users.oath", lines);
    host.must("chmod 600 /etc/users.oath");
    host.json(&["import", "oath", "/etc/users.oath"], "");
    let minute = Authenticator { period: 60, ..phone() };
    assert!(host.types("alice", &minute.code(host.now() / 60 + 1)).accepted());
}

/// Clients that reconnect by themselves send the code that let them in, for hours.
#[test]
fn a_code_that_opened_never_counts_as_wrong_however_often_it_comes_again() {
    let host = Host::with_config("[service.locker]\nentry = \"combined\"\n");
    host.service("locker", "auth required pam_wardkey.so\nauth optional pam_permit.so\n");
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    assert!(host.types("alice", &code).accepted());
    for later in [1, 60, 3600, 86_400] {
        host.advance(later);
        for _ in 0..6 {
            assert!(!host.types("alice", &code).accepted());
            let entry = Script::new("locker", "alice").types("assword", format!("pw{code}"));
            assert!(!host.pam(&entry).accepted());
        }
    }
    let status = host.status("alice");
    let waits = status["wait_until"].as_object().expect("kinds");
    assert!(waits.values().all(serde_json::Value::is_null), "{status:#}");
    assert!(opens(&host, &mut alice), "and the owner comes in");
    let audit = host.read(AUDIT);
    assert_eq!(audit.matches("\"reason\":\"already used\"").count(), 48, "{audit}");
}

fn opens(host: &Host, person: &mut Person) -> bool {
    host.types(&person.name.clone(), &person.fresh_code(host)).accepted()
}
