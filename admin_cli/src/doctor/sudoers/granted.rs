//! Whom sudo and doas let run every command as root, asked for a password or not.

use super::line::{Aliases, aliases, list, people, users};
use super::{doas, files};
use pam_stack::Root;

/// Each as it is written: `ann`, `#1000`, `%group`, `%#100`; and root never, who is root already.
pub(crate) fn granted(root: &Root, host: &str) -> Vec<String> {
    let lines = files::lines(root);
    let aliases = aliases(lines.iter().map(|(_, line)| line.as_str()));
    let by_sudo = lines.iter().filter_map(|(_, line)| rule(line, host, &aliases)).flatten();
    by_sudo.chain(doas::granted(root)).collect()
}

/// Those whom this line lets run everything as root, if it is of that kind.
fn rule(line: &str, host: &str, aliases: &Aliases) -> Option<Vec<String>> {
    let first = line.split_whitespace().next()?;
    if first.starts_with("Defaults") || first.ends_with("_Alias") {
        return None;
    }
    let (left, right) = line.split_once('=')?;
    let right = right.trim_start();
    let (accounts, commands) = match right.strip_prefix('(') {
        Some(rest) => rest.split_once(')')?,
        None => ("root", right),
    };
    let is_one_of = |word: &str, wanted: &[&str]| {
        let members = aliases.get(word).map(Vec::as_slice).unwrap_or_default();
        wanted.contains(&word) || members.iter().any(|one| wanted.contains(&one.as_str()))
    };
    let (short, _) = host.split_once('.').unwrap_or((host, ""));
    let hosts = left.split_whitespace().next_back().unwrap_or_default();
    let is_here = list(hosts).iter().any(|one| is_one_of(one, &["ALL", host, short]));
    let accounts = accounts.split(':').next().unwrap_or_default();
    let is_root = list(accounts).iter().any(|one| is_one_of(one, &["ALL", "root", "#0"]));
    // `NOPASSWD:` and its like stand before a command.
    let is_all = |word: &String| is_one_of(word.rsplit(':').next().unwrap_or_default().trim(), &["ALL"]);
    if !is_here || !is_root || !list(commands).iter().any(is_all) {
        return None;
    }
    Some(list(&people(&users(left), aliases)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_run_everything_as_root_is_told_from_who_may_run_something() {
        let aliases = aliases(
            [
                "User_Alias OPS = ann, %ops",
                "Runas_Alias BOSS = root, www-data",
                "Cmnd_Alias ANY = ALL",
                "Host_Alias WARD = pc1, pc2",
                "Cmnd_Alias DISKS = /bin/mount",
            ]
            .into_iter(),
        );
        for (line, expected) in [
            ("%sudo ALL=(ALL:ALL) ALL", &["%sudo"][..]),
            ("bob ALL=(ALL) NOPASSWD: ALL", &["bob"]),
            ("bob,#1000 ALL = ALL", &["bob", "#1000"]),
            ("OPS ALL=(root) NOPASSWD:SETENV: ALL, !/bin/su", &["ann", "%ops"]),
            ("bob ALL=(BOSS) ANY", &["bob"]),
            ("bob WARD, mail=(ALL) ALL", &[]),
            ("bob WARD=(ALL) ALL", &["bob"]),
            ("bob pc1=(ALL) ALL", &["bob"]),
            ("bob pc3=(ALL) ALL", &[]),
            ("root ALL=(ALL:ALL) ALL", &[]),
            ("bob ALL=(www-data) ALL", &[]),
            ("bob ALL=(:adm) ALL", &[]),
            ("bob ALL=(ALL) /bin/mount, DISKS", &[]),
            ("Defaults:bob !authenticate", &[]),
            ("User_Alias ROOTS = bob", &[]),
            ("nonsense", &[]),
        ] {
            assert_eq!(rule(line, "pc1.clinic.example", &aliases).unwrap_or_default(), expected, "{line}");
        }
    }
}
