//! Lines as people and its module write them, and whatever else.

use super::*;
use proptest::prelude::*;

const KEY: &str = "3132333435363738393031323334353637383930";

fn only(line: &str) -> Found {
    let Reading { mut found, left, .. } = read(line.as_bytes());
    assert_eq!((found.len(), left.len()), (1, 0), "{line}: {left:?}");
    found.remove(0)
}

fn left(line: &str) -> NotTaken {
    let Reading { found, mut left, .. } = read(line.as_bytes());
    assert!(found.is_empty(), "{line}");
    left.remove(0).1.what
}

#[test]
fn a_file_that_its_module_rewrote_is_read_line_by_line() {
    let text = format!(
        "# people\n\nHOTP/T30/6\troy\t-\t{KEY}\t1\t828545\t2026-11-22T13:09:33L\n\
         HOTP/T60/8 ann 1234 {}\nHOTP\tbob\t-\t{KEY}\t3\t969429\t2026-11-22T13:09:33L\n",
        KEY.to_uppercase()
    );
    let Reading { found, left, .. } = read(text.as_bytes());
    let people: Vec<_> = found.iter().map(|f| (f.line, f.user.as_deref().unwrap())).collect();
    assert_eq!(people, [(3, "roy"), (4, "ann")]);
    assert_eq!((found[1].parameters.digits.get(), found[1].parameters.period.get()), (8, 60));
    assert!(matches!(&found[0].spent, Spent::Code(_, Some(_))) && matches!(found[1].spent, Spent::Nothing));
    assert!(found.iter().all(|f| f.key == Secret::new(b"12345678901234567890".to_vec())));
    assert_eq!(found[1].left, [ImportNote { line: 4, what: NotTaken::Pin }]);
    assert_eq!(left, [(Some("bob".to_owned()), ImportNote { line: 5, what: NotTaken::CounterBased })]);
}

#[test]
fn types_say_what_is_computed_or_why_it_cannot_be() {
    for (kind, digits, period) in [("HOTP/T30", 6, 30), ("HOTP/T30/8", 8, 30), ("HOTP/T60", 6, 60)] {
        let parameters = only(&format!("{kind} roy + {KEY}")).parameters;
        assert_eq!((parameters.digits.get(), parameters.period.get()), (digits, period), "{kind}");
    }
    for (kind, why) in [
        ("HOTP", NotTaken::CounterBased),
        ("HOTP/E/8", NotTaken::CounterBased),
        ("HOTP/T30/7", NotTaken::Digits(7)),
        ("HOTP/T45/6", NotTaken::Period(45)),
        ("HOTP/T30/6/1", NotTaken::UnknownType),
        ("HOTP/X", NotTaken::UnknownType),
        ("TOTP", NotTaken::UnknownType),
        ("HOTP/T30/", NotTaken::UnknownType),
    ] {
        assert_eq!(left(&format!("{kind} roy - {KEY}")), why, "{kind}");
    }
}

#[test]
fn what_is_missing_or_wrong_leaves_out_the_line_alone() {
    for (rest, why) in [
        ("", NotTaken::BadLine),
        ("roy", NotTaken::BadLine),
        ("roy -", NotTaken::BadLine),
        ("roy - 313", NotTaken::BadKey),
        ("roy - zz", NotTaken::BadKey),
        (&format!("roy - {KEY} many"), NotTaken::BadLine),
    ] {
        assert_eq!(left(&format!("HOTP/T30 {rest}")), why, "{rest:?}");
    }
}

#[test]
fn a_line_that_is_not_text_is_left_out_and_a_remark_has_any_encoding() {
    let bytes = [
        b"# caf\xe9\n\xff\nHOTP/T30 r\xe9 - 31\nHOTP/T30 roy\0 - 31\nHOTP/T30 roy - ",
        KEY.as_bytes(),
        b"\r\n",
    ]
    .concat();
    let Reading { found, left, .. } = read(&bytes);
    assert_eq!(found.iter().map(|f| f.line).collect::<Vec<_>>(), [5]);
    let places = left.iter().map(|(user, note)| (user.as_deref(), note.line)).collect::<Vec<_>>();
    assert_eq!(places, [(None, 2), (None, 3), (None, 4)]);
}

/// A word of a remark names nobody.
#[test]
fn whose_a_line_is_is_told_where_its_type_says_that_it_is_one() {
    for (line, user) in [
        ("HOTP/T45 roy - 31", Some("roy")),
        ("HOTP roy", Some("roy")),
        ("HOTP", None),
        ("see ticket 42", None),
    ] {
        assert_eq!(read(line.as_bytes()).left[0].0.as_deref(), user, "{line}");
    }
}

#[test]
fn a_code_that_is_not_understood_is_not_taken_for_none() {
    let of = |rest: &str| only(&format!("HOTP/T30 roy - {KEY} {rest}")).spent;
    assert!(matches!(of("0"), Spent::Nothing));
    assert!(matches!(of("7"), Spent::Unknown));
    assert!(matches!(of("0 abcdef"), Spent::Unknown));
    assert!(matches!(of("0 123456 yesterday"), Spent::Code(_, None)));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_crash_and_all_that_is_left_is_on_a_line(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let lines = bytes.split(|b| *b == b'\n').count();
        prop_assert!(read(&bytes).left.iter().all(|(_, note)| (1..=lines).contains(&note.line)));
    }

    #[test]
    fn any_text_is_read_and_every_line_is_found_or_left(lines in proptest::collection::vec("(HOTP(/[ET][0-9]{0,12}(/[0-9]{0,12})?)?|#|[a-z]{1,5})( [ -~]{0,12}){0,6}", 0..8)) {
        let Reading { found, left, .. } = read(lines.join("\n").as_bytes());
        let meant = lines.iter().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
        prop_assert_eq!(found.len() + left.len(), meant.count());
    }
}
