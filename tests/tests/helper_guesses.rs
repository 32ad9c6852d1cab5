//! Somebody who guesses where no code is asked: a program of a person's own, while unlock grace holds for them or they are
//! exempt.

use serde_json::{Value, json};
use wardkey_tests::machine::host::{AUDIT, CODE, Host};
use wardkey_tests::machine::session::{Session, as_person};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::example;
use wardkey_tests::programs::locker::LockerProgram;
use wardkey_tests::programs::pam::{Door, PamResult, Script};
use wardkey_tests::programs::raw_client::{base64, line, question, told};

const GRACE: &str = "[service.locker]\nunlock_grace = \"12h\"\nentry = \"combined\"\n";

/// A password that looks like a password with a code at its end.
const LIKE_A_CODE: &str = "winter-2026-123456";

/// su, with password and code in one entry, as a program that its person may start as often as they like.
const GRACE_AT_SU: &str = "[service.su]\nunlock_grace = \"12h\"\nentry = \"combined\"\n";
const SU: &str = "auth [success=ok ignore=ignore default=die] pam_wardkey.so forward_pass\n\
                  auth required pam_unix.so nodelay try_first_pass\n\
                  account required pam_wardkey.so\naccount required pam_unix.so\n\
                  session required pam_unix.so\n";

const EXEMPT: &str = "[[exempt]]\nuser = \"alice\"\nreason = \"a display\"\napproved_by = \"Dr Roy\"\n\
                      until = 2999-01-01\n";

/// A host with a locker that has one field and leaves the password to who comes after.
fn with_locker(tables: &str) -> Host {
    let host = Host::with_config(tables);
    let locker = "auth [success=ok ignore=ignore default=die] pam_wardkey.so forward_pass\n\
                  auth required pam_unix.so nodelay try_first_pass\n";
    host.service("locker", locker);
    host
}

/// A question by the locker.
fn asks(user: &str, request: Value) -> Value {
    let mut question = question(user, request);
    question["request"]["login"]["items"]["service"] = json!("locker");
    question
}

/// One question by a connection of its own.
fn put(question: &Value) -> [Value; 3] {
    [json!({"open": 1}), json!({"frame": question}), json!({"read": true})]
}

/// What came of the entries of a program of alice's in this session. It says of every fourth that the whole login succeeded,
/// which gives grace its budget back.
fn guesses(host: &Host, session: &mut Session<'_>, entries: &[String]) -> Vec<Value> {
    let enters = |typed: &String| put(&asks("alice", json!({"enter": {"combined": base64(typed)}})));
    let succeeded = put(&asks("alice", json!({"succeeded": "Grace"})));
    let four = |four: &[String]| four.iter().flat_map(enters).chain(succeeded.clone()).collect::<Vec<_>>();
    let steps: Vec<Value> = entries.chunks(4).flat_map(four).collect();
    let said = session.run(&line(host, "alice", &steps));
    let answers = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let answers: Vec<Value> = answers.filter(|answer| *answer != json!("noted")).collect();
    assert!(answers.iter().all(|answer| answer["entered"].is_array()), "{answers:?}");
    let told =
        |answer: &Value| json!({"ask": answer["entered"][0], "outcome": answer["entered"][1]["outcome"]});
    answers.iter().map(told).collect()
}

/// A login with both factors.
fn logs_in(host: &Host, session: &mut Session<'_>, person: &mut Person) {
    let code = person.fresh_code(host);
    let script = Script::new("login", &person.name).types("assword", PASSWORD).types(CODE, code);
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
    assert_eq!(session.pam("", &script.doors(&doors)).results(), [PamResult::Success; 4]);
}

/// What is kept of alice's one session.
fn grace_of_alice(host: &Host) -> Value {
    let kept = host.must("cat /run/wardkey/grace/alice/*");
    kept.lines().nth(1).and_then(|line| serde_json::from_str(line).ok()).expect("a state")
}

fn used_up(host: &Host) -> usize {
    host.read(AUDIT).lines().filter(|line| line.contains("10 wrong codes in an hour")).count()
}

