//! `[verifier]`: what only the host has on which a clinic's verifier runs.

use crate::invalid_value::InvalidValue;
use crate::system::owner::Owner;
use nix::unistd::User;
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::net::SocketAddr;

/// Longest name of an account (useradd(8)).
const LONGEST_ACCOUNT: usize = 32;

/// The section. Where it stands, records belong to its account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verifier {
    /// Where seats reach it.
    pub listen: Listen,
    /// As whom it runs.
    #[serde(default)]
    pub user: ServiceAccount,
}

impl Verifier {
    /// The account whose records root's programs believe too; where it does not exist, they believe root alone.
    #[must_use]
    pub fn owner(&self) -> Owner {
        let user = User::from_name(self.user.as_str()).ok().flatten().filter(|user| !user.uid.is_root());
        user.map_or(Owner::ROOT, |user| Owner::account(user.uid.as_raw(), user.gid.as_raw()))
    }
}

/// An address and a port of this machine, such as `0.0.0.0:7443` or `[::]:7443`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen(SocketAddr);

impl Listen {
    /// The address.
    #[must_use]
    pub const fn address(self) -> SocketAddr {
        self.0
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Listen {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let address = String::deserialize(from)?.parse().ok();
        let address = address.filter(|address: &SocketAddr| address.port() != 0);
        address.map(Self).ok_or_else(|| InvalidValue::NoListenAddress.into_serde())
    }
}

/// The name of an account for a service, which root's is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAccount(String);

impl ServiceAccount {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for ServiceAccount {
    fn default() -> Self {
        Self("wardkey".to_owned())
    }
}

impl<'de> Deserialize<'de> for ServiceAccount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b);
        let is_name = name.bytes().all(plain)
            && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
            && name.len() <= LONGEST_ACCOUNT
            && name != "root";
        if is_name { Ok(Self(name)) } else { Err(InvalidValue::NoServiceAccount.into_serde()) }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::config::Config;
    use crate::system::owner::Owner;
    use std::path::Path;

    fn parsed(text: &str) -> Result<Config, String> {
        Config::parse(text.as_bytes(), Path::new("/w.toml")).map_err(|e| e.to_string())
    }

    #[test]
    fn a_verifier_needs_an_address_and_an_account_that_is_not_roots() {
        let config = parsed("[verifier]\nlisten = \"0.0.0.0:7443\"\n").unwrap();
        let verifier = config.verifier.unwrap();
        assert_eq!(verifier.listen.to_string(), "0.0.0.0:7443");
        assert_eq!(verifier.user.as_str(), "wardkey");
        assert_eq!(Config::default().verifier, None);
        for (line, said) in [
            ("listen = \"0.0.0.0\"", "must be an address and a port"),
            ("listen = \"verifier1:7443\"", "must be an address and a port"),
            ("listen = \"0.0.0.0:0\"", "must be an address and a port"),
            ("listen = \"0.0.0.0:7443\"\nuser = \"root\"", "must be the name of an account"),
            ("listen = \"0.0.0.0:7443\"\nuser = \"a b\"", "must be the name of an account"),
            ("listen = \"0.0.0.0:7443\"\nuser = \"\"", "must be the name of an account"),
            ("user = \"wardkey\"", "listen"),
        ] {
            let refused = parsed(&format!("[verifier]\n{line}\n")).unwrap_err();
            assert!(refused.contains(said), "{line}: {refused}");
        }
    }

    #[test]
    fn only_an_account_that_exists_and_is_not_root_owns_records() {
        let of = |user: &str| {
            let text = format!("[verifier]\nlisten = \"0.0.0.0:7443\"\nuser = \"{user}\"\n");
            parsed(&text).unwrap().owner()
        };
        assert_eq!(of("no-such-account"), Owner::ROOT);
        assert!(of("daemon").uid().is_some());
        assert_eq!(parsed("").unwrap().owner(), Owner::ROOT);
    }
}
