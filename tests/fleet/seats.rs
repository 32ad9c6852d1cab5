//! Whole seats: real programs, the helper, its link and the real verifier.

use std::thread::sleep;
use std::time::{Duration, Instant};

use wardkey_tests::machine::host::{AUDIT, Host, STATE};
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::helper::Listening;
use wardkey_tests::programs::scripted_verifier::make_ready;
use wardkey_tests::programs::verifier::Verifier;

/// A machine that has become this seat by the command, with a helper.
fn joined(verifier: &Verifier, name: &str, tables: &str) -> (Host, Listening) {
    let host = Host::bare();
    // The account that is the verifier's there has a place here too: people have one uid everywhere.
    ConsoleProgram::prepare(&host);
    make_ready(&host, verifier.server.address.port(), tables);
    host.wardkey(&["fleet", "join"], &format!("{}\n", verifier.token(name))).exits(0);
    let helper = host.start_helper();
    (host, helper)
}

#[test]
fn a_code_that_one_seat_has_spent_is_spent_at_the_other() {
    let verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let (ward, _ward) = joined(&verifier, "ward-1", "");
    let (desk, _desk) = joined(&verifier, "desk", "");
    for host in [&ward, &desk] {
        assert_eq!(host.add_account("alice"), verifier.host.uid("alice"));
    }
    // Codes typed faster than one a period run ahead of the clock, and the window has five steps.
    for (program, first, second) in [
        (ConsoleProgram::Login, &ward, &desk),
        (ConsoleProgram::Su, &desk, &ward),
        (ConsoleProgram::Sudo, &ward, &desk),
    ] {
        let code = alice.fresh_code(&verifier.host);
        let entry = program.attempt(first, "alice", &code);
        assert!(entry.accepted, "{program:?}: {}\n{}", entry.text, first.syslog().text());
        let again = program.attempt(second, "alice", &code);
        assert!(!again.accepted, "{program:?}: {}", again.text);
    }
    let recovery = alice.recovery_codes[0].clone();
    assert!(ConsoleProgram::Su.attempt(&ward, "alice", &recovery).accepted);
    assert!(!ConsoleProgram::Su.attempt(&desk, "alice", &recovery).accepted);
    for (host, seat) in [(&ward, "ward-1"), (&desk, "desk")] {
        let used = host.read(AUDIT).matches("already used").count();
        assert!(used >= 1, "{used}: {}", host.read(AUDIT));
        assert!(verifier.host.read(AUDIT).contains(&format!("\"seat\":\"{seat}\"")));
        let kept = host.must(&format!("find {STATE} -type f -not -path '*/proven/*'"));
        assert_eq!(kept, format!("{STATE}/seat/seat.crt\n"));
    }
    // A reset at the desk is felt at each seat at the next login.
    verifier.host.wardkey(&["reset", "alice", "--verified-by", "passport"], "").exits(0);
    for host in [&ward, &desk] {
        let refused = ConsoleProgram::Su.attempt(host, "alice", &alice.fresh_code(&verifier.host));
        assert!(!refused.accepted, "{}", refused.text);
    }
}

#[test]
fn a_session_of_both_factors_at_a_seat_reopens_by_the_password() {
    let verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let grace = "[service.locker]\nunlock_grace = \"12h\"\n";
    let (host, _helper) = joined(&verifier, "ward-1", grace);
    let uid = host.add_account("alice");
    host.service(
        "locker",
        "auth requisite pam_unix.so nodelay\nauth [success=ok ignore=ignore default=die] pam_wardkey.so\n",
    );
    // Root's locker, and a person's own.
    for own in [false, true] {
        let seat = Seat::new(&host, uid);
        let mut seat = if own { seat.with_own_locker("alice") } else { seat };
        seat.is_asked("alice");
        seat.logs_in(&mut alice);
        seat.reopens("alice");
        seat.reopens("alice");
    }
    let mut other = Seat::new(&host, uid);
    other.is_asked("alice");
}

#[test]
fn a_removed_seat_lets_nobody_in_by_a_code_at_the_next_question() {
    let mut verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let (host, _helper) = joined(&verifier, "ward-1", "");
    host.add_account("alice");
    assert!(ConsoleProgram::Su.attempt(&host, "alice", &alice.fresh_code(&verifier.host)).accepted);
    verifier.restart();
    let code = alice.fresh_code(&verifier.host);
    assert!(ConsoleProgram::Su.attempt(&host, "alice", &code).accepted, "the link opens another connection");
    verifier.host.wardkey(&["fleet", "remove", "ward-1"], "").exits(0);
    let refused = ConsoleProgram::Su.attempt(&host, "alice", &alice.fresh_code(&verifier.host));
    assert!(!refused.accepted && refused.text.contains("Cannot check codes now"), "{}", refused.text);
    assert!(host.syslog().text().contains("this seat is not known there"), "{}", host.syslog().text());
    verifier.kill();
    let refused = ConsoleProgram::Su.attempt(&host, "alice", &alice.fresh_code(&verifier.host));
    assert!(!refused.accepted && refused.text.contains("Cannot check codes now"), "{}", refused.text);
}

#[test]
fn the_link_renews_nothing_that_is_young_and_goes_on_after_a_reload() {
    let verifier = Verifier::new();
    let mut alice = verifier.host.person("alice");
    let (host, helper) = joined(&verifier, "ward-1", "");
    host.add_account("alice");
    let before = host.read(&format!("{STATE}/seat/seat.crt"));
    for _ in 0..2 {
        let entry = ConsoleProgram::Su.attempt(&host, "alice", &alice.fresh_code(&verifier.host));
        assert!(entry.accepted, "{}", entry.text);
        helper.reload(&host);
        let begun = Instant::now();
        while host.shell(&format!("ps --ppid {} -o user= | grep -qx wardkey", helper.pid())).code() != Some(0)
        {
            assert!(begun.elapsed() < Duration::from_secs(60), "no link after the reload");
            sleep(Duration::from_millis(20));
        }
    }
    assert_eq!(host.read(&format!("{STATE}/seat/seat.crt")), before);
}
