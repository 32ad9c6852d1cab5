//! The clinic's verifier: who is answered and who is not, asked over real TLS.

use std::thread;

use wardkey_core::login::Outcome;
use wardkey_core::verify::{Method, Refusal};
use wardkey_fleet::{
    Authority, JOINING, Joined, NoJoin, PROTOCOL, Report, SeatName, Subject, Turned, Welcome, new_seat_key,
};
use wardkey_tests::machine::host::AUDIT;
use wardkey_tests::programs::seat::{Identity, Server, enquiry, typed};
use wardkey_tests::programs::verifier::{USER, Verifier};

fn is_yes(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted(_))
}

/// A certificate for this seat of the verifier's own authority, from this moment on.
fn certified(verifier: &Verifier, name: &str, from: u64) -> Identity {
    let key = verifier.host.read("/var/lib/wardkey/fleet/authority.key");
    let authority = Authority::of_key(&key).unwrap();
    let (key, request) = new_seat_key().unwrap();
    let made = authority.seat(
        &SeatName::new(name).unwrap(),
        &request,
        None,
        wardkey_core::system::clock::Timestamp(from),
    );
    Identity { certificate: made.unwrap().pem, key: key.to_string() }
}

fn turned(server: &Server, identity: &Identity) -> Turned {
    match server.greet(identity, "boot-1").expect("an answer").1 {
        Welcome::Turned(turned) => turned,
        come @ Welcome::Come { .. } => panic!("{come:?}"),
    }
}

#[test]
fn a_code_opens_once_of_many_seats_that_send_it_together() {
    let verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let uid = 3001;
    let seats: Vec<Identity> = (0..4).map(|n| verifier.seat(&format!("ward-{n}"))).collect();
    let code = alice.fresh_code(&verifier.host);
    let recovery = alice.recovery_codes[0].clone();
    for code in [code, recovery] {
        let asked: Vec<_> = (0..32)
            .map(|n| {
                let (server, identity, code) = (verifier.server.clone(), seats[n % 4].clone(), code.clone());
                thread::spawn(move || server.welcomed(&identity).code("alice", uid, &code))
            })
            .collect();
        let outcomes: Vec<Outcome> = asked.into_iter().map(|asked| asked.join().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|outcome| is_yes(outcome)).count(), 1, "{outcomes:?}");
    }
    let audit = verifier.host.read(AUDIT);
    let accepted: Vec<_> = audit.lines().filter(|line| line.contains("\"result\":\"accepted\"")).collect();
    assert!(accepted.len() == 2 && accepted.iter().all(|line| line.contains("\"seat\":\"ward-")), "{audit}");
}

#[test]
fn a_stranger_hears_nothing() {
    let verifier = Verifier::new();
    let (server, seat) = (&verifier.server, verifier.seat("ward-3"));
    let foreign = {
        let founded = Authority::found().unwrap();
        let (key, request) = new_seat_key().unwrap();
        let ward = SeatName::new("ward-3").unwrap();
        let now = wardkey_core::system::clock::Timestamp(verifier.host.now());
        let made = Authority::of_key(&founded.authority_key).unwrap().seat(&ward, &request, None, now);
        Identity { certificate: made.unwrap().pem, key: key.to_string() }
    };
    let own = |name: &str| verifier.host.read(&format!("/var/lib/wardkey/fleet/{name}"));
    let as_server = Identity { certificate: own("verifier.crt"), key: own("verifier.key") };
    let silent = |identity: Option<&Identity>, protocols: &[&[u8]]| {
        let mut connection = server.connect(identity, protocols).unwrap();
        let said = wardkey_core::wire::send(&enquiry("alice", Subject::Known)).unwrap();
        connection.send(&said).is_err() || connection.ends_in_silence()
    };
    assert!(silent(None, &[PROTOCOL]), "no certificate");
    assert!(silent(Some(&foreign), &[PROTOCOL]), "of another authority");
    assert!(silent(Some(&as_server), &[PROTOCOL]), "a verifier's");
    assert!(silent(Some(&seat), &[b"wardkey/2"]), "another version");
    assert!(silent(Some(&seat), &[]), "no protocol");
    assert!(silent(None, &[JOINING, PROTOCOL]), "two protocols and no certificate");
    let mut joining = server.connect(None, &[JOINING]).unwrap();
    let heard: Joined = joining.ask(&enquiry("alice", Subject::Known)).unwrap();
    assert_eq!(heard, Joined::Turned(NoJoin::Malformed), "who joins is answered nothing else");
    assert!(joining.ends_in_silence());
    let said = verifier.host.syslog().text();
    assert!(said.contains("is not answered"), "{said}");
    assert!(matches!(server.welcomed(&seat).enquire("alice", Subject::Known), Report::Known(_)));
}

