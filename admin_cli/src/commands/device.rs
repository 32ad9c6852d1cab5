//! What a new authenticator is to compute, and with which key: options of every command that sets one up.

use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::input::{Echo, ask};
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::{Algorithm, Digits, Parameters, Period};
use wardkey_core::invalid_value::InvalidValue;

/// The options.
#[derive(Debug, clap::Args)]
pub(super) struct Device {
    /// Take the key (base32) from the first line of standard input
    #[arg(long)]
    secret_stdin: bool,
    /// SHA1, SHA256 or SHA512 [default: the configuration's]
    #[arg(long, value_name = "A", value_parser = algorithm)]
    algorithm: Option<Algorithm>,
    /// Digits of a code, 6 or 8 [default: the configuration's]
    #[arg(long, value_name = "N")]
    digits: Option<Digits>,
    /// Seconds a code lasts, 30 or 60 [default: the configuration's]
    #[arg(long, value_name = "N")]
    period: Option<Period>,
}

fn algorithm(text: &str) -> Result<Algorithm, InvalidValue> {
    let all = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
    all.into_iter().find(|a| a.name().eq_ignore_ascii_case(text)).ok_or(InvalidValue::NoAlgorithm)
}

impl Device {
    /// What it computes: the site's values where none are given.
    pub(super) fn parameters(&self, context: &Context) -> Parameters {
        let site = context.config.totp.parameters();
        Parameters {
            algorithm: self.algorithm.unwrap_or(site.algorithm),
            digits: self.digits.unwrap_or(site.digits),
            period: self.period.unwrap_or(site.period),
        }
    }

    /// The key, if one is given.
    pub(super) fn key(&self, context: &Context) -> Result<Option<Secret>, Failure> {
        if self.secret_stdin { given_key(context).map(Some) } else { Ok(None) }
    }
}

fn given_key(context: &Context) -> Result<Secret, Failure> {
    let text = &context.text;
    let line = ask(&context.console, &text.key_prompt(), Echo::Hidden);
    let line = line.ok_or_else(|| Failure::new(Kind::Usage, text, |t| (t.no_key_given(), t.give_key())))?;
    let bad = || Failure::new(Kind::Usage, text, |t| (t.bad_key(), t.give_key()));
    let key = std::str::from_utf8(line.expose()).map_err(|_| bad())?;
    Secret::from_base32(key).map_err(|_| bad())
}
