//! `enroll`

use super::confirm::try_code;
use super::{Command, Ended};
use crate::failure::{Failure, Kind};
use crate::office::Office;
use crate::show::{Sheet, show_codes_and_end};
use crate::typed::{Echo, ask, ask_code};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::account::Account;
use wardkey_core::enrolling::{Begun, Confirmed, Problem, Uri, Wanted, Why};
use wardkey_core::seal::SealingKey;
use wardkey_core::secret::Secret;
use wardkey_core::totp::{Algorithm, Digits, Parameters, Period};
use wardkey_core::verify::Refusal;

/// Wrong codes after which clocks are worth a word.
const CLOCK_HELP_AFTER: usize = 5;

/// Enrols somebody: QR and key, one code from the app, then the recovery codes, shown once
///
/// Nothing counts until a code of the app was right; an enrolment broken off changes nothing. With --json the
/// authenticator is left pending for 24 hours, and `confirm` completes it.
#[derive(Debug, clap::Args)]
pub(crate) struct Enroll {
    /// Whom; left out: oneself
    user: Option<OsString>,
    /// Codes by mail; not in this version
    #[arg(long, value_name = "ADDR")]
    email: Option<String>,
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
    /// What the person calls this authenticator
    #[arg(long, value_name = "NAME", default_value = "app")]
    label: String,
}

fn algorithm(text: &str) -> Result<Algorithm, &'static str> {
    let all = [Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512];
    all.into_iter().find(|a| a.name().eq_ignore_ascii_case(text)).ok_or("must be SHA1, SHA256 or SHA512")
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    state: &'static str,
    authenticator: Shape<'a>,
    secret: &'a str,
    uri: &'a str,
}

#[derive(Serialize)]
struct Shape<'a> {
    label: &'a str,
    kind: &'static str,
    algorithm: &'static str,
    digits: u32,
    period: u32,
}

impl Command for Enroll {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        if self.email.is_some() {
            return Err(Failure::new(Kind::Usage, office.text.no_mail(), office.text.leave_out_email()));
        }
        let account = office.account(self.user.as_deref())?;
        let sealing = office.sealing_key()?;
        let begun = self.begin(office, &account, &sealing)?;
        office.journal.done("enroll", &account.name.to_string(), None);
        let host = host_name();
        let uri = Uri { issuer: office.config.issuer.as_str(), user: &account.name, host: &host };
        if office.console.is_json() {
            print_pending(office, &account, &begun, &uri);
            return Ok(Ended::Done);
        }
        office.console.raw(&Sheet { office, begun: &begun, uri: &uri }.render());
        let confirmed = ask_until_right(office, &account, &sealing)?;
        show_codes_and_end(office, &account.name.to_string(), &confirmed);
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("enroll", self.user.as_deref()))
    }
}

impl Enroll {
    fn begin(&self, office: &Office, account: &Account, sealing: &SealingKey) -> Result<Begun, Failure> {
        let site = office.config.totp.parameters();
        let parameters = Parameters {
            algorithm: self.algorithm.unwrap_or(site.algorithm),
            digits: self.digits.unwrap_or(site.digits),
            period: self.period.unwrap_or(site.period),
        };
        let key = if self.secret_stdin { Some(given_key(office)?) } else { None };
        let wanted = Wanted { label: self.label.clone(), parameters, key };
        office.desk().begin(account, sealing, &wanted).map_err(office.problem(&account.name))
    }
}

fn given_key(office: &Office) -> Result<Secret, Failure> {
    let text = &office.text;
    let line = ask(&office.console, &text.key_prompt(), Echo::Hidden);
    let line = line.ok_or_else(|| Failure::refused((text.no_key_given(), text.give_key())))?;
    let bad = || Failure::refused((text.bad_key(), text.give_key()));
    let key = std::str::from_utf8(line.expose()).map_err(|_| bad())?;
    Secret::from_base32(key).map_err(|_| bad())
}

fn print_pending(office: &Office, account: &Account, begun: &Begun, uri: &Uri<'_>) {
    let (secret, uri) = (begun.key.to_base32(), uri.of(begun));
    let answer = Answer {
        user: &account.name.to_string(),
        state: "pending",
        authenticator: Shape {
            label: &begun.label,
            kind: "totp",
            algorithm: begun.parameters.algorithm.name(),
            digits: begun.parameters.digits.get(),
            period: begun.parameters.period.get(),
        },
        secret: &secret,
        uri: &uri,
    };
    office.console.answer(&answer, String::new);
}

/// Asks for codes until one is right; a wrong one changes nothing, and the key stays the same.
fn ask_until_right(office: &Office, account: &Account, sealing: &SealingKey) -> Result<Confirmed, Failure> {
    let text = &office.text;
    let user = account.name.to_string();
    let mut wrong = 0;
    loop {
        let Some(typed) = ask_code(&office.console, &text.code_prompt(), Echo::Shown) else {
            return Err(Failure::refused((text.no_code_given(), text.still_pending(&user))));
        };
        let refusal = match try_code(office, account, sealing, &typed) {
            Err(Problem::Refused(Why::Code(refusal))) => refusal,
            other => return other.map_err(office.problem(&account.name)),
        };
        wrong += 1;
        let (what, remedy) = text.refusal(&refusal);
        office.console.say(&format!("{what} {remedy}"));
        if wrong >= CLOCK_HELP_AFTER && !matches!(refusal, Refusal::WrongTime { .. }) {
            office.console.say(&text.check_clocks());
        }
        office.console.say(&text.try_again());
    }
}

fn host_name() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
}
