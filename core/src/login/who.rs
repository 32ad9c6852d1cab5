//! Who logs in, as far as the account database knows.

use crate::account::{Account, Accounts};
use crate::user::UserName;

/// Who logs in.
#[derive(Debug, Clone)]
pub enum Who {
    /// Someone with an account.
    Known(Account),
    /// Nobody; with the name, if it can be one.
    Unknown(Option<UserName>),
    /// The database did not answer; why.
    LookupFailed(UserName, String),
}

impl Who {
    /// Looks `name` up.
    #[must_use]
    pub fn find(accounts: &dyn Accounts, name: &[u8]) -> Self {
        let Ok(user) = UserName::new(name) else { return Self::Unknown(None) };
        match accounts.find(&user) {
            Ok(Some(account)) => Self::Known(account),
            Ok(None) => Self::Unknown(Some(user)),
            Err(e) => Self::LookupFailed(user, e.to_string()),
        }
    }

    /// The name as it is in use, if there can be one.
    #[must_use]
    pub const fn name(&self) -> Option<&UserName> {
        match self {
            Self::Known(account) => Some(&account.name),
            Self::Unknown(user) => user.as_ref(),
            Self::LookupFailed(user, _) => Some(user),
        }
    }

    /// The name as logs show it.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        self.name().map(ToString::to_string)
    }
}
