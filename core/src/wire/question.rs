//! A question and its answer, whatever they are about.

use super::denial::{Denial, Detailed};
use crate::user::UserName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use std::path::PathBuf;

/// The form of the messages; a helper of another version says so and does nothing.
pub const VERSION: u32 = 4;

/// Something that can be asked about: its name on the wire, and what is answered.
pub trait Topic: Serialize {
    /// Its name.
    const NAME: &'static str;
    /// The answer.
    type Answer: DeserializeOwned;
}

impl<T: Topic> Topic for &T {
    const NAME: &'static str = T::NAME;
    type Answer = T::Answer;
}

/// One question. The helper takes the peer's word for nothing but what concerns the peer itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question<R> {
    /// [`VERSION`]
    pub version: u32,
    /// The configuration by which the caller works ([`crate::policy::config::in_force`]).
    pub config: PathBuf,
    /// Whom it is about: oneself, unless root asks.
    pub user: UserName,
    /// What is asked.
    pub request: R,
}

/// What is answered. A denial has the same form in every version: a caller of another one reads that it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answered<A> {
    /// The topic's own answer.
    Answered(A),
    /// Why there is none.
    Denied(Denial),
}

impl<A> From<Result<A, Denial>> for Answered<A> {
    fn from(answer: Result<A, Denial>) -> Self {
        answer.map_or_else(Self::Denied, Self::Answered)
    }
}

impl<A: Detailed> Detailed for Answered<A> {
    fn without_details(self) -> Self {
        match self {
            Self::Answered(answer) => Self::Answered(answer.without_details()),
            Self::Denied(denial) => Self::Denied(denial.without_details()),
        }
    }
}

/// With the topic's name before the request, as the enum of all topics is read.
impl<R: Topic> Serialize for Question<R> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Named<'a, R: Topic> {
            version: u32,
            config: &'a PathBuf,
            user: &'a UserName,
            #[serde(serialize_with = "named")]
            request: &'a R,
        }
        let Self { version, config, user, request } = self;
        Named { version: *version, config, user, request }.serialize(to)
    }
}

fn named<R: Topic, S: Serializer>(request: &&R, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_newtype_variant("Topic", 0, R::NAME, request)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A screen locker of before an update, or after one, has the module of another version in memory.
    #[test]
    fn a_denial_reads_the_same_in_every_version() {
        for (denial, text) in
            [(Denial::Version, r#"{"denied":"version"}"#), (Denial::Busy, r#"{"denied":"busy"}"#)]
        {
            let told = Answered::<()>::Denied(denial);
            assert_eq!(serde_json::to_string(&told).unwrap(), text);
            assert_eq!(serde_json::from_str::<Answered<()>>(text).unwrap(), told);
        }
    }
}
