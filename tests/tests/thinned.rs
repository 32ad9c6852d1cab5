//! Refusals that count for nothing can be had without end; no account fills the logs with them.

use serde_json::{Value, json};
use wardkey_tests::machine::host::{ALONE, AUDIT, CODE, Host};
use wardkey_tests::programs::pam::{Script, Transcript};
use wardkey_tests::programs::raw_client::{check, told};
use wardkey_tests::proof::outcome::run;

/// An entry that does not look like a code.
const MALFORMED: &str = "let me in";

/// Has the helper check what alice's program says she typed, again and again.
fn asks(host: &Host, typed: &str, times: usize) {
    let once = [json!({"open": 1}), json!({"frame": check("alice", typed)}), json!({"read": true})];
    let answers = told(host, "alice", &once.iter().cycle().take(3 * times).cloned().collect::<Vec<_>>());
    let refused = |answer: &Value| answer["checked"]["outcome"]["Refused"] == "Malformed";
    assert_eq!((answers.len(), answers.iter().all(refused)), (times, true), "{answers:?}");
}

fn audit(host: &Host) -> Vec<Value> {
    let lines = host.read(AUDIT);
    let all = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    all.filter(|line| line["event"] == "login").collect()
}

#[test]
fn after_ten_lines_a_minute_one_stands_for_many() {
    let host = Host::new();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let said = host.syslog().lines_of(|| asks(&host, MALFORMED, 30));
    let lines = audit(&host);
    assert!(lines.iter().all(|line| line["reason"] == "malformed" && line["user"] == "alice"), "{lines:#?}");
    let counts: Vec<&Value> = lines.iter().map(|line| &line["count"]).collect();
    assert_eq!(counts.iter().filter(|count| count.is_null()).count(), 10, "{lines:#?}");
    assert_eq!(counts.last(), Some(&&json!(10)), "{lines:#?}");
    assert_eq!(lines.len(), 11);
    let of_logins = said.iter().filter(|line| line.text.contains("login refused")).count();
    assert_eq!(of_logins, 11, "{said:#?}");
    assert!(said.iter().any(|line| line.text.ends_with("reason=malformed count=10")), "{said:#?}");

    // What counts has its line, however much came before.
    let wrong = told(
        &host,
        "alice",
        &[
            json!({"open": 1}),
            json!({"frame": check("alice", &alice.wrong_code(&host))}),
            json!({"read": true}),
        ],
    );
    assert_eq!(wrong[0]["checked"]["outcome"]["Refused"], "Wrong", "{wrong:?}");
    let last = audit(&host).pop().expect("a line");
    assert!(last["reason"] == "wrong code" && last["count"].is_null(), "{last}");

    // Another account has lines of its own.
    let bob = host.person("bob");
    host.pam_as("bob", &Script::new(ALONE, "bob").types(CODE, MALFORMED));
    let last = audit(&host).pop().expect("a line");
    assert!(last["user"] == "bob" && last["count"].is_null(), "{last}");
    drop(bob);
}

/// Without a helper su judges for itself, and counts its own caller.
#[test]
fn a_set_user_id_program_counts_for_its_starter() {
    let host = Host::new();
    let _alice = host.person("alice");
    host.add_account("bob");
    let script = Script::new(ALONE, "alice").types(CODE, MALFORMED);
    let starts = |uid: &str| {
        let command = host.pam_command(std::slice::from_ref(&script));
        let outcome = run(&mut host.under(&["setpriv", uid], &command), b"").exits(0);
        assert!(!Transcript::read(&outcome.stdout).accepted());
    };
    (0..12).for_each(|_| starts("--ruid=bob"));
    assert_eq!(audit(&host).len(), 10);
    // Root's own programs serve everybody: no person's refusals hide another's.
    (0..12).for_each(|_| drop(host.pam(&script)));
    assert_eq!(audit(&host).len(), 22);
}

#[test]
fn where_they_cannot_be_counted_each_has_its_line_and_all_else_stays() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    asks(&host, MALFORMED, 1);
    host.must("rm -r /run/wardkey/grace/.refusals && touch /run/wardkey/grace/.refusals");
    asks(&host, MALFORMED, 14);
    assert_eq!(audit(&host).len(), 15);
    let code = alice.fresh_code(&host);
    assert!(host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, &code)).accepted());
}

/// What a program asks that is not its person's, again and again.
#[test]
fn questions_about_others_leave_few_lines_too() {
    let host = Host::new();
    for name in ["alice", "bob"] {
        host.add_account(name);
    }
    let _helper = host.start_helper();
    let once = [json!({"open": 1}), json!({"frame": check("bob", "123456")}), json!({"read": true})];
    let said = host.syslog().lines_of(|| {
        let answers = told(&host, "alice", &once.iter().cycle().take(90).cloned().collect::<Vec<_>>());
        assert_eq!(answers.len(), 30, "{answers:?}");
    });
    let lines: Vec<_> = said.iter().filter(|line| line.text.contains("asked about")).collect();
    assert!(lines.len() == 11 && lines[10].text.ends_with("count=10"), "{said:#?}");
}