// Row: S1-4
#[test]
fn in_grace_ten_guesses_an_hour_are_compared_and_a_restart_forgets_none() {
    let host = with_locker(GRACE);
    let helper = host.start_helper();
    let mut alice = host.person("alice");
    let mut session = Session::new(&host, host.uid("alice"));
    logs_in(&host, &mut session, &mut alice);
    let wrong = format!("guess{}", alice.wrong_code(&host));
    let batch = |_| {
        // The helper hears so many of one account in a second.
        host.must("sleep 1");
        guesses(&host, &mut session, &vec![wrong.clone(); 40])
    };
    let answers: Vec<Value> = (0..6).flat_map(batch).collect();
    assert!(answers.iter().all(|answer| answer["ask"] == "Grace"), "{answers:#?}");
    let outcomes: Vec<&Value> = answers.iter().map(|answer| &answer["outcome"]["Refused"]).collect();
    let (compared, passed) = outcomes.split_at(10);
    assert!(compared.iter().all(|outcome| **outcome == "Wrong"), "{outcomes:?}");
    assert!(passed.len() == 230 && passed.iter().all(|outcome| **outcome == "Malformed"), "{outcomes:?}");
    assert_eq!(used_up(&host), 1, "{}", host.read(AUDIT));
    assert!(host.status("alice")["wait_until"]["combined"].is_null(), "none of them counts");

    let code = alice.fresh_code(&host);
    let right = format!("guess{code}");
    drop(helper);
    let _helper = host.start_helper();
    for _ in 0..3 {
        let answer = guesses(&host, &mut session, std::slice::from_ref(&right));
        assert_eq!(answer[0]["outcome"]["Refused"], "Malformed", "after a restart: {answer:?}");
    }
    assert!(host.types("alice", &code).accepted(), "it was not even looked at");
    // The password alone goes on opening.
    for _ in 0..12 {
        let script = Script::new("locker", "alice").types("assword", PASSWORD);
        let unlock = session.pam(&as_person("alice"), &script.doors(&[Door::Auth, Door::SetCred]));
        assert_eq!(unlock.results(), [PamResult::Success; 2]);
    }
}

#[test]
fn a_code_that_nobody_asked_for_makes_grace_neither_younger_nor_whole() {
    let host = with_locker(GRACE);
    let _helper = host.start_helper();
    let mut alice = host.person("alice");
    let mut session = Session::new(&host, host.uid("alice"));
    logs_in(&host, &mut session, &mut alice);
    let before = grace_of_alice(&host);
    // The kernel counts whole seconds here.
    host.must("sleep 1.1");
    let code = alice.fresh_code(&host);
    let entered = asks("alice", json!({"enter": {"combined": base64(&format!("guess{code}"))}}));
    let succeeded = asks("alice", json!({"succeeded": "Code"}));
    let steps = [put(&entered), put(&succeeded)].concat();
    let said = session.run(&line(&host, "alice", &steps));
    assert!(said.contains("Accepted") && said.contains("noted"), "{said}");
    let after = grace_of_alice(&host);
    assert_eq!(after["since"], before["since"]);
    assert_eq!((&after["pending"], &after["left"]), (&Value::Null, &json!(4)), "{after}");
    assert!(!host.types("alice", &code).accepted(), "it is spent all the same");
}

/// Somebody enrolled, in a session of theirs in which grace holds.
fn in_grace<'w>(host: &'w Host, name: &str) -> (Person, Session<'w>) {
    let mut person = host.person(name);
    let mut session = Session::new(host, host.uid(name));
    logs_in(host, &mut session, &mut person);
    (person, session)
}

/// Whether su opens to this entry, started by this person in their session, to become themself.
fn su_opens(session: &mut Session<'_>, name: &str, entry: &str) -> bool {
    let su = format!("{} su {name} -c 'echo in-$(id -un)'", as_person(name));
    session.run(&format!("echo '{entry}' | {su} 2>&1")).contains(&format!("in-{name}"))
}

