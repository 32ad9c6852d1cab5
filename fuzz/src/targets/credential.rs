//! What can be typed: codes, keys, names and addresses.

use wardkey_core::credential::{Place, SINGLE_USE_LEN, SingleUseCode, Typed, tails};
use wardkey_core::mailed::Address;
use wardkey_core::secret::Secret;
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

/// A reply is the code that stands in it, whatever blanks, hyphens and letters it was written with.
fn reply(bytes: &[u8]) {
    match Typed::parse(bytes) {
        Typed::Malformed => {}
        _ if bytes.len() > LONGEST => panic!("a reply beyond the limit was read"),
        Typed::Otp(code) => {
            let digits: String = bytes.iter().filter(|b| **b != b' ').map(|b| char::from(*b)).collect();
            assert!(matches!(code.digits(), 6 | 8) && code.matches(&digits));
            assert!(!code.matches(&digits[1..]) && !code.matches(&format!("{digits}0")));
        }
        Typed::Pair(pair) => {
            let digits: String = bytes.iter().filter(|b| **b != b' ').map(|b| char::from(*b)).collect();
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
    for spelling in [printed.to_lowercase(), printed.replace('-', ""), by_hand] {
        let again = SingleUseCode::parse(spelling.as_bytes()).expect("another spelling of a code is a code");
        assert_eq!(again.expose(), code.expose(), "{spelling}");
    }
    assert!(code.place().index() < Place::COUNT);
    assert!(matches!(Typed::parse(printed.as_bytes()), Typed::SingleUse(_)));
}

/// Each tail is the end of the entry, read as the separate prompt would read it.
fn combined(bytes: &[u8]) {
    let tails = tails(bytes, &[6, 8]);
    assert!(tails.len() <= 4 && (tails.is_empty() || bytes.len() <= LONGEST));
    for tail in tails {
        let end = &bytes[bytes.len() - tail.len..];
        match (tail.typed, Typed::parse(end)) {
            (Typed::Otp(code), Typed::Otp(again)) => {
                assert_eq!((code.digits(), again.digits()), (tail.len, tail.len));
                assert!(code.matches(std::str::from_utf8(end).expect("digits")));
            }
            (Typed::Pair(pair), Typed::Pair(again)) => {
                // A blank may stand between the two.
                assert!(matches!(tail.len - 2 * pair.first.digits(), 0 | 1));
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
