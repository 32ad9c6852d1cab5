//! Standard output that takes nothing: what is shown only once is never lost without a word.

use crate::scratch::{GAMES, Scratch};
use std::fs::File;
use std::process::{Command, Stdio};

/// The command with `out` as its standard output: exit status and standard error.
fn with_output(scratch: &Scratch, words: &[&str], out: Stdio) -> (i32, String) {
    let mut command = scratch.command(words);
    let said = command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped()).output().unwrap();
    (said.status.code().unwrap_or(-1), String::from_utf8(said.stderr).unwrap())
}

fn full() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

/// A pipe that nobody reads.
fn left() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

const SHOWN_ONCE: [(&[&str], &str); 3] = [
    (&["recovery-codes", GAMES], "recovery-codes games"),
    (&["pass", GAMES, "--verified-by", "desk"], "pass games --verified-by TEXT"),
    (&["emergency", GAMES, "--count", "1", "--reason", "safe"], "emergency games --count N --reason TEXT"),
];

// Row: S2-10
#[test]
fn codes_that_could_not_be_shown_are_an_error_that_says_what_to_do() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    for (words, again) in SHOWN_ONCE {
        for out in [full, left] {
            for words in [words, &[&["--json"], words].concat()[..]] {
                let (status, err) = with_output(&scratch, words, out());
                assert_eq!(status, 3, "{words:?} {err}");
                assert!(err.contains("could not be shown") && err.contains(again), "{err}");
            }
        }
    }
}

#[test]
fn an_enrolment_whose_codes_could_not_be_shown_says_so() {
    let scratch = Scratch::new();
    let (status, err) = with_output(&scratch, &["--json", "enroll", GAMES], full());
    assert!(status == 3 && err.contains("enroll games"), "{err}");
    let begun = scratch.json(&["enroll", GAMES], "").exits(0).json();
    let phone = crate::scratch::Phone::new(begun["secret"].as_str().unwrap());
    let mut command = scratch.command(&["confirm", GAMES]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    std::io::Write::write_all(&mut writer, phone.code(0).as_bytes()).unwrap();
    let said = command.stdin(reader).stdout(full()).stderr(Stdio::piped()).output().unwrap();
    let err = String::from_utf8(said.stderr).unwrap();
    assert!(said.status.code() == Some(3) && err.contains("recovery-codes games"), "{err}");
}

#[test]
fn where_standard_output_is_closed_nothing_is_changed() {
    let scratch = Scratch::new();
    let codes = scratch.enrol(GAMES).recovery_codes;
    let config = scratch.path("wardkey.toml");
    let line = format!("exec {} --config {} \"$@\" >&-", env!("CARGO_BIN_EXE_wardkey"), config.display());
    for (words, _) in SHOWN_ONCE {
        let said = Command::new("sh").args(["-c", &line, "sh"]).args(words).output().unwrap();
        let err = String::from_utf8(said.stderr).unwrap();
        assert!(
            said.status.code() == Some(3) && err.contains("Standard output is closed"),
            "{words:?} {err}"
        );
    }
    scratch.json(&["check", GAMES], &codes[0]).exits(0);
}

#[test]
fn an_answer_that_could_not_be_written_is_an_error_unless_its_reader_left() {
    let scratch = Scratch::new();
    for words in [&["status", GAMES][..], &["list", "--json"], &["--help"], &["completions", "bash"]] {
        let (status, err) = with_output(&scratch, words, full());
        assert!(status == 3 && err.contains("could not be written"), "{words:?} {status} {err}");
        let (status, err) = with_output(&scratch, words, left());
        assert!(status == 0 && err.is_empty(), "{words:?} {status} {err}");
    }
}
