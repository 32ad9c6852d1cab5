//! Forms told apart, on tables and on anything at all.

use super::*;
use proptest::prelude::*;

fn form(reply: &[u8]) -> &'static str {
    match Typed::parse(reply) {
        Typed::Malformed => "none",
        Typed::Otp(code) if code.digits() == 6 => "six",
        Typed::Otp(_) => "eight",
        Typed::Pair(pair) if pair.first.digits() == 6 => "two of six",
        Typed::Pair(_) => "two of eight",
        Typed::SingleUse(_) => "single-use",
    }
}

#[test]
fn the_form_tells_codes_apart() {
    for (reply, expected) in [
        (&b"123456"[..], "six"),
        (b" 123 456 ", "six"),
        (b"12345678", "eight"),
        (b"1234 5678", "eight"),
        (b"", "none"),
        (b"12345", "none"),
        (b"1234567", "none"),
        (b"123456789", "none"),
        (b"123456789012", "two of six"),
        (b"123 456 789 012", "two of six"),
        (b"12345678901234", "none"),
        (b"1234567890123456", "two of eight"),
        (b"12345678901234567", "none"),
        (b"123456-789012", "two of six"),
        (b"123-456", "six"),
        (b"-123456\r\n", "six"),
        ("123\u{202f}456\t".as_bytes(), "six"),
        ("\u{feff}1234\u{2212}5678".as_bytes(), "eight"),
        (b"123.456", "none"),
        (b"123456\x08", "none"),
        (b"123456\xa0", "none"),
        (b"12345a", "none"),
        (b"+12345", "none"),
        ("\u{664}23456".as_bytes(), "none"),
        (b"0ABC-DEFG-HJKM-NPQR", "single-use"),
        (b"oabcdefghjkmnpqr", "single-use"),
        (b"0abc defg hjkm npqr", "single-use"),
        (b"0ABC-DEFG-HJKM-NPQ", "none"),
        (b"0ABC-DEFG-HJKM-NPQRS", "none"),
        (b"0ABC-DEFG-HJKM-NPQU", "none"),
        ("0abc\u{2013}defg\u{2011}hjkm\u{a0}np\u{200b}qr\r".as_bytes(), "single-use"),
        (b"0123-4567-8901-2345", "two of eight"),
        (b"lIiO-0123-4567-8901", "none"),
        (b"email", "none"),
        (b"\x08\n\r\x7fINCORRECT\x08\n\r\x7fI", "none"),
        (b"\x08\n\r\x7fINCORRECT\x08\n\r\x7fINCORRE", "none"),
        (&[b'1'; 600], "none"),
    ] {
        assert_eq!(form(reply), expected, "{}", String::from_utf8_lossy(reply));
    }
}

#[test]
fn nothing_longer_than_the_longest_is_read() {
    let padded = |len: usize| [vec![b' '; len - 6], b"123456".to_vec()].concat();
    let read = |len: usize| (form(&padded(len)), tails(&padded(len), &[6]).len());
    assert_eq!((read(LONGEST), read(LONGEST + 1)), (("six", 1), ("none", 0)));
}

#[test]
fn look_alikes_read_as_the_code_that_was_printed() {
    let printed = SingleUseCode::parse(b"0A1C-1EFG-HJKM-NPQR").unwrap();
    let typed = SingleUseCode::parse(b"oalc iefg hjkm npqr").unwrap();
    assert_eq!(printed.expose(), typed.expose());
}

#[test]
fn tails_take_only_what_the_person_can_have() {
    let lens =
        |entry: &[u8], digits: &[usize]| tails(entry, digits).iter().map(|t| t.len).collect::<Vec<_>>();
    assert_eq!(lens(b"secret123456", &[6]), [6]);
    assert_eq!(lens(b"secret12345678", &[6, 8]), [6, 8]);
    assert_eq!(lens(b"secret12345678", &[8]), [8]);
    assert_eq!(lens(b"secret 123 456", &[6]), [7]);
    assert_eq!(lens(b"secret", &[6, 8]), [0; 0]);
    assert_eq!(lens(b"secret0ABC-DEFG-HJKM-NPQR", &[6]), [19]);
    assert_eq!(lens(b"secret0ABCDEFGHJKMNPQR", &[6]), [16], "without its hyphens");
    assert_eq!(lens(b"secret0abcdefghjk123456", &[6]), [6], "digits at the end are an authenticator's");
    assert_eq!(lens(b"secret0abcdefghjk123456", &[8]), [16]);
    assert_eq!(lens(b"secret0ABCDEFGHJKMNPQU", &[6]), [0; 0]);
    assert_eq!(lens(b"secret 0ABC DEFG HJKM NPQR", &[6]), [19]);
    assert_eq!(lens(b"secret123456789012", &[6]), [12, 6], "two codes before one");
    assert_eq!(lens(b"secret1234567890123456", &[6, 8]), [12, 16, 6, 8]);
    assert_eq!(lens(b"secret123456 789012", &[6]), [13, 6], "a blank between them");
    assert_eq!(lens(b"secret 23456 789012", &[6]), [6]);
    assert_eq!(lens(b"secret123 456 789012", &[6]), [6]);
    assert_eq!(lens(b"0ABC-DEFG-HJKM-NPQR", &[6]), [19]);
    assert_eq!(lens(b"a-0ABC-DEFG-HJKM-NPQR", &[6]), [19]);
    assert_eq!(lens(b"123456", &[6]), [6]);
    assert_eq!(lens(b"", &[6, 8]), [0; 0]);
    assert_eq!(lens(b"1234-5678-9012-3456", &[6]), [14, 7]);
}

