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
mod tests {
    //! One more, one less, never none.

    use super::super::{Effect, Successor};
    use super::*;
    use crate::credential::Typed;
    use crate::credential::totp::Parameters;
    use crate::testing::{Fixture, is_accepted, wanted};
    use crate::verify::{Refusal, Verdict};

    fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
        match result {
            Err(Problem::Refused(why)) => why,
            other => panic!("{other:?}"),
        }
    }

    fn add(fixture: &Fixture, label: &str) -> Result<Begun, Problem> {
        fixture.desk().add_authenticator(
            &fixture.roy,
            &fixture.key,
            &Wanted { label: label.into(), ..wanted(None) },
        )
    }

    fn code_of(fixture: &Fixture, begun: &Begun, steps: i64) -> Typed {
        let step = begun.parameters.step(fixture.now()).checked_add_signed(steps).unwrap();
        Typed::parse(begun.parameters.code(&begun.key, step).as_bytes())
    }

    fn added(fixture: &Fixture, label: &str) -> Begun {
        let begun = add(fixture, label).unwrap();
        let confirmed = fixture.confirm(&code_of(fixture, &begun, 0)).unwrap();
        assert_eq!((confirmed.effect, confirmed.recovery_left), (Effect::Added, 5));
        begun
    }

    #[test]
    fn each_of_several_opens_and_a_code_of_one_spends_nothing_of_another() {
        let fixture = Fixture::new();
        fixture.enrolled();
        let tablet = added(&fixture, "tablet");
        fixture.later(60);
        let app = fixture.old_code(0);
        assert!(is_accepted(&fixture.spend(&code_of(&fixture, &tablet, 0))));
        assert!(is_accepted(&fixture.spend(&app)));
        assert_eq!(fixture.spend(&app), Verdict::Refused(Refusal::AlreadyUsed));
        assert_eq!(fixture.spend(&code_of(&fixture, &tablet, 0)), Verdict::Refused(Refusal::AlreadyUsed));
    }

    #[test]
    fn eight_are_all_there_can_be_and_each_of_them_can_still_be_replaced() {
        let fixture = Fixture::new();
        fixture.enrolled();
        for n in 1..8 {
            added(&fixture, &format!("token {n}"));
        }
        assert_eq!(refused(add(&fixture, "one more")), Why::TooManyAuthenticators);
        let parameters = Parameters::default();
        for n in 1..8 {
            let successor = Successor { old: Some(format!("token {n}")), label: None, parameters, key: None };
            let begun = fixture.desk().replace(&fixture.roy, &fixture.key, &successor).unwrap();
            fixture.confirm(&code_of(&fixture, &begun, 0)).unwrap();
            assert!(is_accepted(&fixture.spend(&code_of(&fixture, &begun, 1))), "token {n}");
        }
        assert_eq!(fixture.record().enrolment.authenticators.len(), 8);
    }

    #[test]
    fn labels_are_one_persons_own_and_each_only_once() {
        let fixture = Fixture::new();
        assert_eq!(refused(add(&fixture, "tablet")), Why::NotEnrolled);
        fixture.enrolled();
        assert_eq!(refused(add(&fixture, "app")), Why::LabelTaken);
        assert_eq!(refused(add(&fixture, " ")), Why::BadLabel);
    }

    // Row: S1-25
    #[test]
    fn the_last_one_is_never_removed() {
        let fixture = Fixture::new();
        let remove = |label: Option<&str>| fixture.desk().remove_authenticator(&fixture.roy, label);
        assert_eq!(refused(remove(None)), Why::NotEnrolled);
        fixture.enrolled();
        let tablet = added(&fixture, "tablet");
        assert_eq!(refused(remove(None)), Why::WhichAuthenticator);
        assert_eq!(refused(remove(Some("phone"))), Why::NoSuchAuthenticator);
        assert_eq!(remove(Some("app")).unwrap(), "app");
        assert_eq!(refused(remove(None)), Why::LastAuthenticator);
        assert_eq!(refused(remove(Some("tablet"))), Why::LastAuthenticator);
        assert!(is_accepted(&fixture.spend(&code_of(&fixture, &tablet, 1))));
    }

    #[test]
    fn what_was_to_replace_one_that_is_removed_ends_with_it() {
        let fixture = Fixture::new();
        fixture.enrolled();
        added(&fixture, "tablet");
        let successor = Successor {
            old: Some("tablet".into()),
            label: None,
            parameters: Parameters::default(),
            key: None,
        };
        let begun = fixture.desk().replace(&fixture.roy, &fixture.key, &successor).unwrap();
        fixture.desk().remove_authenticator(&fixture.roy, Some("tablet")).unwrap();
        assert_eq!(refused(fixture.confirm(&code_of(&fixture, &begun, 0))), Why::NothingPending);
        assert_eq!(fixture.record().enrolment.authenticators.len(), 1);
    }

    #[test]
    fn a_removed_phone_set_up_again_has_used_nothing_and_its_old_key_is_void() {
        let fixture = Fixture::new();
        fixture.enrolled();
        let tablet = added(&fixture, "tablet");
        let before = fixture.record().enrolment.authenticators[1].clone();
        fixture.desk().remove_authenticator(&fixture.roy, Some("tablet")).unwrap();
        assert_eq!(fixture.spend(&code_of(&fixture, &tablet, 1)), Verdict::Refused(Refusal::Wrong));
        added(&fixture, "tablet");
        let after = fixture.record().enrolment.authenticators[1].clone();
        assert_eq!(after.slot, before.slot);
        assert!(after.serial > before.serial);
        assert_eq!(fixture.spend(&code_of(&fixture, &tablet, 1)), Verdict::Refused(Refusal::Wrong));
    }
}
