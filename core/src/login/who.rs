//! Who logs in, as far as the account database knows.

use crate::policy::account::{Account, Accounts, LookupError};
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
            Err(e) => Self::LookupFailed(user, nameless(&e)),
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

    /// The name as logs show it: an account's. Any other may be a password in the wrong field, and is left out as `pam_unix`
    /// leaves it out.
    #[must_use]
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Known(account) => Some(account.name.to_string()),
            Self::Unknown(_) | Self::LookupFailed(..) => None,
        }
    }
}

/// What is wrong with a look-up, in the words of logs: without the name, which may be a password.
#[must_use]
pub fn nameless(error: &LookupError) -> String {
    match error {
        LookupError::Account(_, e) => format!("the account database does not answer: {e}"),
        LookupError::BadName(_, e) => format!("the account database gives a name that cannot be: {e}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::errno::Errno;

    struct Answers(Result<Option<Account>, LookupError>);

    impl Accounts for Answers {
        fn find(&self, _: &UserName) -> Result<Option<Account>, LookupError> {
            self.0.clone()
        }

        fn is_member(&self, _: &Account, _: &str) -> Result<bool, LookupError> {
            Ok(false)
        }
    }

    #[test]
    fn only_an_accounts_name_is_shown() {
        let roy = Account { name: UserName::new(b"roy").unwrap(), uid: 1000, gid: 1000 };
        let typed = |answer| Who::find(&Answers(answer), b"my password");
        assert_eq!(typed(Ok(Some(roy))).shown().as_deref(), Some("roy"));
        assert_eq!(typed(Ok(None)).shown(), None);
        for error in [
            LookupError::Account("my password".into(), Errno::EIO),
            LookupError::BadName("my password".into(), crate::user::BadUserName::Empty),
        ] {
            let failed = typed(Err(error));
            assert!(failed.shown().is_none() && failed.name().is_some());
            assert!(matches!(failed, Who::LookupFailed(_, why) if !why.contains("my password")));
        }
    }
}