/// It is root, but by its effective uid alone: the guesses are those of the person who starts it, and nobody else's.
#[test]
fn su_that_a_person_starts_guesses_ten_times_an_hour() {
    for has_helper in [true, false] {
        let host = Host::with_config(GRACE_AT_SU);
        host.service("su", SU);
        host.write("/etc/login.defs", "FAIL_DELAY 0\n");
        let _helper = has_helper.then(|| host.start_helper());
        let (mut alice, mut hers) = in_grace(&host, "alice");
        let (mut bob, mut his) = in_grace(&host, "bob");
        let with = |code: &str| format!("{PASSWORD}{code}");
        let right = with(&alice.fresh_code(&host));
        assert!(su_opens(&mut hers, "alice", &right), "a right code is looked for: {has_helper}");
        let wrong = with(&alice.wrong_code(&host));
        for _ in 0..4 {
            assert!((0..3).all(|_| !su_opens(&mut hers, "alice", &wrong)), "{has_helper}");
            // A success, or grace ends.
            assert!(su_opens(&mut hers, "alice", PASSWORD), "the password alone: {has_helper}");
        }
        assert_eq!(used_up(&host), 1, "{has_helper}: {}", host.read(AUDIT));
        let code = alice.fresh_code(&host);
        assert!(!su_opens(&mut hers, "alice", &with(&code)), "passed on uncompared: {has_helper}");
        assert!(host.types("alice", &code).accepted(), "it was not even looked at: {has_helper}");
        let his_code = with(&bob.fresh_code(&host));
        assert!(su_opens(&mut his, "bob", &his_code), "another person's go on: {has_helper}");
    }
}

/// A real locker, whose entry looks like a code each time.
#[test]
fn a_password_that_looks_like_a_code_opens_however_often() {
    let host = Host::with_config(EXEMPT);
    example::install(&host, LockerProgram::I3lock.service());
    host.add_account_with_password("alice", LIKE_A_CODE);
    let alice = host.enrol("alice");
    let _helper = host.start_helper();
    let wrong = json!({"combined": base64(&format!("guess{}", alice.wrong_code(&host)))});
    let entry = question("alice", json!({"enter": wrong}));
    let steps: Vec<Value> = std::iter::repeat_n(put(&entry), 12).flatten().collect();
    for round in 0..3 {
        let mut screen = LockerProgram::I3lock.lock(&host, "alice");
        let attempt = screen.enter(LIKE_A_CODE, "");
        assert!(attempt.opened, "{round}: {}", attempt.said);
        let answers = told(&host, "alice", &steps);
        assert_eq!(answers[11]["entered"][1]["outcome"]["Refused"], "Malformed", "{round}: {answers:?}");
    }
    assert!(used_up(&host) == 1 && host.status("alice")["wait_until"]["combined"].is_null());
}

/// Root's own program reads the password first, or will.
#[test]
fn where_misses_cannot_be_counted_nothing_is_compared() {
    let host = with_locker(EXEMPT);
    let _helper = host.start_helper();
    let mut alice = host.person("alice");
    host.must(
        "mkdir -p /run/wardkey/grace && chmod 700 /run/wardkey/grace && touch /run/wardkey/grace/.misses",
    );
    let code = alice.fresh_code(&host);
    let enter = |typed: &str| {
        let entered = asks("alice", json!({"enter": {"combined": base64(typed)}}));
        told(&host, "alice", &put(&entered))
    };
    let answer = enter(&format!("guess{code}"));
    assert_eq!(answer[0]["entered"][1]["outcome"]["Refused"], "Malformed", "{answer:?}");
    let _ = host.syslog().authpriv(&["wrong codes cannot be counted"]);
    let unlock = host.pam_as("alice", &Script::new("locker", "alice").types("assword", PASSWORD));
    assert_eq!(unlock.result(), PamResult::Success, "the password alone still opens");
    host.must("rm /run/wardkey/grace/.misses");
    let answer = enter(&format!("guess{code}"));
    assert!(answer[0]["entered"][1]["outcome"]["Accepted"].is_object(), "{answer:?}");
}
