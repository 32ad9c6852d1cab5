//! Many seats and many people.

use std::thread;
use std::time::{Duration, Instant};

use wardkey_core::login::Outcome;
use wardkey_fleet::{Report, Subject, Turned};
use wardkey_tests::programs::seat::{Identity, enquiry, typed};
use wardkey_tests::programs::verifier::Verifier;

const SEATS: usize = 32;
const ROUNDS: usize = 30;

fn seats(verifier: &Verifier) -> Vec<Identity> {
    (0..SEATS).map(|n| verifier.seat(&format!("ward-{n}"))).collect()
}

fn is_yes(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted(_))
}

#[test]
fn one_code_at_thirty_two_seats_opens_one_of_them() {
    let verifier = Verifier::set_up("[recovery]\ncodes = 15\n");
    let mut verifier = verifier;
    verifier.start(&[]);
    let mut alice = verifier.host.person("alice");
    let seats = seats(&verifier);
    for round in 0..ROUNDS {
        let code = if round % 2 == 0 {
            verifier.host.advance(30);
            verifier.restart();
            alice.fresh_code(&verifier.host)
        } else {
            alice.recovery_codes[round / 2].clone()
        };
        let asked: Vec<_> = seats
            .iter()
            .map(|seat| {
                let (server, seat, code) = (verifier.server.clone(), seat.clone(), code.clone());
                thread::spawn(move || server.welcomed(&seat).code("alice", 3001, &code))
            })
            .collect();
        let outcomes: Vec<_> = asked.into_iter().map(|asked| asked.join().unwrap()).collect();
        assert_eq!(outcomes.iter().filter(|o| is_yes(o)).count(), 1, "round {round}: {outcomes:?}");
    }
}

#[test]
fn different_people_come_in_while_one_record_is_held() {
    let verifier = Verifier::new();
    let people: Vec<_> = (0..8).map(|n| verifier.host.person(&format!("user{n}"))).collect();
    let seat = verifier.seat("ward-3");
    // Somebody holds the lock of one person's ledger for as long as this runs.
    let mut holder = verifier.host.command("flock");
    holder.args(["/var/lib/wardkey/users/user0/ledger", "sleep", "60"]);
    let mut holder = holder.spawn().unwrap();
    let held = ["flock", "--nonblock", "/var/lib/wardkey/users/user0/ledger", "true"].join(" ");
    while verifier.host.shell(&held).code() == Some(0) {
        thread::sleep(Duration::from_millis(10));
    }
    let begun = Instant::now();
    let mut waiting = verifier.server.welcomed(&seat);
    let first = enquiry("user0", typed(3001, &people[0].recovery_codes[0]));
    let asked = thread::spawn(move || waiting.ask::<Report>(&first));
    for (n, person) in people.iter().enumerate().skip(1) {
        let uid = 3001 + u32::try_from(n).unwrap();
        let outcome = verifier.server.welcomed(&seat).code(&person.name, uid, &person.recovery_codes[0]);
        assert!(is_yes(&outcome), "{outcome:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "they waited: {:?}", begun.elapsed());
    let heard = asked.join().unwrap().unwrap();
    assert!(matches!(&heard, Report::Judged(j) if matches!(j.outcome, Outcome::Unavailable(_))), "{heard:?}");
    holder.kill().unwrap();
    holder.wait().unwrap();
}

#[test]
fn a_seat_that_floods_is_told_and_costs_no_other_seat() {
    let verifier = Verifier::new();
    let alice = verifier.host.person("alice");
    let (flood, calm) = (verifier.seat("flood"), verifier.seat("calm"));
    let mut held: Vec<_> = (0..32).map(|_| verifier.server.welcomed(&flood)).collect();
    let one_more = verifier.server.greet(&flood, "boot-1").unwrap().1;
    assert_eq!(one_more, wardkey_fleet::Welcome::Turned(Turned::Busy));
    let heard: Vec<Report> = (0..200).map(|n| held[n % 32].enquire("alice", Subject::Known)).collect();
    assert!(heard.iter().any(|heard| matches!(heard, Report::Turned(Turned::Busy))));
    assert!(is_yes(&verifier.server.welcomed(&calm).code("alice", 3001, &alice.recovery_codes[0])));
    thread::sleep(Duration::from_secs(1));
    let begun = Instant::now();
    for n in 0..12 {
        let _ = held[0].enquire(&format!("nobody{n}"), Subject::Known);
    }
    assert!(begun.elapsed() >= Duration::from_secs(2), "two people too many: {:?}", begun.elapsed());
    let status = verifier.host.json(&["fleet", "status"], "");
    assert_eq!(status["seats"][1]["seat"], "flood");
    assert_eq!(
        status["seats"][1]["noticed"].as_array().unwrap().iter().filter(|n| n["id"] == "many-people").count(),
        1,
        "{status}"
    );
}
