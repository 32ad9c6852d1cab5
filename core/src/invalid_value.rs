//! What is wrong with a value that somebody wrote, in a configuration or on a command line.

use serde::{Deserialize, Serialize, de};
use std::fmt;

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InvalidValue {
    /// A number outside its range.
    Range {
        /// The smallest.
        min: u64,
        /// The largest.
        max: u64,
        /// The one given.
        given: i64,
    },
    /// A number that is neither of two.
    NeitherOf(u32, u32),
    /// No length of time, or one over so many seconds.
    Span(u64),
    /// No whole number.
    NoNumber,
    /// No hash that authenticators know.
    NoAlgorithm,
    /// No calendar day.
    NoDay,
    /// No network.
    NoNetwork,
    /// A relative path.
    RelativePath,
    /// A relative path, or no name of a credential.
    NoKeyPlace,
    /// Text that is long, or not one line.
    NoLine,
    /// An issuer that is empty or holds a colon.
    NoIssuer,
    /// A file that is not text.
    NotUtf8,
    /// Two services whose names differ in case alone.
    ServiceTwins,
    /// Grace for a service of sshd's.
    GraceForSsh,
    /// A first wait longer than the longest.
    FirstWait,
    /// An exemption for nobody in particular.
    ExemptsNobody,
    /// A store that this version does not know.
    NoSharedStore,
    /// Mail without encryption over a network.
    PlainMail,
    /// No name and no address of a server.
    NoHost,
    /// A name without a password to log in with, or the reverse.
    HalfLogin,
    /// Mail without an address that it comes from.
    NoSender,
    /// No address with a port on which a verifier could listen.
    NoListenAddress,
    /// No name of an account as which a service could run.
    NoServiceAccount,
    /// A verifier on a machine that keeps no records.
    VerifierWithoutFiles,
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Range { min, max, given } => return write!(f, "must be from {min} to {max}, not {given}"),
            Self::NeitherOf(a, b) => return write!(f, "must be {a} or {b}"),
            Self::Span(max) => {
                let max = in_units(*max);
                return write!(f, "must be a time such as 90s or 5m, at most {max}");
            }
            Self::NoNumber => "must be a whole number",
            Self::NoAlgorithm => "must be SHA1, SHA256 or SHA512",
            Self::NoDay => "must be a day such as 2027-03-31, without quotes",
            Self::NoNetwork => "must be a network such as 10.1.0.0/16 or 2001:db8::/32",
            Self::RelativePath => "must be an absolute path",
            Self::NoKeyPlace => "must be an absolute path or credential:NAME",
            Self::NoLine => "must be one line of at most 200 bytes",
            Self::NoIssuer => "must be a name without a colon",
            Self::NotUtf8 => "not UTF-8",
            Self::ServiceTwins => "two services of one name: names are compared in lower case",
            Self::GraceForSsh => "not for sshd: it reopens a session at this machine's own screen only",
            Self::FirstWait => "must not be longer than longest_wait",
            Self::ExemptsNobody => "an exemption must name a group, a user, a service or a network",
            Self::NoSharedStore => "this version keeps records in files only",
            Self::PlainMail => "none is only for a loopback address",
            Self::NoHost => "must be the name or the address of a mail server",
            Self::HalfLogin => "user and password_file go together",
            Self::NoListenAddress => "must be an address and a port, such as 0.0.0.0:7443",
            Self::NoServiceAccount => "must be the name of an account that is not root's",
            Self::VerifierWithoutFiles => {
                "a verifier keeps its records in files: kind = \"files\" under [store]"
            }
            Self::NoSender => "mail needs `from`, an address such as wardkey@clinic.example",
        })
    }
}

impl std::error::Error for InvalidValue {}

/// Begins an error of serde that is one of these, as JSON: no reader begins a message of its own so.
const TOKEN: char = '\u{1}';

impl InvalidValue {
    /// As an error of serde, which keeps nothing of it but a text.
    #[must_use]
    pub fn into_serde<E: de::Error>(self) -> E {
        E::custom(format!("{TOKEN}{}", serde_json::to_string(&self).unwrap_or_default()))
    }

    /// The one in the message of such an error, if it is one of ours.
    #[must_use]
    pub fn in_message(message: &str) -> Option<Self> {
        serde_json::from_str(message.strip_prefix(TOKEN)?).ok()
    }
}

/// A length of time in its largest whole unit, as it is written: `10m`, `24h`, `366d`.
#[must_use]
pub fn in_units(seconds: u64) -> String {
    match seconds {
        days if days % 86400 == 0 && days > 86400 => format!("{}d", days / 86400),
        hours if hours % 3600 == 0 => format!("{}h", hours / 3600),
        minutes => format!("{}m", minutes / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_serde_brings_the_value_through_and_no_message_is_one() {
        for value in [
            InvalidValue::Range { min: 0, max: 5, given: -1 },
            InvalidValue::NeitherOf(6, 8),
            InvalidValue::Span(366 * 86400),
            InvalidValue::NoSender,
        ] {
            let error: toml::de::Error = value.into_serde();
            assert_eq!(InvalidValue::in_message(error.message()), Some(value));
            assert_eq!(InvalidValue::in_message(&value.to_string()), None);
        }
        for words in ["", "\u{1}", "\u{1}NoSuchValue", "unknown field `\u{1}\"NoDay\"`"] {
            assert_eq!(InvalidValue::in_message(words), None, "{words}");
        }
    }

    #[test]
    fn a_length_of_time_is_said_in_its_largest_whole_unit() {
        for (seconds, said) in [(600, "10m"), (86400, "24h"), (366 * 86400, "366d")] {
            assert_eq!(
                InvalidValue::Span(seconds).to_string(),
                format!("must be a time such as 90s or 5m, at most {said}")
            );
        }
    }
}
