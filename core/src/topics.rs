//! All that can be asked of the helper, and answered: the one place that knows of every topic.

use crate::desk::{DeskAnswer, DeskRequest, DeskWork};
use crate::login::{self, PamItems};
use crate::wire::Detailed;
use serde::{Deserialize, Serialize};

/// A request about one of the topics.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnyRequest {
    /// A step of a login.
    Login(login::Request),
    /// Work at the desk.
    Desk(DeskRequest),
}

impl AnyRequest {
    /// Where it is asked.
    #[must_use]
    pub const fn items(&self) -> &PamItems {
        match self {
            Self::Login(request) => &request.items,
            Self::Desk(request) => &request.items,
        }
    }

    /// The same, to be put right.
    pub const fn items_mut(&mut self) -> &mut PamItems {
        match self {
            Self::Login(request) => &mut request.items,
            Self::Desk(request) => &mut request.items,
        }
    }

    /// Whether somebody types something in the course of it.
    #[must_use]
    pub const fn is_long(&self) -> bool {
        matches!(self, Self::Desk(DeskRequest { work: DeskWork::Action(_), .. }))
    }
}

/// An answer; the caller knows what it asked, so the topic is not named.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum AnyAnswer {
    /// To a step of a login.
    Login(login::Answer),
    /// To work at the desk.
    Desk(DeskAnswer),
}

impl Detailed for AnyAnswer {
    fn without_details(self) -> Self {
        match self {
            Self::Login(answer) => Self::Login(answer.without_details()),
            Self::Desk(answer) => Self::Desk(answer.without_details()),
        }
    }
}
