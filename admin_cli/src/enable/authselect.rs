//! Files of authselect (Fedora, RHEL): links that its next run writes again. They go on behind the password whether it was
//! right or wrong, or end the login there, so no line of ours holds behind them. What their `auth` lines would have to be
//! stands in a profile of the site's own.

use super::edit::{LeftAlone, with_our_lines};
use super::source::{Content, ServiceText};
use crate::doctor::About;
use pam_stack::{Found, Kind, Root, Service};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::read_link;
use std::path::{Path, PathBuf};

/// The files that authselect would have to write otherwise, each with the `auth` lines that it needs.
pub(crate) type AuthLines = BTreeMap<PathBuf, Vec<String>>;

/// What lets our lines hold in the service `name`, proven; `None` where none of its files is authselect's, or that would
/// not be enough.
pub(super) fn profile(root: &Root, name: &str, about: &About<'_>) -> Option<LeftAlone> {
    let service = Service::load(root, name, root.reader());
    let files: BTreeSet<&PathBuf> = service
        .stack(Kind::Auth)
        .iter()
        .map(|line| &line.place.file)
        .filter(|path| is_its(root, path))
        .collect();
    let mut machine = root.clone();
    let mut profile = AuthLines::new();
    for path in files {
        if let Some(Found::File(_, content)) = root.file(path)
            && let Some((text, auth)) = String::from_utf8(content).ok().and_then(|text| ending_well(&text))
        {
            machine.lay(path, Some(text.into_bytes()));
            profile.insert(path.clone(), auth);
        }
    }
    let is_enough = !profile.is_empty() && with_our_lines(&machine, name, about).is_ok();
    is_enough.then_some(LeftAlone::Authselect(profile))
}

/// Whether it is a link into the directory that authselect writes.
fn is_its(root: &Root, path: &Path) -> bool {
    read_link(root.join(path))
        .is_ok_and(|target| target.parent().is_some_and(|of| of.ends_with("authselect")))
}

/// The text with `auth` lines that lead behind the last one after a right password and end the login after a wrong one, and
/// these lines. `None` where they are of another form than authselect's: `sufficient` lines, and `pam_deny.so` behind them.
fn ending_well(text: &str) -> Option<(String, Vec<String>)> {
    let source = ServiceText::read(text)?;
    let auth: Vec<_> =
        source.entries.iter().filter(|entry| entry.content == Content::Of(Kind::Auth)).collect();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let (last, before) = auth.split_last()?;
    let deny = lines
        .get_mut(last.first)
        .filter(|line| line.contains("pam_deny.so") && second(line) == "required")?;
    *deny = deny.replacen("required", "requisite", 1);
    for (place, entry) in before.iter().enumerate() {
        let line = lines.get_mut(entry.first)?;
        if second(line) == "sufficient" {
            let over = before.len() - place;
            *line = line.replacen("sufficient", &format!("[success={over} default=ignore]"), 1);
        }
    }
    // It sets the result after a jump, which sets none.
    lines.insert(last.end, format!("{} required pam_permit.so", Kind::Auth));
    let written =
        |entry: &&super::source::FileEntry| lines.get(entry.first..entry.end).unwrap_or_default().to_vec();
    let mut needed: Vec<String> = auth.iter().flat_map(written).collect();
    needed.push(lines.get(last.end)?.clone());
    Some((lines.join("\n") + "\n", needed))
}

fn second(line: &str) -> &str {
    line.split_whitespace().nth(1).unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "looks at files from outside")]
mod tests {
    use super::super::plan::tests::{planned, stocks};
    use super::super::plan::{Course, Plan};
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    /// A machine of Fedora's or RHEL's, with authselect's links.
    fn managed(stock: &str) -> (tempfile::TempDir, Root) {
        let directory = tempfile::tempdir().unwrap();
        let (pam, its) = (directory.path().join("etc/pam.d"), directory.path().join("etc/authselect"));
        fs::create_dir_all(&pam).unwrap();
        fs::create_dir_all(&its).unwrap();
        let from = stocks().into_iter().find(|path| path.ends_with(stock)).unwrap().join("etc/pam.d");
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name();
            let is_its = ["system-auth", "password-auth", "postlogin"].iter().any(|of| name == **of);
            fs::copy(entry.path(), if is_its { &its } else { &pam }.join(&name)).unwrap();
            if is_its {
                symlink(Path::new("/etc/authselect").join(&name), pam.join(&name)).unwrap();
            }
        }
        // Below this root an absolute link leads elsewhere: libpam's view of it is laid over.
        let mut root = Root::new(directory.path());
        for entry in fs::read_dir(&its).unwrap() {
            let entry = entry.unwrap();
            root.lay(Path::new("/etc/pam.d").join(entry.file_name()), Some(fs::read(entry.path()).unwrap()));
        }
        (directory, root)
    }

    fn planned_for(root: &Root, names: &[&str]) -> Plan {
        planned(root, &names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn files_of_authselect_are_left_alone_with_what_they_would_need() {
        let files = [("fedora-41-local", 1), ("fedora-43-local-features", 2), ("rhel-9-sssd", 3)];
        for (stock, over) in files {
            let (_directory, root) = managed(stock);
            let plan = planned_for(&root, &["sshd", "login", "sudo", "su"]);
            let mut machine = root.clone();
            for name in ["sshd", "login", "sudo", "su"] {
                let Course::LeftAlone(LeftAlone::Authselect(profile)) = &plan[name] else {
                    panic!("{stock} {name}: {:?}", plan[name]);
                };
                let file = if name == "sshd" { "password-auth" } else { "system-auth" };
                let path = Path::new("/etc/pam.d").join(file);
                assert_eq!(profile.keys().collect::<Vec<_>>(), [&path], "{stock} {name}");
                let lines = &profile[&path];
                let asked = format!("auth [success={over} default=ignore] pam_unix.so nullok");
                assert!(lines.contains(&asked), "{stock} {name}: {lines:?}");
                let end = ["auth requisite pam_deny.so", "auth required pam_permit.so"];
                assert_eq!(lines[lines.len() - 2..], end, "{stock} {name}");

                // As a profile of the site's own would have it.
                let Some(Found::File(_, content)) = root.file(&path) else { panic!("{path:?}") };
                let rest = String::from_utf8(content).unwrap();
                let rest = rest.lines().filter(|line| !line.starts_with("auth")).map(str::to_owned);
                let text: Vec<String> = lines.iter().cloned().chain(rest).collect();
                machine.lay(&path, Some((text.join("\n") + "\n").into_bytes()));
            }
            for (name, course) in planned_for(&machine, &["sshd", "login", "sudo", "su"]) {
                match course {
                    Course::Edited(edit) => assert!(!is_its(&root, &edit.path), "{stock} {name}"),
                    course => assert_eq!(course, Course::Asks, "{stock} {name}"),
                }
            }
        }
    }

    #[test]
    fn files_that_nobody_manages_are_not_said_to_be_authselects() {
        let root = Root::new(stocks().into_iter().find(|path| path.ends_with("rhel-9-sssd")).unwrap());
        let plan = planned_for(&root, &["sshd"]);
        assert!(matches!(&plan["sshd"], Course::LeftAlone(LeftAlone::Unproven(_))), "{plan:?}");
    }
}
