//! What a step of a login comes to.

use crate::system::clock::Timestamp;
use crate::verify::{Acceptance, Refusal};
use crate::wire::Detailed;
use serde::{Deserialize, Serialize};

/// The answer to each [`super::Step`]. What it says is written down already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To [`super::Step::Ask`].
    Asked(Ask),
    /// To the two checks.
    Checked(Checked),
    /// To [`super::Step::Enter`].
    Entered(Ask, Checked),
    /// To [`super::Step::Succeeded`] and [`super::Step::SessionOpened`].
    Noted,
    /// To [`super::Step::MailCode`].
    Mailed(Mailed),
}

/// What is asked of someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Nothing.
    Nothing {
        /// In a dated rollout: the days left, today included.
        days_left: Option<i64>,
    },
    /// Nothing: unlock grace holds, and one of its budget is taken.
    Grace,
    /// Nothing but to enrol in this login.
    Enroll,
    /// Nothing: they would have to enrol, and here nobody does. It is written down.
    EnrollElsewhere(NoPlace),
    /// A code.
    Code,
}

/// What one check came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checked {
    /// Yes, no, or neither.
    pub outcome: Outcome,
    /// The generation of the record it was decided on.
    pub generation: Option<u64>,
}

impl From<Outcome> for Checked {
    /// Without a record.
    fn from(outcome: Outcome) -> Self {
        Self { outcome, generation: None }
    }
}

/// What one attempt came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Yes, and it is on disk.
    Accepted(Acceptance),
    /// No.
    Refused(Refusal),
    /// Neither: codes cannot be checked now; why, for syslog. Only root hears more than that from the helper.
    Unavailable(String),
    /// No: only an enrolment would help, and here nobody enrols. A pass that would have led there is unspent.
    EnrollElsewhere(NoPlace),
}

/// Why nobody enrols in a login in which they would have to, and no pass that leads there opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoPlace {
    /// It is inside a session of theirs: an unlock.
    Unlock,
    /// It cannot be told from an unlock.
    Untold,
    /// It is at a seat, where nobody enrols: the verifier has the records.
    Seat,
}

impl NoPlace {
    /// The reason, in the log's words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unlock => "nobody enrols at an unlock",
            Self::Untold => "nobody enrols where a login cannot be told from an unlock",
            Self::Seat => "nobody enrols at a seat: wardkey enroll, at the verifier",
        }
    }
}

/// What came of a code that was to be mailed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mailed {
    /// The mail system has it; to whom, masked.
    Sent(String),
    /// It may not be.
    Refused(NoMail),
    /// It cannot be; why, for the log.
    Failed(String),
}

/// Why no code is mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoMail {
    /// As many were sent as may be; the next not before this moment.
    TooMany(Timestamp),
    /// Too many wrong codes were typed; none before this moment.
    Waiting(Timestamp),
    /// The site sends none, or not to them.
    Off,
}

impl Detailed for Answer {
    fn without_details(self) -> Self {
        match self {
            Self::Checked(checked) => Self::Checked(checked.without_details()),
            Self::Entered(ask, checked) => Self::Entered(ask, checked.without_details()),
            Self::Mailed(Mailed::Failed(_)) => Self::Mailed(Mailed::Failed(String::new())),
            told @ (Self::Asked(_) | Self::Noted | Self::Mailed(Mailed::Sent(_) | Mailed::Refused(_))) => {
                told
            }
        }
    }
}

impl Checked {
    /// How far a wrong code is from the clock is a detail too: a program could guess until it hits.
    fn without_details(self) -> Self {
        let outcome = match self.outcome {
            Outcome::Unavailable(_) => Outcome::Unavailable(String::new()),
            Outcome::Refused(refusal) => Outcome::Refused(refusal.to_a_guesser()),
            told @ (Outcome::Accepted(_) | Outcome::EnrollElsewhere(_)) => told,
        };
        Self { outcome, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_persons_program_hears_the_kind_of_trouble_and_nothing_to_guess_by() {
        let detail = || "/etc/wardkey/wardkey.toml: line 3".to_owned();
        let unavailable = || Checked::from(Outcome::Unavailable(detail()));
        let off = Outcome::Refused(Refusal::WrongTime { seconds: 90, sure: false, then: None });
        for answer in [
            Answer::Checked(unavailable()),
            Answer::Entered(Ask::Code, unavailable()),
            Answer::Mailed(Mailed::Failed(detail())),
            Answer::Checked(off.into()),
        ] {
            let kind = std::mem::discriminant(&answer);
            let told = answer.without_details();
            assert_eq!(std::mem::discriminant(&told), kind);
            let text = serde_json::to_string(&told).unwrap();
            assert!(!text.contains("/etc/") && !text.contains("90"), "{text}");
        }
        let sure = Outcome::Refused(Refusal::WrongTime { seconds: 90, sure: true, then: None });
        let answer = Answer::Checked(Checked { outcome: sure, generation: Some(3) });
        assert_eq!(answer.clone().without_details(), answer, "two codes in a row were as far off");
    }
}
