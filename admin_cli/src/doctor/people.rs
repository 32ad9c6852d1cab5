//! Who there is by the machine's own files, and who can log in.

use super::polkit::People;
use nix::unistd::{Group, User};
use pam_stack::{Found, Root};
use std::path::PathBuf;

/// Shells that let nobody in, by the ends of their paths.
const NO_SHELLS: [&str; 5] = ["/nologin", "/false", "/sync", "/shutdown", "/halt"];

/// One account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LocalAccount {
    /// Its name.
    pub(crate) name: String,
    /// Its uid.
    pub(crate) uid: u32,
    /// Its first group.
    pub(crate) gid: u32,
    /// Where its files are.
    pub(crate) home: PathBuf,
    /// Whether it has a shell that lets somebody in.
    pub(crate) has_shell: bool,
    /// Whether a password may open it; also where that cannot be told.
    pub(crate) has_password: bool,
}

/// The accounts and groups of `/etc/passwd`, `/etc/group` and `/etc/shadow`.
#[derive(Debug, Default)]
pub(crate) struct Local {
    /// Every account.
    pub(crate) accounts: Vec<LocalAccount>,
    groups: Vec<(String, u32, Vec<String>)>,
}

impl Local {
    /// Those of the machine below `root`.
    pub(crate) fn of(root: &Root) -> Self {
        let text = |path: &str| match root.service_file(path) {
            Some(Found::File(_, text)) => String::from_utf8_lossy(&text).into_owned(),
            _ => String::new(),
        };
        let shadow = text("/etc/shadow");
        let accounts = text("/etc/passwd").lines().filter_map(|line| entry(line, &shadow)).collect();
        let groups = text("/etc/group").lines().filter_map(group).collect();
        Self { accounts, groups }
    }

    /// The groups of an account, by name.
    pub(crate) fn groups_of(&self, entry: &LocalAccount) -> Vec<&str> {
        let is_of = |(_, gid, members): &&(String, u32, Vec<String>)| {
            *gid == entry.gid || members.contains(&entry.name)
        };
        self.groups.iter().filter(is_of).map(|(name, ..)| name.as_str()).collect()
    }
}

impl People for Local {
    fn has_member(&self, group: &str) -> bool {
        match self.groups.iter().find(|(name, ..)| name == group) {
            Some((_, gid, members)) => {
                !members.is_empty() || self.accounts.iter().any(|entry| entry.has_shell && entry.gid == *gid)
            }
            // A directory's, if it is one.
            None => Group::from_name(group).ok().flatten().is_some_and(|group| !group.mem.is_empty()),
        }
    }

    fn is_person(&self, user: &str) -> bool {
        match self.accounts.iter().find(|entry| entry.name == user) {
            Some(entry) => entry.uid != 0 && entry.has_shell,
            None => User::from_name(user).is_ok_and(|found| found.is_some()),
        }
    }
}

fn entry(line: &str, shadow: &str) -> Option<LocalAccount> {
    let fields: Vec<&str> = line.split(':').collect();
    let [name, _, uid, gid, _, home, shell] = fields.as_slice() else { return None };
    let password = shadow.lines().find_map(|line| {
        let (of, rest) = line.split_once(':')?;
        (of == *name).then(|| rest.split(':').next().unwrap_or_default())
    });
    Some(LocalAccount {
        name: (*name).to_owned(),
        uid: uid.parse().ok()?,
        gid: gid.parse().ok()?,
        home: PathBuf::from(home),
        has_shell: !NO_SHELLS.iter().any(|end| shell.ends_with(end)),
        has_password: !password.is_some_and(|password| password.starts_with(['!', '*'])),
    })
}

fn group(line: &str) -> Option<(String, u32, Vec<String>)> {
    let mut fields = line.split(':');
    let (name, gid) = (fields.next()?, fields.nth(1)?);
    let members = fields.next().unwrap_or_default().split(',').filter(|member| !member.is_empty());
    Some((name.to_owned(), gid.parse().ok()?, members.map(str::to_owned).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_can_log_in_is_told_from_who_cannot() {
        let directory = tempfile::tempdir().unwrap();
        let root = Root::new(directory.path());
        std::fs::create_dir(root.join("/etc")).unwrap();
        let write = |name: &str, text: &str| std::fs::write(root.join(name), text).unwrap();
        write(
            "/etc/passwd",
            "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000::/home/ann:/bin/sh\nsvc:x:1001:50::/srv:\n\
             web:x:33:33::/var/www:/usr/sbin/nologin\nbad\n",
        );
        write("/etc/shadow", "root:*:1\nann:$y$x:1\nsvc:!:1\n");
        write("/etc/group", "root:x:0:\nteam-x:x:7:ann,web\nnobody-x:x:8:\nsvc-x:x:50:\nweb-x:x:33:\n");
        let local = Local::of(&root);
        let has_password =
            |name: &str| local.accounts.iter().find(|entry| entry.name == name).unwrap().has_password;
        assert!(has_password("ann") && has_password("web") && !has_password("svc") && !has_password("root"));
        let members =
            ["team-x", "nobody-x", "svc-x", "web-x", "missing-x"].map(|group| local.has_member(group));
        assert_eq!(members, [true, false, true, false, false]);
        let people = ["ann", "svc", "web", "root", "missing-x"].map(|user| local.is_person(user));
        assert_eq!(people, [true, true, false, false, false]);
        assert_eq!(local.groups_of(local.accounts.get(1).unwrap()), ["team-x"]);
    }
}
