//! What one line of sudo's policy leaves unasked.

use std::collections::BTreeMap;

/// How far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// To every command.
    Everything,
    /// To commands that the line names.
    Commands,
    /// To every command after the first one until the machine starts again.
    AfterOnce,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// For whom it asks nothing.
    Unasked(String, Extent),
    /// That it asks nobody, unless a later line says the contrary.
    Nobody(Extent),
    /// That it asks everybody after all.
    Again(Extent),
}

/// Lists by their names, for people, accounts, hosts and commands.
pub(super) type Aliases = BTreeMap<String, Vec<String>>;

/// Every alias of these lines.
pub(super) fn aliases<'l>(lines: impl Iterator<Item = &'l str>) -> Aliases {
    let mut found = Aliases::new();
    for line in lines {
        let Some((word, rest)) = line.split_once(char::is_whitespace) else { continue };
        if !["User_Alias", "Runas_Alias", "Host_Alias", "Cmnd_Alias", "Cmd_Alias"].contains(&word) {
            continue;
        }
        for one in rest.split(':') {
            if let Some((name, members)) = one.split_once('=') {
                found.insert(name.trim().to_owned(), list(members));
            }
        }
    }
    found
}

/// What this line says, if it is of that kind.
pub(super) fn said(line: &str, aliases: &Aliases) -> Option<Said> {
    let first = line.split_whitespace().next()?;
    if first.ends_with("_Alias") {
        return None;
    }
    match first.strip_prefix("Defaults") {
        Some(of) => default(of, line.get(first.len()..).unwrap_or_default(), aliases),
        None => rule(line, aliases),
    }
}

/// A line of defaults; `of` is what hangs on the word, such as `:backup`.
fn default(of: &str, settings: &str, aliases: &Aliases) -> Option<Said> {
    let (sign, names) = of.split_at_checked(1).unwrap_or_default();
    // Defaults for a host hold here or not, and those for a target account say nothing of the caller.
    let whom = match sign {
        "" | "!" => "ALL".to_owned(),
        ":" => people(&list(names), aliases)?,
        _ => return None,
    };
    let everything = if sign == "!" { Extent::Commands } else { Extent::Everything };
    let unasked = |extent| match sign {
        "" => Said::Nobody(extent),
        _ => Said::Unasked(whom.clone(), extent),
    };
    let setting = |setting: &str| {
        let setting = setting.trim().trim_matches('"');
        let (key, value) =
            setting.split_once('=').map_or((setting, ""), |(key, value)| (key.trim(), value.trim()));
        match (key, value) {
            ("!authenticate", _) => Some(unasked(everything)),
            ("authenticate", _) if sign.is_empty() => Some(Said::Again(everything)),
            ("exempt_group", group) if !group.is_empty() => {
                Some(Said::Unasked(format!("%{}", group.trim_matches('"')), everything))
            }
            ("timestamp_timeout", value) if value.trim_matches('"').starts_with('-') => {
                Some(unasked(Extent::AfterOnce))
            }
            ("timestamp_timeout", _) if sign.is_empty() => Some(Said::Again(Extent::AfterOnce)),
            _ => None,
        }
    };
    settings.split(',').find_map(setting)
}

/// A line that lets somebody run something.
fn rule(line: &str, aliases: &Aliases) -> Option<Said> {
    let (left, right) = line.split_once('=')?;
    let (_, commands) = right.split_once("NOPASSWD")?;
    let commands = commands.trim_start().strip_prefix(':')?;
    let commands = commands.split(" PASSWD").next().unwrap_or_default();
    let is_all = |word: &String| {
        let word = word.rsplit(':').next().unwrap_or_default().trim();
        word == "ALL" || aliases.get(word).is_some_and(|members| members.iter().any(|one| one == "ALL"))
    };
    let extent = if list(commands).iter().any(is_all) { Extent::Everything } else { Extent::Commands };
    Some(Said::Unasked(people(&users(left), aliases)?, extent))
}

