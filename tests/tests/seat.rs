//! A seat of a clinic: real programs ask the helper, and its link a verifier. The seat keeps nothing of anybody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use wardkey_core::login::{Judgement, NoPlace, OnRecord, Outcome, Reply, Seen};
use wardkey_core::verify::{Acceptance, Method, Refusal};
use wardkey_fleet::{Enquiry, Report, Subject};
use wardkey_tests::machine::host::{AUDIT, Host, STATE};
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::helper::Listening;
use wardkey_tests::programs::scripted_verifier::{ScriptedVerifier, make_ready};

/// The one right code.
const RIGHT: &str = "135790";
const WRONG: &str = "246801";

/// Who cannot be reached, in words for people.
const CANNOT: &str = "Cannot check codes now";

fn judged(outcome: Outcome) -> Report {
    Report::Judged(Judgement { outcome, seen: Seen::default() })
}

fn accepted() -> Outcome {
    Outcome::Accepted(Acceptance {
        method: Method::Authenticator("phone".into()),
        tail: 0,
        recovery_left: 5,
        emergency_left: 0,
        wrong_before: 0,
        must_enroll: false,
        is_replaced: false,
        code: None,
    })
}

/// Somebody enrolled, whose right code is [`RIGHT`]. What a grace stands on is the verifier's to make; none is asked for here.
fn enrolled(enquiry: &Enquiry) -> Option<Report> {
    Some(match &enquiry.subject {
        Subject::Known => Report::Known(OnRecord::MustEnroll),
        Subject::Code { reply: Reply::Separate(typed), counts: true, .. } => {
            let is_right = typed.expose() == RIGHT.as_bytes();
            judged(if is_right { accepted() } else { Outcome::Refused(Refusal::Wrong) })
        }
        other => panic!("not in this test: {other:?}"),
    })
}

