//! What a seat asks, and what is reported to it.

use crate::hello::Turned;
use serde::{Deserialize, Serialize};
use wardkey_core::login::{Judgement, NoPlace, OnRecord, PamItems, Reply};
use wardkey_core::record::question::QuestionId;
use wardkey_core::user::UserName;

/// One question of a seat.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enquiry {
    /// Drawn once for this question, and kept wherever it is sent again.
    pub id: QuestionId,
    /// For how many milliseconds the seat waits. What takes longer is not begun.
    pub within: u32,
    /// Whom it is about.
    pub user: UserName,
    /// Where they log in, for the audit, and for what mail may open there.
    pub items: PamItems,
    /// What is asked.
    pub subject: Subject,
}

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Subject {
    /// What policy must know before anything is typed.
    Known,
    /// Whether somebody without a second factor has a pass that would open now.
    LivePass,
    /// To check what somebody with an account typed.
    Code {
        /// The account's uid at this seat.
        uid: u32,
        /// What was typed.
        reply: Reply,
        /// Whether a wrong code counts: it does where a code was asked.
        counts: bool,
        /// Whether they may enrol in this login.
        place: Result<(), NoPlace>,
    },
    /// To do the same work for somebody who has no account, and say no.
    Nobody(Reply),
    /// A certificate for the same key, from now on: the request (PKCS #10, RFC 2986) as PEM.
    Renewal(String),
}

/// What is reported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    /// To [`Subject::Known`].
    Known(OnRecord),
    /// To [`Subject::LivePass`].
    LivePass(bool),
    /// To [`Subject::Code`] and [`Subject::Nobody`].
    Judged(Judgement),
    /// To [`Subject::Renewal`]: the certificate as PEM.
    Renewed(String),
    /// There is none.
    Turned(Turned),
}
