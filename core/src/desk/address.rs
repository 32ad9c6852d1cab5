//! The registered address: set by a code that was sent to it, and what goes to it afterwards.

use super::authenticators::enrolled;
use super::confirm::switch_on;
use super::{Desk, Problem, Why, next_generation, or_new};
use crate::credential::mailed::MailMode;
use crate::credential::mailed::{Address, MailedCode, Recipient, Registered, Unverified};
use crate::credential::throttle::{Kind, Standing};
use crate::credential::{SingleUseCode, Typed};
use crate::policy::account::Account;
use crate::policy::config::Email;
use crate::record::Record;
use crate::record::enrolment::{Enrolment, State};
use crate::record::ledger::Ledger;
use crate::store::Amendment;
use crate::system::clock::Timestamp;
use crate::user::UserName;
use crate::verify::{Attempt, Entry, Judged, Purpose, Refusal, Rules, Verdict, decide};
use std::time::Duration;

/// A code on disk as pending, to be sent now.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The code.
    pub code: MailedCode,
    /// Where to send it.
    pub address: Address,
    /// How long it opens.
    pub lifetime: Duration,
}

/// What holds once an address has shown its code.
#[derive(Debug, Clone)]
pub struct AddressConfirmed {
    /// Since when.
    pub since: Timestamp,
    /// The address.
    pub address: Address,
    /// The one that it takes the place of, to be told of it.
    pub former: Option<Address>,
    /// Whether mail is what switched the second factor on.
    pub is_first: bool,
    /// The recovery codes, shown this once; none for someone who had some already.
    pub recovery_codes: Vec<SingleUseCode>,
    /// Recovery codes that open from now on.
    pub recovery_left: usize,
}

impl Desk<'_> {
    /// Notes an address that counts for nothing before [`Self::confirm_address`], and makes the code to send to it. An
    /// address that was waiting for its code is given up; a registered one stays until the new one has shown its code.
    ///
    /// # Errors
    /// [`Why::MailIsOff`], [`Why::NotEnrolled`] for someone without an authenticator where mail is no factor of its own,
    /// [`Why::MustEnroll`], [`Why::OtherUid`], [`Why::TooManyMails`], or [`Problem`].
    pub fn set_address(
        &self,
        account: &Account,
        email: &Email,
        address: &Address,
    ) -> Result<Issued, Problem> {
        self.issue(account, email.lifetime.get(), &mut |enrolment, _, _| {
            check_may_have_mail(enrolment, email.mode)?;
            let serial = enrolment.take_serial();
            enrolment.unverified_email = Some(Unverified { address: address.clone(), serial });
            Ok((serial, address.clone()))
        })
    }

    /// Makes a code that opens one login, to be sent to the registered address.
    ///
    /// # Errors
    /// [`Why::MailIsOff`], [`Why::NoAddress`], [`Why::NotEnrolled`], [`Why::MustEnroll`], [`Why::OtherUid`],
    /// [`Why::TooManyMails`], [`Why::Code`] while mailed codes wait, or [`Problem`].
    pub fn mail_code(&self, account: &Account, rules: &Rules, email: &Email) -> Result<Issued, Problem> {
        self.issue(account, email.lifetime.get(), &mut |enrolment, ledger, now| {
            enrolled(enrolment)?;
            let registered = enrolment.email.as_ref().ok_or(Why::NoAddress)?;
            match rules.mail {
                MailMode::Off => return Err(Why::MailIsOff),
                MailMode::Recovery if enrolment.authenticators.is_empty() => return Err(Why::MailIsOff),
                MailMode::Recovery | MailMode::Factor => {}
            }
            // It could not be tried now; sending it would only use up what may be sent.
            match rules.limits.standing(Kind::Mailed, ledger.tally(Kind::Mailed), now) {
                Standing::Free => Ok((registered.serial, registered.address.clone())),
                Standing::Waiting(until) => Err(Why::Code(Refusal::Waiting { until, two_codes: false })),
                Standing::Disabled => Err(Why::Code(Refusal::Disabled)),
            }
        })
    }

    /// Lets `admit` say where a code goes, and has it on disk as pending before anyone sends it.
    fn issue(&self, account: &Account, lifetime: Duration, admit: Admit<'_>) -> Result<Issued, Problem> {
        let mut outcome = Err(Problem::Changing);
        self.store.amend(&account.name, &mut |enrolment, ledger| {
            let now = self.clock.now();
            let before = enrolment.clone();
            let made = prepare(enrolment, ledger, account, now).and_then(|(mut enrolment, mut ledger)| {
                let (serial, address) = admit(&mut enrolment, &ledger, now)?;
                if let Some(until) = ledger.mail.wait_until(now) {
                    return Err(Why::TooManyMails(until).into());
                }
                let Enrolment { user, generation, .. } = &enrolment;
                let to = Recipient { user, generation: *generation, address: serial };
                let (mark, code) = ledger.mail.issue(&to, lifetime, now)?;
                ledger.mail = mark;
                Ok((enrolment, ledger, Issued { code, address, lifetime }))
            });
            match made {
                Ok((enrolment, ledger, issued)) => {
                    outcome = Ok(issued);
                    if before.as_ref() == Some(&enrolment) {
                        Amendment::Ledger(ledger)
                    } else {
                        Amendment::Write(Box::new(enrolment), Some(ledger))
                    }
                }
                Err(problem) => {
                    outcome = Err(problem);
                    Amendment::Keep
                }
            }
        })?;
        outcome
    }

    /// Takes the code that was sent to an unverified address; the address counts from then on. Someone who had no
    /// second factor is enrolled by it, where the site lets mail be one.
    ///
    /// # Errors
    /// [`Why::NothingPending`], [`Why::Code`], [`Why::NoRoom`], or [`Problem`].
    pub fn confirm_address(
        &self,
        account: &Account,
        (rules, mode): (&Rules, MailMode),
        recovery_codes: usize,
        typed: &Typed,
    ) -> Result<AddressConfirmed, Problem> {
        let Typed::Otp(code) = typed else { return Err(Why::Code(Refusal::Malformed).into()) };
        // Before the code is spent: the next one would fare no better.
        self.check_room(account, recovery_codes)?;
        let entry = Entry::Otp(code.clone());
        let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::ConfirmAddress };
        let mut shown = None;
        let verdict = self.store.attempt(&account.name, &mut |record| {
            let waiting = record.enrolment.unverified_email.as_ref();
            shown = waiting.map(|e| (record.enrolment.generation, e.serial));
            if shown.is_none() {
                return Judged::refused(Refusal::Wrong);
            }
            decide(rules, record, None, attempt, self.clock.now())
        })?;
        let (verdict, shown) = verdict.zip(shown).ok_or(Why::NothingPending)?;
        match verdict {
            Verdict::Accepted(_) => {}
            Verdict::Refused(Refusal::OtherUid) => return Err(Why::OtherUid.into()),
            Verdict::Refused(why) => return Err(Why::Code(why).into()),
            // Not said of mailed codes; a refusal is the safe reading.
            Verdict::Unsealable => return Err(Why::Code(Refusal::Wrong).into()),
        }
        self.revise(&account.name, &mut |record| {
            let (enrolment, ledger) = or_new(record, account)?;
            register(enrolment, &ledger, shown, mode, recovery_codes, self.clock.now())
        })
    }

    /// Where notices about changes to somebody's second factor go: read it before the change, which may void it.
    ///
    /// # Errors
    /// [`Problem`].
    pub fn notice_address(&self, user: &UserName) -> Result<Option<Address>, Problem> {
        Ok(self.store.enrolment(user)?.and_then(|e| e.email).map(|e| e.address))
    }
}

