//! A question and its answer, whatever they are about.

use super::denial::Denial;
use crate::user::UserName;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use std::path::PathBuf;

/// The form of the messages; a helper of another version says so and does nothing.
pub const VERSION: u32 = 3;

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

/// What is answered: the topic's own answer, or why there is none.
pub type Answered<A> = Result<A, Denial>;

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
