//! Who on this machine may become root: by uid, by the groups that distributions have for it, and by what sudo and doas
//! are told.

use crate::doctor::sudoers::granted;
use nix::unistd::{Gid, Group, Uid, User, gethostname};
use pam_stack::Root;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use wardkey_core::policy::account::{Account, Accounts};

/// Groups whose members may usually become root.
const GROUPS: [&str; 3] = ["sudo", "wheel", "admin"];

/// People and groups, by name. Root itself is not among them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct BecomingRoot {
    pub(crate) users: BTreeSet<String>,
    pub(crate) groups: BTreeSet<String>,
}

/// Those of this machine, read once.
pub(crate) fn becoming_root() -> &'static BecomingRoot {
    static THOSE: OnceLock<BecomingRoot> = OnceLock::new();
    THOSE.get_or_init(|| {
        let host = gethostname().unwrap_or_default();
        BecomingRoot::of(granted(&Root::new("/"), &host.to_string_lossy()))
    })
}

impl BecomingRoot {
    fn of(granted: Vec<String>) -> Self {
        let mut all = Self { groups: GROUPS.map(str::to_owned).into(), ..Self::default() };
        for word in granted {
            let plain = |text: &str| text.replace('\\', "");
            match word.strip_prefix('%') {
                Some(group) => all.groups.extend(group_named(group).or_else(|| Some(plain(group)))),
                None => all.users.extend(user_named(&word).or_else(|| Some(plain(&word)))),
            }
        }
        all
    }

    /// Whether this account may become root, or is root's.
    pub(crate) fn has(&self, account: &Account, accounts: &dyn Accounts) -> bool {
        account.uid == 0
            || self.users.contains(&account.name.to_string())
            || self.groups.iter().any(|group| accounts.is_member(account, group).unwrap_or(false))
    }
}

/// A group that is written by its number.
fn group_named(word: &str) -> Option<String> {
    let gid = word.strip_prefix('#')?.parse().ok()?;
    Some(Group::from_gid(Gid::from_raw(gid)).ok().flatten()?.name)
}

/// An account that is written by its number.
fn user_named(word: &str) -> Option<String> {
    let uid = word.strip_prefix('#')?.parse().ok()?;
    Some(User::from_uid(Uid::from_raw(uid)).ok().flatten()?.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_groups_are_told_apart() {
        let words = ["ann", "%ops", "#0", "%#0", "%domain\\ admins"].map(str::to_owned);
        let all = BecomingRoot::of(words.into());
        assert_eq!(all.users, ["ann", "root"].map(str::to_owned).into());
        let groups = ["admin", "domain admins", "ops", "root", "sudo", "wheel"];
        assert_eq!(all.groups, groups.map(str::to_owned).into());
    }
}