#[test]
fn a_rogue_verifier_is_no_verifier_to_a_seat() {
    let verifier = Verifier::new();
    let seat = verifier.seat("ward-3");
    let rogue = Server { authority: Authority::found().unwrap().authority, ..verifier.server.clone() };
    assert!(rogue.greet(&seat, "boot-1").is_err(), "of another authority");
    let mut as_verifier = Verifier::set_up("");
    // Its own authority, but what it shows is a seat's certificate.
    let swap = certified(&as_verifier, "ward-9", as_verifier.host.now());
    as_verifier.host.write("/var/lib/wardkey/fleet/verifier.crt", &swap.certificate);
    as_verifier.host.write("/var/lib/wardkey/fleet/verifier.key", &swap.key);
    as_verifier.start(&[]);
    let server = as_verifier.server.clone();
    assert!(server.connect(Some(&swap), &[PROTOCOL]).unwrap().send(b"x").is_err(), "a seat's certificate");
}

#[test]
fn a_token_opens_once_in_time_for_its_seat() {
    let mut verifier = Verifier::set_up("");
    verifier.start(&[]);
    let token = verifier.token("ward-3");
    let join = |verifier: &Verifier, token: &str, name| match verifier.server.join(token, name).0 {
        Joined::Turned(why) => Some(why),
        Joined::Come { .. } => None,
    };
    assert_eq!(join(&verifier, &token, Some("ward-4")), Some(NoJoin::Unknown), "another name");
    assert_eq!(join(&verifier, &token, None), None);
    assert_eq!(join(&verifier, &token, None), Some(NoJoin::Used), "a second time");
    let late = verifier.token("ward-5");
    verifier.kill();
    verifier.host.advance(3601);
    verifier.start(&[]);
    assert_eq!(join(&verifier, &late, None), Some(NoJoin::Late));
    let audit = verifier.host.read(AUDIT);
    for (seat, reason) in [("ward-4", "no such token"), ("ward-3", "used before"), ("ward-5", "past its end")]
    {
        let line =
            audit.lines().find(|line| line.contains(reason) && line.contains("\"event\":\"fleet join\""));
        assert!(line.is_some_and(|line| line.contains(&format!("\"seat\":\"{seat}\""))), "{reason}: {audit}");
    }
    let kept = verifier.host.shell("cat /var/lib/wardkey/fleet/tokens/*").stdout;
    assert!(!kept.contains(token.split(':').nth(1).unwrap()), "only a hash is kept");
}

#[test]
fn a_seat_is_answered_while_its_certificate_is_in_force() {
    let verifier = Verifier::new();
    let seat = verifier.seat("ward-3");
    let mut open = verifier.server.welcomed(&seat);
    assert!(matches!(open.enquire("alice", Subject::Known), Report::Known(_)));
    let again = verifier.seat("ward-3");
    let superseded = open.enquire("alice", Subject::Known);
    assert!(matches!(superseded, Report::Turned(Turned::Superseded)), "{superseded:?}");
    assert_eq!(turned(&verifier.server, &seat), Turned::Superseded);
    let mut open = verifier.server.welcomed(&again);
    verifier.host.wardkey(&["fleet", "remove", "ward-3"], "").exits(0);
    let removed = open.enquire("alice", Subject::Known);
    assert!(matches!(removed, Report::Turned(Turned::NoSeat)), "at the next question: {removed:?}");
    assert_eq!(turned(&verifier.server, &again), Turned::NoSeat);
    assert_eq!(
        turned(&verifier.server, &certified(&verifier, "ward-9", verifier.host.now())),
        Turned::NoSeat
    );
}

#[test]
fn a_certificate_past_its_end_is_told_and_a_renewed_one_goes_on() {
    let mut verifier = Verifier::new();
    let (old, seat) = (verifier.seat("ward-1"), verifier.seat("ward-3"));
    verifier.kill();
    verifier.host.advance(61 * 86400);
    verifier.start(&[]);
    let request = wardkey_fleet::renewal_request(&seat.key).unwrap();
    let renewed = verifier.server.welcomed(&seat).enquire("alice", Subject::Renewal(request));
    let Report::Renewed(certificate) = renewed else { panic!("{renewed:?}") };
    let new = Identity { certificate, ..seat.clone() };
    assert!(verifier.server.greet(&seat, "boot-1").is_ok(), "until it comes with the new one");
    let _ = verifier.server.welcomed(&new);
    assert_eq!(turned(&verifier.server, &seat), Turned::Superseded);
    verifier.kill();
    verifier.host.advance(30 * 86400);
    verifier.start(&[]);
    assert_eq!(turned(&verifier.server, &old), Turned::Expired);
    let _ = verifier.server.welcomed(&new);
}

