//! Accounts of programs that a line of ours stops: they cannot type a code.
//!
//! cron, systemd's units with `User=` and logins by key alone ask only `account` and `session`, which stand aside there. What is
//! asked: sshd where a key is not enough, and sudo where it wants a password.

use super::accounts::Scene;
use super::finding::{Finding, FindingSeverity};
use super::people::LocalAccount;
use super::sudoers::{self, Extent, Unasked};
use pam_stack::modules::checks_password;
use pam_stack::{Found, Kind};
use std::path::{Path, PathBuf};

/// Most accounts that sshd is asked about: a question takes some milliseconds.
pub(super) const MOST: usize = 20;
/// Where keys are unless sshd says otherwise.
pub(super) const KEYS: [&str; 2] = [".ssh/authorized_keys", ".ssh/authorized_keys2"];
/// What Ansible leaves on a machine that it has worked on.
const ANSIBLE: &str = ".ansible/tmp";

/// All findings of this kind.
pub(super) fn of(scene: &Scene<'_>) -> Vec<Finding> {
    let unenrolled =
        || scene.local.accounts.iter().filter(|entry| entry.has_shell && !scene.is_enrolled(&entry.name));
    let by_key =
        unenrolled().filter(|entry| !entry.has_password).take(MOST).filter_map(|entry| by_key(scene, entry));
    let mut found: Vec<Finding> = by_key.collect();
    if scene.asks("sudo") && scene.refuses_unenrolled() {
        let unasked = sudoers::unasked(scene.root);
        found.extend(unenrolled().filter_map(|entry| by_sudo(scene, entry, &unasked)));
    }
    found
}

/// An account with keys and without a password, which sshd lets in no more, or would not once it asks.
fn by_key(scene: &Scene<'_>, entry: &LocalAccount) -> Option<Finding> {
    let text = &scene.context.text;
    let asks = scene.services.programs().find(|(name, _)| *name == "sshd").filter(|_| scene.asks("sshd"));
    let Some((_, service)) = asks else {
        let file = key_file_at_home(scene, entry)?;
        let (id, severity, place) = ("automation", FindingSeverity::Note, file.display().to_string());
        let (what, why) = (text.automation_what(&entry.name), text.automation_later());
        return Some(Finding { id, severity, place, what, why, remedy: text.automation_match(&entry.name) });
    };
    let keys = scene.sshd?.keys_of(&entry.name).filter(|keys| !keys.opens)?;
    let wants_password = service.stack(Kind::Auth).iter().any(checks_password);
    if !wants_password && !scene.is_concerned(entry, "sshd") {
        return None;
    }
    let file = key_file(scene, entry, &keys.files)?;
    let (id, severity, place) = ("automation-stopped", FindingSeverity::Warning, file.display().to_string());
    let (what, why) = (text.automation_stopped_what(&entry.name), text.automation_stopped_why());
    let remedy = if wants_password {
        text.automation_match(&entry.name)
    } else {
        text.automation_exempt(&entry.name, "sshd")
    };
    Some(Finding { id, severity, place, what, why, remedy })
}

/// An account under which Ansible has worked, and of which sudo now wants a code.
fn by_sudo(scene: &Scene<'_>, entry: &LocalAccount, unasked: &[Unasked]) -> Option<Finding> {
    let text = &scene.context.text;
    let groups = scene.local.groups_of(entry);
    let can = groups.iter().any(|group| ["sudo", "wheel", "admin"].contains(group));
    if entry.uid == 0
        || !can
        || is_unasked(scene, entry, unasked)
        || !scene.is_concerned(entry, "sudo")
        || !has_worked_with_ansible(scene, entry)
    {
        return None;
    }
    let place = entry.home.join(ANSIBLE);
    Some(Finding {
        id: "become-stopped",
        severity: FindingSeverity::Note,
        place: place.display().to_string(),
        what: text.become_stopped_what(&entry.name),
        why: text.become_stopped_why(),
        remedy: text.automation_exempt(&entry.name, "sudo"),
    })
}

/// Whether sudo runs every command for this account without a question.
pub(super) fn is_unasked(scene: &Scene<'_>, entry: &LocalAccount, unasked: &[Unasked]) -> bool {
    let groups = scene.local.groups_of(entry);
    let is_theirs = |one: &str| {
        one == "ALL"
            || one == entry.name
            || one.strip_prefix('%').is_some_and(|group| groups.contains(&group))
    };
    unasked.iter().any(|found| {
        !found.is_doas && found.extent == Extent::Everything && found.whom.split(", ").any(is_theirs)
    })
}

/// Whether Ansible has worked here with this account.
pub(super) fn has_worked_with_ansible(scene: &Scene<'_>, entry: &LocalAccount) -> bool {
    scene.root.join(entry.home.join(ANSIBLE)).is_dir()
}

/// A file with keys where sshd looks for them unless it is told otherwise.
pub(super) fn key_file_at_home(scene: &Scene<'_>, entry: &LocalAccount) -> Option<PathBuf> {
    key_file(scene, entry, &KEYS.map(str::to_owned))
}

/// The first of these files that has a key by which somebody gets more than a word of refusal.
pub(super) fn key_file(scene: &Scene<'_>, entry: &LocalAccount, files: &[String]) -> Option<PathBuf> {
    let path = |file: &String| {
        let home = entry.home.display().to_string();
        let file = file.replace("%h", &home).replace("%u", &entry.name).replace("%U", &entry.uid.to_string());
        // A path that does not begin at the root begins at home.
        Path::new(&home).join(file.replace("%%", "%"))
    };
    let has_key = |path: &PathBuf| match scene.root.file(path) {
        Some(Found::File(_, text)) => String::from_utf8_lossy(&text).lines().any(is_key),
        _ => false,
    };
    files.iter().map(path).filter(|path| path.is_absolute()).find(has_key)
}

/// Cloud images give root a key that only says as whom to log in.
fn is_key(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#') && !line.contains("command=\"echo ")
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn a_line_with_a_key_is_told_from_one_that_opens_nothing() {
        for (line, expected) in [
            ("ssh-ed25519 AAAA backup@store", true),
            ("from=\"192.0.2.1\",command=\"/usr/bin/rrsync /srv\" ssh-ed25519 AAAA", true),
            ("no-pty,command=\"echo 'Please login as the user debian'\" ssh-rsa AAAA", false),
            ("# ssh-ed25519 AAAA", false),
            ("  ", false),
        ] {
            assert_eq!(is_key(line), expected, "{line}");
        }
    }
}
