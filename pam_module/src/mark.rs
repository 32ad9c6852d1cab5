//! What `auth` leaves for the doors that follow it in the same transaction, and for whom.

use wardkey_core::desk::Right;
use wardkey_core::login::Who;
use wardkey_core::user::UserName;

/// By what someone passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassedBy {
    /// A code, where sessions have unlock grace.
    Code,
    /// Unlock grace: the password is enough.
    Grace,
    /// Anything from which nothing follows: a code elsewhere, an enrolment, no question at all.
    Alone,
}

/// What `auth` leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It has not said yes.
    Refused,
    /// Someone was accepted, or did not need to be.
    Passed(PassedBy),
    /// They must enrol in this login, by this right.
    MustEnroll(Right),
    /// They must enrol in this login, and by what right is not known here: another process of this login asked for the
    /// code, as sshd's do, or the name of now cannot be looked up.
    MustEnrollElsewhere,
}

impl Mark {
    /// Whether a door that finds it refuses.
    #[must_use]
    pub const fn is_refusing(self) -> bool {
        !matches!(self, Self::Passed(_))
    }

    /// Of two marks of one person the stricter is in force.
    const fn strictness(self) -> u8 {
        match self {
            Self::Refused => 3,
            Self::MustEnroll(_) => 2,
            Self::MustEnrollElsewhere => 1,
            Self::Passed(_) => 0,
        }
    }
}

/// Whose a mark is. login(1) asks for several names in one transaction, and what became of one says nothing of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// The account's of this canonical name.
    Account(UserName),
    /// Of a name that no account has: it may be a password in the wrong field, and is kept nowhere.
    Nobody,
    /// It cannot be found out.
    Unsure,
}

impl Whose {
    /// Of someone who was looked up.
    #[must_use]
    pub fn of(who: &Who) -> Self {
        match who {
            Who::Known(account) => Self::Account(account.name.clone()),
            Who::Unknown(_) => Self::Nobody,
            Who::LookupFailed(..) => Self::Unsure,
        }
    }
}

/// A mark and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The mark.
    pub mark: Mark,
    /// Whose.
    pub whose: Whose,
}

impl Left {
    /// What it says of `whose`. Where that cannot be told, it lets nobody in and keeps nobody from being refused. A name
    /// that had an account a moment ago and now has none is one that the account database fails to find.
    fn said_of(&self, whose: &Whose) -> Option<Mark> {
        let is_lost = *whose == Whose::Nobody && matches!(self.whose, Whose::Account(_));
        if self.whose == Whose::Unsure || *whose == Whose::Unsure || is_lost {
            return match self.mark {
                Mark::MustEnroll(_) => Some(Mark::MustEnrollElsewhere),
                mark => mark.is_refusing().then_some(mark),
            };
        }
        (self.whose == *whose).then_some(self.mark)
    }
}

/// The mark in force for `whose`.
#[must_use]
pub fn of(left: &[Left], whose: &Whose) -> Option<Mark> {
    strictest(left.iter().filter_map(|left| left.said_of(whose)))
}

/// The mark in force in a program that has since put another name in the place of the one that logged in.
#[must_use]
pub fn of_anybody(left: &[Left]) -> Option<Mark> {
    strictest(left.iter().map(|left| left.mark))
}

fn strictest(marks: impl Iterator<Item = Mark>) -> Option<Mark> {
    marks.max_by_key(|mark| mark.strictness())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Whose {
        Whose::Account(UserName::new(name.as_bytes()).unwrap())
    }

    #[test]
    fn a_mark_is_void_for_another_name() {
        let generation = 3;
        for mark in [
            Mark::Refused,
            Mark::Passed(PassedBy::Code),
            Mark::MustEnroll(Right::Pass { generation }),
            Mark::MustEnrollElsewhere,
        ] {
            for (whose, other) in [(account("roy"), account("ann")), (Whose::Nobody, account("roy"))] {
                let left = [Left { mark, whose: whose.clone() }];
                assert_eq!(of(&left, &whose), Some(mark));
                assert_eq!(of(&left, &other), None, "{mark:?} of {whose:?} for {other:?}");
                assert_eq!(of_anybody(&left), Some(mark));
            }
        }
    }

    /// A directory that stops answering opens no door, and gives nobody the right of another.
    #[test]
    fn where_names_cannot_be_told_apart_only_refusals_stand() {
        for (mark, in_force) in [
            (Mark::Refused, Some(Mark::Refused)),
            (Mark::Passed(PassedBy::Code), None),
            (Mark::MustEnroll(Right::Password), Some(Mark::MustEnrollElsewhere)),
            (Mark::MustEnrollElsewhere, Some(Mark::MustEnrollElsewhere)),
        ] {
            let of_roy = [Left { mark, whose: account("roy") }];
            assert_eq!(of(&of_roy, &Whose::Unsure), in_force);
            assert_eq!(of(&of_roy, &Whose::Nobody), in_force, "a name that is not found any more");
            let of_whom = [Left { mark, whose: Whose::Unsure }];
            assert_eq!(of(&of_whom, &account("roy")), in_force);
        }
    }

    #[test]
    fn of_two_marks_the_stricter_is_in_force() {
        let strict = [
            Mark::Passed(PassedBy::Alone),
            Mark::MustEnrollElsewhere,
            Mark::MustEnroll(Right::Password),
            Mark::Refused,
        ];
        for (number, stricter) in strict.into_iter().enumerate() {
            for milder in strict.into_iter().take(number) {
                let mut left = [stricter, milder].map(|mark| Left { mark, whose: account("roy") });
                assert_eq!(of(&left, &account("roy")), Some(stricter));
                left.reverse();
                assert_eq!(of_anybody(&left), Some(stricter));
            }
        }
        assert_eq!((of(&[], &account("roy")), of_anybody(&[])), (None, None));
    }
}
