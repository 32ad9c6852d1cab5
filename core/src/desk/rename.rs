//! The same account under another name.

use super::{Desk, Problem, TRIES, Why};
use crate::policy::account::Account;
use crate::record::enrolment::{Authenticator, Enrolment};
use crate::record::seal::{SealError, SealingKey};
use crate::store::Renaming;
use crate::user::UserName;

/// What was given to another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renamed {
    /// The uid at enrolment.
    pub from: u32,
    /// The account's uid, which counts from now on.
    pub to: u32,
}

impl Desk<'_> {
    /// Gives the record of `old` to `account`; keys are sealed again, since they are sealed for a name, by the sealing key that
    /// `key` reads where it is needed. With `rebinds` the account's uid is taken over too. Everything else stays, but for codes by mail that were not typed yet.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`] where nothing is kept of `old`, [`Why::NameTaken`] where something is of the account,
    /// [`Why::OtherUid`] for an account of another uid, or [`Problem`].
    pub fn rename(
        &self,
        old: &UserName,
        account: &Account,
        key: impl Fn() -> Result<SealingKey, SealError>,
        rebinds: bool,
    ) -> Result<Renamed, Problem> {
        for _ in 0..TRIES {
            let before = self.store.record(old)?.ok_or(Why::NotEnrolled)?.enrolment;
            if before.uid != account.uid && !rebinds {
                return Err(Why::OtherUid.into());
            }
            let after = of_account(&before, account, &key)?;
            match self.store.rename(&before, &after)? {
                Renaming::Done => return Ok(Renamed { from: before.uid, to: account.uid }),
                Renaming::Taken => return Err(Why::NameTaken.into()),
                Renaming::Changed => {}
            }
        }
        Err(Problem::Changing)
    }
}

/// The record as `account` has it.
fn of_account(
    before: &Enrolment,
    account: &Account,
    key: &impl Fn() -> Result<SealingKey, SealError>,
) -> Result<Enrolment, Problem> {
    let mut after = before.clone();
    (after.user, after.uid) = (account.name.clone(), account.uid);
    // The code that was mailed for it is one of the old name.
    after.unverified_email = None;
    let pending = after.pending.as_mut().map(|pending| &mut pending.authenticator);
    let mut sealed = after.authenticators.iter_mut().chain(pending).peekable();
    if sealed.peek().is_some() {
        let key = key()?;
        sealed.try_for_each(|one| reseal(one, (&before.user, &account.name), &key))?;
    }
    Ok(after)
}

fn reseal(
    one: &mut Authenticator,
    (from, to): (&UserName, &UserName),
    key: &SealingKey,
) -> Result<(), SealError> {
    let secret = key.open(one.home(from), &one.sealed)?;
    one.sealed = key.seal(one.home(to), &secret)?;
    Ok(())
}

#[cfg(test)]
#[path = "rename_tests.rs"]
mod tests;
