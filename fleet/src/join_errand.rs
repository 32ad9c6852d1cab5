//! What `wardkey fleet join`, which is root's, has an unprivileged process of the helper's program do.

use crate::fingerprint::Fingerprint;
use crate::joining::Joined;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use wardkey_core::credential::secret::Secret;
use wardkey_core::policy::config::Server;

/// What it is told, once, on its standard input.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinErrand {
    /// Which verifiers to try, in which order.
    pub servers: Vec<Server>,
    /// The joining token as it was printed.
    pub token: Secret,
    /// The request for a certificate, as PEM.
    pub request: String,
}

/// What it tells on its standard output.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinTold {
    /// What a verifier of the token's authority said.
    Answered(Joined),
    /// None could be asked; why.
    Nothing(String),
}

/// The fingerprint of the one certificate in a PEM; `None`: this is none.
#[must_use]
pub fn fingerprint_of_pem(pem: &str) -> Option<Fingerprint> {
    let body =
        pem.trim().strip_prefix("-----BEGIN CERTIFICATE-----")?.strip_suffix("-----END CERTIFICATE-----")?;
    let body: String = body.split_ascii_whitespace().collect();
    BASE64.decode(body.as_bytes()).ok().map(|der| Fingerprint::of(&der))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_certificate_has_a_fingerprint_and_nothing_else_has() {
        let pem = |body: &str| format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
        assert_eq!(fingerprint_of_pem(&pem("AAEC\r\nAwQF")), Some(Fingerprint::of(&[0, 1, 2, 3, 4, 5])));
        for text in ["", "AAEC", &pem("A"), &pem("-----"), &[pem("AAEC"), pem("AAEC")].concat()] {
            assert_eq!(fingerprint_of_pem(text), None, "{text}");
        }
    }
}
