//! The URI that apps scan: taken apart as RFC 3986 says, it gives back what it was made of.

use crate::bytes::Bytes;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::{Algorithm, Digits, Parameters, Period};
use wardkey_core::desk::qr;
use wardkey_core::desk::{Begun, Uri};
use wardkey_core::policy::config::Config;
use wardkey_core::user::UserName;

pub(super) fn run(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let shape = bytes.byte();
    let (issuer, user, host) = (bytes.chunk(), bytes.chunk(), bytes.chunk());
    let Some(issuer) = issuer_of(issuer) else { return };
    let (Ok(user), Ok(host)) = (UserName::new(user), std::str::from_utf8(host)) else { return };
    let key = bytes.0.get(..bytes.0.len().min(128)).unwrap_or_default().to_vec();
    let begun = Begun { key: Secret::new(key), label: "app".to_owned(), parameters: parameters(shape) };
    let uri = Uri { issuer: &issuer, user: &user, host };
    let text = uri.of(&begun);
    check(&text, uri, &begun);
    // Drawing takes a thousand times as long as all else here.
    if shape & 0x3f == 0x30 {
        drawn(&text);
    }
}

/// As a site can set it.
fn issuer_of(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let toml = format!("issuer = {}\n", serde_json::to_string(text).ok()?);
    let config = Config::parse(toml.as_bytes(), std::path::Path::new("/w.toml")).ok()?;
    assert_eq!(config.issuer.as_str(), text);
    Some(text.to_owned())
}

fn parameters(shape: u8) -> Parameters {
    let algorithm = match shape % 3 {
        0 => Algorithm::Sha1,
        1 => Algorithm::Sha256,
        _ => Algorithm::Sha512,
    };
    let digits = Digits::try_from(if shape & 64 == 0 { 6 } else { 8 }).expect("6 or 8");
    let period = Period::try_from(if shape & 128 == 0 { 30 } else { 60 }).expect("30 or 60");
    Parameters { algorithm, digits, period }
}

fn check(text: &str, uri: Uri<'_>, begun: &Begun) {
    assert!(text.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&b)), "{text}");
    let rest = text.strip_prefix("otpauth://totp/").expect("the scheme");
    let (label, query) = rest.split_once('?').expect("a query");
    assert!(!label.contains(['/', '&', '=']), "{label}");
    let (issuer, account) = label.split_once(':').expect("issuer and account");
    assert_eq!(decoded(issuer), uri.issuer);
    assert_eq!(decoded(account), uri.account());
    assert!(!decoded(account).contains(':') && !decoded(issuer).contains(':'), "a second colon in the label");
    let account = uri.account();
    assert!(account.contains('@') && account.len() <= 6 * (uri.user.as_bytes().len() + uri.host.len()) + 1);
    let mut pairs = query.split('&').map(|pair| pair.split_once('=').expect("a pair"));
    assert_eq!(pairs.next(), Some(("secret", begun.key.to_base32().as_str())));
    let (name, issuer) = pairs.next().expect("an issuer");
    assert_eq!((name, decoded(issuer).as_str()), ("issuer", uri.issuer));
    let mut found = Parameters::default();
    for (name, value) in pairs {
        match name {
            "algorithm" => {
                found.algorithm = serde_json::from_str(&format!("\"{value}\"")).expect("a known name");
            }
            "digits" => found.digits = value.parse().expect("6 or 8"),
            "period" => found.period = value.parse().expect("30 or 60"),
            other => panic!("{other} in {text}"),
        }
    }
    assert_eq!(found, begun.parameters);
}

/// Percent-decoding by RFC 3986 §2.1, and nothing else: no plus sign means a blank there.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
            assert!(digits.iter().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase()), "{text}");
            let digits = std::str::from_utf8(&digits).expect("two digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("text that was text")
}

/// It is drawn in any way, or in none.
fn drawn(text: &str) {
    let rows = qr::lines(text, qr::Ink::LightBlocks);
    assert!(rows.iter().flatten().all(|row| !row.is_empty() && !row.contains('\n')));
    assert!(qr::svg(text).is_none() || rows.is_some());
}
