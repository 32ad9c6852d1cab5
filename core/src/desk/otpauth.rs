//! The URI an authenticator app scans (the Key URI Format of Google Authenticator's wiki).

use super::Begun;
use crate::credential::totp::{Algorithm, Digits, Period};
use crate::user::UserName;
use zeroize::Zeroizing;

/// Whose authenticator it is, in the words its app will show.
#[derive(Debug, Clone, Copy)]
pub struct Uri<'a> {
    /// The site.
    pub issuer: &'a str,
    /// Who.
    pub user: &'a UserName,
    /// Which machine.
    pub host: &'a str,
}

impl Uri<'_> {
    /// The account's name in the app; a colon in it would split the label.
    #[must_use]
    pub fn account(&self) -> String {
        format!("{}@{}", self.user, self.host).replace(':', "-")
    }

    /// The URI; parameters at their defaults are left out, since some apps stumble over any they are given.
    #[must_use]
    pub fn of(&self, begun: &Begun) -> Zeroizing<String> {
        let issuer = encoded(self.issuer);
        let mut uri = Zeroizing::new(String::with_capacity(512));
        uri.push_str(&format!("otpauth://totp/{issuer}:{}?secret=", encoded(&self.account())));
        uri.push_str(&begun.key.to_base32());
        uri.push_str(&format!("&issuer={issuer}"));
        let parameters = begun.parameters;
        if parameters.algorithm != Algorithm::default() {
            uri.push_str(&format!("&algorithm={}", parameters.algorithm.name()));
        }
        if parameters.digits != Digits::default() {
            uri.push_str(&format!("&digits={}", parameters.digits));
        }
        if parameters.period != Period::default() {
            uri.push_str(&format!("&period={}", parameters.period));
        }
        uri
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters and `@`, which may stand in a path.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::secret::Secret;
    use crate::credential::totp::Parameters;

    fn uri(issuer: &str, user: &[u8], parameters: Parameters) -> String {
        let user = UserName::new(user).unwrap();
        let key = Secret::new(b"12345678901234567890".to_vec());
        let begun = Begun { key, label: "app".into(), parameters };
        Uri { issuer, user: &user, host: "ward3" }.of(&begun).to_string()
    }

    // Row: S1-5
    // Row: S2-15
    #[test]
    fn defaults_are_left_out_and_blanks_are_percent_20() {
        assert_eq!(
            uri("Lakeside Clinic", b"roy", Parameters::default()),
            "otpauth://totp/Lakeside%20Clinic:roy@ward3\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lakeside%20Clinic"
        );
    }

    #[test]
    fn other_values_are_named_and_a_colon_cannot_split_the_label() {
        let digits = Digits::try_from(8).unwrap();
        let period = Period::try_from(60).unwrap();
        let parameters = Parameters { algorithm: Algorithm::Sha256, digits, period };
        let uri = uri("Clinique d\u{e9}j\u{e0}", b"CLINIC\\r:oy", parameters);
        assert!(
            uri.starts_with("otpauth://totp/Clinique%20d%C3%A9j%C3%A0:CLINIC%5Cr-oy@ward3?secret="),
            "{uri}"
        );
        assert!(uri.ends_with("&algorithm=SHA256&digits=8&period=60"), "{uri}");
    }
}
