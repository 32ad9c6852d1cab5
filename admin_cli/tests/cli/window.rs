//! The enrolment's screen in small windows, without colours and without a screen that can be cleared.

use crate::scratch::{GAMES, Phone, Scratch};
use crate::terminal::{Screen, key_on};

const XTERM: &[(&str, &str)] = &[("TERM", "xterm")];
const DUMB: &[(&str, &str)] = &[("TERM", "dumb")];
const NO_COLOR: &[(&str, &str)] = &[("TERM", "xterm"), ("NO_COLOR", "1")];

/// How many lines of a QR code there are.
fn rows(shown: &str) -> usize {
    shown.lines().filter(|line| line.contains('\u{2580}') || line.contains('\u{2584}')).count()
}

fn widest(shown: &str) -> usize {
    shown.lines().map(|line| line.trim_end_matches('\r').chars().count()).max().unwrap_or(0)
}

/// Begins with this key: how large a QR code is hangs on what is in it.
fn begin(scratch: &Scratch, words: &[&str], key: &str, lines: u16) -> Screen {
    let mut screen = Screen::of(scratch, &[words, &["--secret-stdin"]].concat(), (lines, 80), XTERM);
    screen.until("(base32)");
    screen.types(&format!("{key}\n"));
    screen
}

fn leave(mut screen: Screen) {
    screen.types("\u{4}");
    screen.until("No code was given.");
}

