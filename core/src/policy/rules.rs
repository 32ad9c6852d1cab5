//! What a site decided about codes: how they are judged, and when somebody waits.

use crate::credential::throttle::Limits;
use crate::policy::config::MailMode;

/// How codes are judged at this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Steps accepted either side of now, and of now and the learned drift (RFC 6238 §5.2, §6).
    pub window: u64,
    /// Largest learned drift, in steps (RFC 6238 §6).
    pub drift_limit: u64,
    /// When to wait.
    pub limits: Limits,
    /// What mailed codes open, in the service at hand.
    pub mail: MailMode,
}
