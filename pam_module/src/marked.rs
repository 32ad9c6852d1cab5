//! The mark that is in force in a transaction, by the name that the application gives now.

use crate::mark::{Mark, Whose, of};
use crate::transaction::Transaction;
use wardkey_core::login::Who;
use wardkey_core::policy::account::Accounts;

/// The mark in force for the name that the application gives now, which is looked up only where there is one.
pub(crate) fn now(pam: &mut dyn Transaction, accounts: &dyn Accounts) -> Option<Mark> {
    let left = pam.left();
    if left.is_empty() {
        return None;
    }
    let whose = whose(pam, accounts);
    of(&left, &whose)
}

/// Whose the name is that the application gives now.
pub(crate) fn whose(pam: &mut dyn Transaction, accounts: &dyn Accounts) -> Whose {
    pam.user().map_or(Whose::Unsure, |name| Whose::of(&Who::find(accounts, &name)))
}
