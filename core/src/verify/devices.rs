//! A person's authenticators with their keys unsealed, as one decision sees them.

use super::rules::Rules;
use super::verdict::Purpose;
use crate::credential::secret::Secret;
use crate::credential::totp::{self, Match, Position};
use crate::credential::{OtpCode, OtpPair};
use crate::record::Record;
use crate::record::enrolment::Authenticator;
use crate::record::ledger::{Ledger, SlotMark};
use crate::record::seal::SealingKey;
use crate::system::clock::Timestamp;

/// An authenticator, and what is known of it.
pub(super) struct Device<'a> {
    pub(super) authenticator: &'a Authenticator,
    /// Its key; `None` where the sealing key is missing or foreign.
    pub(super) key: Option<Secret>,
    pub(super) mark: SlotMark,
    /// Whether its codes are what is asked for. The others are looked at too: a code must not open twice by them.
    pub(super) is_asked: bool,
    at: Position,
}

/// A code, or two of them, and the step of each.
pub(super) type Steps<'t> = [(&'t OtpCode, u64)];

/// All of them, also the one that waits for its first code.
pub(super) fn unseal<'a>(
    by: (&Rules, &'a Record, Option<&SealingKey>),
    purpose: Purpose,
    now: Timestamp,
) -> Vec<Device<'a>> {
    let enrolment = &by.1.enrolment;
    let (active, pending) = match purpose {
        Purpose::Login => (true, false),
        Purpose::Confirm => (false, true),
        Purpose::ConfirmAddress => (false, false),
    };
    let active = enrolment.authenticators.iter().map(|a| (a, active));
    let pending = enrolment.pending_at(now).map(|a| (a, pending));
    active
        .chain(pending)
        .map(|(authenticator, is_asked)| Device::new(by, authenticator, is_asked, now))
        .collect()
}

impl<'a> Device<'a> {
    fn new(
        (rules, record, key): (&Rules, &Record, Option<&SealingKey>),
        authenticator: &'a Authenticator,
        is_asked: bool,
        now: Timestamp,
    ) -> Self {
        let home = authenticator.home(&record.enrolment.user);
        let key = key.and_then(|key| key.open(home, &authenticator.sealed).ok());
        let mark = record.ledger.slot(authenticator.slot, authenticator.serial);
        let limit = i64::try_from(rules.drift_limit).unwrap_or(i64::MAX);
        let drift = mark.drift.clamp(-limit, limit);
        let at = Position { now, drift, window: rules.window, next: mark.next };
        Self { authenticator, key, mark, is_asked, at }
    }

    pub(super) fn shows(&self, code: &OtpCode) -> bool {
        self.authenticator.parameters.digits.get() as usize == code.digits()
    }

    /// What a code is to this authenticator alone; `None` where its key is sealed off.
    pub(super) fn search(&self, code: &OtpCode) -> Option<Match> {
        let key = self.key.as_ref()?;
        Some(totp::search(key, &self.authenticator.parameters, code, self.at))
    }

    /// The step of the second of two codes, where they open, and how far it lies from the expected one.
    pub(super) fn search_pair(&self, pair: &OtpPair) -> Option<(u64, i64)> {
        let key = self.key.as_ref()?;
        totp::search_pair(key, &self.authenticator.parameters, (&pair.first, &pair.second), self.at)
    }

    /// Whether this is the code of one of the last accepted steps. All of them are compared.
    pub(super) fn remembers(&self, code: &OtpCode) -> bool {
        let Some(key) = self.key.as_ref().filter(|_| self.shows(code)) else { return false };
        let is_of = |step| code.matches(&self.authenticator.parameters.code(key, step));
        self.mark.accepted().fold(false, |found, step| found | is_of(step))
    }

    /// Whether these are the codes of two of the last accepted steps, one following the other.
    pub(super) fn remembers_pair(&self, pair: &OtpPair) -> bool {
        let Some(key) = self.key.as_ref().filter(|_| self.shows(&pair.first)) else { return false };
        let typed = (&pair.first, &pair.second);
        let is_of = |first| totp::is_pair_at(key, &self.authenticator.parameters, typed, first);
        let both = |first: &u64| self.mark.accepted().any(|step| Some(step) == first.checked_add(1));
        self.mark.accepted().filter(both).fold(false, |found, first| found | is_of(first))
    }

    /// The drift that an accepted step teaches: one step at a time.
    pub(super) fn drift_after(&self, drift_limit: u64, off_centre: i64) -> i64 {
        let limit = i64::try_from(drift_limit).unwrap_or(i64::MAX);
        (self.at.drift + off_centre.signum()).clamp(-limit, limit)
    }

    /// Whether both show the same codes, but for their length.
    fn is_twin_of(&self, other: &Self) -> bool {
        let ours = (self.authenticator.parameters.algorithm, self.authenticator.parameters.period);
        let theirs = (other.authenticator.parameters.algorithm, other.authenticator.parameters.period);
        let keys = self.key.as_ref().zip(other.key.as_ref());
        ours == theirs
            && keys.is_some_and(|(one, other)| self.authenticator.parameters.is_one_key(one, other))
    }

    /// The step that a code accepted for `opened` spends here: where both are one or have one key, or by chance one code.
    fn step_here(&self, opened: &Self, (code, step): (&OtpCode, u64)) -> Option<u64> {
        if std::ptr::eq(self, opened) || self.is_twin_of(opened) {
            return Some(step);
        }
        match self.search(code).filter(|_| self.shows(code))? {
            Match::Fresh { step, .. } => Some(step),
            Match::Used | Match::Far { .. } | Match::Wrong => None,
        }
    }
}

/// Spends what opened, in every slot that it is right for: one code must not open again by another.
pub(super) fn spend(
    (ledger, now): (&Ledger, Timestamp),
    devices: &[Device<'_>],
    opened: &Device<'_>,
    steps: &Steps<'_>,
    drift: i64,
) -> Ledger {
    let mut ledger = ledger.clone();
    for device in devices {
        let here = steps.iter().filter_map(|one| device.step_here(opened, *one));
        let mut mark = here.fold(device.mark, SlotMark::spending);
        if device.authenticator.serial == opened.authenticator.serial {
            mark = SlotMark { drift, last_used: now, ..mark };
        }
        if mark != device.mark {
            ledger.set_slot(device.authenticator.slot, mark);
        }
    }
    ledger
}
