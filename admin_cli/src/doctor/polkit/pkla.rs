//! Files of polkit before 0.106 (pklocalauthority(8)): sections with `Identity`, `Action` and results.

use super::{LineYes, ROOTS, Whom};

/// One section.
#[derive(Default)]
struct Section {
    line: usize,
    identity: String,
    action: String,
    is_yes: bool,
}

/// Each section that says yes to becoming root: its line, whom it means, and to what.
pub(super) fn yeses(text: &str) -> Vec<LineYes> {
    let mut sections: Vec<Section> = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.starts_with('[') {
            sections.push(Section { line: number, ..Section::default() });
        }
        let Some((section, (key, value))) = sections.last_mut().zip(line.split_once('=')) else { continue };
        match (key.trim(), value.trim()) {
            ("Identity", value) => section.identity = value.to_owned(),
            ("Action", value) => section.action = value.to_owned(),
            ("ResultAny" | "ResultInactive" | "ResultActive", "yes") => {
                section.is_yes = true;
                section.line = number;
            }
            _ => {}
        }
    }
    sections.iter().filter(|section| section.is_yes).filter_map(of_section).collect()
}

fn of_section(section: &Section) -> Option<LineYes> {
    let globs: Vec<&str> = section.action.split(';').map(str::trim).collect();
    let root = ROOTS.into_iter().find(|root| globs.iter().any(|glob| matches(glob, root)))?;
    let whom = section.identity.split(';').filter_map(|one| match one.trim().split_once(':') {
        Some((_, "*")) => Some(Whom::All),
        Some(("unix-user", user)) => Some(Whom::User(user.to_owned())),
        Some(("unix-group", group)) => Some(Whom::Group(group.to_owned())),
        _ => (one.trim() == "*").then_some(Whom::All),
    });
    let action = (!globs.contains(&"*")).then_some(root);
    Some((section.line, whom.collect(), action))
}

/// Whether the glob means this action; of its signs, the star alone is in use.
fn matches(glob: &str, action: &str) -> bool {
    let Some((first, rest)) = glob.split_once('*') else { return glob == action };
    let Some(mut left) = action.strip_prefix(first) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, middle)) = parts.split_last() else { return true };
    for part in middle {
        let Some(at) = left.find(part) else { return false };
        left = left.get(at + part.len()..).unwrap_or_default();
    }
    left.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_to_becoming_root_is_found() {
        let group = || vec![Whom::Group("sudo".to_owned())];
        for (identity, action, result, expected) in [
            (
                "unix-group:sudo",
                "org.freedesktop.policykit.exec",
                "ResultActive=yes",
                Some((group(), Some(ROOTS[0]))),
            ),
            ("unix-group:sudo", "org.freedesktop.policykit.exec", "ResultActive=auth_admin", None),
            ("unix-group:sudo", "*", "ResultAny=yes", Some((group(), None))),
            ("unix-group:sudo", "org.freedesktop.*", "ResultAny = yes", Some((group(), Some(ROOTS[0])))),
            ("unix-user:*", "org.*.manage-units", "ResultAny=yes", Some((vec![Whom::All], Some(ROOTS[1])))),
            // Ubuntu's own (com.ubuntu.desktop.pkla).
            (
                "unix-group:admin;unix-group:sudo",
                "org.freedesktop.udisks2.filesystem-mount-system;org.freedesktop.udisks2.encrypted-unlock-system",
                "ResultActive=yes",
                None,
            ),
            ("unix-group:admin;unix-group:sudo", "org.debian.apt.upgrade-packages", "ResultActive=yes", None),
            ("unix-group:lpadmin", "org.opensuse.cupspkhelper.mechanism.*", "ResultActive=yes", None),
        ] {
            let text =
                format!("[A name]\nIdentity={identity}\nAction={action}\nResultInactive=no\n{result}\n");
            let found = yeses(&text);
            let expected: Vec<_> = expected.into_iter().map(|(whom, action)| (5, whom, action)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
