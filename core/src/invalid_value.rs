//! What is wrong with a value that somebody wrote, in a configuration or on a command line.

use std::fmt;
use std::str::FromStr;

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Range { min, max, given } => return write!(f, "must be from {min} to {max}, not {given}"),
            Self::NeitherOf(a, b) => return write!(f, "must be {a} or {b}"),
            Self::Span(max) => return write!(f, "{SPAN}{}", in_units(*max)),
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
            Self::NoSender => "mail needs `from`, an address such as wardkey@clinic.example",
        })
    }
}

impl std::error::Error for InvalidValue {}

/// Before the longest time allowed.
const SPAN: &str = "must be a time such as 90s or 5m, at most ";

/// A length of time in its largest whole unit, as it is written: `10m`, `24h`, `366d`.
#[must_use]
pub fn in_units(seconds: u64) -> String {
    match seconds {
        days if days % 86400 == 0 && days > 86400 => format!("{}d", days / 86400),
        hours if hours % 3600 == 0 => format!("{}h", hours / 3600),
        minutes => format!("{}m", minutes / 60),
    }
}

/// The ones whose words are always the same.
const FIXED: [InvalidValue; 18] = [
    InvalidValue::NoNumber,
    InvalidValue::NoAlgorithm,
    InvalidValue::NoDay,
    InvalidValue::NoNetwork,
    InvalidValue::RelativePath,
    InvalidValue::NoKeyPlace,
    InvalidValue::NoLine,
    InvalidValue::NoIssuer,
    InvalidValue::NotUtf8,
    InvalidValue::ServiceTwins,
    InvalidValue::GraceForSsh,
    InvalidValue::FirstWait,
    InvalidValue::ExemptsNobody,
    InvalidValue::NoSharedStore,
    InvalidValue::PlainMail,
    InvalidValue::NoHost,
    InvalidValue::HalfLogin,
    InvalidValue::NoSender,
];

/// The words are not those of a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherWords;

/// From its own words: the reader of configurations keeps nothing else of an error.
impl FromStr for InvalidValue {
    type Err = OtherWords;

    fn from_str(words: &str) -> Result<Self, OtherWords> {
        let fixed = FIXED.into_iter().find(|mistake| mistake.to_string() == words);
        fixed.or_else(|| read_span(words)).or_else(|| read_numbers(words)).ok_or(OtherWords)
    }
}

fn read_span(words: &str) -> Option<InvalidValue> {
    let max = words.strip_prefix(SPAN)?;
    let unit = match max.chars().next_back()? {
        'd' => 86400,
        'h' => 3600,
        _ => 60,
    };
    Some(InvalidValue::Span(max.get(..max.len() - 1)?.parse::<u64>().ok()?.checked_mul(unit)?))
}

fn read_numbers(words: &str) -> Option<InvalidValue> {
    if let Some(range) = words.strip_prefix("must be from ") {
        let (min, range) = range.split_once(" to ")?;
        let (max, given) = range.split_once(", not ")?;
        let (min, max, given) = (min.parse().ok()?, max.parse().ok()?, given.parse().ok()?);
        return Some(InvalidValue::Range { min, max, given });
    }
    let (a, b) = words.strip_prefix("must be ")?.split_once(" or ")?;
    Some(InvalidValue::NeitherOf(a.parse().ok()?, b.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_known_again_by_its_words() {
        let others = [
            InvalidValue::Range { min: 0, max: 5, given: -1 },
            InvalidValue::NeitherOf(6, 8),
            InvalidValue::Span(600),
            InvalidValue::Span(86400),
            InvalidValue::Span(366 * 86400),
        ];
        for mistake in FIXED.into_iter().chain(others) {
            assert_eq!(mistake.to_string().parse(), Ok(mistake));
        }
        for words in ["", "must be good", "must be from a to b, not c", "unknown field `x`"] {
            assert_eq!(words.parse::<InvalidValue>(), Err(OtherWords), "{words}");
        }
    }
}
