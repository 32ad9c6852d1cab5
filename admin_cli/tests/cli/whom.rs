//! Whom a command is about, asked of a person at a terminal; and new codes, which count when they say that they are kept.

use crate::scratch::{GAMES, Scratch};
use crate::terminal::{CLEARED, Screen};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::time::{Duration, Instant};

const BY_SUDO: &[(&str, &str)] = &[("TERM", "xterm"), ("SUDO_USER", "bin")];

fn at_a_terminal(scratch: &Scratch, words: &[&str]) -> Screen {
    Screen::of(scratch, words, (40, 100), BY_SUDO)
}

fn sends(screen: &Screen, signal: Signal) {
    kill(pid(screen), signal).unwrap();
}

fn pid(screen: &Screen) -> Pid {
    Pid::from_raw(screen.child.id().try_into().unwrap())
}

/// Waits until the command is in a call to write to its terminal, which has stopped all output.
fn until_it_writes(screen: &Screen) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let call = fs::read_to_string(format!("/proc/{}/syscall", pid(screen))).unwrap();
        if call.starts_with(&format!("{} 0x1 ", number_of_write())) {
            return;
        }
        assert!(Instant::now() < end, "it writes nothing: {call}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The number of write(2) on this machine.
const fn number_of_write() -> u32 {
    if cfg!(target_arch = "x86_64") { 1 } else { 64 }
}

fn recovery_codes(shown: &str) -> Vec<String> {
    let is_code = |word: &&str| word.len() == 19 && word.matches('-').count() == 3;
    shown.split_whitespace().filter(is_code).map(str::to_owned).collect()
}

// Row: S2-12
#[test]
fn the_old_set_works_until_the_new_one_is_said_to_be_kept() {
    let scratch = Scratch::new();
    let old = scratch.enrol(GAMES).recovery_codes;
    let begin = || {
        let mut screen = at_a_terminal(&scratch, &["recovery-codes", GAMES]);
        assert!(screen.until("default: n]: ").contains("New recovery codes for games"));
        screen.types("y\n");
        let shown = screen.until("then cleared: ");
        assert!(shown.contains("the old codes still work"), "{shown}");
        (screen, recovery_codes(&shown))
    };
    let (mut left, shown) = begin();
    left.types("\u{4}");
    assert!(left.until("wardkey.toml recovery-codes games").contains("The old codes of games still work"));
    assert_eq!((left.end(), shown.len()), (Some(1), 5));
    scratch.json(&["check", GAMES], &shown[0]).exits(1);
    scratch.json(&["check", GAMES], &old[0]).exits(0);
    let (mut kept, shown) = begin();
    scratch.json(&["check", GAMES], &old[1]).exits(0);
    kept.types("saved\n");
    kept.until("the old codes are void.");
    assert_eq!(kept.end(), Some(0));
    scratch.json(&["check", GAMES], &old[2]).exits(1);
    scratch.json(&["check", GAMES], &shown[0]).exits(0);
}

/// From the first line of the codes on, and until the command has said what holds.
#[test]
fn ctrl_c_as_soon_as_codes_are_shown_says_what_holds() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    for words in [&["recovery-codes", GAMES][..], &["emergency", GAMES, "--count", "2", "--reason", "safe"]] {
        let mut screen = at_a_terminal(&scratch, words);
        if words[0] == "recovery-codes" {
            screen.until("default: n]: ");
            screen.types("y\n");
            screen.until("y\r\n");
        }
        screen.stops_output(true);
        until_it_writes(&screen);
        sends(&screen, Signal::SIGTERM);
        screen.stops_output(false);
        screen.until(CLEARED);
        screen.until("open nothing.");
        assert_eq!(screen.end(), None, "ended by the signal, as ever");
    }
}

#[test]
fn ctrl_c_behind_saved_says_what_holds() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    let mut screen = at_a_terminal(&scratch, &["recovery-codes", GAMES]);
    screen.until("default: n]: ");
    screen.types("y\n");
    let shown = recovery_codes(&screen.until("then cleared: "));
    // Nothing is written as long as somebody else has the record.
    let ledger = fs::File::open(scratch.path("state/users/games/ledger")).unwrap();
    ledger.lock().unwrap();
    screen.types("saved\n");
    screen.until(CLEARED);
    sends(&screen, Signal::SIGTERM);
    drop(ledger);
    screen.until("the old codes are void.");
    assert_eq!(screen.end(), None, "ended by the signal, as ever");
    scratch.json(&["check", GAMES], &shown[0]).exits(0);
}

