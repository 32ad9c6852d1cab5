//! Where one person stands: what `status` and `list` show, and what people may see of themselves.

use crate::credential::single_use::Kind as CodeKind;
use crate::credential::throttle::{Kind, Limits, Standing};
use crate::policy::account::{Account, LookupError};
use crate::policy::config;
use crate::policy::{self, Circumstances, Duty, Exemption};
use crate::record::Record;
use crate::record::enrolment::{Authenticator, Enrolment};
use crate::site::Site;
use crate::store::StoreError;
use crate::system::clock::Timestamp;
use crate::user::UserName;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The states a person can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// No second factor.
    NotEnrolled,
    /// An authenticator waits for its first code.
    Pending,
    /// A second factor is on.
    Enrolled,
    /// Was reset.
    MustEnroll,
    /// Too many wrong authenticator codes.
    Disabled,
}

/// One person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Status {
    /// Their name.
    pub user: String,
    /// Their state.
    pub state: State,
    /// Until when they wait.
    pub wait_until: WaitUntil,
    /// Whether two codes in one entry open nothing at the separate prompt, until another code was right or an unlock.
    #[serde(default)]
    pub pairs_are_closed: bool,
    /// Their authenticators.
    pub authenticators: Vec<Device>,
    /// Their registered address.
    pub email: Option<String>,
    /// An address that waits for its code.
    pub email_waits: Option<String>,
    /// Their recovery codes.
    pub recovery_codes: Codes,
    /// Their last login.
    pub last_success: Option<Timestamp>,
    /// Why they need no code, if so.
    pub exempt: Option<Exempt>,
    /// Where they need no code besides: in some services, or from some network alone.
    #[serde(default)]
    pub exempt_in: Vec<ExemptIn>,
    /// Since when a second factor has been on.
    pub since: Option<Timestamp>,
    /// How far this machine's clock is behind the last success.
    pub clock_behind: Option<Duration>,
    /// Emergency codes that still open.
    pub emergency_left: usize,
    /// Of how many, as far as the record remembers.
    #[serde(default)]
    pub emergency_issued: usize,
    /// Until when a pass opens.
    pub pass_until: Option<Timestamp>,
    /// An authenticator that waits for its first code, whatever the state.
    pub waiting: Option<Waiting>,
    /// Whether they are in the groups of the configuration.
    pub is_concerned: bool,
    /// Whether the account is not the one that was enrolled.
    pub is_other_uid: bool,
}

/// An authenticator that waits for its first code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// What the person calls it.
    pub label: String,
    /// Its end, unconfirmed.
    pub until: Timestamp,
    /// The label of the one that ends when it comes.
    pub replaces: Option<String>,
}

/// Until when each kind of credential waits.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct WaitUntil {
    /// Authenticator codes.
    pub authenticator: Option<Timestamp>,
    /// Combined entries.
    pub combined: Option<Timestamp>,
    /// Single-use codes.
    pub single_use: Option<Timestamp>,
    /// Mailed codes.
    pub mailed: Option<Timestamp>,
    /// Two codes in one entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<Timestamp>,
    /// The same behind a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub combined_pair: Option<Timestamp>,
}

/// One authenticator.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Device {
    /// What the person calls it.
    pub label: String,
    /// `totp`
    pub kind: String,
    /// When it was enrolled.
    pub added: Timestamp,
    /// When it last opened anything.
    pub last_used: Option<Timestamp>,
    /// The bits of its key, where they are fewer than RFC 4226 wants (§4 R6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_bits: Option<usize>,
}

/// Recovery codes: how many still open, of how many that were issued.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Codes {
    /// How many still open.
    pub left: usize,
    /// Of how many.
    pub issued: usize,
    /// When the set was made.
    pub made: Option<Timestamp>,
}

/// A dated exemption.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exempt {
    /// Why.
    pub reason: String,
    /// Who said so.
    pub approved_by: String,
    /// Through this day.
    pub until: String,
}

/// A dated exemption that does not hold for every login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExemptIn {
    /// Why.
    pub reason: String,
    /// Who said so.
    pub approved_by: String,
    /// Through this day.
    pub until: String,
    /// In these services alone.
    pub service: Option<Vec<String>>,
    /// From there alone.
    pub network: Option<String>,
}

impl From<&config::Exempt> for ExemptIn {
    fn from(exempt: &config::Exempt) -> Self {
        Self {
            reason: exempt.reason.as_str().to_owned(),
            approved_by: exempt.approved_by.as_str().to_owned(),
            until: exempt.until.to_string(),
            service: exempt.service.clone(),
            network: exempt.network.map(|network| network.to_string()),
        }
    }
}

impl From<Exemption> for Exempt {
    fn from(exemption: Exemption) -> Self {
        let Exemption { reason, approved_by, until } = exemption;
        Self { reason, approved_by, until: until.to_string() }
    }
}

impl Status {
    /// Someone of whom nothing is kept.
    #[must_use]
    pub fn unknown(user: String) -> Self {
        Self {
            user,
            state: State::NotEnrolled,
            wait_until: WaitUntil::default(),
            pairs_are_closed: false,
            authenticators: Vec::new(),
            email: None,
            email_waits: None,
            recovery_codes: Codes::default(),
            last_success: None,
            exempt: None,
            exempt_in: Vec::new(),
            since: None,
            clock_behind: None,
            emergency_left: 0,
            emergency_issued: 0,
            pass_until: None,
            waiting: None,
            is_concerned: true,
            is_other_uid: false,
        }
    }