#[test]
fn on_24_lines_qr_and_key_can_both_be_had() {
    let scratch = Scratch::with("issuer = \"Lakeside Clinic\"");
    scratch.enrol("bin");
    for (words, key) in [
        (&["enroll", GAMES][..], "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        (&["replace", "bin"], "KRSXG5BAKRSXG5BAKRSXG5BAKRSXG5BA"),
        (&["authenticator", "add", "bin"], "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U"),
    ] {
        let mut screen = begin(&scratch, words, key, 60);
        let code = screen.until("Code from the app: ").matches("\x1b[30;47;107m").count();
        leave(screen);
        assert!(code < 24, "{code}");
        let lines = u16::try_from(code).unwrap();
        // Room for the key and the question.
        let mut screen = begin(&scratch, words, key, lines + 2);
        let sheet = screen.until("Code from the app: ");
        assert!(sheet.rsplit_once("\x1b[0m").expect("a QR code").1.contains("Key: "), "{sheet}");
        leave(screen);
        // Room for the question alone.
        let mut screen = begin(&scratch, words, key, lines + 1);
        let sheet = screen.until("(Return shows the key): ");
        let (above, below) = sheet.split_once("\x1b[30;47;107m").expect("a QR code");
        assert!(above.contains("Key: ") && widest(above) <= 80, "{above}");
        assert_eq!(below.matches('\n').count(), code, "code and question fill the window: {below}");
        screen.types("\n");
        let again = screen.until("(Return shows the QR code): ");
        assert!(key_on(&again) == key_on(&sheet) && rows(&again) == 0, "{again}");
        screen.types("\n");
        assert!(rows(&screen.until("(Return shows the key): ")) > 15);
        screen.types(&Phone::new(key).wrong_code());
        let wrong = screen.until("(Return shows the QR code): ");
        assert!(wrong.contains("The code is wrong.") && key_on(&wrong) == key_on(&sheet), "{wrong}");
        screen.types(&Phone::new(key).code(0));
        screen.until(if words[0] == "enroll" { "then cleared: " } else { "ext. 204." });
    }
}

#[test]
fn a_narrow_window_breaks_no_word_and_no_qr_code() {
    let scratch = Scratch::new();
    for columns in [30, 40] {
        let mut screen = Screen::of(&scratch, &["enroll", GAMES], (20, columns), XTERM);
        let sheet = screen.until("Code from the app: ");
        assert!(rows(&sheet) == 0 && widest(&sheet) <= usize::from(columns) + 40, "{sheet}");
        for part in ["Microsoft", "Authenticator,", "Return,", "Key: "] {
            assert!(sheet.contains(part), "{part}: {sheet}");
        }
        screen.types("\n");
        assert!(
            screen.until("Code from the app: ").contains("Enlarge"),
            "each Return looks at the window again"
        );
        screen.types("\u{4}");
        screen.until("No code was given.");
    }
}

/// In a window as wide as the QR code the lines around it take more than one each; French ones are longer.
#[test]
fn in_a_narrow_window_too_a_qr_code_that_is_shown_stays_in_view() {
    let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    for (language, question) in [("en", "Code from the app"), ("fr", "Code de l'application")] {
        let scratch = Scratch::with(&format!("language = \"{language}\""));
        let (mut lines, mut columns, mut shown) = (60, 80, 0);
        for more in [0, 1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 16] {
            let mut screen =
                Screen::of(&scratch, &["enroll", GAMES, "--secret-stdin"], (lines + more, columns), XTERM);
            screen.until("(base32)");
            screen.types(&format!("{key}\n"));
            let sheet = [screen.until(question), screen.until(": ")].concat();
            screen.types("\u{4}");
            let _ = screen.end();
            let code = sheet.matches("\x1b[30;47;107m").count();
            if more == 0 {
                // So large it is, and so wide.
                let row = sheet.lines().find(|line| line.contains("\x1b[30;47;107m")).expect("a QR code");
                columns =
                    u16::try_from(row.chars().filter(|c| " \u{2580}\u{2584}\u{2588}".contains(*c)).count())
                        .unwrap();
                lines = u16::try_from(code).unwrap();
                continue;
            }
            let Some((_, below)) = sheet.rsplit_once("\x1b[0m\r\n") else { continue };
            if code == 0 {
                continue;
            }
            shown += 1;
            let rows =
                |line: &str| line.trim_end_matches('\r').chars().count().div_ceil(columns.into()).max(1);
            let taken: usize = format!("{below}000000").split('\n').map(rows).sum();
            assert!(code + taken <= usize::from(lines + more), "{language}, {more} more lines: {below}");
        }
        assert!(shown > 8, "{language}: {shown}");
    }
}

#[test]
fn a_french_window_of_24_lines_is_french_and_as_complete() {
    let scratch = Scratch::with("language = \"fr\"");
    let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let mut screen = begin(&scratch, &["enroll", GAMES], key, 60);
    let sheet = screen.until("Code de l'application : ");
    assert!(widest(&sheet[..sheet.find('\x1b').unwrap()]) <= 80, "{sheet}");
    let code = u16::try_from(sheet.matches("\x1b[30;47;107m").count()).unwrap();
    let mut screen = begin(&scratch, &["enroll", GAMES], key, code + 1);
    screen.until("(Entr\u{e9}e affiche la cl\u{e9}) : ");
    screen.types("\n");
    let key = screen.until("(Entr\u{e9}e affiche le code QR) : ");
    assert!(key.contains("Cl\u{e9} : "), "{key}");
}

#[test]
fn without_colours_there_are_none_and_qr_and_key_are_there() {
    let scratch = Scratch::new();
    for (environment, can_clear) in [(DUMB, false), (&[], false), (NO_COLOR, true)] {
        let mut screen = Screen::of(&scratch, &["enroll", GAMES], (50, 100), environment);
        let sheet = screen.until("Code from the app: ");
        assert!(!sheet.contains('\x1b') && rows(&sheet) > 15, "{environment:?}: {sheet}");
        assert!(sheet.contains("scans on a dark screen"), "{sheet}");
        screen.types(&Phone::new(&key_on(&sheet)).code(0));
        let codes = screen.until(if can_clear { "then cleared: " } else { "close it then: " });
        assert_eq!(codes.contains('\x1b'), can_clear, "{environment:?}: {codes}");
        screen.types("saved\n");
        let end = screen.until("ext. 204.");
        assert_eq!(end.contains('\x1b'), can_clear, "{environment:?}: {end}");
        assert_eq!(screen.end(), Some(0));
        scratch.run(&["remove", GAMES, "--reason", "again"], "").exits(0);
    }
}

#[test]
fn a_pipe_gets_the_key_and_is_told_how_to_have_the_qr_code() {
    let scratch = Scratch::new();
    let said = scratch.run(&["enroll", GAMES], "").exits(1);
    assert!(said.out.contains("Key: ") && said.out.contains("--color always"), "{said:?}");
    assert!(rows(&said.out) == 0 && !said.out.contains('\x1b'), "{said:?}");
    let said = scratch.run(&["--color", "always", "enroll", GAMES], "").exits(1);
    assert!(rows(&said.out) > 15 && said.out.contains("Key: "), "{said:?}");
}