/// Says the serial and the address that a code goes to, and may change the enrolment.
type Admit<'a> = &'a mut dyn FnMut(&mut Enrolment, &Ledger, Timestamp) -> Result<(u64, Address), Why>;

/// The record as something to write: a new one for someone who has none yet.
fn prepare(
    enrolment: Option<Enrolment>,
    ledger: &Ledger,
    account: &Account,
    now: Timestamp,
) -> Result<(Enrolment, Ledger), Problem> {
    let is_new = enrolment.is_none();
    let record = enrolment.map(|enrolment| Record { enrolment, ledger: ledger.clone() });
    let (mut enrolment, mut current) = or_new(record, account)?;
    if is_new {
        enrolment.generation = next_generation(ledger.generation, now);
        current.generation = enrolment.generation;
    }
    Ok((enrolment, current))
}

/// Whether an address may be registered for someone.
const fn check_may_have_mail(enrolment: &Enrolment, mode: MailMode) -> Result<(), Why> {
    match (mode, enrolment.state) {
        (MailMode::Off, _) => Err(Why::MailIsOff),
        (_, State::MustEnroll) => Err(Why::MustEnroll),
        (MailMode::Recovery, State::NotEnrolled) => Err(Why::NotEnrolled),
        (MailMode::Recovery | MailMode::Factor, State::Enrolled) | (MailMode::Factor, State::NotEnrolled) => {
            Ok(())
        }
    }
}

/// Puts the address that has shown its code in force.
fn register(
    mut enrolment: Enrolment,
    ledger: &Ledger,
    shown: (u64, u64),
    mode: MailMode,
    recovery_codes: usize,
    now: Timestamp,
) -> Result<(Enrolment, AddressConfirmed), Problem> {
    // A reset restarts the serials: what waits now may be something else.
    let generation = enrolment.generation;
    let same = |e: &Unverified| (generation, e.serial) == shown;
    let Unverified { address, serial } =
        enrolment.unverified_email.take().filter(same).ok_or(Why::NothingPending)?;
    check_may_have_mail(&enrolment, mode)?;
    let registered = Registered { address: address.clone(), serial, verified: now };
    let former = enrolment.email.replace(registered).map(|r| r.address).filter(|former| *former != address);
    let is_first = enrolment.state != State::Enrolled;
    let (codes, left) = if is_first {
        let confirmed = switch_on(&mut enrolment, ledger, recovery_codes, now)?;
        (confirmed.recovery_codes, confirmed.recovery_left)
    } else {
        let record = Record { enrolment: enrolment.clone(), ledger: ledger.clone() };
        (Vec::new(), record.recovery_left())
    };
    let confirmed = AddressConfirmed {
        since: now,
        address,
        former,
        is_first,
        recovery_codes: codes,
        recovery_left: left,
    };
    Ok((enrolment, confirmed))
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