    /// What a record says at `now`.
    #[must_use]
    pub fn of(record: &Record, limits: &Limits, now: Timestamp) -> Self {
        let Record { enrolment, ledger } = record;
        let standing = |kind| limits.standing(kind, ledger.tally(kind), now);
        let waits = |kind| match standing(kind) {
            Standing::Waiting(until) => Some(until),
            Standing::Free | Standing::Disabled => None,
        };
        let device = |a: &Authenticator| Device {
            label: a.label.clone(),
            kind: "totp".to_owned(),
            added: a.added,
            last_used: some(ledger.slot(a.slot, a.serial).last_used),
            key_bits: a.short_key_bits(),
        };
        let is_disabled = standing(Kind::Authenticator) == Standing::Disabled;
        Self {
            user: enrolment.user.to_string(),
            state: state(record, is_disabled, now),
            wait_until: WaitUntil {
                authenticator: waits(Kind::Authenticator),
                combined: waits(Kind::Combined),
                single_use: waits(Kind::SingleUse),
                mailed: waits(Kind::Mailed),
                pair: waits(Kind::Pair),
                combined_pair: waits(Kind::CombinedPair),
            },
            pairs_are_closed: standing(Kind::Pair) == Standing::Disabled,
            authenticators: enrolment.authenticators.iter().map(device).collect(),
            email: enrolment.email.as_ref().map(|e| e.address.to_string()),
            email_waits: address_waits(record, now),
            recovery_codes: Codes {
                left: record.recovery_left(),
                issued: enrolment.codes_of(CodeKind::Recovery).count(),
                made: enrolment.codes_of(CodeKind::Recovery).map(|code| code.issued).max(),
            },
            last_success: some(ledger.last_success),
            exempt: None,
            exempt_in: Vec::new(),
            since: enrolment.enrolled,
            clock_behind: record.clock_behind(now),
            emergency_left: record.codes_left(CodeKind::Emergency),
            emergency_issued: enrolment.codes_of(CodeKind::Emergency).count(),
            pass_until: pass_until(record, now),
            waiting: waiting(enrolment, now),
            is_concerned: true,
            is_other_uid: false,
        }
    }
}

/// Somebody as they stand; `None` when there is neither record nor account. A look-up that fails is told to `failed`.
///
/// # Errors
/// The record cannot be read.
pub fn look_up(
    site: &Site<'_>,
    name: &UserName,
    account: Option<&Account>,
    mut failed: impl FnMut(LookupError),
) -> Result<Option<Status>, StoreError> {
    let now = site.clock.now();
    let limits = site.config.rules().limits;
    let mut person = match (site.store.record(name)?, account) {
        (None, None) => return Ok(None),
        (None, Some(_)) => Status::unknown(name.to_string()),
        (Some(record), account) => Status {
            is_other_uid: account.is_some_and(|account| account.uid != record.enrolment.uid),
            ..Status::of(&record, &limits, now)
        },
    };
    if let Some(account) = account {
        let login = Circumstances { account, service: None, rhost: None, today: now.local().date() };
        match policy::duty(site.config, site.accounts, &login, &mut failed) {
            Duty::Concerned => {
                let bounded = policy::bounded(site.config, site.accounts, &login, failed);
                person.exempt_in = bounded.into_iter().map(ExemptIn::from).collect();
            }
            Duty::NotConcerned => person.is_concerned = false,
            Duty::Exempt(exemption) => person.exempt = Some(exemption.into()),
        }
    }
    Ok(Some(person))
}

fn waiting(enrolment: &Enrolment, now: Timestamp) -> Option<Waiting> {
    let authenticator = enrolment.pending_at(now)?;
    let pending = enrolment.pending.as_ref()?;
    let old = enrolment.authenticators.iter().find(|old| Some(old.serial) == pending.replaces);
    Some(Waiting {
        label: authenticator.label.clone(),
        until: pending.expires,
        replaces: old.map(|old| old.label.clone()),
    })
}

/// The end of a pass that still opens.
fn pass_until(record: &Record, now: Timestamp) -> Option<Timestamp> {
    let passes = record.enrolment.codes_of(CodeKind::Pass);
    let open = passes.filter(|pass| !record.ledger.is_spent(pass.place, pass.serial));
    open.filter_map(|pass| pass.expires).filter(|end| now <= *end).max()
}

fn some(moment: Timestamp) -> Option<Timestamp> {
    Some(moment).filter(|moment| *moment != Timestamp::default())
}

/// An address whose code can still be typed.
fn address_waits(record: &Record, now: Timestamp) -> Option<String> {
    let waiting = record.enrolment.unverified_email.as_ref();
    waiting.filter(|e| record.ledger.mail.is_pending(e.serial, now)).map(|e| e.address.to_string())
}

fn state(record: &Record, is_disabled: bool, now: Timestamp) -> State {
    use crate::record::enrolment::State as Kept;
    let enrolment = &record.enrolment;
    match enrolment.state {
        Kept::Enrolled if is_disabled => State::Disabled,
        Kept::Enrolled => State::Enrolled,
        // Also while an authenticator waits for its first code: a login still wants a pass.
        Kept::MustEnroll => State::MustEnroll,
        _ if enrolment.pending_at(now).is_some() || address_waits(record, now).is_some() => State::Pending,
        Kept::NotEnrolled => State::NotEnrolled,
    }
}