/// The people before the list of hosts: a blank that no comma stands beside ends them.
pub(super) fn users(left: &str) -> Vec<String> {
    let mut whole = String::new();
    for word in left.split_whitespace() {
        let goes_on = whole.is_empty() || whole.ends_with([',', '\\']) || word.starts_with(',');
        if !goes_on {
            break;
        }
        if whole.ends_with('\\') {
            whole.push(' ');
        }
        whole.push_str(word);
    }
    list(&whole)
}

pub(super) fn list(text: &str) -> Vec<String> {
    text.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}

/// Whom a list means besides root, in one text; aliases by those whom they name.
pub(super) fn people(list: &[String], aliases: &Aliases) -> Option<String> {
    let named = list.iter().flat_map(|one| aliases.get(one).cloned().unwrap_or_else(|| vec![one.clone()]));
    let people: Vec<String> =
        named.filter(|one| one != "root" && one != "#0" && !one.starts_with('!')).collect();
    (!people.is_empty()).then(|| people.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_asks_nothing_is_told_from_one_that_asks() {
        let aliases = aliases(["User_Alias OPS = ann, roy : BOSS = eve", "Cmnd_Alias ANY = ALL"].into_iter());
        for (line, expected) in [
            ("%sudo ALL=(ALL:ALL) ALL", None),
            ("%sudo ALL=(ALL:ALL) NOPASSWD: ALL", Some(("%sudo", Extent::Everything))),
            ("ansible ALL=(ALL) NOPASSWD:ALL", Some(("ansible", Extent::Everything))),
            ("ansible ALL=(ALL) NOPASSWD :SETENV: ALL", Some(("ansible", Extent::Everything))),
            ("svc ALL=(root) NOPASSWD: /usr/bin/tar, /bin/mount", Some(("svc", Extent::Commands))),
            ("svc ALL=(root) NOPASSWD: /usr/bin/tar, PASSWD: ALL", Some(("svc", Extent::Commands))),
            ("svc ALL=(root) NOPASSWD: ANY", Some(("svc", Extent::Everything))),
            ("ann , ben,root web=(ALL) NOPASSWD: ALL", Some(("ann, ben", Extent::Everything))),
            ("%domain\\ admins ALL=(ALL) NOPASSWD: ALL", Some(("%domain\\ admins", Extent::Everything))),
            ("OPS ALL=(ALL) NOPASSWD: ALL", Some(("ann, roy", Extent::Everything))),
            ("BOSS ALL=(ALL) NOPASSWD: ALL", Some(("eve", Extent::Everything))),
            ("#1000 ALL=(ALL) NOPASSWD: ALL", Some(("#1000", Extent::Everything))),
            ("root ALL=(ALL) NOPASSWD: ALL", None),
            ("Defaults !authenticate", Some(("ALL", Extent::Everything))),
            ("Defaults:backup !authenticate, !lecture", Some(("backup", Extent::Everything))),
            ("Defaults:OPS !lecture,!authenticate", Some(("ann, roy", Extent::Everything))),
            ("Defaults!/usr/bin/tar !authenticate", Some(("ALL", Extent::Commands))),
            ("Defaults exempt_group=wheel", Some(("%wheel", Extent::Everything))),
            ("Defaults timestamp_timeout = -1", Some(("ALL", Extent::AfterOnce))),
            ("Defaults env_reset,timestamp_timeout=15", None),
            ("Defaults env_reset", None),
            ("Cmnd_Alias NOPASSWD= x", None),
            ("", None),
        ] {
            let found = match said(line, &aliases) {
                Some(Said::Unasked(whom, extent)) => Some((whom, extent)),
                Some(Said::Nobody(extent)) => Some(("ALL".to_owned(), extent)),
                _ => None,
            };
            assert_eq!(found.as_ref().map(|(whom, extent)| (whom.as_str(), *extent)), expected, "{line}");
        }
    }
}
