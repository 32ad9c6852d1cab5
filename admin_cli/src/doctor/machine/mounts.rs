//! On which file systems the state, the module and the helper lie (`proc_pid_mountinfo(5)`).

use super::container::is_container;
use super::fault::{InstalledFile, MachineFault};
use pam_stack::{Found, Root};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

const FILE: &str = "/proc/self/mountinfo";

/// File systems whose files are gone after a boot.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];

/// File systems that several machines have at once.
const SHARED: [&str; 12] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "afs",
    "ceph",
    "lustre",
    "ocfs2",
    "gfs2",
    "fuse.sshfs",
    "fuse.glusterfs",
    "fuse.ceph-fuse",
];

struct Mount {
    point: PathBuf,
    kind: String,
    options: Vec<String>,
}

impl Mount {
    fn has(&self, option: &str) -> bool {
        self.options.iter().any(|has| has == option)
    }
}

/// Every mount of the machine, the ones that lie over others last.
pub(super) struct Mounts<'a> {
    root: &'a Root,
    all: Vec<Mount>,
}

impl<'a> Mounts<'a> {
    pub(super) fn of(root: &'a Root) -> Self {
        let Some(Found::File(_, text)) = root.service_file(FILE) else {
            return Self { root, all: Vec::new() };
        };
        let text = String::from_utf8_lossy(&text).into_owned();
        Self { root, all: text.lines().filter_map(parse).collect() }
    }