#[test]
fn two_machines_with_one_key_are_named_and_neither_is_answered() {
    let mut verifier = Verifier::new();
    let seat = verifier.seat("ward-3");
    let come = |verifier: &Verifier, boot: &str| verifier.server.greet(&seat, boot).unwrap().1;
    for boot in ["first", "second", "second"] {
        assert!(matches!(come(&verifier, boot), Welcome::Come { .. }), "a restart is none");
    }
    verifier.restart();
    for boot in ["first", "second"] {
        let welcome = come(&verifier, boot);
        assert!(matches!(welcome, Welcome::Turned(Turned::TwoMachines { .. })), "{boot}: {welcome:?}");
    }
    let status = verifier.host.json(&["fleet", "status"], "");
    assert_eq!(status["seats"][0]["noticed"][0]["id"], "two-machines", "{status}");
    assert!(status["seats"][0]["noticed"][0]["one"].as_str().unwrap().contains("ward3 (127.0.0.1)"));
    assert!(verifier.host.read(AUDIT).contains("two machines have this seat's key"));
    assert!(matches!(
        verifier.server.greet(&verifier.seat("ward-3"), "first").unwrap().1,
        Welcome::Come { .. }
    ));
}

#[test]
fn what_is_no_frame_ends_the_connection_and_nothing_else() {
    let verifier = Verifier::new();
    let seat = verifier.seat("ward-3");
    let huge = [&u32::MAX.to_be_bytes()[..], &[b'x'; 64]].concat();
    let just_too_long = [&(16 * 1024 + 1_u32).to_be_bytes()[..], &[b' '; 100]].concat();
    let empty = 0_u32.to_be_bytes().to_vec();
    let none = [&4_u32.to_be_bytes()[..], b"nope"].concat();
    for bytes in [huge, just_too_long, empty, none] {
        let mut connection = verifier.server.welcomed(&seat);
        connection.send(&bytes).unwrap();
        let heard: Report = connection.hear().unwrap();
        assert!(matches!(heard, Report::Turned(Turned::Malformed)), "{heard:?}");
        assert!(connection.ends_in_silence());
    }
    // Half a frame, without end.
    let mut slow = verifier.server.welcomed(&seat);
    slow.send(&[0, 0]).unwrap();
    assert!(matches!(verifier.server.welcomed(&seat).enquire("alice", Subject::Known), Report::Known(_)));
    assert!(slow.ends_in_silence());
}

#[test]
fn a_seats_words_forge_no_line() {
    let verifier = Verifier::new();
    verifier.host.person("alice");
    let seat = verifier.seat("ward-3");
    let forged = "x\"}\n{\"time\":\"2027-01-01T00:00:00Z\",\"event\":\"login\",\"result\":\"accepted\"}";
    let mut question = enquiry("alice", typed(3001, "000000"));
    question.items.service = forged[..60].to_owned();
    question.items.tty = Some("\u{202e}\u{1b}[2J\n".to_owned());
    let mut connection = verifier.server.welcomed(&seat);
    let heard: Report = connection.ask(&question).unwrap();
    assert!(matches!(heard, Report::Judged(_)), "{heard:?}");
    question.items.rhost = Some("a".repeat(256));
    let heard: Report = connection.ask(&question).unwrap();
    assert!(matches!(heard, Report::Turned(Turned::Malformed)), "{heard:?}");
    let audit = verifier.host.read(AUDIT);
    let lines: Vec<serde_json::Value> =
        audit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["result"] != "accepted"), "{audit}");
    assert!(!audit.contains('\u{202e}') && !audit.contains('\u{1b}'));
    assert_eq!(lines.last().unwrap()["seat"], "ward-3");
    let mut names = verifier.server.connect(Some(&seat), &[PROTOCOL]).unwrap();
    let hello = r#"{"boot":"b","host":"a\nb","version":"1","time":"2026-01-01T00:00:00Z"}"#;
    names.send(&[&u32::try_from(hello.len()).unwrap().to_be_bytes()[..], hello.as_bytes()].concat()).unwrap();
    let welcome: Welcome = names.hear().unwrap();
    assert_eq!(welcome, Welcome::Turned(Turned::Malformed));
}

