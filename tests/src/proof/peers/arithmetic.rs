//! Numbers: base32, HMAC, RFC 4226 and RFC 6238. Ours are computed by the library the module is made of, and compared
//! with independent programs.

use super::{Behaviour, Here};
use crate::proof::outcome::run;
use std::process::Command;
use wardkey_core::credential::OtpCode;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::{Digits, Match, Parameters, Position, search};
use wardkey_core::system::clock::Timestamp;

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        id: "A1",
        theirs: "google-authenticator: base32 of \"Hello world...\" with its NUL, both ways.",
        here: Here::Same("the same 24 characters.", hello_world),
    },
    Behaviour {
        id: "A2",
        theirs: "google-authenticator: 150 random texts come through base32 and back.",
        here: Here::Same("one of each length up to 150, and the text is that of coreutils.", round_trips),
    },
    Behaviour {
        id: "A3",
        theirs: "google-authenticator: HMAC-SHA-1 with keys of 64, 20, 100 and 49 bytes (FIPS 198).",
        here: Here::Same("by codes made with keys of these lengths, as oathtool makes them.", key_lengths),
    },
    Behaviour {
        id: "A4",
        theirs: "liboath: RFC 4226 codes of twenty counters with 6, 7 and 8 digits.",
        here: Here::Same(
            "with 6 and 8 digits, as oathtool makes them; codes of seven are not taken.",
            rfc_4226,
        ),
    },
    Behaviour {
        id: "A5",
        theirs: "liboath: RFC 6238 codes are found in a window, and the position has the right sign.",
        here: Here::Same("behind is negative, ahead is positive.", positions),
    },
    Behaviour {
        id: "A6",
        theirs: "liboath: hexadecimal and base32 in both cases, with blanks; anything else is an error.",
        here: Here::Same("for keys: base32 typed, hexadecimal in an imported file.", spellings),
    },
    Behaviour {
        id: "A7",
        theirs: "oathtool: some sixty command lines that make and check codes.",
        here: Here::NotApplicable(
            "no command of wardkey makes codes, and none shows a key after the enrolment.",
        ),
    },
];

fn hello_world() {
    let text = "JBSWY3DPEB3W64TMMQXC4LQA";
    let bytes = Secret::new(b"Hello world...\0".to_vec());
    assert_eq!(bytes.to_base32().as_str(), text);
    assert_eq!(Secret::from_base32(text).as_ref(), Ok(&bytes));
}

fn round_trips() {
    for len in 1..=150 {
        let secret = Secret::random(len).expect("random bytes");
        let text = secret.to_base32();
        assert_eq!(Secret::from_base32(&text).as_ref(), Ok(&secret), "{len} bytes");
        let independent = run(Command::new("base32").arg("-w0"), secret.expose()).exits(0).stdout;
        assert_eq!(independent.trim_end_matches('='), text.as_str(), "{len} bytes");
    }
}

fn digits(number: u32) -> Parameters {
    Parameters { digits: Digits::try_from(number).expect("6 or 8"), ..Parameters::default() }
}

/// Codes of `count` counters from 0 on, by oathtool.
fn by_oathtool(key: &Secret, digits: u32, count: u32) -> Vec<String> {
    let hex = key.expose().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let mut oathtool = Command::new("oathtool");
    oathtool.args([
        "--hotp",
        "--counter=0",
        &format!("--window={}", count - 1),
        &format!("--digits={digits}"),
    ]);
    run(oathtool.arg(hex), b"").exits(0).stdout.lines().map(str::to_owned).collect()
}

fn ours(key: &Secret, number: u32, count: u32) -> Vec<String> {
    (0..count).map(|counter| digits(number).code(key, counter.into()).to_string()).collect()
}

fn key_lengths() {
    for (first, len) in [(0_u8, 64), (b'0', 20), (b'P', 100), (b'p', 49)] {
        let key = Secret::new((first..).take(len).collect());
        assert_eq!(ours(&key, 6, 4), by_oathtool(&key, 6, 4), "{len} bytes");
    }
}

fn rfc_4226() {
    let key = Secret::new(b"12345678901234567890".to_vec());
    for number in [6, 8] {
        assert_eq!(ours(&key, number, 20), by_oathtool(&key, number, 20), "{number} digits");
    }
    assert_eq!(ours(&key, 6, 1), ["755224"]);
    assert!(Digits::try_from(7).is_err());
}

fn positions() {
    let key = Secret::new(b"12345678901234567890".to_vec());
    for now in [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000] {
        let step = digits(8).step(Timestamp(now));
        for offset in [-1, 0, 1] {
            let code = digits(8).code(&key, step.saturating_add_signed(offset));
            let typed = OtpCode::parse(code.as_bytes()).expect("a code");
            let at = Position { now: Timestamp(now), drift: 0, window: 1, next: 0 };
            let found = search(&key, &digits(8), &typed, at);
            let expected = Match::Fresh { step: step.saturating_add_signed(offset), off_centre: offset };
            assert_eq!(found, expected, "{now} {offset}");
        }
    }
}

fn spellings() {
    let key = Secret::new(b"12345678901234567890".to_vec());
    for text in ["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq"] {
        assert_eq!(Secret::from_base32(text).as_ref(), Ok(&key), "{text}");
    }
    for text in ["", "GEZD1", "GEZ!", "NIXMIXZ0"] {
        assert!(Secret::from_base32(text).is_err(), "{text}");
    }
    for (hex, is_key) in
        [("3132333435363738393031323334353637383930", true), ("31323x", false), ("313", false)]
    {
        let line = format!("HOTP/T30/6 alice - {hex}\n");
        let reading = wardkey_core::desk::importing::oath::read(line.as_bytes());
        assert_eq!(reading.found.len() == 1, is_key, "{hex}");
        assert!(reading.found.iter().all(|found| found.key == key), "{hex}");
    }
}
