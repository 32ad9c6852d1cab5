//! Every reason to refuse, once each. Add a new one here too.

use crate::desk::Why;
use crate::system::clock::Timestamp;
use crate::verify::{Hold, Refusal};

/// The moment in those that name one.
pub const WHEN: Timestamp = Timestamp(1_764_000_000);

/// Why a code is refused.
pub const REFUSALS: [Refusal; 13] = [
    Refusal::Malformed,
    Refusal::Wrong,
    Refusal::LastWrong(Hold::Disabled),
    Refusal::WrongTime { seconds: 60, sure: true, then: None },
    Refusal::AlreadyUsed,
    Refusal::Expired,
    Refusal::Waiting { until: WHEN, two_codes: false },
    Refusal::Waiting { until: WHEN, two_codes: true },
    Refusal::OneCodeOnly,
    Refusal::Disabled,
    Refusal::NotEnrolled,
    Refusal::MustEnroll,
    Refusal::OtherUid,
];

/// Why the desk does not do what it was asked to do, a refused code apart.
pub const WHYS: [Why; 21] = [
    Why::AlreadyEnrolled,
    Why::NotEnrolled,
    Why::NothingPending,
    Why::MustEnroll,
    Why::OtherUid,
    Why::KeyTooShort,
    Why::KeyTooLong,
    Why::KeyTaken,
    Why::BadLabel,
    Why::WhichAuthenticator,
    Why::NoSuchAuthenticator,
    Why::LabelTaken,
    Why::TooManyAuthenticators,
    Why::LastAuthenticator,
    Why::SameUid,
    Why::NoRoom { free: 3 },
    Why::MailIsOff,
    Why::NoAddress,
    Why::TooManyMails(WHEN),
    Why::NameTaken,
    Why::Replaced,
];

/// The same, with every refused code.
pub fn every_why() -> impl Iterator<Item = Why> {
    WHYS.into_iter().chain(REFUSALS.map(Why::Code))
}
