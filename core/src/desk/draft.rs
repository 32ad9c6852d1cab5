//! An enrolment in one go: nothing is kept of it before the person has their codes. A login can break off at any
//! moment, and must leave no half of an enrolment behind.

use super::codes::{drop_spent, replace_recovery};
use super::confirm::enrolled_since;
use super::{Begun, Desk, Problem, Why, next_generation, or_new};
use crate::credential::secret::Secret;
use crate::credential::single_use::{Kind, StoredCode};
use crate::credential::throttle;
use crate::credential::totp::Parameters;
use crate::credential::{OtpCode, SingleUseCode, Typed};
use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::{Authenticator, Enrolment, Pending, State};
use crate::record::ledger::{FarMark, Ledger, SlotMark};
use crate::record::seal::{Home, SealError, SealingKey};
use crate::store::Amendment;
use crate::system::clock::Timestamp;
use crate::user::UserName;
use crate::verify::{Attempt, Entry, Purpose, Refusal, Rules, Verdict, decide};
use std::time::Duration;

/// How long a draft counts as pending for the judge, who sees it for one moment only.
const MOMENT: Duration = Duration::from_secs(1);

/// By what right someone enrols in a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// The site trusts the first who has the password. That ends with the first enrolment, for good.
    Password,
    /// A pass opened the login while the record had this generation; a reset or removal since has voided it.
    Pass {
        /// The record's generation.
        generation: u64,
    },
}

impl Right {
    /// The word in audit lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Pass { .. } => "pass",
        }
    }

    fn check(self, enrolment: Option<&Enrolment>, account: &Account) -> Result<(), Why> {
        if enrolment.is_some_and(|e| e.uid != account.uid) {
            return Err(Why::OtherUid);
        }
        let generation = enrolment.map(|e| e.generation);
        match (enrolment.map(|e| e.state), self) {
            (Some(State::Enrolled), _) => Err(Why::AlreadyEnrolled),
            (Some(State::MustEnroll), Self::Password) => Err(Why::MustEnroll),
            (None | Some(State::NotEnrolled), Self::Password) => Ok(()),
            (_, Self::Pass { generation: opened }) if generation == Some(opened) => Ok(()),
            (_, Self::Pass { .. }) => Err(Why::MustEnroll),
        }
    }
}

/// An authenticator that only this process and its person know of.
#[derive(Debug, Clone)]
pub struct Draft {
    right: Right,
    begun: Begun,
}

impl Draft {
    /// What the person's app must be told.
    #[must_use]
    pub const fn begun(&self) -> &Begun {
        &self.begun
    }

    /// The draft as the pending authenticator of a record that is never written.
    fn record(
        &self,
        user: &UserName,
        uid: u32,
        sealing: &SealingKey,
        now: Timestamp,
    ) -> Result<Record, SealError> {
        let mut enrolment = Enrolment::new(user.clone(), uid, 0);
        let serial = enrolment.take_serial();
        let authenticator = self.seal(user, (0, serial), sealing, now)?;
        enrolment.pending =
            Some(Pending { expires: now.plus(MOMENT), replaces: None, tries: 0, authenticator });
        Ok(Record { enrolment, ledger: Ledger::default() })
    }

    fn seal(
        &self,
        user: &UserName,
        (slot, serial): (u8, u64),
        sealing: &SealingKey,
        added: Timestamp,
    ) -> Result<Authenticator, SealError> {
        let Begun { key, label, parameters } = &self.begun;
        let sealed = sealing.seal(Home { user, slot, serial }, key)?;
        Ok(Authenticator { slot, serial, label: label.clone(), added, sealed, parameters: *parameters })
    }
}

/// A draft that has shown a live code.
#[derive(Debug, Clone)]
pub struct Proven {
    draft: Draft,
    /// What spends the step of that code, once there is a ledger to write it to.
    mark: SlotMark,
}

/// A proven draft with the codes the person must have kept before it may be activated.
#[derive(Debug, Clone)]
pub struct Ready {
    proven: Proven,
    shown: Vec<SingleUseCode>,
    stored: Vec<StoredCode>,
}

impl Ready {
    /// The recovery codes. They open nothing yet.
    #[must_use]
    pub fn recovery_codes(&self) -> &[SingleUseCode] {
        &self.shown
    }

    /// Everything in force: the record and the ledger as they are to be written.
    fn in_force(
        &self,
        account: &Account,
        sealing: &SealingKey,
        (enrolment, ledger): (Option<Enrolment>, &Ledger),
        now: Timestamp,
    ) -> Result<(Enrolment, Ledger), Problem> {
        let Proven { draft, mark } = &self.proven;
        draft.right.check(enrolment.as_ref(), account)?;
        let (mut enrolment, mut ledger) = match enrolment {
            Some(enrolment) => (enrolment, ledger.clone()),
            None => {
                let generation = next_generation(ledger.generation, now);
                let new = Enrolment::new(account.name.clone(), account.uid, generation);
                (new, Ledger { generation, ..Ledger::default() })
            }
        };
        let slot = enrolment.free_slot().ok_or(Why::NoRoom { free: 0 })?;
        let serial = enrolment.take_serial();
        enrolment.authenticators.push(draft.seal(&account.name, (slot, serial), sealing, now)?);
        enrolment.pending = None;
        enrolled_since(&mut enrolment, now);
        self.put_codes(&mut enrolment, &ledger)?;
        ledger.set_slot(slot, SlotMark { serial, ..*mark });
        ledger.tally_mut(throttle::Kind::Authenticator).forgive();
        ledger.last_success = ledger.last_success.max(now);
        ledger.far = FarMark::default();
        Ok((enrolment, ledger))
    }

