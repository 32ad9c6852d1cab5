//! The shape of a line, and what a name cannot do to it.

use super::*;
use proptest::prelude::*;

const EVENT: Event<'_> = Event {
    time: Timestamp(1_234_567_890),
    event: "login",
    user: Some("roy"),
    service: Some("sshd"),
    rhost: None,
    tty: None,
    actor: None,
    method: Some("recovery"),
    result: AuditResult::Accepted,
    reason: None,
    seat: None,
    count: None,
};

#[test]
fn a_line_has_every_key_of_the_contract_in_order() {
    assert_eq!(
        EVENT.to_json(),
        r#"{"time":"2009-02-13T23:31:30Z","event":"login","user":"roy","service":"sshd","rhost":null,"tty":null,"actor":null,"method":"recovery","result":"accepted","reason":null}"#
    );
    assert_eq!(EVENT.to_syslog(), "login accepted user=roy service=sshd method=recovery");
    let many = Event { count: Some(12), ..EVENT };
    assert!(many.to_json().ends_with(r#""reason":null,"count":12}"#));
    assert!(many.to_syslog().ends_with(" count=12"));
    let there = Event { seat: Some("ward-3"), ..EVENT };
    assert!(there.to_json().ends_with(r#""reason":null,"seat":"ward-3"}"#));
    assert!(there.to_syslog().ends_with(" seat=ward-3"));
}

#[test]
fn a_name_cannot_forge_a_line() {
    let event = Event { user: Some("x\"}\n{\"user\":\"root"), reason: Some("a user=root"), ..EVENT };
    assert!(!event.to_json().contains('\n') && !event.to_syslog().contains('\n'));
    assert!(event.to_syslog().contains(r#"reason="a user=root""#));
}

/// What a field may have: mostly what logins have, and anything.
fn text() -> impl Strategy<Value = Option<String>> {
    prop_oneof![
        Just(None),
        "[ -~]{0,12}".prop_map(Some),
        "\\PC{0,6}".prop_map(Some),
        any::<String>().prop_map(Some)
    ]
}

proptest! {
    #[test]
    fn a_line_is_the_one_that_serde_json_writes(
        time: u64,
        event: String,
        texts in proptest::array::uniform8(text()),
        result in prop_oneof![Just(AuditResult::Accepted), Just(AuditResult::Refused), Just(AuditResult::Done), Just(AuditResult::Failed)],
        count: Option<u64>,
    ) {
        let [user, service, rhost, tty, actor, method, reason, seat] = texts.each_ref().map(Option::as_deref);
        let time = Timestamp(time);
        let event = Event { time, event: &event, user, service, rhost, tty, actor, method, result, reason, seat, count };
        prop_assert_eq!(event.to_json(), in_json(serde_json::to_string(&event).unwrap()));
    }
}

#[test]
fn lines_are_added_and_a_link_is_not_followed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let own = |path: &Path| AuditFile { path: path.to_path_buf(), owner: Owner::ROOT };
    EVENT.append(&own(&path)).unwrap();
    EVENT.append(&own(&path)).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().count(), 2);
    assert!(text.ends_with('\n'));

    let link = dir.path().join("link");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    assert!(EVENT.append(&own(&link)).unwrap_err().to_string().contains("symbolic link"));
    assert!(EVENT.append(&own(&dir.path().join("none/audit.jsonl"))).is_err());
}
