//! What the desk does for someone stuck: unlock, or start over.

use super::{Desk, Problem, Why, next_generation};
use crate::credential::throttle::Kind;
use crate::policy::account::Account;
use crate::record::enrolment::{Enrolment, State};
use crate::store::Amendment;
use crate::user::UserName;

impl Desk<'_> {
    /// Voids every credential of someone: only a pass opens, and leads into a new enrolment. The account's
    /// present uid is taken over.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`] for someone who never confirmed an authenticator, or [`Problem`].
    pub fn reset(&self, account: &Account) -> Result<(), Problem> {
        self.revise(&account.name, &mut |record| {
            let old = record.ok_or(Why::NotEnrolled)?.enrolment;
            if old.state == State::NotEnrolled {
                return Err(Why::NotEnrolled.into());
            }
            let generation = next_generation(old.generation, self.clock.now());
            let mut enrolment = Enrolment::new(account.name.clone(), account.uid, generation);
            enrolment.state = State::MustEnroll;
            Ok((enrolment, ()))
        })
    }

    /// Ends waiting and disabled, of every kind of credential.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`] for someone of whom nothing is kept, or [`Problem`].
    pub fn unlock(&self, user: &UserName) -> Result<(), Problem> {
        let mut is_known = false;
        self.store.amend(user, &mut |enrolment, ledger| {
            is_known = enrolment.is_some();
            if !is_known {
                return Amendment::Keep;
            }
            let mut ledger = ledger.clone();
            Kind::ALL.into_iter().for_each(|kind| ledger.tally_mut(kind).forgive());
            Amendment::Ledger(ledger)
        })?;
        if is_known { Ok(()) } else { Err(Why::NotEnrolled.into()) }
    }
}

#[cfg(test)]
mod tests {
    //! What a reset voids, and what an unlock forgives.

    use super::*;
    use crate::store::Store;
    use crate::testing::{Fixture, START, is_accepted, typed};
    use crate::verify::{Refusal, Verdict};
    use std::time::Duration;

    // Row: S1-24
    #[test]
    fn a_reset_voids_everything_and_only_a_pass_opens() {
        let fixture = Fixture::new();
        let old = fixture.enrolled();
        let envelope = fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| Ok(())).unwrap();
        let code = fixture.code(1);
        let moved = Account { uid: 2000, ..fixture.roy.clone() };
        fixture.desk().reset(&moved).unwrap();
        let enrolment = fixture.record().enrolment;
        assert_eq!((enrolment.state, enrolment.uid), (State::MustEnroll, 2000));
        assert_eq!((enrolment.generation, enrolment.enrolled), (START + 1, None));
        let fixture = Fixture { roy: moved, ..fixture };
        for credential in [code, typed(&old[0]), typed(&envelope[0])] {
            assert_eq!(fixture.spend(&credential), Verdict::Refused(Refusal::MustEnroll));
        }
        let pass = fixture.desk().pass(&fixture.roy, Duration::from_secs(60)).unwrap();
        assert!(is_accepted(&fixture.spend(&typed(&pass.code))));
    }

    #[test]
    fn someone_reset_can_be_enrolled_again_and_nothing_old_comes_back() {
        let fixture = Fixture::new();
        let old = fixture.enrolled();
        fixture.desk().reset(&fixture.roy).unwrap();
        fixture.later(60);
        let new = fixture.enrolled();
        for code in &old {
            assert!(!is_accepted(&fixture.spend(&typed(code))));
        }
        assert!(is_accepted(&fixture.spend(&typed(&new[4]))));
        assert_eq!(fixture.record().enrolment.state, State::Enrolled);
    }

    #[test]
    fn someone_never_enrolled_is_not_reset() {
        let fixture = Fixture::new();
        assert!(matches!(fixture.desk().reset(&fixture.roy), Err(Problem::Refused(Why::NotEnrolled))));
        assert!(fixture.store.users().unwrap().is_empty());
        fixture.begin().unwrap();
        assert!(matches!(fixture.desk().reset(&fixture.roy), Err(Problem::Refused(Why::NotEnrolled))));
    }

    #[test]
    fn an_unlock_ends_waiting_and_disabled_but_gives_no_code_back() {
        let fixture = Fixture::new();
        fixture.enrolled();
        let used = fixture.code(0);
        fixture.later(30);
        let wrong = fixture.code(1000);
        for _ in 0..50 {
            fixture.later(3600);
            assert!(!is_accepted(&fixture.spend(&wrong)));
        }
        assert_eq!(fixture.spend(&fixture.code(0)), Verdict::Refused(Refusal::Disabled));
        fixture.desk().unlock(&fixture.roy.name).unwrap();
        assert!(!is_accepted(&fixture.spend(&used)));
        assert!(is_accepted(&fixture.spend(&fixture.code(0))));
    }

    #[test]
    fn nobody_unknown_is_unlocked() {
        let fixture = Fixture::new();
        assert!(matches!(fixture.desk().unlock(&fixture.roy.name), Err(Problem::Refused(Why::NotEnrolled))));
        assert!(fixture.store.users().unwrap().is_empty());
    }
}
