//! What is asked of the helper for somebody who helps themself, or by root about mail, and what is answered on the way.

use super::action::{Action, Done};
use super::problem::Why;
use crate::credential::SingleUseCode;
use crate::credential::mailed::{Address, Notice};
use crate::credential::secret::Secret;
use crate::login::PamItems;
use crate::verify::Refusal;
use crate::wire::{Detailed, Helper, Question, Silence, Topic};
use serde::{Deserialize, Serialize};

/// One request at the desk.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskRequest {
    /// Where it is asked.
    pub items: PamItems,
    /// What is to be done.
    pub work: DeskWork,
}

/// What is to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum DeskWork {
    /// Something for them, once they have shown who they are.
    Action(Action),
    /// To note this address and to mail the code that confirms it; root alone may.
    RegisterAddress(Address),
    /// To tell this address of a change; root alone may.
    Notify(Address, Notice),
}

impl Topic for DeskRequest {
    const NAME: &'static str = "desk";
    type Answer = DeskAnswer;
}

/// What is answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskAnswer {
    /// In the middle of an action: what the person must type, as a [`DeskReply`].
    Wants(Wish),
    /// In the middle of an action: a text for the person.
    Says(String),
    /// The action is done.
    Done(Done),
    /// It is not, and nothing has changed but what the codes changed that were typed for it.
    NotDone(NotDone),
    /// To the two requests about mail. It is written down already.
    Delivered(Delivery),
}

/// What the person, or the program before them, is to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// What a PAM module asks.
    Line {
        /// Its prompt.
        prompt: String,
        /// Whether what is typed must not be seen.
        hidden: bool,
    },
    /// A code of theirs.
    Code,
    /// To put these recovery codes where they will be found; they come into force after the reply, which is empty.
    Keep(Vec<SingleUseCode>),
}

/// What the person typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeskReply(pub Secret);

/// Why an action is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotDone {
    /// This site's people do not help themselves.
    NoSelfService,
    /// The login password was not right, or PAM does not let the account in.
    Password,
    /// The code was not right.
    Code(Refusal),
    /// It may not be.
    Why(Why),
    /// It cannot be done now; why, to root.
    Broken(String),
    /// Not at a seat of a clinic: its verifier has the records.
    AtVerifier,
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The mail system has it; to whom, masked.
    Sent(String),
    /// It may not be.
    Refused(Why),
    /// The mail system does not take it; why, to root.
    Failed(String),
    /// The record cannot be read or written; why, to root.
    Broken(String),
}

impl Detailed for DeskAnswer {
    fn without_details(self) -> Self {
        match self {
            Self::NotDone(NotDone::Broken(_)) => Self::NotDone(NotDone::Broken(String::new())),
            Self::NotDone(NotDone::Code(refusal)) => Self::NotDone(NotDone::Code(refusal.to_a_guesser())),
            Self::NotDone(NotDone::Why(why)) => Self::NotDone(NotDone::Why(why.to_a_guesser())),
            Self::Done(done) => Self::Done(done.to_a_guesser()),
            Self::Delivered(Delivery::Failed(_)) => Self::Delivered(Delivery::Failed(String::new())),
            Self::Delivered(Delivery::Broken(_)) => Self::Delivered(Delivery::Broken(String::new())),
            told @ (Self::Wants(_)
            | Self::Says(_)
            | Self::NotDone(NotDone::NoSelfService | NotDone::Password | NotDone::AtVerifier)
            | Self::Delivered(Delivery::Sent(_) | Delivery::Refused(_))) => told,
        }
    }
}

/// The user at the terminal.
pub trait Terminal {
    /// Types a line; `None`: they are gone.
    fn reply(&mut self, wish: &Wish) -> Option<Secret>;

    /// Reads a text.
    fn told(&mut self, text: &str);
}

/// Asks something in the course of which the user types. The deadline begins again after each line.
///
/// # Errors
/// [`Silence`]; [`Silence::Left`] when nothing more was typed.
pub fn ask_with(
    helper: &Helper<'_>,
    question: &Question<DeskRequest>,
    terminal: &mut dyn Terminal,
) -> Result<DeskAnswer, Silence> {
    let mut talk = helper.open(question)?;
    loop {
        match talk.hear()? {
            DeskAnswer::Says(text) => terminal.told(&text),
            DeskAnswer::Wants(wish) => {
                let typed = terminal.reply(&wish).ok_or(Silence::Left)?;
                talk.say(&DeskReply(typed))?;
            }
            answer @ (DeskAnswer::Done(_) | DeskAnswer::NotDone(_) | DeskAnswer::Delivered(_)) => {
                return Ok(answer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::Verdict;

    #[test]
    fn no_detail_is_left_and_the_kind_is() {
        let detail = || "/etc/wardkey/wardkey.toml: line 3".to_owned();
        for answer in [
            DeskAnswer::NotDone(NotDone::Broken(detail())),
            DeskAnswer::Delivered(Delivery::Failed(detail())),
            DeskAnswer::Delivered(Delivery::Broken(detail())),
        ] {
            let kind = std::mem::discriminant(&answer);
            let told = answer.without_details();
            assert_eq!(std::mem::discriminant(&told), kind);
            assert!(!serde_json::to_string(&told).unwrap().contains("/etc/"), "{told:?}");
        }
    }

    #[test]
    fn a_guesser_is_not_told_how_far_a_code_is_from_the_clock() {
        let off = Refusal::WrongTime { seconds: 90, sure: false, then: None };
        for answer in [
            DeskAnswer::NotDone(NotDone::Code(off)),
            DeskAnswer::NotDone(NotDone::Why(Why::Code(off))),
            DeskAnswer::Done(Done::Checked(Verdict::Refused(off))),
        ] {
            let told = serde_json::to_string(&answer.without_details()).unwrap();
            assert!(!told.contains("90") && told.contains("Wrong"), "{told}");
        }
    }
}
