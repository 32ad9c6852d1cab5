//! The configuration in force, and what systemd gave to the service.

use nix::unistd::geteuid;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use wardkey_core::policy::config::{Config, KeyPlace, Source, Verifier};

/// The sealing key among the credentials of the service (systemd.exec(5), `LoadCredential=`).
const SEAL_KEY: &str = "seal.key";

/// Read again for each question, as the helper does.
pub(crate) struct Settings {
    source: Mutex<Source>,
    given_key: Option<PathBuf>,
}

impl Settings {
    /// By the configuration at `named`, or else at the default place; it must be one by which this account may judge.
    pub(crate) fn new(named: Option<PathBuf>) -> Result<Self, String> {
        let settings = Self { source: Mutex::new(Source::new(named)), given_key: given_key() };
        let config = settings.now()?;
        let verifier = of(&config)?;
        if config.owner().uid() != Some(geteuid().as_raw()) {
            return Err(format!(
                "the configuration has user = {:?} under [verifier]: start it as that account",
                verifier.user.as_str()
            ));
        }
        Ok(settings)
    }

    /// As the files are at this moment.
    pub(crate) fn now(&self) -> Result<Config, String> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        let mut config = source.now().map_err(|e| e.to_string())?.clone();
        drop(source);
        if let Some(path) = &self.given_key {
            config.seal.key = KeyPlace::Given(path.clone());
        }
        Ok(config)
    }
}

/// The section without which there is no verifier.
pub(crate) fn of(config: &Config) -> Result<&Verifier, String> {
    config.verifier.as_ref().ok_or_else(|| "the configuration has no [verifier]".to_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "systemd says it so; who starts this service sets its environment"
)]
fn given_key() -> Option<PathBuf> {
    let directory = std::env::var_os("CREDENTIALS_DIRECTORY")?;
    let path = Path::new(&directory).join(SEAL_KEY);
    (path.is_absolute() && path.exists()).then_some(path)
}
