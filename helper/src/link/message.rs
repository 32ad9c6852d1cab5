//! What a copy and the link say to each other, one question and one answer over each pair of sockets.

use serde::{Deserialize, Serialize};
use wardkey_core::policy::config::Server;
use wardkey_fleet::{Enquiry, Report};

/// What the link is asked to bring.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Errand {
    /// To which verifiers, in which order.
    pub(crate) servers: Vec<Server>,
    /// What. Its time is that of the whole errand.
    pub(crate) enquiry: Enquiry,
}

/// What it brought.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Brought {
    /// A verifier's report to this enquiry, in the link's own words.
    Report(Report),
    /// Nothing; why, for the log.
    Nothing(String),
}
