//! A verdict that nobody can read before its change is durable: invariant 2 as a type.

use super::verdict::{Acceptance, Refusal, Verdict};
use crate::record::ledger::Ledger;
use std::fmt;

/// What must be durable before anyone hears the verdict; `None`: nothing changes.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Change(pub(super) Option<Ledger>);

impl Change {
    pub(super) const NONE: Self = Self(None);

    pub(super) const fn to(ledger: Ledger) -> Self {
        Self(Some(ledger))
    }
}

/// A verdict, closed until its change is durable. A yes never loses its change: what would be left without it is a no.
#[must_use]
#[cfg_attr(test, derive(PartialEq, Eq))]
pub struct Judged {
    verdict: Verdict,
    change: Change,
}

impl fmt::Debug for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Judged(***)")
    }
}

impl Judged {
    pub(super) const fn new(verdict: Verdict, change: Change) -> Self {
        Self { verdict, change }
    }

    /// A refusal that changes nothing, where there is no case to decide.
    pub const fn refused(why: Refusal) -> Self {
        Self::new(Verdict::Refused(why), Change::NONE)
    }

    /// Hands the new ledger to `write`, if there is one, and tells the verdict once that has succeeded. For stores alone.
    ///
    /// # Errors
    /// What `write` could not do; nobody hears the verdict then.
    pub fn once_durable<E>(self, write: impl FnOnce(&Ledger) -> Result<(), E>) -> Result<Verdict, E> {
        self.change.0.as_ref().map_or(Ok(()), write)?;
        Ok(self.verdict)
    }

    /// Whether it will be a yes that leads into an enrolment, or a no that says so.
    #[must_use]
    pub const fn leads_into_enrolment(&self) -> bool {
        matches!(
            &self.verdict,
            Verdict::Accepted(Acceptance { must_enroll: true, .. }) | Verdict::Refused(Refusal::MustEnroll)
        )
    }

    /// Whether anything is written for it.
    #[must_use]
    pub const fn is_written(&self) -> bool {
        self.change.0.is_some()
    }

    /// A yes that shall be none: it refuses, and changes nothing. A no stays as it is.
    pub fn void(self) -> Self {
        match self.verdict {
            Verdict::Accepted(_) => Self::refused(Refusal::MustEnroll),
            Verdict::Refused(_) | Verdict::Unsealable => self,
        }
    }

    /// The same, at the price of a write even where nothing changes: how long it takes tells nothing then.
    pub fn with_a_write(self, ledger: &Ledger) -> Self {
        let change = if self.is_written() { self.change } else { Change::to(ledger.clone()) };
        Self { change, ..self }
    }

    /// The same, but a no changes nothing.
    pub fn uncounted(self) -> Self {
        match self.verdict {
            Verdict::Accepted(_) => self,
            Verdict::Refused(why) => Self::refused(why.uncounted()),
            Verdict::Unsealable => Self::new(Verdict::Unsealable, Change::NONE),
        }
    }

    #[cfg(test)]
    pub(super) fn into_parts(self) -> (Verdict, Change) {
        (self.verdict, self.change)
    }

    /// A refusal that writes this, for tests of stores.
    #[cfg(test)]
    pub const fn writing(ledger: Ledger) -> Self {
        Self::new(Verdict::Refused(Refusal::Wrong), Change::to(ledger))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::{Hold, Method};

    fn yes() -> Judged {
        let acceptance = Acceptance {
            method: Method::Authenticator("app".into()),
            tail: 0,
            recovery_left: 5,
            emergency_left: 0,
            wrong_before: 0,
            must_enroll: true,
            is_replaced: false,
            code: None,
        };
        Judged::new(Verdict::Accepted(acceptance), Change::to(Ledger::default()))
    }

    #[test]
    fn a_yes_that_cannot_be_written_is_never_heard() {
        assert_eq!(yes().once_durable(|_| Err("disk full")), Err("disk full"));
        let mut written = 0;
        let heard = yes().once_durable(|_| {
            written += 1;
            Ok::<_, ()>(())
        });
        assert!(matches!(heard, Ok(Verdict::Accepted(_))) && written == 1);
    }

    #[test]
    fn a_yes_keeps_its_change_or_is_none() {
        assert!(yes().uncounted().is_written() && yes().with_a_write(&Ledger::default()).is_written());
        assert_eq!(yes().void(), Judged::refused(Refusal::MustEnroll));
        let counted = || Judged::writing(Ledger::default());
        assert_eq!(counted().void(), counted(), "a no that counts goes on counting");
        assert_eq!(counted().uncounted(), Judged::refused(Refusal::Wrong));
        let far = |then| Refusal::WrongTime { seconds: 90, sure: true, then };
        for (begins, told) in
            [(Refusal::LastWrong(Hold::Disabled), Refusal::Wrong), (far(Some(Hold::Disabled)), far(None))]
        {
            let judged = Judged::new(Verdict::Refused(begins), Change::to(Ledger::default()));
            assert_eq!(judged.uncounted(), Judged::refused(told), "nothing begins with what does not count");
        }
        assert_eq!(Judged::refused(Refusal::Wrong).with_a_write(&Ledger::default()), counted());
    }
}
