//! What a try has cost the person: their record before it, held against their record after it.

use serde::Serialize;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::credential::throttle;
use wardkey_core::record::Record;

/// One thing that is spent or counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub(crate) enum TryCost {
    /// Codes of an authenticator.
    Codes { label: String, count: usize },
    /// A single-use code, and how many of its kind are left.
    SingleUse { kind: Kind, left: usize },
    /// A code that was mailed.
    MailedCode,
    /// A mail with a code was sent.
    Mail,
    /// Wrong codes, which were counted.
    WrongCodes { count: u64 },
}

impl TryCost {
    /// Whether it is a code that was accepted.
    pub(crate) const fn is_accepted(&self) -> bool {
        match self {
            Self::Codes { .. } | Self::SingleUse { .. } | Self::MailedCode => true,
            Self::Mail | Self::WrongCodes { .. } => false,
        }
    }
}

/// What lies between two looks at one record.
pub(crate) fn spent(before: Option<&Record>, after: Option<&Record>) -> Vec<TryCost> {
    let (Some(before), Some(after)) = (before, after) else { return Vec::new() };
    if before.enrolment.generation != after.enrolment.generation {
        return Vec::new();
    }
    let (was, is) = (&before.ledger, &after.ledger);
    let codes = before.enrolment.authenticators.iter().filter_map(|device| {
        let used = was.slot(device.slot, device.serial);
        let now = is.slot(device.slot, device.serial);
        let count = now.accepted().filter(|step| used.accepted().all(|old| old != *step)).count();
        (count > 0).then(|| TryCost::Codes { label: device.label.clone(), count })
    });
    let single_use = before.enrolment.codes.iter().filter(|code| {
        let is_spent = is.is_spent(code.place, code.serial) && !was.is_spent(code.place, code.serial);
        is_spent || (is.pass.serial == code.serial && is.pass != was.pass)
    });
    let single_use =
        single_use.map(|code| TryCost::SingleUse { kind: code.kind, left: after.codes_left(code.kind) });
    let mailed = (is.mail.spent > was.mail.spent).then_some(TryCost::MailedCode);
    let mail = (is.mail.serial > was.mail.serial).then_some(TryCost::Mail);
    let failures =
        throttle::Kind::ALL.map(|kind| is.tally(kind).failures.saturating_sub(was.tally(kind).failures));
    let count = failures.into_iter().sum();
    let wrong = (count > 0).then_some(TryCost::WrongCodes { count });
    codes.chain(single_use).chain(mailed).chain(mail).chain(wrong).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::record::enrolment::Enrolment;
    use wardkey_core::record::ledger::Ledger;
    use wardkey_core::system::clock::Timestamp;
    use wardkey_core::user::UserName;

    fn record(change: impl Fn(&mut Record)) -> Record {
        let enrolment = Enrolment::new(UserName::new(b"roy").unwrap(), 1000, 1);
        let mut record = Record { enrolment, ledger: Ledger::default() };
        change(&mut record);
        record
    }

    #[test]
    fn a_record_tells_what_a_try_cost() {
        let before = record(|_| {});
        let wrong = record(|record| {
            for kind in [throttle::Kind::Authenticator, throttle::Kind::Combined] {
                record.ledger.tally_mut(kind).fail(Timestamp(7));
            }
        });
        let mail = record(|record| record.ledger.mail.serial = 1);
        let mailed = record(|record| (record.ledger.mail.serial, record.ledger.mail.spent) = (1, 1));
        let other = record(|record| {
            record.enrolment.generation = 2;
            record.ledger.mail.spent = 9;
        });
        for (is, costs) in [
            (&before, vec![]),
            (&wrong, vec![TryCost::WrongCodes { count: 2 }]),
            (&mail, vec![TryCost::Mail]),
            (&mailed, vec![TryCost::MailedCode, TryCost::Mail]),
            (&other, vec![]),
        ] {
            assert_eq!(spent(Some(&before), Some(is)), costs);
        }
        assert_eq!(spent(Some(&mail), Some(&mailed)), [TryCost::MailedCode]);
        assert_eq!((spent(None, Some(&wrong)), spent(Some(&wrong), None)), (vec![], vec![]));
    }
}
