//! Several devices of one person: another one, or one less.

use super::{Begun, Desk, Problem, Wanted, Why, or_new};
use crate::policy::account::Account;
use crate::record::enrolment::{Authenticator, Enrolment, MAX_AUTHENTICATORS, State};
use crate::record::seal::SealingKey;

impl Desk<'_> {
    /// Leaves a pending authenticator that will stand beside those of someone enrolled.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`], [`Why::MustEnroll`], [`Why::TooManyAuthenticators`], [`Why::LabelTaken`],
    /// [`Why::OtherUid`], a key or label that cannot be, or [`Problem`].
    pub fn add_authenticator(
        &self,
        account: &Account,
        sealing: &SealingKey,
        wanted: &Wanted,
    ) -> Result<Begun, Problem> {
        self.leave_pending(account, sealing, wanted, &|enrolment| {
            enrolled(enrolment)?;
            if enrolment.authenticators.len() >= MAX_AUTHENTICATORS {
                return Err(Why::TooManyAuthenticators);
            }
            check_label_is_free(enrolment, &wanted.label, None).map(|()| None)
        })
    }

    /// Ends one of several authenticators; the answer is its label.
    ///
    /// # Errors
    /// [`Why::LastAuthenticator`], [`Why::WhichAuthenticator`], [`Why::NoSuchAuthenticator`], [`Why::NotEnrolled`],
    /// [`Why::MustEnroll`], [`Why::OtherUid`], or [`Problem`].
    pub fn remove_authenticator(&self, account: &Account, label: Option<&str>) -> Result<String, Problem> {
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, _) = or_new(record, account)?;
            enrolled(&enrolment)?;
            let Authenticator { serial, label, .. } = named(&enrolment, label)?.clone();
            if enrolment.authenticators.len() == 1 {
                return Err(Why::LastAuthenticator.into());
            }
            enrolment.authenticators.retain(|authenticator| authenticator.serial != serial);
            // What was to replace it has no place to take; it would come as one more, which nobody asked for.
            enrolment.pending = enrolment.pending.filter(|pending| pending.replaces != Some(serial));
            Ok((enrolment, label))
        })
    }
}

/// That someone has a second factor.
pub(super) const fn enrolled(enrolment: &Enrolment) -> Result<(), Why> {
    match enrolment.state {
        State::Enrolled => Ok(()),
        State::NotEnrolled => Err(Why::NotEnrolled),
        State::MustEnroll => Err(Why::MustEnroll),
    }
}

/// The authenticator of this label, or the only one.
pub(super) fn named<'a>(enrolment: &'a Enrolment, label: Option<&str>) -> Result<&'a Authenticator, Why> {
    match (label, &enrolment.authenticators[..]) {
        (Some(label), all) => all.iter().find(|a| a.label == label).ok_or(Why::NoSuchAuthenticator),
        (None, [only]) => Ok(only),
        (None, _) => Err(Why::WhichAuthenticator),
    }
}

/// That no authenticator but the one of the serial `except` is called so.
pub(super) fn check_label_is_free(
    enrolment: &Enrolment,
    label: &str,
    except: Option<u64>,
) -> Result<(), Why> {
    let mut others = enrolment.authenticators.iter().filter(|a| Some(a.serial) != except);
    if others.any(|other| other.label == label) { Err(Why::LabelTaken) } else { Ok(()) }
}

#[cfg(test)]
#[path = "authenticators_tests.rs"]
mod tests;
