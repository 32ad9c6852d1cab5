//! Values of a configuration that are more than a number or a text.

use crate::invalid_value::InvalidValue;
use ipnet::IpNet;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

/// A whole number from `MIN` to `MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounded<const MIN: u64, const MAX: u64>(u64);

impl<const MIN: u64, const MAX: u64> Bounded<MIN, MAX> {
    pub(super) const fn new(n: u64) -> Self {
        assert!(n >= MIN && n <= MAX, "a built-in default is out of its own range");
        Self(n)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Bounded<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let n = i64::deserialize(from)?;
        let in_range = u64::try_from(n).ok().filter(|n| (MIN..=MAX).contains(n));
        in_range.map(Self).ok_or_else(|| InvalidValue::Range { min: MIN, max: MAX, given: n }.into_serde())
    }
}

/// Longest time any key takes: a year.
const YEAR: u64 = 366 * 86400;

/// A length of time, written `90s`, `10m`, `12h` or `14d`; at most `MAX` seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span<const MAX: u64 = YEAR>(Duration);

impl<const MAX: u64> Span<MAX> {
    pub(super) const fn seconds(n: u64) -> Self {
        assert!(n <= MAX, "a built-in default is out of its own range");
        Self(Duration::from_secs(n))
    }

    /// The time.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl<const MAX: u64> std::str::FromStr for Span<MAX> {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let seconds = || {
            let unit = match text.chars().next_back()? {
                's' => 1,
                'm' => 60,
                'h' => 3600,
                'd' => 86400,
                _ => return None,
            };
            let digits = text.get(..text.len() - 1)?;
            let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse::<u64>().ok())??;
            number.checked_mul(unit).filter(|s| (1..=MAX).contains(s))
        };
        seconds().map(Self::seconds).ok_or(InvalidValue::Span(MAX))
    }
}

impl<'de, const MAX: u64> Deserialize<'de> for Span<MAX> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(InvalidValue::into_serde)
    }
}

/// A calendar day, local time, written `2027-03-31` without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Date);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let wrong = || InvalidValue::NoDay.into_serde();
        let moment = toml::value::Datetime::deserialize(from)?;
        let (Some(date), None, None) = (moment.date, moment.time, moment.offset) else { return Err(wrong()) };
        let year = i16::try_from(date.year).map_err(|_| wrong())?;
        let month = i8::try_from(date.month).map_err(|_| wrong())?;
        let day = i8::try_from(date.day).map_err(|_| wrong())?;
        Date::new(year, month, day).map(Self).map_err(|_| wrong())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A network in CIDR form, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether the literal address `host` lies in it; a name or a loopback address never does.
    #[must_use]
    pub fn contains(&self, host: &str) -> bool {
        let address = host.parse::<IpAddr>().map(|a| a.to_canonical());
        // GDM says 0.0.0.0 where it does not know.
        address.is_ok_and(|a| !a.is_loopback() && !a.is_unspecified() && self.0.contains(&a))
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        net.map(fold_mapped).map(Self).map_err(|_| InvalidValue::NoNetwork.into_serde())
    }
}

/// An IPv4 network written as an IPv6 one (RFC 4291 §2.5.5.2) is the IPv4 one.
fn fold_mapped(net: IpNet) -> IpNet {
    let folded = match net {
        IpNet::V6(v6) => v6.addr().to_ipv4_mapped().zip(v6.prefix_len().checked_sub(96)),
        IpNet::V4(_) => None,
    };
    folded.and_then(|(address, prefix)| IpNet::new(address.into(), prefix).ok()).unwrap_or(net)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An absolute path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absolute(PathBuf);

impl Absolute {
    pub(super) fn new(path: &str) -> Self {
        Self(PathBuf::from(path))
    }

    /// The path.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.0.clone()
    }
}

impl<'de> Deserialize<'de> for Absolute {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let path = PathBuf::from(String::deserialize(from)?);
        if path.is_absolute() { Ok(Self(path)) } else { Err(InvalidValue::RelativePath.into_serde()) }
    }
}

/// One line of text people read; control characters could drive their terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OneLine(String);

impl OneLine {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for OneLine {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.chars().any(crate::printable::is_unprintable) || text.len() > 200 {
            return Err(InvalidValue::NoLine.into_serde());
        }
        Ok(Self(text))
    }
}

/// The issuer in an `otpauth` URI: a line without a colon, which would split its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(OneLine);

impl Default for Issuer {
    fn default() -> Self {
        Self(OneLine("wardkey".into()))
    }
}

impl Issuer {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl<'de> Deserialize<'de> for Issuer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let line = OneLine::deserialize(from)?;
        if line.0.contains(':') || line.0.trim().is_empty() {
            return Err(InvalidValue::NoIssuer.into_serde());
        }
        Ok(Self(line))
    }
}

/// Where the sealing key is: a file, or a systemd credential of the whole machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPlace {
    /// A file of root's.
    File(PathBuf),
    /// A credential systemd was given for the machine (systemd.exec(5), "Credentials").
    Credential(String),
    /// A file that systemd gave to the running service alone, in a directory into which nobody else can look. No
    /// configuration says this: the service finds it at its start.
    Given(PathBuf),
}

impl KeyPlace {
    /// The file to read.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match self {
            Self::File(path) | Self::Given(path) => path.clone(),
            Self::Credential(name) => PathBuf::from("/run/credentials/@system").join(name),
        }
    }
}

impl<'de> Deserialize<'de> for KeyPlace {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let plain =
            |n: &&str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        if let Some(name) = text.strip_prefix("credential:").filter(plain).filter(|n| !n.starts_with('.')) {
            Ok(Self::Credential(name.to_owned()))
        } else if text.starts_with('/') {
            Ok(Self::File(text.into()))
        } else {
            Err(InvalidValue::NoKeyPlace.into_serde())
        }
    }
}

/// An address, or a name as certificates bear it.
pub(super) fn is_host(host: &str) -> bool {
    let is_name = || {
        !host.is_empty()
            && host.len() <= 253
            && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
    };
    host.parse::<IpAddr>().is_ok() || is_name()
}
