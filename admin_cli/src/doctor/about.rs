//! What is known of this machine besides its PAM files.

use super::conditions::can_hold;
use super::modules::Modules;
use super::stacks::About;
use crate::context::Context;
use nix::unistd::Group;
use pam_stack::Root;
use wardkey_core::policy::config::{EntryForm, Unenrolled};

/// Looks at stacks with what is known of the machine below `root`; `key_came_first`: sshd has checked a key before it asks.
pub(crate) fn on_this_machine<T>(
    context: &Context,
    root: &Root,
    key_came_first: bool,
    look: impl FnOnce(&About<'_>) -> T,
) -> T {
    let (config, modules) = (&context.config, Modules::of(root));
    look(&About {
        has_module: &|path| modules.has(path),
        can_hold: &|line| can_hold(root, line, &is_empty_group),
        is_combined: &|service| config.service(service).entry == EntryForm::Combined,
        exempts: !config.exempt.is_empty() || config.policy.unenrolled == Unenrolled::Ignore,
        key_came_first,
        config: &context.config_path.display().to_string(),
        has_file: &|path| root.join(path).exists(),
    })
}

/// A group that is missing, or that names no members.
fn is_empty_group(group: &str) -> bool {
    match Group::from_name(group) {
        Ok(found) => found.is_none_or(|group| group.mem.is_empty()),
        Err(_) => false,
    }
}
