//! A verifier that ends at any moment, and a disk that is full.

use std::thread;
use std::time::Duration;

use wardkey_core::login::Outcome;
use wardkey_fleet::Report;
use wardkey_tests::programs::seat::{enquiry, typed};
use wardkey_tests::programs::verifier::{USER, Verifier};

const ROUNDS: u64 = 40;

/// What was acknowledged is kept, and what was accepted once is never accepted again, wherever it was killed.
#[test]
fn a_kill_at_any_moment_accepts_nothing_twice_and_loses_nothing_told() {
    let mut verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let seat = verifier.seat("ward-3");
    let mut told = 0;
    for round in 0..ROUNDS {
        verifier.host.advance(30);
        verifier.restart();
        let code = alice.fresh_code(&verifier.host);
        let mut connection = verifier.server.welcomed(&seat);
        let question = enquiry("alice", typed(3001, &code));
        let asked = thread::spawn(move || connection.ask::<Report>(&question));
        thread::sleep(Duration::from_micros(round * 250));
        verifier.kill();
        let heard = asked.join().unwrap();
        let was_told = matches!(&heard, Ok(Report::Judged(j)) if matches!(j.outcome, Outcome::Accepted(_)));
        told += usize::from(was_told);
        verifier.start(&[]);
        let again = || verifier.server.welcomed(&seat).code("alice", 3001, &code);
        let second = matches!(again(), Outcome::Accepted(_));
        assert!(!(was_told && second), "round {round}: accepted twice");
        assert!(!matches!(again(), Outcome::Accepted(_)), "round {round}: a third time");
    }
    assert!(told > 0, "no answer came before any kill");
}

#[test]
fn a_full_disk_accepts_nobody_and_room_mends_it() {
    let mut verifier = Verifier::set_up("");
    let mut alice = verifier.host.person("alice");
    verifier.start(&[]);
    let seat = verifier.seat("ward-3");
    verifier.kill();
    let moved = "cp -a /var/lib/wardkey /tmp-state && mount -t tmpfs -o size=256k,mode=700 small /var/lib/wardkey \
                 && cp -a /tmp-state/. /var/lib/wardkey/ && rm -r /tmp-state";
    verifier.host.shell(&moved.replace("/tmp-state", "/var/spool/state")).exits(0);
    verifier.start(&[]);
    let _ = verifier.server.welcomed(&seat);
    let fill =
        format!("runuser --user {USER} -- sh -c 'cat /dev/zero >/var/lib/wardkey/filler' 2>/dev/null; true");
    verifier.host.shell(&fill).exits(0);
    // A ledger is overwritten in place, so a full disk stops nobody who has one.
    let code = alice.fresh_code(&verifier.host);
    let outcome = verifier.server.welcomed(&seat).code("alice", 3001, &code);
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let token = verifier.host.wardkey(&["fleet", "token", "ward-4"], "");
    assert_eq!(token.code(), Some(3), "{token:#?}");
    verifier.host.shell("mount -o remount,ro /var/lib/wardkey").exits(0);
    let code = alice.fresh_code(&verifier.host);
    let outcome = verifier.server.welcomed(&seat).code("alice", 3001, &code);
    assert!(matches!(outcome, Outcome::Unavailable(_)), "{outcome:?}");
    verifier.host.shell("mount -o remount,rw /var/lib/wardkey && rm /var/lib/wardkey/filler").exits(0);
    let outcome = verifier.server.welcomed(&seat).code("alice", 3001, &code);
    assert!(matches!(outcome, Outcome::Accepted(_)), "nothing was spent: {outcome:?}");
}
