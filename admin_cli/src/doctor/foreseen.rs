//! Who meets a question for a code once services ask: what `enable` says before it changes anything.

use super::accounts::Scene;
use super::automation::{KEYS, MOST, has_worked_with_ansible, is_unasked, key_file};
use super::people::LocalAccount;
use super::sshd::Sshd;
use super::sudoers;
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
    /// Those whose keys go on to let them in by ssh.
    pub(crate) keys_go_on: Vec<String>,
    /// Those whose keys want password and code as well from now on.
    pub(crate) keys_ask: Vec<String>,
    /// The same without a password, as programs have them: they do not get in any more.
    pub(crate) keys_stopped: Vec<String>,
    /// Those under which Ansible has worked, and that become root no more without a code.
    pub(crate) become_stopped: Vec<String>,
}

/// What is going to change.
pub(crate) struct Ahead<'a> {
    /// The services that ask from now on.
    pub(crate) names: &'a BTreeSet<String>,
    /// sshd as it is.
    pub(crate) sshd: Option<&'a Sshd>,
    /// sshd as it will be, where its settings change.
    pub(crate) sshd_then: Option<&'a Sshd>,
}

/// Looks at the machine's own accounts.
pub(crate) fn foreseen(context: &Context, root: &Root, services: &Services, ahead: &Ahead<'_>) -> Foreseen {
    let everybody = Everybody::read(context);
    let scene = Scene::of(context, root, services, &everybody);
    let shells = || scene.local.accounts.iter().filter(|entry| entry.has_shell);
    let mut found = Foreseen::default();
    let refusing: Vec<&String> =
        ahead.names.iter().filter(|name| !context.config.service(name).enroll).collect();
    let is_refused = |entry: &&LocalAccount| {
        let needs = |name: &&String| scene.is_concerned(entry, name);
        entry.has_password
            && scene.refuses_unenrolled()
            && !scene.is_enrolled(&entry.name)
            && refusing.iter().any(needs)
    };
    found.unenrolled = shells().filter(is_refused).map(|entry| entry.name.clone()).collect();
    if ahead.names.contains("sshd") {
        of_keys(&scene, ahead, &mut found);
    }
    let is_stopped = |entry: &&LocalAccount| {
        has_worked_with_ansible(&scene, entry) && becomes_nobody(&scene, entry, ahead.names)
    };
    found.become_stopped = shells().filter(is_stopped).map(|entry| entry.name.clone()).collect();
    found
}

/// What becomes of logins by key.
fn of_keys(scene: &Scene<'_>, ahead: &Ahead<'_>, found: &mut Foreseen) {
    let keys = ahead.sshd.and_then(|sshd| sshd.keys_of("nobody"));
    let files = keys.map_or_else(|| KEYS.map(str::to_owned).to_vec(), |keys| keys.files);
    let shells = scene.local.accounts.iter().filter(|entry| entry.has_shell);
    let with_keys = shells.filter(|entry| key_file(scene, entry, &files).is_some());
    for (number, entry) in with_keys.enumerate() {
        // For the rest it is as for everybody.
        let name = if number < MOST { entry.name.as_str() } else { "nobody" };
        let opens =
            |sshd: Option<&Sshd>| sshd.and_then(|sshd| sshd.keys_of(name)).is_none_or(|keys| keys.opens);
        let list = match (opens(ahead.sshd), opens(ahead.sshd_then.or(ahead.sshd))) {
            (_, true) => &mut found.keys_go_on,
            (true, false) if entry.has_password => &mut found.keys_ask,
            (true, false) => &mut found.keys_stopped,
            // It did not get in by the key alone before.
            (false, false) => continue,
        };
        list.push(entry.name.clone());
    }
}

/// Whether an account that types its own password for sudo, or root's for su, is asked for a code there from now on.
fn becomes_nobody(scene: &Scene<'_>, entry: &LocalAccount, names: &BTreeSet<String>) -> bool {
    let is_asked = |of: &LocalAccount, name: &str| {
        names.contains(name)
            && of.has_password
            && scene.is_concerned(of, name)
            && (scene.is_enrolled(&of.name) || scene.refuses_unenrolled())
    };
    let root = || scene.local.accounts.iter().find(|entry| entry.uid == 0);
    entry.uid != 0
        && !is_unasked(scene, entry, &sudoers::unasked(scene.root))
        && (is_asked(entry, "sudo") || root().is_some_and(|root| is_asked(root, "su")))
}