#[test]
fn root_and_verifier_judge_by_one_ledger_that_is_the_verifiers() {
    let verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let seat = verifier.seat("ward-3");
    let code = alice.fresh_code(&verifier.host);
    assert!(is_yes(&verifier.server.welcomed(&seat).code("alice", 3001, &code)));
    assert!(!verifier.host.types("alice", &code).accepted(), "spent for root's module too");
    let code = alice.fresh_code(&verifier.host);
    assert!(verifier.host.types("alice", &code).accepted());
    let used = verifier.server.welcomed(&seat).code("alice", 3001, &code);
    assert_eq!(used, Outcome::Refused(Refusal::AlreadyUsed));
    let recovery = verifier.server.welcomed(&seat).code("alice", 3001, &alice.recovery_codes[0]);
    assert!(matches!(&recovery, Outcome::Accepted(yes) if matches!(yes.method, Method::SingleUse(_))));
    let others = verifier.host.shell(&format!("find /var/lib/wardkey ! -user {USER}")).stdout;
    assert_eq!(others, "", "what root made there is the verifier's");
    verifier.host.wardkey(&["config", "check"], "").exits(0);
    verifier.host.wardkey(&["fleet", "init"], "").exits(0);
}

#[test]
fn what_the_account_puts_among_the_records_leads_root_nowhere() {
    let verifier = Verifier::set_up("");
    let mut alice = verifier.host.person("alice");
    let record = "/var/lib/wardkey/users/alice";
    let spoil = |line: &str| {
        verifier.host.shell(&format!("runuser --user {USER} -- sh -c 'cd {record} && {line}'")).exits(0)
    };
    for line in [
        "mv ledger kept && ln -s /etc/shadow ledger",
        "mv ledger kept && mkfifo ledger",
        "mv ledger kept && truncate -s 1T ledger && chmod 600 ledger",
        "mv ledger kept && cp kept ledger && chmod 666 ledger",
        "mv ledger kept && cp kept ledger && ln ledger other",
    ] {
        spoil(line);
        verifier.host.advance(30);
        let code = alice.fresh_code(&verifier.host);
        assert!(!verifier.host.types("alice", &code).accepted(), "{line}");
        spoil("rm -f ledger other && mv kept ledger");
    }
    let code = alice.fresh_code(&verifier.host);
    assert!(verifier.host.types("alice", &code).accepted());
    let linked =
        verifier.host.shell("rm -rf /var/lib/wardkey/users/put; ln -s /etc /var/lib/wardkey/users/put");
    linked.exits(0);
    verifier.host.wardkey(&["fleet", "init"], "").exits(3);
    let theirs = verifier.host.shell(&format!("find /etc -user {USER} ! -path /etc/wardkey/seal.key")).stdout;
    assert_eq!(theirs, "", "nothing outside was given away");
}

#[test]
fn a_disk_that_takes_nothing_accepts_nothing() {
    let mut verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let seat = verifier.seat("ward-3");
    let _ = verifier.server.welcomed(&seat);
    verifier.kill();
    verifier.start(&["prlimit", "--fsize=1000"]);
    let code = alice.fresh_code(&verifier.host);
    for code in [code.clone(), alice.wrong_code(&verifier.host)] {
        let outcome = verifier.server.welcomed(&seat).code("alice", 3001, &code);
        assert!(matches!(outcome, Outcome::Unavailable(_)), "{outcome:?}");
    }
    verifier.restart();
    assert!(is_yes(&verifier.server.welcomed(&seat).code("alice", 3001, &code)), "nothing was spent");
}

#[test]
fn it_runs_as_its_own_account_alone() {
    let verifier = Verifier::set_up("");
    verifier.host.add_account("bob");
    for (user, said) in [("root", "never runs as root"), ("bob", "start it as that account")] {
        let refused = verifier.refuses_as(user).exits(3);
        assert!(refused.stderr.contains(said), "{refused:#?}");
    }
}

#[test]
fn a_seat_that_claims_that_no_code_is_asked_has_few_guesses() {
    let verifier = Verifier::new();
    let alice = verifier.host.person("alice");
    let seat = verifier.seat("ward-3");
    let mut connection = verifier.server.welcomed(&seat);
    let mut free = |code: &str| {
        let Subject::Code { uid, reply, place, .. } = typed(3001, code) else { unreachable!() };
        connection.enquire("alice", Subject::Code { uid, reply, counts: false, place })
    };
    let wrong = alice.wrong_code(&verifier.host);
    let heard: Vec<String> = (0..11).map(|_| format!("{:?}", free(&wrong))).collect();
    assert!(heard[..10].iter().all(|heard| heard.contains("Refused(Wrong")), "{heard:#?}");
    assert!(heard[10].contains("Refused(Malformed)"), "{heard:#?}");
}
