//! The second half of an enrolment: one live code makes the pending authenticator active.

use super::codes::{Keep, replace_recovery};
use super::replace::{Effect, join};
use super::{Desk, Problem, Why, or_new};
use crate::credential::single_use::Kind;
use crate::credential::{OtpCode, SingleUseCode, Typed};
use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::{Enrolment, Pending, State};
use crate::record::ledger::Ledger;
use crate::record::seal::{SealError, SealingKey};
use crate::system::clock::Timestamp;
use crate::verify::{Attempt, Entry, Purpose, Refusal, Rules, Verdict, decide};
use serde::{Deserialize, Serialize};

/// Codes that may be tried for one pending authenticator where they are counted.
const TRIES: u8 = 10;

/// What holds from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Confirmed {
    /// Since when.
    pub since: Timestamp,
    /// What that changed.
    pub effect: Effect,
    /// The recovery codes, shown this once; none for someone who had some already.
    pub recovery_codes: Vec<SingleUseCode>,
    /// Recovery codes that open from now on.
    pub recovery_left: usize,
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
    /// changes. Then the authenticator and its recovery codes come into force in one step, in which the one it
    /// replaces ends; if that fails the authenticator stays pending, and its next code will do. Before that `keep` puts the
    /// recovery codes where the person finds them.
    ///
    /// # Errors
    /// [`Why::NothingPending`], [`Why::Code`] with the hint about clocks inside, [`Why::NoRoom`], or
    /// [`Problem`]; what `keep` cannot keep is not in force.
    pub fn confirm(
        &self,
        account: &Account,
        terms: Terms<'_>,
        typed: &Typed,
        keep: Keep<'_>,
    ) -> Result<Confirmed, Problem> {
        let Typed::Otp(code) = typed else { return Err(Why::Code(Refusal::Malformed).into()) };
        // Before the code is spent: the next one would fare no better.
        self.check_room(account, terms.recovery_codes)?;
        let shown = self.show_live(account, terms, code)?;
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, ledger) = or_new(record, account)?;
            // A reset restarts the serials: what waits now may be something else.
            let generation = enrolment.generation;
            let same = |p: &Pending| (generation, p.authenticator.serial) == shown;
            let pending = enrolment.pending.take().filter(same).ok_or(Why::NothingPending)?;
            let record = Record { enrolment, ledger };
            let (enrolment, confirmed) = settle(record, pending, terms.recovery_codes, self.clock.now())?;
            keep(&confirmed.recovery_codes)?;
            Ok((enrolment, confirmed))
        })
    }

    /// Counts a code that is about to be tried by somebody who may not have seen the key: a program of the person's.
    /// After ten no code confirms the authenticator, and the person has to begin again.
    ///
    /// # Errors
    /// [`Why::NothingPending`], also after ten; or [`Problem`].
    pub fn count_try(&self, account: &Account) -> Result<(), Problem> {
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, _) = or_new(record, account)?;
            let pending = enrolment.pending.as_mut().filter(|pending| pending.tries < TRIES);
            pending.ok_or(Why::NothingPending)?.tries += 1;
            Ok((enrolment, ()))
        })
    }

    /// Judges the code, spends its step and answers which authenticator it was: generation and serial.
    fn show_live(&self, account: &Account, terms: Terms<'_>, code: &OtpCode) -> Result<(u64, u64), Problem> {
        let entry = Entry::Otp(code.clone());
        let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::Confirm };
        let mut shown = None;
        let verdict = self.store.attempt(&account.name, &mut |record| {
            let now = self.clock.now();
            shown = record.enrolment.pending_at(now).map(|a| (record.enrolment.generation, a.serial));
            decide(terms.rules, record, Some(terms.sealing), attempt, now)
        })?;
        let (Some(verdict), Some(shown)) = (verdict, shown) else {
            return Err(Why::NothingPending.into());
        };
        match verdict {
            Verdict::Accepted(_) => Ok(shown),
            Verdict::Refused(Refusal::OtherUid) => Err(Why::OtherUid.into()),
            Verdict::Refused(why) => Err(Why::Code(why).into()),
            Verdict::Unsealable => Err(SealError::Foreign.into()),
        }
    }
}

/// What someone has once their pending authenticator has shown a code.
fn settle(
    record: Record,
    pending: Pending,
    codes: usize,
    since: Timestamp,
) -> Result<(Enrolment, Confirmed), Problem> {
    let Record { mut enrolment, ledger } = record;
    let is_first = enrolment.state != State::Enrolled;
    let effect = join(&mut enrolment, pending, since)?;
    if matches!(effect, Effect::Replaced(_)) {
        // After the success of this code, even if the clock was set back: the next login says so, and no later one.
        enrolment.replaced = Some(Timestamp(since.max(ledger.last_success).0.saturating_add(1)));
    }
    if !is_first {
        let recovery_left = Record { enrolment: enrolment.clone(), ledger }.recovery_left();
        return Ok((enrolment, Confirmed { since, effect, recovery_codes: Vec::new(), recovery_left }));
    }
    let confirmed = switch_on(&mut enrolment, &ledger, codes, since)?;
    Ok((enrolment, confirmed))
}

/// Enrols someone who has an authenticator now: recovery codes come, and passes have done their duty.
pub(super) fn switch_on(
    enrolment: &mut Enrolment,
    ledger: &Ledger,
    codes: usize,
    since: Timestamp,
) -> Result<Confirmed, Problem> {
    enrolled_since(enrolment, since);
    let recovery_codes = replace_recovery(enrolment, ledger, codes, since)?;
    let recovery_left = recovery_codes.len();
    Ok(Confirmed { since, effect: Effect::SwitchedOn, recovery_codes, recovery_left })
}

/// Someone who has an authenticator is enrolled; passes have done their duty.
pub(super) fn enrolled_since(enrolment: &mut Enrolment, since: Timestamp) {
    enrolment.state = State::Enrolled;
    enrolment.enrolled = enrolment.enrolled.or(Some(since));
    enrolment.codes.retain(|code| code.kind != Kind::Pass);
}

#[cfg(test)]
#[path = "confirm_tests.rs"]
mod tests;
