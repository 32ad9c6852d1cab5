//! Whether anybody who can become root has a second factor: without, the PAM lines could lock everybody out.

use crate::actor;
use crate::becoming_root::becoming_root;
use crate::context::Context;
use std::path::Path;
use wardkey_core::policy::account::Accounts;
use wardkey_core::record::enrolment::State;
use wardkey_core::store::Store;
use wardkey_core::system::trusted_file::{self, Readers};
use wardkey_core::user::UserName;

/// Where passwords are (shadow(5)).
const SHADOW: &str = "/etc/shadow";

/// Its largest size, in bytes.
const MAX_SHADOW: u64 = 16 * 1024 * 1024;

/// What to warn of before the PAM lines are there: nobody who can become root is enrolled, or only a root that no
/// password opens, whose code sudo never asks for.
pub(crate) fn warning(context: &Context) -> Option<String> {
    // The verifier knows who is enrolled.
    if context.config.store.is_seat() {
        return None;
    }
    let users = context.store.users().unwrap_or_default();
    let mut able =
        users.iter().filter(|user| is_enrolled(context, user) && can_become_root(context, user)).peekable();
    if able.peek().is_none() {
        return Some(context.text.nobody_becomes_root());
    }
    able.all(has_locked_password).then(|| context.text.only_a_locked_root())
}

/// What to look at after `user`'s second factor was voided.
pub(crate) fn warnings_after_loss(context: &Context, user: &UserName) -> Vec<String> {
    let mut warnings = Vec::new();
    if warning(context).is_some() {
        warnings.push(context.text.nobody_becomes_root_now());
    }
    if actor::is(&user.to_string()) {
        warnings.push(context.text.keep_a_root_shell());
    }
    warnings
}

fn is_enrolled(context: &Context, user: &UserName) -> bool {
    context.store.enrolment(user).ok().flatten().is_some_and(|e| e.state == State::Enrolled)
}

/// Whether this account is root's, or may become root.
pub(crate) fn can_become_root(context: &Context, user: &UserName) -> bool {
    let Ok(Some(account)) = context.accounts.find(user) else { return false };
    becoming_root().has(&account, &context.accounts)
}

/// Whether no password opens this account, so that no login asks for its code. Somebody whose password is not kept
/// on this machine has one elsewhere.
pub(crate) fn has_locked_password(user: &UserName) -> bool {
    trusted_file::read(Path::new(SHADOW), Readers::Anyone, MAX_SHADOW)
        .is_ok_and(|shadow| is_locked_in(&shadow, user.as_bytes()))
}

/// A password field that begins with `!` or `*` fits no password (shadow(5)).
fn is_locked_in(shadow: &[u8], name: &[u8]) -> bool {
    let mut entries = shadow.split(|byte| *byte == b'\n').map(|line| line.split(|byte| *byte == b':'));
    let password = entries.find_map(|mut fields| (fields.next() == Some(name)).then(|| fields.next()));
    password.flatten().is_some_and(|password| password.starts_with(b"!") || password.starts_with(b"*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_password_is_told_from_one_that_opens() {
        let shadow = b"root:*:1:0\nroy:!$y$x:1\nann:$y$x:1\nempty::1\nrooted:!:1\n";
        for (name, locked) in
            [("root", true), ("roy", true), ("ann", false), ("empty", false), ("none", false), ("roo", false)]
        {
            assert_eq!(is_locked_in(shadow, name.as_bytes()), locked, "{name}");
        }
    }
}
