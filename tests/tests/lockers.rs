//! Real screen lockers with the shipped PAM examples, run as the person who locked the screen: what opens them, what
//! leaves them shut, and what the person reads.

use std::time::{Duration, Instant};

use wardkey_tests::machine::host::{Host, SUPPORT};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::example;
use wardkey_tests::programs::locker::{Locked, LockerProgram};

/// How long a locker may take to refuse when there is nobody to ask: the helper's deadline, what PAM and the locker add
/// to a failure, and typing, on a busy machine.
const LONGEST: Duration = Duration::from_secs(90);

/// A host with the locker's example, and somebody who has locked the screen before.
fn with(program: LockerProgram) -> (Host, Person) {
    let host = Host::with_config("[throttle]\nfirst_wait = \"10m\"\n");
    example::install(&host, program.service());
    let alice = host.person("alice");
    (host, alice)
}

fn stays_shut(screen: &mut dyn Locked, password: &str, code: &str, why: &str) {
    let attempt = screen.enter(password, code);
    assert!(!attempt.opened, "{why}: {}", attempt.said);
}

fn opens(screen: &mut dyn Locked, password: &str, code: &str, why: &str) {
    let attempt = screen.enter(password, code);
    assert!(attempt.opened, "{why}: {}", attempt.said);
}

/// The harness itself: with the password alone in the stack, the right one opens and others do not.
fn opens_to_the_password(program: LockerProgram) {
    let host = Host::new();
    host.add_account("alice");
    host.service(program.service(), "auth required pam_unix.so\naccount required pam_unix.so\n");
    let mut screen = program.lock(&host, "alice");
    stays_shut(&mut *screen, "correct horse batterz", "", "another password");
    opens(&mut *screen, PASSWORD, "", "the password");
}

/// One person's whole story at one locker.
fn opens_to_right_codes_only(program: LockerProgram) {
    let (host, mut alice) = with(program);
    let _helper = host.start_helper();
    let mut screen = program.lock(&host, "alice");
    stays_shut(&mut *screen, PASSWORD, &alice.wrong_code(&host), "a wrong code");
    stays_shut(&mut *screen, "not the password", &alice.fresh_code(&host), "a wrong password");
    let code = alice.fresh_code(&host);
    opens(&mut *screen, PASSWORD, &code, "password and code");
    drop(screen);

    let mut screen = program.lock(&host, "alice");
    stays_shut(&mut *screen, PASSWORD, &code, "a replayed code");
    opens(&mut *screen, PASSWORD, &alice.recovery_codes[0], "a recovery code");
    drop(screen);

    let mut screen = program.lock(&host, "alice");
    stays_shut(&mut *screen, PASSWORD, &alice.recovery_codes[0], "the recovery code once more");
    opens(&mut *screen, PASSWORD, &alice.fresh_code(&host), "the next code");
}

/// Five wrong codes: then one waits, reads for how long, and a recovery code still opens.
fn makes_one_wait(program: LockerProgram) {
    let (host, mut alice) = with(program);
    let _helper = host.start_helper();
    let mut screen = program.lock(&host, "alice");
    let kind = if program.is_combined() { "combined" } else { "authenticator" };
    // Wrong codes count wherever they were typed; combined entries are a kind of their own.
    let elsewhere = if program.is_combined() { 0 } else { 3 };
    for _ in 0..elsewhere {
        host.types("alice", &alice.wrong_code(&host));
    }
    for number in elsewhere + 1..=5 {
        let waits = &host.status("alice")["wait_until"][kind];
        assert!(waits.is_null(), "before attempt {number}: {waits}");
        stays_shut(&mut *screen, PASSWORD, &alice.wrong_code(&host), &format!("attempt {number}"));
    }
    let waits = &host.status("alice")["wait_until"][kind];
    assert!(waits.is_string(), "after five: {waits}");
    let early = screen.enter(PASSWORD, &alice.fresh_code(&host));
    assert!(!early.opened, "a right code while one waits: {}", early.said);
    if program.shows_texts() {
        // xsecurelock shows the next prompt alone, and cuts it at the screen's edge.
        let is_one_line = program == LockerProgram::Xsecurelock;
        let (time, both) = if is_one_line { ("Wait", "the next") } else { ("Try again in", "type both") };
        for part in ["Too many wrong codes", time, "recovery code", both] {
            assert!(early.said.contains(part), "no {part:?} on the screen: {}", early.said);
        }
    }
    opens(&mut *screen, PASSWORD, &alice.recovery_codes[0], "a recovery code ends the waiting");
}