#[test]
fn a_set_shown_for_a_record_that_changed_is_void_and_said_to_be() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    let mut screen = at_a_terminal(&scratch, &["recovery-codes", GAMES]);
    screen.until("default: n]: ");
    screen.types("y\n");
    let first = recovery_codes(&screen.until("then cleared: "));
    scratch.json(&["recovery-codes", GAMES], "").exits(0);
    screen.types("saved\n");
    let again = screen.until("then cleared: ");
    let second = recovery_codes(&again);
    assert!(again.contains("are void. Keep these instead.") && second.len() == 5, "{again}");
    screen.types("saved\n");
    screen.until("the old codes are void.");
    scratch.json(&["check", GAMES], &first[0]).exits(1);
    scratch.json(&["check", GAMES], &second[0]).exits(0);
}

/// Codes for the record that is gone open nothing, and a further set would be written down in vain.
#[test]
fn a_set_shown_for_a_record_that_was_reset_is_the_last_that_is_shown() {
    let scratch = Scratch::new();
    for words in [&["recovery-codes", GAMES][..], &["emergency", GAMES, "--count", "2", "--reason", "safe"]] {
        scratch.run(&["remove", GAMES, "--reason", "again"], "");
        scratch.enrol(GAMES);
        let mut screen = at_a_terminal(&scratch, words);
        if words[0] == "recovery-codes" {
            screen.until("default: n]: ");
            screen.types("y\n");
        }
        let shown = recovery_codes(&screen.until("then cleared: "));
        scratch.json(&["reset", GAMES, "--verified-by", "call-back"], "").exits(0);
        scratch.enrol(GAMES);
        screen.types("saved\n");
        let said = screen.until("status games");
        assert!(
            said.contains("games was reset or enrolled again meanwhile: the codes you were shown are void."),
            "{said}"
        );
        assert!(!said.contains("not certain") && recovery_codes(&said).is_empty(), "{said}");
        assert_eq!(screen.end(), Some(1));
        scratch.json(&["check", GAMES], &shown[0]).exits(1);
    }
}

#[test]
fn a_reset_at_a_terminal_asks_by_name_and_full_name() {
    let scratch = Scratch::new();
    scratch.enrol("mail");
    let words = ["reset", "mail", "--verified-by", "call-back"];
    for answer in ["\n", "n\n", "\u{4}"] {
        let mut screen = at_a_terminal(&scratch, &words);
        assert!(screen.until("default: n]: ").contains("Reset mail (mail)?"));
        screen.types(answer);
        screen.until("Nothing was changed.");
        assert_eq!(screen.end(), Some(1));
    }
    assert_eq!(scratch.json(&["status", "mail"], "").json()["state"], "enrolled");
    let mut screen = at_a_terminal(&scratch, &words);
    screen.until("default: n]: ");
    screen.types("yes\n");
    screen.until("are void");
    assert_eq!(screen.end(), Some(0));
    assert_eq!(scratch.json(&["status", "mail"], "").json()["state"], "must-enroll");
}

#[test]
fn a_caller_of_sudo_who_enrols_nobody_by_name_is_asked_whom() {
    let scratch = Scratch::new();
    let mut screen = at_a_terminal(&scratch, &["enroll"]);
    assert!(screen.until("Name: ").contains("bin (called sudo), root"));
    screen.types("bin\n");
    screen.until("Second factor for bin ");
    screen.until("Code from the app: ");
    screen.types("\u{4}");
    screen.until("No code was given.");
    assert_eq!(scratch.json(&["status", "bin"], "").json()["state"], "pending");
    assert_eq!(scratch.json(&["status", "root"], "").json()["state"], "not-enrolled");
    let mut screen = at_a_terminal(&scratch, &["enroll"]);
    screen.until("Name: ");
    screen.types("\n");
    screen.until("No name was given.");
    assert_eq!(screen.end(), Some(1));
    // In a script it goes on as ever: root.
    let begun = scratch.json(&["enroll"], "").exits(0).json();
    assert_eq!(begun["user"], "root");
}
