//! Every line that names our module in a file that libpam reads, and what sshd was told for it: where the module is taken
//! away, a login is refused at each.

use super::sshd::DROP_IN;
use crate::services::{MODULE, is_left_over};
use pam_stack::{Found, Kind, Place, Root, Service, written};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// These lines, in the order of files and lines. They are looked for as words: a line that libpam does not understand
/// counts too.
///
/// # Errors
/// A directory of service files that cannot be read.
pub(crate) fn naming(machine: &Root) -> io::Result<BTreeSet<Place>> {
    let mut places = BTreeSet::new();
    for path in files(machine)? {
        if let Some(Found::File(file, content)) = machine.file(&path) {
            let lines = written(&content, machine.reader()).0.into_iter();
            let ours = lines.filter(|line| line.text.split_whitespace().any(|word| word.ends_with(MODULE)));
            places.extend(ours.map(|line| Place { file: file.clone(), line: line.number }));
        }
    }
    if let Some(Found::File(file, content)) = machine.file(Path::new(DROP_IN)) {
        let lines = String::from_utf8_lossy(&content).into_owned();
        let is_said = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        places.extend(lines.lines().position(is_said).map(|line| Place { file, line: line + 1 }));
    }
    Ok(places)
}

/// The files of all services, and those that they include.
fn files(machine: &Root) -> io::Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let path = |found| match found {
        Found::File(path, _) => Some(path),
        _ => None,
    };
    files.extend(machine.one_file().and_then(path));
    for name in machine.names()?.iter().filter(|name| !is_left_over(name)) {
        files.extend(machine.service_file(name).and_then(path));
        let service = Service::load(machine, name, machine.reader());
        let lines = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind));
        files.extend(lines.map(|line| line.place.file.clone()));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::naming;
    use pam_stack::Root;
    use std::fs;
    use tempfile::TempDir;

    fn named(files: &[(&str, &str)]) -> Vec<String> {
        let directory = TempDir::new().unwrap();
        let machine = Root::new(directory.path());
        for (path, text) in files {
            let path = machine.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        naming(&machine).unwrap().iter().map(ToString::to_string).collect()
    }

    const DROP_IN: &str = "/etc/ssh/sshd_config.d/00-wardkey.conf";

    #[test]
    fn each_line_that_libpam_would_read_is_named_by_file_and_line() {
        let login = "# auth required pam_wardkey.so\nauth requisite \\\n  pam_wardkey.so config=/srv/w.toml\n@include shared\n";
        let found = named(&[
            ("/etc/pam.d/login", login),
            ("/etc/pam.d/shared", "-account [success=ok default=die] /lib/security/pam_wardkey.so\n"),
            ("/etc/pam.d/su", "auth include /srv/pam/ours\n"),
            (
                "/srv/pam/ours",
                "auth required pam_unix.so # pam_wardkey.so\nsession required pam_wardkey.so\n",
            ),
            ("/etc/pam.d/broken", "auht required pam_wardkey.so\n"),
            (DROP_IN, "\n# by hand\nUsePAM yes\n"),
        ]);
        let places = ["/etc/pam.d/broken:1", "/etc/pam.d/login:2", "/etc/pam.d/shared:1"];
        assert_eq!(found, [&places[..], &[&format!("{DROP_IN}:3"), "/srv/pam/ours:2"]].concat());
    }

    #[test]
    fn what_nobody_reads_counts_for_nothing() {
        let line = "auth required pam_wardkey.so\n";
        let left = ["su.dpkg-old", "su~", "common-auth.pam-old"].map(|name| format!("/etc/pam.d/{name}"));
        let left = [left[0].as_str(), &left[1], &left[2], "/etc/pam.conf", "/srv/pam/ours"];
        let left = left.map(|path| (path, line));
        let others = [
            ("/etc/pam.d/su", "auth required pam_unix.so\n#auth required pam_wardkey.so\n"),
            ("/etc/pam.d/wardkey", "auth required pam_unix.so # no line of pam_wardkey\n"),
            (DROP_IN, "# UsePAM yes\n\n"),
        ];
        assert_eq!(named(&[&left[..], &others].concat()), [""; 0]);
    }

    #[test]
    fn the_one_file_counts_where_there_is_no_directory() {
        assert_eq!(named(&[("/etc/pam.conf", "su auth required pam_wardkey.so\n")]), ["/etc/pam.conf:1"]);
    }
}