/// The helper's link: the child that is not root's.
fn link_of(host: &Host, helper: &Listening) -> String {
    let line = format!("ps --ppid {} -o pid=,user= | awk '$2 == \"wardkey\" {{ print $1 }}'", helper.pid());
    let begun = Instant::now();
    loop {
        let found = host.must(&line);
        let mut lines = found.lines();
        if let (Some(link), None) = (lines.next(), lines.next()) {
            return link.to_owned();
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "no one link: {found}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn people_log_in_by_the_verifiers_word_and_the_seat_keeps_nothing() {
    let host = Host::bare();
    let verifier = ScriptedVerifier::start(enrolled);
    verifier.is_joined_by(&host, "");
    ConsoleProgram::prepare(&host);
    let uid = host.add_account("alice");
    let helper = host.start_helper();
    for program in [ConsoleProgram::Login, ConsoleProgram::Su, ConsoleProgram::Sudo] {
        let wrong = program.attempt(&host, "alice", WRONG);
        assert!(!wrong.accepted, "{program:?}: {}", wrong.text);
        let right = program.attempt(&host, "alice", RIGHT);
        assert!(right.accepted, "{program:?}: {}", right.text);
    }
    let codes: Vec<Enquiry> =
        verifier.asked().into_iter().filter(|asked| !matches!(asked.subject, Subject::Known)).collect();
    let services: Vec<&str> = codes.iter().map(|asked| asked.items.service.as_str()).collect();
    assert_eq!(services, ["login", "login", "su-l", "su-l", "sudo", "sudo"]);
    for asked in &codes {
        let Subject::Code { uid: asked_uid, counts: true, place, .. } = &asked.subject else {
            panic!("{asked:?}")
        };
        assert_eq!((*asked_uid, *place), (uid, Err(NoPlace::Seat)));
        assert!(asked.within > 0 && asked.within <= 10_000, "{}", asked.within);
    }
    let mut ids: Vec<_> = codes.iter().map(|asked| asked.id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 6, "each question has an id of its own");
    let state =
        host.must(&format!("find {STATE} -mindepth 1 -not -name proven -not -path '*/proven/*' | sort"));
    assert_eq!(state, format!("{STATE}/seat\n{STATE}/seat/seat.crt\n"), "no record, no ledger, no key");
    let audit = host.read(AUDIT);
    assert_eq!(audit.matches("\"accepted\"").count(), 3, "{audit}");
    assert_eq!(audit.matches("\"refused\"").count(), 3, "{audit}");
    let link = link_of(&host, &helper);
    can_do_nothing_else(&host, &link);
    drop(helper);
    let begun = Instant::now();
    while host.shell(&format!("test -e /proc/{link}")).code() == Some(0) {
        assert!(begun.elapsed() < Duration::from_secs(60), "the link outlives its parent");
        sleep(Duration::from_millis(20));
    }
}

/// The link has no capability, no way to one, and nothing of it is left to look at.
fn can_do_nothing_else(host: &Host, link: &str) {
    let status = host.must(&format!("cat /proc/{link}/status"));
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the field");
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(field("Uid:"), ["990"; 4]);
    assert_eq!(field("Gid:"), ["990"; 4]);
    assert_eq!(field("Groups:"), [""; 0]);
    for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
        assert_eq!(field(set), ["0000000000000000"], "{set}");
    }
    assert_eq!(field("NoNewPrivs:"), ["1"]);
    // Files in /proc of a process that leaves no core belong to root.
    assert_eq!(host.must(&format!("stat -c %u /proc/{link}/environ")), "0\n");
    let limits = host.must(&format!("grep 'Max core' /proc/{link}/limits"));
    assert_eq!(limits.split_whitespace().rev().nth(1), Some("0"), "{limits}");
}

#[test]
fn where_no_verifier_answers_policy_alone_lets_somebody_in() {
    let host = Host::bare();
    let exempt = "[[exempt]]\nuser = \"ann\"\nreason = \"mends the network\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n";
    // Nothing listens there.
    make_ready(&host, 1, exempt);
    host.must("mkdir -p -m 750 /var/log/wardkey");
    ConsoleProgram::prepare(&host);
    for name in ["alice", "ann"] {
        host.add_account(name);
    }
    for helper in [false, true] {
        let _helper = helper.then(|| host.start_helper());
        for program in [ConsoleProgram::Login, ConsoleProgram::Su] {
            let refused = program.attempt(&host, "alice", RIGHT);
            assert!(!refused.accepted && refused.text.contains(CANNOT), "{program:?}: {}", refused.text);
            let exempt = program.open(&host, "ann", "");
            let exempt = program.end(exempt, "ann");
            assert!(exempt.accepted, "{program:?}, helper {helper}: {}", exempt.text);
        }
    }
    let audit = host.read(AUDIT);
    assert_eq!(audit.matches("no code: exempt").count(), 4, "{audit}");
    assert!(!host.path(format!("{STATE}/users")).exists() && !host.path(format!("{STATE}/spare")).exists());
    let log = host.syslog().text();
    assert!(log.contains("wardkey fleet join"), "the log says that there is no key: {log}");
}

#[test]
fn a_question_outlives_the_link_that_had_it_and_keeps_its_id() {
    let host = Host::bare();
    let hangs = Arc::new(AtomicBool::new(true));
    let is_hanging = hangs.clone();
    let verifier = ScriptedVerifier::start(move |enquiry| {
        let is_code = matches!(enquiry.subject, Subject::Code { .. });
        // The first time the answer is lost.
        if is_code && is_hanging.swap(false, Ordering::SeqCst) { None } else { enrolled(enquiry) }
    });
    verifier.is_joined_by(&host, "");
    ConsoleProgram::prepare(&host);
    host.add_account("alice");
    let helper = host.start_helper();
    let first = link_of(&host, &helper);
    let mut terminal = ConsoleProgram::Su.open(&host, "alice", "");
    terminal.answer(wardkey_tests::machine::host::CODE, RIGHT);
    let begun = Instant::now();
    while hangs.load(Ordering::SeqCst) {
        assert!(begun.elapsed() < Duration::from_secs(60), "no code was asked about");
        sleep(Duration::from_millis(5));
    }
    host.must(&format!("kill -KILL {first}"));
    let entry = ConsoleProgram::Su.end(terminal, "alice");
    assert!(entry.accepted, "{}", entry.text);
    let codes: Vec<Enquiry> =
        verifier.asked().into_iter().filter(|asked| matches!(asked.subject, Subject::Code { .. })).collect();
    assert_eq!(codes.len(), 2);
    assert_eq!(codes[0].id, codes[1].id, "the verifier tells it apart by this alone");
    assert_ne!(link_of(&host, &helper), first);
}

#[test]
fn a_reload_makes_another_link_and_nobody_notices() {
    let host = Host::bare();
    let verifier = ScriptedVerifier::start(enrolled);
    verifier.is_joined_by(&host, "");
    ConsoleProgram::prepare(&host);
    host.add_account("alice");
    let helper = host.start_helper();
    let first = link_of(&host, &helper);
    helper.reload(&host);
    let begun = Instant::now();
    while link_of(&host, &helper) == first {
        assert!(begun.elapsed() < Duration::from_secs(60), "the link is still the old one");
        sleep(Duration::from_millis(20));
    }
    let entry = ConsoleProgram::Su.attempt(&host, "alice", RIGHT);
    assert!(entry.accepted, "{}", entry.text);
}

#[test]
fn who_would_enrol_in_a_login_hears_that_it_is_done_elsewhere() {
    let host = Host::bare();
    let verifier = ScriptedVerifier::start(|enquiry| {
        Some(match &enquiry.subject {
            Subject::Known => Report::Known(OnRecord::Nobody),
            other => panic!("not in this test: {other:?}"),
        })
    });
    verifier.is_joined_by(&host, "[service.su-l]\nenroll = true\n");
    ConsoleProgram::prepare(&host);
    host.add_account("alice");
    let _helper = host.start_helper();
    let terminal = ConsoleProgram::Su.open(&host, "alice", "");
    let entry = ConsoleProgram::Su.end(terminal, "alice");
    assert!(!entry.accepted && entry.text.contains("it is not set up at this screen"), "{}", entry.text);
    assert!(host.read(AUDIT).contains("nobody enrols at a seat"), "{}", host.read(AUDIT));
}
