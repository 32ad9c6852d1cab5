//! Who meets a question for a code once services ask: what `enable` says before it changes anything.

use super::accounts::Scene;
use super::automation::{has_worked_with_ansible, key_file_at_home};
use super::people::LocalAccount;
use crate::context::Context;
use crate::everybody::Everybody;
use crate::services::Services;
use pam_stack::Root;
use std::collections::BTreeSet;

/// People and programs, by account.
#[derive(Debug, Default)]
pub(crate) struct Foreseen {
    /// Those who are asked, are not enrolled, and are refused until they are.
    pub(crate) unenrolled: Vec<String>,
    /// Those with keys for sshd.
    pub(crate) with_keys: Vec<String>,
    /// Those with keys and without a password, as programs have them.
    pub(crate) keys_alone: Vec<String>,
    /// Those under which Ansible has worked, and of which sudo would want a code.
    pub(crate) become_stopped: Vec<String>,
}

/// Looks at the machine's own accounts.
pub(crate) fn foreseen(
    context: &Context,
    root: &Root,
    services: &Services,
    names: &BTreeSet<String>,
) -> Foreseen {
    let everybody = Everybody::read(context);
    let scene = Scene::of(context, root, services, &everybody);
    let refusing: Vec<&String> = names.iter().filter(|name| !context.config.service(name).enroll).collect();
    let is_refused = |entry: &LocalAccount, name: &str| {
        entry.has_shell
            && scene.refuses_unenrolled()
            && !scene.is_enrolled(&entry.name)
            && scene.is_concerned(entry, name)
    };
    let mut found = Foreseen::default();
    for entry in scene.local.accounts.iter().filter(|entry| entry.has_shell) {
        let name = || entry.name.clone();
        if entry.has_password && refusing.iter().any(|service| is_refused(entry, service)) {
            found.unenrolled.push(name());
        }
        if names.contains("sshd") && key_file_at_home(&scene, entry).is_some() {
            found.with_keys.push(name());
            found.keys_alone.extend((!entry.has_password && is_refused(entry, "sshd")).then(name));
        }
        if names.contains("sudo") && is_refused(entry, "sudo") && has_worked_with_ansible(&scene, entry) {
            found.become_stopped.push(name());
        }
    }
    found
}
