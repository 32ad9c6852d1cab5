//! What can be typed: codes, keys, names and addresses.

use wardkey_core::credential::mailed::Address;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::{Place, SINGLE_USE_LEN, SingleUseCode, Typed, tails};
use wardkey_core::user::UserName;

/// PAM's own limit of a reply.
const LONGEST: usize = 512;

pub(super) fn run(bytes: &[u8]) {
    reply(bytes);
    combined(bytes);
    made(bytes);
    name(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        key(text);
        address(text);
    }
}

/// All digits, and nothing else but filler: whatever is ASCII besides must be a blank or a hyphen.
fn digits_of(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).expect("a code of digits was read from bytes that are not text");
    let is_filler = |c: char| c == '-' || c.is_ascii_whitespace() || c == '\u{b}' || !c.is_ascii();
    assert!(text.chars().all(|c| c.is_ascii_digit() || is_filler(c)), "{text:?}");
    assert!(!text.contains(|c: char| c.is_alphanumeric() && !c.is_ascii()), "{text:?}");
    text.chars().filter(char::is_ascii_digit).collect()
}

/// A reply is the code that stands in it, whatever blanks, dashes and letters it was written with.
fn reply(bytes: &[u8]) {
    match Typed::parse(bytes) {
        Typed::Malformed => {}
        _ if bytes.len() > LONGEST => panic!("a reply beyond the limit was read"),
        Typed::Otp(code) => {
            let digits = digits_of(bytes);
            assert!(matches!(code.digits(), 6 | 8) && code.matches(&digits));
            assert!(!code.matches(&digits[1..]) && !code.matches(&format!("{digits}0")));
        }
        Typed::Pair(pair) => {
            let digits = digits_of(bytes);
            let (first, second) = digits.split_at(digits.len() / 2);
            assert!(
                matches!(pair.first.digits(), 6 | 8)
                    && pair.first.matches(first)
                    && pair.second.matches(second)
            );
        }
        Typed::SingleUse(code) => single_use(&code),
    }
}

fn single_use(code: &SingleUseCode) {
    let printed = code.to_text();
    assert_eq!((printed.len(), printed.matches('-').count()), (SINGLE_USE_LEN + 3, 3));
    let by_hand = printed.replace('-', "  ").replace('0', "o").replace('1', "l");
    let pasted = format!("\u{feff}{}\u{200b}\r\n", printed.replace('-', "\u{2013}\u{a0}"));
    for spelling in [printed.to_lowercase(), printed.replace('-', ""), by_hand, pasted] {
        let again = SingleUseCode::parse(spelling.as_bytes()).expect("another spelling of a code is a code");
        assert_eq!(again.expose(), code.expose(), "{spelling}");
    }
    assert!(code.place().index() < Place::COUNT);
    assert!(matches!(Typed::parse(printed.as_bytes()), Typed::SingleUse(_)));
}

/// Each tail is the end of the entry, read as the separate prompt would read it, and begins with a character of the code.
fn combined(bytes: &[u8]) {
    let tails = tails(bytes, &[6, 8]);
    assert!(tails.len() <= 4 && (tails.is_empty() || bytes.len() <= LONGEST));
    for tail in tails {
        let end = &bytes[bytes.len() - tail.len..];
        assert!(end.first().is_some_and(u8::is_ascii_alphanumeric), "filler before a code is the password's");
        assert!(tail.counts || matches!(tail.typed, Typed::SingleUse(_)), "digits were free guesses");
        match (tail.typed, Typed::parse(end)) {
            (Typed::Otp(code), Typed::Otp(again)) => {
                assert!(code.digits() == again.digits() && code.matches(&digits_of(end)));
            }
            (Typed::Pair(pair), Typed::Pair(again)) => {
                assert_eq!(again.first.digits(), pair.first.digits());
            }
            (Typed::SingleUse(code), Typed::SingleUse(again)) => assert_eq!(code.expose(), again.expose()),
            (tail, whole) => panic!("{tail:?} at the end, {whole:?} by itself"),
        }
    }
}

/// A code that is made is read back from its print.
fn made(bytes: &[u8]) {
    let Some((place, random)) = bytes.split_first_chunk::<17>().map(|(head, _)| head.split_at(1)) else {
        return;
    };
    let random = u128::from_le_bytes(random.try_into().expect("sixteen bytes"));
    let place = Place::new(place[0] % 32).expect("below 32");
    let Some(code) = SingleUseCode::from_bits(place, random) else { return };
    assert_eq!(code.place(), place);
    single_use(&code);
}

fn key(text: &str) {
    let Ok(key) = Secret::from_base32(text) else { return };
    assert!(!key.is_empty() && key.len() <= text.len());
    for spelling in [key.to_base32(), key.to_base32_groups()] {
        assert!(Secret::from_base32(&spelling).expect("a key that was written") == key);
    }
    assert_eq!(format!("{key:?}"), "***");
}

/// A name has one directory, which is a plain file name and no other name's.
fn name(bytes: &[u8]) {
    if let Ok(name) = UserName::new(bytes) {
        let file = name.file_name();
        assert!(file.len() <= 255 && !file.starts_with(['.', '-']));
        assert!(file.bytes().all(|b| b.is_ascii_alphanumeric() || b"._@%-".contains(&b)), "{file}");
        assert_eq!(UserName::from_file_name(&file).as_ref(), Ok(&name));
        assert!(!name.to_string().contains(char::is_control));
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(name) = UserName::from_file_name(text)
    {
        assert_eq!(name.file_name(), text, "two spellings of one directory");
    }
}

/// An address is written as it was read, and can stand in a header and in an argument.
fn address(text: &str) {
    let Ok(address) = text.parse::<Address>() else { return };
    assert_eq!(address.as_str(), text);
    assert!(text.len() <= 254 && text.is_ascii() && !text.starts_with('-'));
    assert!(!text.contains(|c: char| c.is_ascii_control() || " <>\"(),:;[]\\".contains(c)));
    assert_eq!(text.matches('@').count(), 1);
    let masked = address.masked();
    let (_, domain) = text.split_once('@').expect("an at sign");
    assert_eq!(masked, format!("{}***@{domain}", &text[..1]), "more of it is shown than its first letter");
}
