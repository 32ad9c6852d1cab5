//! `wardkey.toml`: what a site has decided.

mod choices;
mod email;
mod error;
mod exempt;
mod fault;
mod keys;
mod layer;
mod layers;
mod merge;
mod origins;
mod plain;
mod retired;
mod seat;
mod sections;
mod server;
mod source;
mod value;
mod verifier;

pub use choices::{EntryForm, Language, MailTls, MailTransport, StoreKind, Unenrolled};
pub use email::Email;
pub use error::{ConfigError, Invalid};
pub use exempt::Exempt;
pub use fault::{Advice, Fault, GivenValue, Type};
pub use keys::{KeyHome, nearest};
pub use layers::{Layers, directory, in_force};
pub use origins::{Origin, Origins};
pub use retired::Retired;
pub use sections::{Helper, Log, Policy, Recovery, Run, Seal, Service, Store, Throttle, Totp};
pub use server::Server;
pub use source::Source;
pub use value::{Day, KeyPlace, Network, Span};
pub use verifier::{Listen, ServiceAccount, Verifier};

use crate::credential::mailed::MailMode;
use crate::credential::throttle::Limits;
use crate::invalid_value::InvalidValue;
use crate::record::seal::{SealError, SealingKey};
use crate::store::FileStore;
use crate::system::owner::Owner;
use crate::system::trusted_file::Readers;
use crate::verify::Rules;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where the configuration is looked for when none is named.
pub const DEFAULT_PATH: &str = "/etc/wardkey/wardkey.toml";

/// Largest configuration, in bytes, all its files together.
pub const MAX_LEN: u64 = 256 * 1024;

/// Most files in the directory beside it.
pub const MOST_FILES: usize = 64;

/// The whole configuration.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Name shown in the authenticator app.
    pub issuer: value::Issuer,
    /// Who helps a stuck person, or where; empty: "your system administrator", in their language.
    pub support: value::OneLine,
    /// Language of everything people read.
    #[serde(deserialize_with = "choices::word")]
    pub language: Language,
    /// Where records are.
    pub store: Store,
    /// What seals them.
    pub seal: Seal,
    /// For new authenticators, and how codes are accepted.
    pub totp: Totp,
    /// Recovery codes.
    pub recovery: Recovery,
    /// Waiting after wrong codes.
    pub throttle: Throttle,
    /// Whom wardkey concerns.
    pub policy: Policy,
    /// Who needs no code, why and until when.
    pub exempt: Vec<Exempt>,
    /// Per PAM service.
    pub service: BTreeMap<String, Service>,
    /// Codes by mail.
    pub email: Email,
    /// The helper for callers that are not root.
    pub helper: Helper,
    /// Run-time state.
    pub run: Run,
    /// The audit file.
    pub log: Log,
    /// The clinic's verifier, on the host where it runs.
    pub verifier: Option<Verifier>,
}

impl Config {
    /// Reads the configuration at `named`, which must exist, or else at the default place, where a missing file means the
    /// defaults; and the files of the directory beside it.
    ///
    /// # Errors
    /// [`ConfigError`]: file, line and key.
    pub fn load(named: Option<&Path>) -> Result<Self, ConfigError> {
        Layers::read(named)?.config()
    }

    /// Reads a configuration's text; `path` only names it in errors.
    ///
    /// # Errors
    /// [`ConfigError::Content`].
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, ConfigError> {
        Layers::of(path, bytes).config()
    }

    /// The same, with the names of services as they are compared.
    fn in_lower_case(mut self) -> Self {
        self.service = self.service.into_iter().map(|(name, s)| (name.to_lowercase(), s)).collect();
        self.exempt = self.exempt.into_iter().map(Exempt::in_lower_case).collect();
        self
    }