/// Nobody to ask, or nobody who answers: the screen stays shut, soon says so, and opens once the helper is there.
fn needs_its_helper(program: LockerProgram) {
    let (host, mut alice) = with(program);
    let mut screen = program.lock(&host, "alice");
    refuses_in_time(program, &mut *screen, &alice.fresh_code(&host), "no helper");
    let helper = host.start_helper();
    host.must(&format!("kill -STOP {}", helper.pid()));
    refuses_in_time(program, &mut *screen, &alice.fresh_code(&host), "a helper that does not answer");
    host.must(&format!("kill -CONT {}", helper.pid()));
    opens(&mut *screen, PASSWORD, &alice.fresh_code(&host), "with a helper");
}

fn refuses_in_time(program: LockerProgram, screen: &mut dyn Locked, code: &str, why: &str) {
    let begun = Instant::now();
    let attempt = screen.enter(PASSWORD, code);
    assert!(!attempt.opened, "{why}: {}", attempt.said);
    assert!(begun.elapsed() < LONGEST, "{why}: hangs for {:?}", begun.elapsed());
    if program.shows_texts() {
        let says = |part: &str| attempt.said.contains(part);
        assert!(says("Cannot check codes now") && says(SUPPORT), "{why}: {}", attempt.said);
    }
}

#[test]
fn i3lock_opens_to_the_password_where_nothing_else_is_asked() {
    opens_to_the_password(LockerProgram::I3lock);
}

#[test]
fn swaylock_opens_to_the_password_where_nothing_else_is_asked() {
    opens_to_the_password(LockerProgram::Swaylock);
}

#[test]
fn xscreensaver_opens_to_the_password_where_nothing_else_is_asked() {
    opens_to_the_password(LockerProgram::Xscreensaver);
}

#[test]
fn xsecurelock_opens_to_the_password_where_nothing_else_is_asked() {
    opens_to_the_password(LockerProgram::Xsecurelock);
}

#[test]
fn vlock_opens_to_the_password_where_nothing_else_is_asked() {
    opens_to_the_password(LockerProgram::Vlock);
}

// Row: S1-17
#[test]
fn i3lock_opens_to_right_codes_only() {
    opens_to_right_codes_only(LockerProgram::I3lock);
}

// Row: S1-17
#[test]
fn swaylock_opens_to_right_codes_only() {
    opens_to_right_codes_only(LockerProgram::Swaylock);
}

// Row: S1-17
#[test]
fn xscreensaver_opens_to_right_codes_only() {
    opens_to_right_codes_only(LockerProgram::Xscreensaver);
}

// Row: S1-17
#[test]
fn xsecurelock_opens_to_right_codes_only() {
    opens_to_right_codes_only(LockerProgram::Xsecurelock);
}

// Row: S1-17
#[test]
fn vlock_opens_to_right_codes_only() {
    opens_to_right_codes_only(LockerProgram::Vlock);
}

#[test]
fn i3lock_makes_one_wait() {
    makes_one_wait(LockerProgram::I3lock);
}

#[test]
fn swaylock_makes_one_wait() {
    makes_one_wait(LockerProgram::Swaylock);
}

#[test]
fn xscreensaver_makes_one_wait() {
    makes_one_wait(LockerProgram::Xscreensaver);
}

#[test]
fn xsecurelock_makes_one_wait() {
    makes_one_wait(LockerProgram::Xsecurelock);
}

#[test]
fn vlock_makes_one_wait() {
    makes_one_wait(LockerProgram::Vlock);
}

#[test]
fn i3lock_needs_its_helper() {
    needs_its_helper(LockerProgram::I3lock);
}

#[test]
fn swaylock_needs_its_helper() {
    needs_its_helper(LockerProgram::Swaylock);
}

#[test]
fn xscreensaver_needs_its_helper() {
    needs_its_helper(LockerProgram::Xscreensaver);
}

#[test]
fn xsecurelock_needs_its_helper() {
    needs_its_helper(LockerProgram::Xsecurelock);
}

#[test]
fn vlock_which_is_root_decides_itself_where_no_helper_listens() {
    let (host, mut alice) = with(LockerProgram::Vlock);
    let mut screen = LockerProgram::Vlock.lock(&host, "alice");
    stays_shut(&mut *screen, PASSWORD, &alice.wrong_code(&host), "a wrong code");
    opens(&mut *screen, PASSWORD, &alice.fresh_code(&host), "password and code");
}
