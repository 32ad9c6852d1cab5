//! What sudo and doas are told not to ask: people whom such a line means become root without a code.

mod doas;
mod files;
mod granted;
mod line;

pub(crate) use granted::granted;
pub(crate) use line::Extent;

use line::{Said, said};
use pam_stack::{Place, Root};

/// A line that asks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unasked {
    /// Where it stands.
    pub(crate) place: Place,
    /// For whom it is, as it is written.
    pub(crate) whom: String,
    /// How far it goes.
    pub(crate) extent: Extent,
    /// Whether it is doas that is told so.
    pub(crate) is_doas: bool,
}

/// Every such line of the machine below `root`.
pub(crate) fn unasked(root: &Root) -> Vec<Unasked> {
    let lines = files::lines(root);
    let aliases = line::aliases(lines.iter().map(|(_, line)| line.as_str()));
    let mut found: Vec<(bool, Unasked)> = Vec::new();
    for (place, line) in &lines {
        let unasked = |whom, extent| Unasked { place: place.clone(), whom, extent, is_doas: false };
        match said(line, &aliases) {
            Some(Said::Unasked(whom, extent)) => found.push((false, unasked(whom, extent))),
            Some(Said::Nobody(extent)) => found.push((true, unasked("ALL".to_owned(), extent))),
            Some(Said::Again(extent)) => {
                found.retain(|(can_be_taken_back, unasked)| !can_be_taken_back || unasked.extent != extent);
            }
            None => {}
        }
    }
    let found = found.into_iter().map(|(_, unasked)| unasked);
    let doas = doas::unasked(root);
    let doas = doas.into_iter().map(|(place, whom, extent)| Unasked { place, whom, extent, is_doas: true });
    found.chain(doas).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// What is found as `file:line whom extent`.
    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name.trim_start_matches('/'));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let shown = |unasked: Unasked| format!("{} {} {:?}", unasked.place, unasked.whom, unasked.extent);
        unasked(&Root::new(directory.path())).into_iter().map(shown).collect()
    }

    #[test]
    fn stock_files_raise_no_alarm() {
        let debian = "Defaults\tenv_reset\nDefaults\tmail_badpass\nDefaults\tsecure_path=\"/usr/sbin:/usr/bin\"\nDefaults\tuse_pty\n\
                      # Host alias specification\nroot\tALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n";
        let fedora = "Defaults   !visiblepw\nDefaults    always_set_home\nDefaults    match_group_by_gid\nDefaults    env_keep += \"LANG\"\n\
                      root\tALL=(ALL) \tALL\n# %sys ALL = NETWORKING, SOFTWARE\n%wheel\tALL=(ALL)\tALL\n\
                      ## Same thing without a password\n# %wheel\tALL=(ALL)\tNOPASSWD: ALL\n#includedir /etc/sudoers.d\n";
        let suse = "Defaults always_set_home\nDefaults targetpw   # ask for the password of the target user i.e. root\nALL   ALL=(ALL) ALL\n\
                    root ALL=(ALL:ALL) ALL\n@includedir /etc/sudoers.d\n";
        for stock in [debian, fedora, suse] {
            assert_eq!(
                found(&[("/etc/sudoers", stock), ("/etc/sudoers.d/README", "# As of Debian\n")]),
                [""; 0]
            );
        }
        assert_eq!(found(&[("/etc/doas.conf", "permit persist :wheel\npermit nopass root\n")]), [""; 0]);
    }

    #[test]
    fn lines_are_found_wherever_sudo_reads_them() {
        let files = [
            (
                "/etc/sudoers",
                "@include sudoers.local\n#include /etc/sudoers.team\n@includedir /etc/sudoers.d\n",
            ),
            ("/etc/sudoers.local", "User_Alias OPS = ann, \\\n  roy\nOPS ALL=(ALL) NOPASSWD: ALL\n"),
            ("/etc/sudoers.team", "ben, root ALL = (ALL) NOPASSWD:ALL\n"),
            ("/etc/sudoers.d/90-cloud", "ubuntu ALL=(ALL) NOPASSWD:ALL\n"),
            ("/etc/sudoers.d/backup", "svc ALL=(root) NOPASSWD: /usr/bin/rsync, /usr/bin/tar\n"),
            ("/etc/sudoers.d/timeout", "Defaults timestamp_timeout=-1\n"),
            ("/etc/sudoers.d/left.bak", "no ALL=(ALL) NOPASSWD:ALL\n"),
            ("/etc/sudoers.d/left~", "no ALL=(ALL) NOPASSWD:ALL\n"),
            ("/etc/doas.conf", "permit nopass :wheel\npermit nopass roy cmd /bin/true\n#permit nopass :x\n"),
        ];
        assert_eq!(
            found(&files),
            [
                "/etc/sudoers.local:3 ann, roy Everything",
                "/etc/sudoers.team:1 ben Everything",
                "/etc/sudoers.d/90-cloud:1 ubuntu Everything",
                "/etc/sudoers.d/backup:1 svc Commands",
                "/etc/sudoers.d/timeout:1 ALL AfterOnce",
                "/etc/doas.conf:1 :wheel Everything",
                "/etc/doas.conf:2 roy Commands",
            ]
        );
        let not_included =
            [("/etc/sudoers", "%sudo ALL=(ALL) ALL\n"), ("/etc/sudoers.d/a", "a ALL=NOPASSWD:ALL\n")];
        assert_eq!(found(&not_included), [""; 0]);
        let circle = [("/etc/sudoers", "@include /etc/sudoers\nann ALL=NOPASSWD: ALL\n")];
        assert!(!found(&circle).is_empty());
    }

    #[test]
    fn a_file_whose_name_is_no_text_is_read_too() {
        use std::os::unix::ffi::OsStrExt;
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("etc/sudoers.d");
        fs::create_dir_all(&place).unwrap();
        fs::write(directory.path().join("etc/sudoers"), "@includedir /etc/sudoers.d\n").unwrap();
        let name = std::ffi::OsStr::from_bytes(b"e\xff");
        fs::write(place.join(name), b"eve\xff ALL=(ALL) NOPASSWD: ALL\n").unwrap();
        let found = unasked(&Root::new(directory.path()));
        assert_eq!(found.first().map(|found| found.whom.as_str()), Some("eve\u{fffd}"));
    }

    #[test]
    fn a_later_default_takes_an_earlier_one_back() {
        for (text, count) in [
            ("Defaults !authenticate\n", 1),
            ("Defaults !authenticate\nDefaults authenticate\n", 0),
            ("Defaults timestamp_timeout=-1\nDefaults timestamp_timeout=15\n", 0),
            ("Defaults:ann !authenticate\nDefaults authenticate\n", 1),
        ] {
            assert_eq!(found(&[("/etc/sudoers", text)]).len(), count, "{text}");
        }
    }
}
