//! Files as its own tool and module write them, and whatever else.

use super::*;
use proptest::prelude::*;

/// `google-authenticator -t -d -f -r 3 -R 30 -w 3`, after a few logins with a clock that was off.
const WRITTEN: &str = "\
SBZGADF6CQPAWY2JRUSREOB5YY
\" RATE_LIMIT 3 30 1795352400
\" WINDOW_SIZE 3
\" TIME_SKEW -2
\" DISALLOW_REUSE 59845079 59845081 59845080
\" TOTP_AUTH
\" LAST0 ward3 1795352400
95357600
56380226
";

fn only(text: &str) -> (Found, Vec<ImportNote>) {
    let Reading { mut found, left, .. } = read(text.as_bytes()).unwrap();
    assert_eq!((found.len(), left.len()), (1, 0), "{left:?}");
    let left = std::mem::take(&mut found[0].left);
    (found.remove(0), left)
}

fn refused(text: &str) -> NotTaken {
    let Reading { found, mut left, .. } = read(text.as_bytes()).unwrap();
    assert_eq!((found.len(), left.len()), (0, 1));
    left.remove(0).1.what
}

#[test]
fn a_file_of_its_own_tool_is_read_whole() {
    let (found, left) = only(WRITTEN);
    assert_eq!((found.key.len(), found.skew, found.window), (16, -2, Some((3, 3))));
    assert_eq!(found.parameters, Parameters::default());
    assert!(matches!(found.spent, Spent::Step(59_845_081)));
    let expected = [
        ImportNote { line: 2, what: NotTaken::RateLimit },
        ImportNote { line: 7, what: NotTaken::Setting("LAST0".into()) },
        ImportNote { line: 8, what: NotTaken::ScratchCodes(2) },
    ];
    assert_eq!(left, expected);
}

#[test]
fn what_it_does_not_write_down_is_not_taken_for_nothing() {
    assert!(matches!(only("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n\" TOTP_AUTH\n").0.spent, Spent::Unknown));
    let (found, left) = only("gezd gnbv 6y3t q0jq GEZDGNBVGY3TQOJQ\r\n\" DISALLOW_REUSE\r\n\" TOTP_AUTH");
    assert!(matches!(found.spent, Spent::Nothing) && left.is_empty());
    assert_eq!(found.key.len(), 20);
}

/// As that module reads it, which looks for its settings and passes over the rest.
#[test]
fn lines_that_mean_nothing_to_its_module_are_listed_and_change_nothing() {
    let mut text = WRITTEN.as_bytes().to_vec();
    text.extend(b"1234567\n99999999 used\n\n# printed 2021-03, drawer 4\n\t \r\nalice's phone \xe9\n\"x\n\" WINDOW_SIZE many\n");
    let Reading { mut found, left, .. } = read(&text).unwrap();
    assert!(left.is_empty());
    let found = found.remove(0);
    assert_eq!((found.key.len(), found.skew, found.window), (16, -2, Some((3, 3))), "the first is in force");
    let remarks = found.left.iter().filter(|note| note.what == NotTaken::Remark).map(|note| note.line);
    assert_eq!(remarks.collect::<Vec<_>>(), [10, 11, 13, 15, 16]);
}

#[test]
fn a_skew_that_is_not_a_number_is_none_there() {
    let (found, left) = only("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n\" TIME_SKEW x\n\" TOTP_AUTH\n");
    assert_eq!(
        (found.skew, left),
        (0, vec![ImportNote { line: 2, what: NotTaken::Setting("TIME_SKEW".into()) }])
    );
}

#[test]
fn bits_of_a_key_that_fill_no_byte_are_nothing() {
    let len = |key: &str| only(&format!("{key}\n\" TOTP_AUTH\n")).0.key.len();
    assert_eq!(
        (len("YW2N4W7UBAIAEVCT"), len("YW2N4W7UBAIAEVCTA"), len("YW2N4W7U BAIAEVCT-GEZ \r")),
        (10, 10, 11)
    );
}

#[test]
fn a_minute_is_held_and_no_other_period() {
    let of = |seconds: u64| format!("GEZDGNBVGY3TQOJQ\n\" STEP_SIZE {seconds}\n\" TOTP_AUTH\n");
    assert_eq!(only(&of(60)).0.parameters.period.get(), 60);
    assert_eq!(refused(&of(45)), NotTaken::Period(45));
    assert_eq!(read(of(61).as_bytes()).unwrap_err(), BrokenLine { line: 2, what: Wrong::Number });
}

#[test]
fn counters_and_files_without_a_mode_are_refused_whatever_else_they_say() {
    let counter = "GEZDGNBVGY3TQOJQ\n\" HOTP_COUNTER 5\n\" TOTP_AUTH\n12345678\n";
    assert_eq!(refused(counter), NotTaken::CounterBased);
    assert_eq!(refused("GEZDGNBVGY3TQOJQ\n"), NotTaken::NoMode);
}

#[test]
fn a_broken_file_is_named_by_its_line() {
    for (text, line, what) in [
        ("", 1, Wrong::NoKey),
        ("not base32!\n", 1, Wrong::NoKey),
        ("GEZDGNBV\n\" WINDOW_SIZE 0\n", 2, Wrong::Number),
        ("GEZDGNBV\n\" STEP_SIZE\n", 2, Wrong::Number),
        ("GEZDGNBV\n\n\" DISALLOW_REUSE 5 x\n", 3, Wrong::Number),
        ("GEZDGNBV\n\" TOTP_AUTH\n\0\n", 3, Wrong::NotText),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_err(), BrokenLine { line, what }, "{text:?}");
    }
    assert_eq!(read(b"\xff\n").unwrap_err(), BrokenLine { line: 1, what: Wrong::NoKey });
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_crash_and_an_error_names_a_line(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Err(broken) = read(&bytes) {
            prop_assert!(broken.line >= 1 && broken.line <= bytes.split(|b| *b == b'\n').count());
        }
    }

    #[test]
    fn any_lines_after_a_key_are_read_without_a_crash(lines in proptest::collection::vec("(\" [A-Z_]{3,15}( -?[0-9]{1,25}){0,3}|[0-9]{7,9}|.{0,20})", 0..8)) {
        let text = format!("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n{}", lines.join("\n"));
        match read(text.as_bytes()) {
            Err(broken) => prop_assert!(broken.what != Wrong::NotText || text.contains('\0')),
            Ok(reading) => prop_assert!(reading.found.len() <= 1),
        }
    }

    #[test]
    fn the_highest_used_step_is_found_wherever_it_stands(steps in proptest::collection::vec(any::<u32>(), 1..6)) {
        let words: Vec<String> = steps.iter().map(u32::to_string).collect();
        let text = format!("GEZDGNBV\n\" DISALLOW_REUSE {}\n\" TOTP_AUTH\n", words.join(" "));
        let (found, _) = only(&text);
        let highest = u64::from(*steps.iter().max().unwrap());
        prop_assert!(matches!(found.spent, Spent::Step(step) if step == highest));
    }
}

#[test]
fn what_is_no_name_of_a_setting_is_not_repeated() {
    let text = |name: &str| format!("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n\" {name} 1\n\" TOTP_AUTH\n");
    let longest = "A".repeat(40);
    assert_eq!(only(&text(&longest)).1, [ImportNote { line: 2, what: NotTaken::Setting(longest) }]);
    for name in ["A".repeat(41), "secret".to_owned(), "evil\u{1b}[2J".to_owned(), String::new()] {
        assert_eq!(only(&text(&name)).1, [ImportNote { line: 2, what: NotTaken::Remark }], "{name:?}");
    }
}
