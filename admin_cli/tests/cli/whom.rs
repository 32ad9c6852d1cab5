//! Whom a command is about, asked of a person at a terminal; and new codes, which count when they say that they are kept.

use crate::scratch::{GAMES, Scratch};
use crate::terminal::Screen;

const BY_SUDO: &[(&str, &str)] = &[("TERM", "xterm"), ("SUDO_USER", "bin")];

fn at_a_terminal(scratch: &Scratch, words: &[&str]) -> Screen {
    Screen::of(scratch, words, (40, 100), BY_SUDO)
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
