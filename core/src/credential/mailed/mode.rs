//! What a site lets codes by mail do.

use serde::{Deserialize, Serialize};

/// What codes by mail may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailMode {
    /// Nothing.
    #[default]
    Off,
    /// Stand in for a lost authenticator (NIST SP 800-63B-4 §4.2.1.2).
    Recovery,
    /// Be a factor of their own, against NIST SP 800-63B-4 §3.1.3.1.
    Factor,
}