    /// What one key alone cannot tell: the way to the key to blame, and why.
    fn check(&self) -> Result<(), (Vec<String>, InvalidValue)> {
        let wrong = |way: &[&str], why| Err((way.iter().map(|part| (*part).to_owned()).collect(), why));
        if let Some((name, _)) =
            self.service.iter().find(|(name, s)| is_sshd(name) && s.unlock_grace.is_some())
        {
            return wrong(&["service", name, "unlock_grace"], InvalidValue::GraceForSsh);
        }
        let mut names: Vec<String> = self.service.keys().map(|name| name.to_lowercase()).collect();
        names.sort_unstable();
        if let Some([twin, ..]) = names.windows(2).find(|pair| matches!(pair, [a, b] if a == b)) {
            return wrong(&["service", twin], InvalidValue::ServiceTwins);
        }
        if self.throttle.first_wait.get() > self.throttle.longest_wait.get() {
            return wrong(&["throttle", "first_wait"], InvalidValue::FirstWait);
        }
        if let Some(place) = self.exempt.iter().position(Exempt::is_for_nobody) {
            return wrong(&["exempt", &place.to_string()], InvalidValue::ExemptsNobody);
        }
        seat::check(&self.store).or_else(|(key, why)| wrong(&["store", key], why))?;
        if self.verifier.is_some() && self.store.is_seat() {
            return wrong(&["verifier", "listen"], InvalidValue::VerifierWithoutFiles);
        }
        self.email.check().or_else(|(key, why)| wrong(&["email", key], why))
    }

    /// What holds for one PAM service; names are compared in lower case.
    #[must_use]
    pub fn service(&self, name: &str) -> Service {
        self.service.get(&name.to_lowercase()).cloned().unwrap_or_default()
    }

    /// For how long a service may reopen a session without a code.
    #[must_use]
    pub fn unlock_grace(&self, service: &str) -> Option<Duration> {
        let span = self.service(service).unlock_grace.filter(|_| !is_sshd(service))?;
        Some(span.get())
    }

    /// Whether any service may: else nothing is remembered of sessions.
    #[must_use]
    pub fn has_unlock_grace(&self) -> bool {
        self.service.keys().any(|name| self.unlock_grace(name).is_some())
    }

    /// How codes are judged where no mailed code opens anything.
    #[must_use]
    pub const fn rules(&self) -> Rules {
        let t = &self.throttle;
        Rules {
            window: self.totp.window.get(),
            drift_limit: self.totp.drift_limit.get(),
            limits: Limits {
                free_tries: t.free_tries.get(),
                first_wait: t.first_wait.get(),
                longest_wait: t.longest_wait.get(),
                disable_after: t.disable_after.get(),
            },
            mail: MailMode::Off,
        }
    }

    /// How codes are judged in one PAM service.
    #[must_use]
    pub fn rules_in(&self, service: &str) -> Rules {
        Rules { mail: self.email.mode_in(service), ..self.rules() }
    }

    /// Whose the records may be besides root's: the verifier's account, on its host.
    #[must_use]
    pub fn owner(&self) -> Owner {
        self.verifier.as_ref().map_or(Owner::ROOT, Verifier::owner)
    }

    /// The records of this machine.
    #[must_use]
    pub fn records(&self) -> FileStore {
        FileStore::of(self.store.path.path(), self.owner())
    }

    /// The sealing key.
    ///
    /// # Errors
    /// As [`SealingKey::load`].
    pub fn sealing_key(&self) -> Result<SealingKey, SealError> {
        let readers = match &self.seal.key {
            KeyPlace::Given(_) => Readers::Anyone,
            KeyPlace::File(_) | KeyPlace::Credential(_) => Readers::RootOnly,
        };
        SealingKey::load_of(&self.seal_key(), (self.owner(), readers))
    }

    /// The file that holds the sealing key.
    #[must_use]
    pub fn seal_key(&self) -> PathBuf {
        self.seal.key.path()
    }
}

/// Whether a service is one of sshd's: some systems run it under more names than one.
fn is_sshd(service: &str) -> bool {
    service.to_lowercase().starts_with("sshd")
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
