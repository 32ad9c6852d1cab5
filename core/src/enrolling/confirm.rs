//! The second half of an enrolment: one live code makes the pending authenticator active.

use super::codes::replace_recovery;
use super::{Desk, Problem, Why, or_new};
use crate::account::Account;
use crate::clock::Timestamp;
use crate::credential::{OtpCode, SingleUseCode, Typed};
use crate::enrolment::State;
use crate::seal::{SealError, SealingKey};
use crate::single_use::Kind;
use crate::verify::{Attempt, Entry, Purpose, Refusal, Rules, Verdict, decide};

/// What holds from now on.
#[derive(Debug, Clone)]
pub struct Confirmed {
    /// Since when.
    pub since: Timestamp,
    /// The recovery codes, shown this once.
    pub recovery_codes: Vec<SingleUseCode>,
}

/// What a code at the confirmation is held against.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// How codes are judged.
    pub rules: &'a Rules,
    /// The site's key.
    pub sealing: &'a SealingKey,
    /// How many recovery codes make a set.
    pub recovery_codes: usize,
}

impl Desk<'_> {
    /// Takes the first code of the pending authenticator: its step is on disk as spent before anything else
    /// changes. Then the authenticator and its recovery codes come into force in one step; if that fails the
    /// authenticator stays pending, and its next code will do.
    ///
    /// # Errors
    /// [`Why::NothingPending`], [`Why::Code`] with the hint about clocks inside, [`Why::NoRoom`], or [`Problem`].
    pub fn confirm(&self, account: &Account, terms: Terms<'_>, typed: &Typed) -> Result<Confirmed, Problem> {
        let Typed::Otp(code) = typed else { return Err(Why::Code(Refusal::Malformed).into()) };
        let serial = self.show_live(account, terms, code)?;
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, ledger) = or_new(record, account)?;
            let pending = enrolment.pending.take().filter(|p| p.authenticator.serial == serial);
            let mut authenticator = pending.ok_or(Why::NothingPending)?.authenticator;
            let since = self.clock.now();
            authenticator.added = since;
            enrolment.authenticators.push(authenticator);
            enrolment.state = State::Enrolled;
            enrolment.enrolled = enrolment.enrolled.or(Some(since));
            enrolment.codes.retain(|code| code.kind != Kind::Pass);
            let recovery_codes = replace_recovery(&mut enrolment, &ledger, terms.recovery_codes, since)?;
            Ok((enrolment, Confirmed { since, recovery_codes }))
        })
    }

    /// Judges the code, spends its step and answers the pending authenticator's serial.
    fn show_live(&self, account: &Account, terms: Terms<'_>, code: &OtpCode) -> Result<u64, Problem> {
        let entry = Entry::Otp(code.clone());
        let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::Confirm };
        let mut outcome = None;
        let found = self.store.attempt(&account.name, &mut |record| {
            let now = self.clock.now();
            let serial = record.enrolment.pending_at(now).map(|authenticator| authenticator.serial);
            let (verdict, change) = decide(terms.rules, record, Some(terms.sealing), attempt, now);
            outcome = Some((serial, verdict));
            change
        })?;
        let (Some(()), Some((Some(serial), verdict))) = (found, outcome) else {
            return Err(Why::NothingPending.into());
        };
        match verdict {
            Verdict::Accepted(_) => Ok(serial),
            Verdict::Refused(Refusal::OtherUid) => Err(Why::OtherUid.into()),
            Verdict::Refused(why) => Err(Why::Code(why).into()),
            Verdict::Unsealable => Err(SealError::Foreign.into()),
        }
    }
}

#[cfg(test)]
#[path = "confirm_tests.rs"]
mod tests;
