//! What the registered address is told of without having asked.

use serde::{Deserialize, Serialize};

/// A change to somebody's second factor, or to what asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notice {
    /// Somebody's second factor is on.
    Enrolled,
    /// Another authenticator took the place of one.
    Replaced,
    /// One more authenticator.
    AuthenticatorAdded,
    /// One authenticator less.
    AuthenticatorRemoved,
    /// A new set of recovery codes.
    RecoveryCodes,
    /// Codes go to another address from now on, or to none.
    Address,
    /// Everything was voided.
    Reset,
    /// Not theirs alone: services that were switched on may ask for no code any more.
    Watch,
}

impl Notice {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Enrolled,
        Self::Replaced,
        Self::AuthenticatorAdded,
        Self::AuthenticatorRemoved,
        Self::RecoveryCodes,
        Self::Address,
        Self::Reset,
        Self::Watch,
    ];

    /// Its word in audit lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::Replaced => "replaced",
            Self::AuthenticatorAdded => "authenticator-added",
            Self::AuthenticatorRemoved => "authenticator-removed",
            Self::RecoveryCodes => "recovery-codes",
            Self::Address => "address",
            Self::Reset => "reset",
            Self::Watch => "watch",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_travels_under_the_word_it_is_logged_by() {
        for notice in Notice::ALL {
            assert_eq!(serde_json::to_value(notice).unwrap(), notice.name());
        }
    }
}