    /// What is wrong with where the state is.
    pub(super) fn state(&self, state: &Path) -> Vec<MachineFault> {
        let path = || state.to_owned();
        let Some(mount) = self.root.join(state).exists().then(|| self.at(&self.real(state))).flatten() else {
            return Vec::new();
        };
        let upper = mount.options.iter().find_map(|option| option.strip_prefix("upperdir="));
        // Of a container's overlay it is a place of the machine around.
        let under = upper.filter(|_| !is_container(self.root)).and_then(|upper| self.at(Path::new(upper)));
        let in_memory = [Some(mount), under].into_iter().flatten();
        let in_memory = in_memory.map(|mount| &mount.kind).find(|kind| IN_MEMORY.contains(&kind.as_str()));
        let is_shared = SHARED.contains(&mount.kind.as_str());
        [
            in_memory.map(|kind| MachineFault::StateInMemory(path(), kind.clone())),
            is_shared.then(|| MachineFault::StateShared(path(), mount.kind.clone())),
            mount.has("ro").then(|| MachineFault::StateReadOnly(path())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// Whether this file is on a file system that several machines have at once.
    pub(super) fn is_shared(&self, file: &Path) -> bool {
        self.at(&self.real(file)).is_some_and(|mount| SHARED.contains(&mount.kind.as_str()))
    }

    /// Whether this file lies where nothing is run from.
    pub(super) fn program(&self, part: InstalledFile, file: &Path) -> Option<MachineFault> {
        let mount = self.at(&self.real(file))?;
        mount.has("noexec").then(|| MachineFault::NotRun(part, file.to_owned()))
    }

    fn at(&self, path: &Path) -> Option<&Mount> {
        let above = self.all.iter().filter(|mount| path.starts_with(&mount.point));
        // The longest way; of two mounts in one place the later one hides the other.
        above.max_by_key(|mount| mount.point.components().count())
    }

    /// Where links lead.
    fn real(&self, path: &Path) -> PathBuf {
        let [here, whole] = [self.root.join(path), self.root.join("/")].map(std::fs::canonicalize);
        match (here, whole) {
            (Ok(here), Ok(whole)) => Path::new("/").join(here.strip_prefix(&whole).unwrap_or(&here)),
            _ => path.to_owned(),
        }
    }
}

fn parse(line: &str) -> Option<Mount> {
    let (mount, system) = line.split_once(" - ")?;
    let mut mount = mount.split(' ').skip(4);
    let (point, own) = (mount.next()?, mount.next()?);
    let mut system = system.split(' ');
    let (kind, options) = (system.next()?, system.nth(1)?);
    let options = own.split(',').chain(options.split(',')).map(str::to_owned).collect();
    Some(Mount { point: plain(point), kind: kind.to_owned(), options })
}

/// A path whose blanks and the like are written as `\040`.
fn plain(written: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(written.len());
    let mut rest = written.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let octal = more.first_chunk::<3>().filter(|_| *first == b'\\');
        let byte = octal.and_then(|octal| u8::from_str_radix(std::str::from_utf8(octal).ok()?, 8).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { more.get(3..).unwrap_or_default() } else { more };
    }
    PathBuf::from(OsString::from_vec(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids};
    use super::*;

    const STATE: &str = "/var/lib/wardkey";

    fn found(mounts: &str) -> Vec<&'static str> {
        let root = "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro\n";
        let scratch = files(&[(FILE, &format!("{root}{mounts}")), ("/var/lib/wardkey/spare", "")]);
        let root = Root::new(scratch.path());
        let mounts = Mounts::of(&root);
        let helper = mounts.program(InstalledFile::Helper, Path::new("/usr/libexec/wardkey/wardkey-helper"));
        ids(&mounts.state(Path::new(STATE)).into_iter().chain(helper).collect::<Vec<_>>())
    }

    #[test]
    fn each_place_that_cannot_keep_a_state_is_told() {
        for (mounts, expected) in [
            ("", &[] as &[&str]),
            ("2 1 0:2 / /var rw - btrfs /dev/sdb rw,subvol=/var", &[]),
            ("2 1 0:2 / /var/lib/wardkey/users rw - tmpfs t rw", &[]),
            ("2 1 0:2 / /var/lib rw,nosuid - tmpfs t rw,mode=755", &["state-in-memory"]),
            ("2 1 0:2 / /var/lib/wardkey rw - nfs4 server:/w rw,vers=4.2", &["state-shared"]),
            ("2 1 0:2 / /var ro,relatime - ext4 /dev/sdb rw", &["state-read-only"]),
            ("2 1 0:2 / /var rw,relatime - ext4 /dev/sdb ro", &["state-read-only"]),
            ("2 1 0:2 / /usr rw,noexec - ext4 /dev/sdb rw", &["mounted-noexec"]),
            ("2 1 0:2 / /usr/lib rw,noexec - ext4 /dev/sdb rw", &[]),
            ("2 1 0:2 / / rw - overlay overlay rw,lowerdir=/ro,upperdir=/kept,workdir=/w", &[]),
            (
                "2 1 0:2 / / rw - overlay o rw,lowerdir=/ro,upperdir=/run/live\\040x/rw\n3 2 0:3 / /run/live\\040x rw - tmpfs t rw",
                &[],
            ),
            (
                "2 1 0:2 / / rw - overlay o rw,lowerdir=/ro,upperdir=/run/live/rw\n3 2 0:3 / /run/live rw - tmpfs t rw",
                &["state-in-memory"],
            ),
            ("2 1 0:2 / /var rw - tmpfs t rw\n3 1 8:2 / /var rw - ext4 /dev/sdc rw", &[]),
            ("nonsense\n- \n1 2 3 4 /var", &[]),
        ] {
            assert_eq!(found(mounts), expected, "{mounts}");
        }
    }

    #[test]
    fn what_is_below_a_containers_disk_is_not_looked_for() {
        let overlay =
            "1 0 0:2 / / rw - overlay o rw,lowerdir=/l,upperdir=/tmp/u\n2 1 0:3 / /tmp rw - tmpfs t rw\n";
        let found = |there: &[(&str, &str)]| {
            let scratch = files(&[&[(FILE, overlay), ("/var/lib/wardkey/spare", "")], there].concat());
            ids(&Mounts::of(&Root::new(scratch.path())).state(Path::new(STATE)))
        };
        assert_eq!(found(&[]), ["state-in-memory"]);
        assert_eq!(found(&[("/.dockerenv", "")]), [""; 0]);
    }

    #[test]
    fn a_blank_in_a_path_is_read() {
        assert_eq!(plain("/a\\040b\\134"), Path::new("/a b\\"));
        assert_eq!(plain("/a\\04"), Path::new("/a\\04"));
    }
}
