//! Whether anybody who can become root has a second factor: without, the PAM lines could lock everybody out.

use crate::office::Office;
use wardkey_core::account::Accounts;
use wardkey_core::enrolment::State;
use wardkey_core::store::Store;
use wardkey_core::user::UserName;

/// Groups whose members may usually become root.
const GROUPS: [&str; 3] = ["sudo", "wheel", "admin"];

/// Whether somebody enrolled can become root.
pub(crate) fn root_is_reachable(office: &Office) -> bool {
    let users = office.store.users().unwrap_or_default();
    users.iter().any(|user| is_enrolled(office, user) && can_become_root(office, user))
}

fn is_enrolled(office: &Office, user: &UserName) -> bool {
    office.store.enrolment(user).ok().flatten().is_some_and(|e| e.state == State::Enrolled)
}

fn can_become_root(office: &Office, user: &UserName) -> bool {
    let Ok(Some(account)) = office.accounts.find(user) else { return false };
    account.uid == 0 || GROUPS.iter().any(|group| office.accounts.is_member(&account, group).unwrap_or(false))
}
