//! The one place that accepts: a pure function from what is known and what was typed to a verdict and a change.

mod case;
mod combined;
mod devices;
mod entry;
mod judged;
mod mailed;
mod otp;
mod pair;
mod rules;
mod single_use;
mod verdict;

pub use entry::{Entry, Tail, TailCode};
pub use judged::Judged;
pub use rules::Rules;
pub use verdict::{Acceptance, Hold, Method, Purpose, Refusal, Verdict};

use crate::credential::throttle::Kind;
use crate::record::Record;
use crate::record::seal::SealingKey;
use crate::system::clock::Timestamp;
use case::{Case, malformed, refuse, used};
use judged::Change;

/// One attempt.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// What was typed.
    pub entry: &'a Entry,
    /// The uid the account has now.
    pub uid: u32,
    /// What for.
    pub purpose: Purpose,
}

/// Judges one attempt at `now`. Pure; the caller holds the lock, and a store opens the answer once it is durable.
pub fn decide(
    rules: &Rules,
    record: &Record,
    key: Option<&SealingKey>,
    attempt: Attempt<'_>,
    now: Timestamp,
) -> Judged {
    let (verdict, change) = judge(rules, record, key, attempt, now);
    Judged::new(verdict, change)
}

fn judge(
    rules: &Rules,
    record: &Record,
    key: Option<&SealingKey>,
    attempt: Attempt<'_>,
    now: Timestamp,
) -> (Verdict, Change) {
    let mut case = Case { rules, record, key, purpose: attempt.purpose, now, devices: Vec::new() };
    if record.enrolment.uid != attempt.uid {
        return refuse(Refusal::OtherUid);
    }
    if attempt.entry.needs_key() {
        case.devices = devices::unseal((rules, record, key), attempt.purpose, now);
    }
    match (case.purpose, attempt.entry) {
        (Purpose::ConfirmAddress, Entry::Otp(code)) => mailed::confirm(&case, code),
        (Purpose::ConfirmAddress, _) => refuse(Refusal::Malformed),
        (_, Entry::Malformed) => malformed(&case, Kind::Authenticator),
        (_, Entry::Otp(code)) if otp::was_accepted(&case, code) => used(&case, Kind::Authenticator),
        (_, Entry::Otp(code)) => mailed::judge(&case, code),
        (_, Entry::Pair(pair)) => pair::judge(&case, pair),
        (_, Entry::SingleUse(proof)) => single_use::judge(&case, proof, 0, Kind::SingleUse),
        (_, Entry::Combined(tails)) => combined::judge(&case, tails),
    }
}

#[cfg(test)]
mod tests;
