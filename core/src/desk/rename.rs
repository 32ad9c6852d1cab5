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
    /// `key` reads where it is needed. With `rebinds` the account's uid is taken over too. Everything else
    /// stays, but for codes by mail that were not typed yet.
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
mod tests {
    //! What a record keeps under another name, and what is refused.

    use super::*;
    use crate::store::Store;
    use crate::testing::{Fixture, is_accepted, typed};
    use crate::verify::{Refusal, Verdict};

    fn roland(uid: u32) -> Account {
        Account { name: UserName::new(b"CLINIC\\roland").unwrap(), uid, gid: uid }
    }

    fn rename(fixture: &Fixture, to: &Account, rebinds: bool) -> Result<Renamed, Problem> {
        let key = || SealingKey::load(&fixture.key_file());
        fixture.desk().rename(&fixture.roy.name, to, key, rebinds)
    }

    fn refused(renamed: Result<Renamed, Problem>) -> Why {
        match renamed {
            Err(Problem::Refused(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_was_unspent_opens_under_the_new_name_and_nothing_else() {
        let fixture = Fixture::new();
        let codes = fixture.enrolled();
        let used = fixture.code(0);
        assert!(is_accepted(&fixture.spend(&typed(&codes[0]))));
        let old = fixture.roy.name.clone();
        assert_eq!(rename(&fixture, &roland(1000), false).unwrap(), Renamed { from: 1000, to: 1000 });
        assert!(fixture.store.record(&old).unwrap().is_none());
        assert_eq!(
            fixture.spend(&used),
            Verdict::Refused(Refusal::NotEnrolled),
            "the old name has none any more"
        );
        let fixture = Fixture { roy: roland(1000), ..fixture };
        assert_eq!(fixture.store.users().unwrap(), std::slice::from_ref(&fixture.roy.name));
        assert_eq!(fixture.spend(&used), Verdict::Refused(Refusal::AlreadyUsed));
        assert_eq!(fixture.spend(&typed(&codes[0])), Verdict::Refused(Refusal::AlreadyUsed));
        assert!(
            is_accepted(&fixture.spend(&fixture.code(1))) && is_accepted(&fixture.spend(&typed(&codes[1])))
        );
    }

    #[test]
    fn an_authenticator_that_waits_for_its_first_code_still_does() {
        let fixture = Fixture::new();
        fixture.begin().unwrap();
        rename(&fixture, &roland(1000), false).unwrap();
        let fixture = Fixture { roy: roland(1000), ..fixture };
        fixture.confirm(&fixture.code(0)).unwrap();
    }

    #[test]
    fn another_uid_is_taken_over_only_where_that_is_asked_for() {
        let fixture = Fixture::new();
        fixture.enrolled();
        let before = fixture.record();
        assert_eq!(refused(rename(&fixture, &roland(2000), false)), Why::OtherUid);
        assert_eq!(fixture.record(), before);
        assert_eq!(rename(&fixture, &roland(2000), true).unwrap(), Renamed { from: 1000, to: 2000 });
        let fixture = Fixture { roy: roland(2000), ..fixture };
        assert!(is_accepted(&fixture.spend(&fixture.code(1))));
    }

    #[test]
    fn with_another_uid_a_pending_authenticator_still_waits() {
        let fixture = Fixture::new();
        fixture.begin().unwrap();
        rename(&fixture, &roland(2000), true).unwrap();
        let fixture = Fixture { roy: roland(2000), ..fixture };
        fixture.confirm(&fixture.code(0)).unwrap();
    }

    #[test]
    fn no_record_to_rename_and_a_taken_name_are_refused_without_a_change() {
        let fixture = Fixture::new();
        assert_eq!(refused(rename(&fixture, &roland(1000), false)), Why::NotEnrolled);
        fixture.enrolled();
        fixture.desk().pass(&roland(1000), std::time::Duration::from_secs(60)).unwrap();
        let of = |user: &UserName| fixture.store.record(user).unwrap();
        let before = (of(&fixture.roy.name), of(&roland(1000).name));
        assert_eq!(refused(rename(&fixture, &roland(1000), false)), Why::NameTaken);
        assert_eq!((of(&fixture.roy.name), of(&roland(1000).name)), before);
    }

    #[test]
    fn the_key_is_needed_where_something_is_sealed_and_must_be_the_right_one() {
        let fixture = Fixture::new();
        fixture.enrolled();
        let before = fixture.record();
        let wrong = || SealingKey::generate().map_err(SealError::NoEntropy);
        let renamed = fixture.desk().rename(&fixture.roy.name, &roland(1000), wrong, false);
        assert!(matches!(renamed, Err(Problem::Seal(SealError::Foreign))), "{renamed:?}");
        assert_eq!(fixture.record(), before);
        fixture.desk().reset(&fixture.roy).unwrap();
        let none = || unreachable!("nothing is sealed");
        fixture.desk().rename(&fixture.roy.name, &roland(1000), none, false).unwrap();
    }
}