#[test]
fn filler_behind_a_password_is_the_codes_where_it_stands_in_or_behind_it() {
    let cut = |entry: &str, digits: &[usize]| {
        let tails = tails(entry.as_bytes(), digits);
        tails.iter().map(|t| entry[..entry.len() - t.len].to_owned()).collect::<Vec<_>>()
    };
    for (entry, password) in [
        ("geheim 123456\t", "geheim "),
        ("geheim-123\u{202f}456", "geheim-"),
        ("\u{a0}\u{e9}t\u{e9}\u{a0}123-456\r\n", "\u{a0}\u{e9}t\u{e9}\u{a0}"),
        ("pw\u{200b}0ABC\u{2013}DEFG\u{2013}HJKM\u{2013}NPQR ", "pw\u{200b}"),
    ] {
        assert_eq!(cut(entry, &[6]), [password], "{entry:?}");
    }
    // Where a code stands side by side at the very end, what comes before it is looked at as ever.
    assert_eq!(cut("Mai-2024-06-12123456", &[6]), ["Mai-2024-06-12"]);
    assert_eq!(cut("Mai 12 345678", &[6, 8]), ["Mai 12 "]);
    assert_eq!(cut("pw123456\u{2013}789012", &[6]), ["pw", "pw123456\u{2013}"]);
    assert_eq!(tails(b"pw\xe2\x80123456", &[6])[0].len, 6, "a password need not be UTF-8");
}

#[test]
fn a_miss_counts_where_it_can_be_nothing_but_a_code() {
    let counts = |entry: &str| tails(entry.as_bytes(), &[6]).iter().map(|t| t.counts).collect::<Vec<_>>();
    assert_eq!(counts("pw0ABC-DEFG-HJKM-NPQR"), [true]);
    for phrase in
        ["pw0ABCDEFGHJKMNPQR", "pw0ABC DEFG HJKM NPQR", "that land made fame", "pw0ABC-DEFG-HJKM-NPQR\t"]
    {
        assert_eq!(counts(phrase), [false], "{phrase:?}");
    }
    assert_eq!(
        (counts("pw123456"), counts("pw123 456")),
        (vec![true], vec![true]),
        "else they were free guesses"
    );
}

#[test]
fn a_code_never_prints_itself() {
    assert_eq!(format!("{:?}", Typed::parse(b"123456")), "Otp(***)");
    assert_eq!(format!("{:?}", Typed::parse(b"0ABC-DEFG-HJKM-NPQR")), "SingleUse(***)");
}

#[test]
fn random_bits_are_its_characters_from_the_lowest_on() {
    let random = (0u32..15).fold(0, |all, i| all | u128::from(i + 10) << (5 * i));
    let code = SingleUseCode::from_bits(Place::new(0).unwrap(), random).unwrap();
    assert_eq!(&**code.to_text(), "0ABC-DEFG-HJKM-NPQR");
}

#[test]
fn no_code_is_made_that_reads_as_digits_or_ends_in_an_authenticators() {
    let of = |text: &str| {
        let value = |c| u128::try_from(CROCKFORD.iter().position(|known| *known == c).unwrap()).unwrap();
        let random = text.bytes().enumerate().fold(0, |all, (i, c)| all | value(c) << (5 * i));
        SingleUseCode::from_bits(Place::new(10).unwrap(), random).is_some()
    };
    assert!(of("BCDEFGHJ012345A") && of("BCDEFGHJKA12345"));
    assert!(!of("BCDEFGHJK012345") && !of("000000000000000"));
}

proptest! {
    #[test]
    fn any_reply_is_read_without_a_crash(reply in proptest::collection::vec(any::<u8>(), 0..700)) {
        let _ = Typed::parse(&reply);
        for tail in tails(&reply, &[6, 8]) {
            prop_assert!(tail.len <= reply.len());
        }
    }

    #[test]
    fn filler_changes_no_code(digits in "[0-9]{6}", fillers in proptest::collection::vec("[ \t\r\n\u{a0}\u{ad}\u{2009}-\u{2015}\u{202f}\u{2060}\u{2212}\u{feff}-]{0,3}", 7)) {
        let text: String = digits.chars().zip(&fillers).map(|(digit, filler)| format!("{filler}{digit}")).collect();
        let text = text + &fillers[6];
        prop_assert!(matches!(Typed::parse(text.as_bytes()), Typed::Otp(code) if code.matches(&digits)), "{text:?}");
    }

    #[test]
    fn a_printed_code_is_read_back(place in 0u8..32, random in any::<u128>()) {
        let place = Place::new(place).unwrap();
        if let Some(code) = SingleUseCode::from_bits(place, random) {
            let read = SingleUseCode::parse(code.to_text().as_bytes()).unwrap();
            prop_assert_eq!(read.expose(), code.expose());
            prop_assert_eq!(read.place(), place);
            prop_assert_eq!(form(code.to_text().to_lowercase().as_bytes()), "single-use");
        }
    }
}
