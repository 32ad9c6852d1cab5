//! One person as `status` and `list` show them: the contract's JSON.

use serde::Serialize;
use std::time::Duration;
use wardkey_core::clock::Timestamp;
use wardkey_core::enrolment::{Authenticator, Enrolment};
use wardkey_core::policy::Exemption;
use wardkey_core::single_use::Kind as CodeKind;
use wardkey_core::throttle::{Kind, Limits, Standing};
use wardkey_core::verify::Record;

/// The contract's states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// No second factor
    NotEnrolled,
    /// An authenticator waits for its first code
    Pending,
    /// A second factor is on
    Enrolled,
    /// Was reset
    MustEnroll,
    /// Too many wrong authenticator codes
    Disabled,
}

/// The contract's object.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Person {
    pub(crate) user: String,
    pub(crate) state: State,
    pub(crate) wait_until: WaitUntil,
    pub(crate) authenticators: Vec<Device>,
    pub(crate) email: Option<String>,
    pub(crate) recovery_codes: Codes,
    pub(crate) last_success: Option<Timestamp>,
    pub(crate) exempt: Option<Exempt>,
    /// Since when a second factor has been on; the contract has no key for it.
    #[serde(skip)]
    pub(crate) since: Option<Timestamp>,
    /// How far this machine's clock is behind the last success.
    #[serde(skip)]
    pub(crate) clock_behind: Option<Duration>,
    /// Emergency codes that still open.
    #[serde(skip)]
    pub(crate) emergency_left: usize,
    /// Until when a pass opens.
    #[serde(skip)]
    pub(crate) pass_until: Option<Timestamp>,
    /// An authenticator that waits for its first code, whatever the state.
    #[serde(skip)]
    pub(crate) waiting: Option<Waiting>,
    /// Whether they are in the groups of the configuration.
    #[serde(skip)]
    pub(crate) is_concerned: bool,
    /// Whether the account is not the one that was enrolled.
    #[serde(skip)]
    pub(crate) is_other_uid: bool,
}

/// An authenticator that waits for its first code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) label: String,
    pub(crate) until: Timestamp,
    /// The label of the one that ends when it comes.
    pub(crate) replaces: Option<String>,
}

/// Until when each kind of credential waits.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct WaitUntil {
    pub(crate) authenticator: Option<Timestamp>,
    pub(crate) combined: Option<Timestamp>,
    pub(crate) single_use: Option<Timestamp>,
    pub(crate) mailed: Option<Timestamp>,
}

/// One authenticator.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Device {
    pub(crate) label: String,
    pub(crate) kind: &'static str,
    pub(crate) added: Timestamp,
    pub(crate) last_used: Option<Timestamp>,
}

/// Recovery codes: how many still open, of how many that were issued.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Codes {
    pub(crate) left: usize,
    pub(crate) issued: usize,
    /// When the set was made.
    #[serde(skip)]
    pub(crate) made: Option<Timestamp>,
}

/// A dated exemption.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Exempt {
    pub(crate) reason: String,
    pub(crate) approved_by: String,
    pub(crate) until: String,
}

impl From<Exemption> for Exempt {
    fn from(exemption: Exemption) -> Self {
        let Exemption { reason, approved_by, until } = exemption;
        Self { reason, approved_by, until: until.to_string() }
    }
}

impl Person {
    /// Someone of whom nothing is kept.
    pub(crate) fn unknown(user: String) -> Self {
        Self {
            user,
            state: State::NotEnrolled,
            wait_until: WaitUntil::default(),
            authenticators: Vec::new(),
            email: None,
            recovery_codes: Codes::default(),
            last_success: None,
            exempt: None,
            since: None,
            clock_behind: None,
            emergency_left: 0,
            pass_until: None,
            waiting: None,
            is_concerned: true,
            is_other_uid: false,
        }
    }

    /// What a record says at `now`.
    pub(crate) fn of(record: &Record, limits: &Limits, now: Timestamp) -> Self {
        let Record { enrolment, ledger } = record;
        let waits = |kind| match limits.standing(kind, ledger.tally(kind), now) {
            Standing::Waiting(until) => Some(until),
            Standing::Free | Standing::Disabled => None,
        };
        let device = |a: &Authenticator| Device {
            label: a.label.clone(),
            kind: "totp",
            added: a.added,
            last_used: some(ledger.slot(a.slot, a.serial).last_used),
        };
        let is_disabled = limits.standing(Kind::Authenticator, ledger.tally(Kind::Authenticator), now)
            == Standing::Disabled;
        Self {
            user: enrolment.user.to_string(),
            state: state(enrolment, is_disabled, now),
            wait_until: WaitUntil {
                authenticator: waits(Kind::Authenticator),
                combined: waits(Kind::Combined),
                single_use: waits(Kind::SingleUse),
                mailed: waits(Kind::Mailed),
            },
            authenticators: enrolment.authenticators.iter().map(device).collect(),
            email: None,
            recovery_codes: Codes {
                left: record.recovery_left(),
                issued: enrolment.codes_of(CodeKind::Recovery).count(),
                made: enrolment.codes_of(CodeKind::Recovery).map(|code| code.issued).max(),
            },
            last_success: some(ledger.last_success),
            exempt: None,
            since: enrolment.enrolled,
            clock_behind: record.clock_behind(now),
            emergency_left: record.codes_left(CodeKind::Emergency),
            pass_until: pass_until(record, now),
            waiting: waiting(enrolment, now),
            is_concerned: true,
            is_other_uid: false,
        }
    }
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

fn state(enrolment: &Enrolment, is_disabled: bool, now: Timestamp) -> State {
    use wardkey_core::enrolment::State as Kept;
    match enrolment.state {
        Kept::Enrolled if is_disabled => State::Disabled,
        Kept::Enrolled => State::Enrolled,
        // Also while an authenticator waits for its first code: a login still wants a pass.
        Kept::MustEnroll => State::MustEnroll,
        _ if enrolment.pending_at(now).is_some() => State::Pending,
        Kept::NotEnrolled => State::NotEnrolled,
    }
}
