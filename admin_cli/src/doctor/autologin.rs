//! Greeters that are told to open a session for somebody without asking.

use pam_stack::{Found, Root};
use std::path::{Path, PathBuf};

/// A greeter's file, its section, and the keys that let somebody in where they are set.
struct Greeter {
    program: &'static str,
    file: &'static str,
    /// A directory of files that are read besides.
    more: Option<&'static str>,
    sections: &'static [&'static str],
    key: &'static str,
    /// The key that must say yes for `key` to count, if there is one.
    switch: Option<&'static str>,
}

const GREETERS: [Greeter; 7] = [
    Greeter {
        program: "gdm",
        file: "/etc/gdm3/daemon.conf",
        more: None,
        sections: &["daemon"],
        key: "AutomaticLogin",
        switch: Some("AutomaticLoginEnable"),
    },
    Greeter {
        program: "gdm",
        file: "/etc/gdm3/daemon.conf",
        more: None,
        sections: &["daemon"],
        key: "TimedLogin",
        switch: Some("TimedLoginEnable"),
    },
    Greeter {
        program: "gdm",
        file: "/etc/gdm/custom.conf",
        more: None,
        sections: &["daemon"],
        key: "AutomaticLogin",
        switch: Some("AutomaticLoginEnable"),
    },
    Greeter {
        program: "gdm",
        file: "/etc/gdm/custom.conf",
        more: None,
        sections: &["daemon"],
        key: "TimedLogin",
        switch: Some("TimedLoginEnable"),
    },
    Greeter {
        program: "lightdm",
        file: "/etc/lightdm/lightdm.conf",
        more: Some("/etc/lightdm/lightdm.conf.d"),
        sections: &["Seat:*", "SeatDefaults"],
        key: "autologin-user",
        switch: None,
    },
    Greeter {
        program: "sddm",
        file: "/etc/sddm.conf",
        more: Some("/etc/sddm.conf.d"),
        sections: &["Autologin"],
        key: "User",
        switch: None,
    },
    Greeter {
        program: "greetd",
        file: "/etc/greetd/config.toml",
        more: None,
        sections: &["initial_session"],
        key: "user",
        switch: None,
    },
];

/// A session that opens by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Autologin {
    /// The greeter.
    pub(crate) program: &'static str,
    /// Where it is set.
    pub(crate) file: PathBuf,
    /// The key that sets it.
    pub(crate) key: &'static str,
    /// Whose session.
    pub(crate) user: String,
}

/// Every one of the machine below `root`.
pub(crate) fn autologins(root: &Root) -> Vec<Autologin> {
    GREETERS.iter().flat_map(|greeter| of(root, greeter)).collect()
}

fn of(root: &Root, greeter: &Greeter) -> Vec<Autologin> {
    let more = greeter.more.map(|directory| listed(root, Path::new(directory))).unwrap_or_default();
    let files = more.into_iter().chain([PathBuf::from(greeter.file)]);
    let found = files.filter_map(|file| {
        let Some(Found::File(_, text)) = root.file(&file) else { return None };
        let text = String::from_utf8_lossy(&text);
        let value = |key: &str| value(&text, greeter.sections, key).filter(|value| !value.is_empty());
        let is_on = greeter.switch.is_none_or(|switch| value(switch).is_some_and(|value| is_yes(&value)));
        Some(Autologin {
            program: greeter.program,
            key: greeter.key,
            user: value(greeter.key).filter(|_| is_on)?,
            file,
        })
    });
    found.collect()
}

fn listed(root: &Root, directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| directory.join(entry.file_name())).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "conf"));
    files.sort();
    files
}

/// The last value of `key` in one of these sections of an ini file.
fn value(text: &str, sections: &[&str], key: &str) -> Option<String> {
    let mut is_here = false;
    let mut found = None;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            is_here = sections.contains(&section);
        } else if let Some((name, value)) = line.split_once('=').filter(|_| is_here)
            && name.trim() == key
        {
            found = Some(value.trim().trim_matches('"').to_owned());
        }
    }
    found
}

fn is_yes(value: &str) -> bool {
    ["true", "1", "yes"].iter().any(|yes| value.eq_ignore_ascii_case(yes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(file: &str, text: &str) -> Option<String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(file.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        autologins(&Root::new(directory.path())).first().map(|found| found.user.clone())
    }

    #[test]
    fn only_what_is_switched_on_is_found() {
        for (file, text, user) in [
            (
                "/etc/gdm3/daemon.conf",
                "[daemon]\nAutomaticLoginEnable = true\nAutomaticLogin = ward\n",
                Some("ward"),
            ),
            (
                "/etc/gdm3/daemon.conf",
                "[daemon]\n#AutomaticLoginEnable = true\nAutomaticLogin = ward\n",
                None,
            ),
            ("/etc/gdm3/daemon.conf", "[daemon]\nAutomaticLoginEnable=False\nAutomaticLogin=ward\n", None),
            ("/etc/gdm/custom.conf", "[daemon]\nTimedLoginEnable=1\nTimedLogin=kiosk\n", Some("kiosk")),
            ("/etc/lightdm/lightdm.conf.d/50.conf", "[Seat:*]\nautologin-user=ward\n", Some("ward")),
            ("/etc/lightdm/lightdm.conf", "[Seat:*]\n#autologin-user=\n", None),
            ("/etc/sddm.conf", "[Autologin]\nUser=\nSession=plasma\n", None),
            ("/etc/sddm.conf.d/a.conf", "[Autologin]\nUser=ward\n", Some("ward")),
            ("/etc/sddm.conf.d/a.conf", "[Theme]\nUser=ward\n", None),
            (
                "/etc/greetd/config.toml",
                "[initial_session]\ncommand = \"sway\"\nuser = \"ward\"\n",
                Some("ward"),
            ),
        ] {
            assert_eq!(found(file, text).as_deref(), user, "{file}: {text}");
        }
    }
}