    /// Puts the codes the person has seen where their first characters say.
    fn put_codes(&self, enrolment: &mut Enrolment, ledger: &Ledger) -> Result<(), Problem> {
        enrolment.codes.retain(|code| code.kind != Kind::Recovery);
        drop_spent(enrolment, ledger);
        for code in &self.stored {
            // Somebody's new code took the place meanwhile: what was shown would not open anything.
            if enrolment.codes.iter().any(|other| other.place == code.place) {
                return Err(Problem::Changing);
            }
            let serial = enrolment.take_serial();
            enrolment.codes.push(StoredCode { serial, ..code.clone() });
        }
        Ok(())
    }
}

impl Desk<'_> {
    /// Makes a key for someone who enrols in one go. Nothing is written.
    ///
    /// # Errors
    /// [`Why::AlreadyEnrolled`], [`Why::MustEnroll`] when the right is void, [`Why::OtherUid`], or [`Problem`].
    pub fn draft(
        &self,
        account: &Account,
        right: Right,
        label: &str,
        parameters: Parameters,
    ) -> Result<Draft, Problem> {
        right.check(self.store.enrolment(&account.name)?.as_ref(), account)?;
        let key = Secret::random(parameters.algorithm.key_len())?;
        Ok(Draft { right, begun: Begun { key, label: label.to_owned(), parameters } })
    }

    /// Judges the first code of a draft. Wrong ones change nothing; the right one opens nothing before
    /// [`Self::activate`], which writes its step as spent together with all else.
    ///
    /// # Errors
    /// [`Why::Code`] with the hint about clocks inside, or [`Problem`].
    pub fn prove(
        &self,
        account: &Account,
        (rules, sealing): (&Rules, &SealingKey),
        draft: &Draft,
        typed: &Typed,
    ) -> Result<Proven, Problem> {
        let Typed::Otp(code) = typed else { return Err(Why::Code(Refusal::Malformed).into()) };
        let code: &OtpCode = code;
        let now = self.clock.now();
        let record = draft.record(&account.name, account.uid, sealing, now)?;
        let entry = Entry::Otp(code.clone());
        let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::Confirm };
        let shown = record.enrolment.pending.as_ref().map(|p| (p.authenticator.slot, p.authenticator.serial));
        let mut mark = SlotMark::default();
        // There is no record to write to. What is kept here in its place opens nothing before it is on disk.
        let kept = decide(rules, &record, Some(sealing), attempt, now).once_durable(|ledger| {
            mark = shown.map_or(mark, |(slot, serial)| ledger.slot(slot, serial));
            Ok::<(), Problem>(())
        });
        match kept? {
            Verdict::Accepted(_) => Ok(Proven { draft: draft.clone(), mark }),
            Verdict::Refused(why) => Err(Why::Code(why).into()),
            Verdict::Unsealable => Err(SealError::Foreign.into()),
        }
    }

    /// Makes `count` recovery codes for a proven draft; Argon2id runs, and nobody waits. Nothing is written.
    ///
    /// # Errors
    /// As [`Self::draft`], and [`Why::NoRoom`].
    pub fn prepare(&self, account: &Account, proven: Proven, count: usize) -> Result<Ready, Problem> {
        let record = self.store.record(&account.name)?;
        proven.draft.right.check(record.as_ref().map(|r| &r.enrolment), account)?;
        let (mut enrolment, ledger) = or_new(record, account)?;
        enrolment.codes.retain(|code| code.kind != Kind::Pass);
        let shown = replace_recovery(&mut enrolment, &ledger, count, self.clock.now())?;
        let stored = enrolment.codes_of(Kind::Recovery).cloned().collect();
        Ok(Ready { proven, shown, stored })
    }

    /// Puts authenticator and codes into force in one step, the ledger first, so that no code that was typed opens
    /// again. Passes are void from then on; the answer is since when.
    ///
    /// # Errors
    /// As [`Self::prepare`]; [`Problem::Changing`] when the record has no room for the shown codes any more.
    /// Nothing has changed then.
    pub fn activate(
        &self,
        account: &Account,
        sealing: &SealingKey,
        ready: &Ready,
    ) -> Result<Timestamp, Problem> {
        let mut outcome = Err(Problem::Changing);
        self.store.amend(&account.name, &mut |enrolment, ledger| {
            let since = self.clock.now();
            match ready.in_force(account, sealing, (enrolment, ledger), since) {
                Ok((enrolment, ledger)) => {
                    outcome = Ok(since);
                    Amendment::Write(Box::new(enrolment), Some(ledger))
                }
                Err(problem) => {
                    outcome = Err(problem);
                    Amendment::Keep
                }
            }
        })?;
        outcome
    }
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
