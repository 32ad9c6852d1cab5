//! What of an answer is for root's programs alone: paths, configuration errors, what a mail server said. Anybody can ask the
//! helper about themself; they hear what kind of trouble there is, and the log has the rest.

use super::message::{Answer, Denial, Mailed, Refused};
use crate::login::Outcome;
use std::path::PathBuf;

/// In place of what is not told.
pub(super) const IN_THE_LOG: &str = "something is broken there, and its log says what";

impl Answer {
    /// The answer as a peer that is not root hears it.
    #[must_use]
    pub fn without_details(self) -> Self {
        match self {
            Self::Checked { outcome, generation } => {
                Self::Checked { outcome: of_outcome(outcome), generation }
            }
            Self::Entered { ask, outcome, generation } => {
                Self::Entered { ask, outcome: of_outcome(outcome), generation }
            }
            Self::Refused(Refused::Broken(_)) => Self::Refused(Refused::Broken(String::new())),
            Self::Mailed(Mailed::Failed(_)) => Self::Mailed(Mailed::Failed(String::new())),
            Self::Mailed(Mailed::Broken(_)) => Self::Mailed(Mailed::Broken(String::new())),
            Self::Denied(Denial::Broken(_)) => Self::Denied(Denial::Broken(String::new())),
            Self::Denied(Denial::OtherConfig { asked, .. }) => {
                Self::Denied(Denial::OtherConfig { asked, own: PathBuf::new() })
            }
            told @ (Self::Asked(_)
            | Self::Noted
            | Self::Wants(_)
            | Self::Says(_)
            | Self::Done(_)
            | Self::Refused(
                Refused::NoSelfService | Refused::Password | Refused::Code(_) | Refused::Why(_),
            )
            | Self::Mailed(Mailed::Sent(_) | Mailed::Refused(_))
            | Self::Denied(Denial::NotYou | Denial::Busy | Denial::Version | Denial::Malformed)) => told,
        }
    }
}

fn of_outcome(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Unavailable(_) => Outcome::Unavailable(String::new()),
        told @ (Outcome::Accepted(_) | Outcome::Refused(_) | Outcome::EnrollElsewhere(_)) => told,
    }
}

impl Mailed {
    /// Why nothing was mailed, in the words of logs, where the mail system or the record was in the way.
    #[must_use]
    pub fn trouble(&self) -> Option<&str> {
        match self {
            Self::Failed(why) | Self::Broken(why) if why.is_empty() => Some(IN_THE_LOG),
            Self::Failed(why) | Self::Broken(why) => Some(why),
            Self::Sent(_) | Self::Refused(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::login::Ask;

    #[test]
    fn no_detail_is_left_and_the_kind_is() {
        let detail = || "/etc/wardkey/wardkey.toml: line 3".to_owned();
        let own = PathBuf::from("/etc/wardkey/wardkey.toml");
        let unavailable = || Outcome::Unavailable(detail());
        for answer in [
            Answer::Checked { outcome: unavailable(), generation: Some(3) },
            Answer::Entered { ask: Ask::Code, outcome: unavailable(), generation: None },
            Answer::Refused(Refused::Broken(detail())),
            Answer::Mailed(Mailed::Failed(detail())),
            Answer::Mailed(Mailed::Broken(detail())),
            Answer::Denied(Denial::Broken(detail())),
            Answer::Denied(Denial::OtherConfig { asked: "/tmp/mine.toml".into(), own }),
        ] {
            let kind = std::mem::discriminant(&answer);
            let told = answer.without_details();
            assert_eq!(std::mem::discriminant(&told), kind);
            assert!(!serde_json::to_string(&told).unwrap().contains("/etc/"), "{told:?}");
            if let Answer::Denied(denial) = &told {
                assert!(
                    denial.to_string().contains("there") || denial.to_string().contains("/tmp/mine.toml")
                );
            }
            if let Answer::Mailed(mailed) = &told {
                assert_eq!(mailed.trouble(), Some(IN_THE_LOG));
            }
        }
    }
}
