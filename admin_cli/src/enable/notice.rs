//! What is shown to those who may become root at their next login after something was put back: `pam_motd(8)` shows the files
//! of this directory, with the rights of who logs in. To others that the second factor is off is no news that they need.

use crate::becoming_root::{BecomingRoot, becoming_root};
use nix::unistd::{Group, User};
use std::fs::{OpenOptions, create_dir_all, remove_file};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Gone with a restart; the unit that puts back writes it again.
const DIRECTORY: &str = "/run/motd.d";
/// One file, since root would read each of several.
const FILE: &str = "50-wardkey";
/// The access list of a file, as the kernel takes it (acl(5), `linux/posix_acl_xattr.h`).
const ACCESS_LIST: &str = "system.posix_acl_access";

/// Shows these words at the next logins. Where nothing shows such files, the log has them all the same.
pub(crate) fn tell_at_login(words: &str) {
    let _ = create_dir_all(DIRECTORY);
    let _ = lay(&Path::new(DIRECTORY).join(FILE), &readers(becoming_root()), words);
}

/// Something is switched on again, or off for good.
pub(crate) fn forget_notice() {
    let _ = remove_file(Path::new(DIRECTORY).join(FILE));
}

/// Root alone reads it until the list of readers stands, and where the file system takes none.
fn lay(path: &Path, readers: &[Reader], words: &str) -> io::Result<()> {
    let _ = remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{words}")?;
    xattr::set(path, ACCESS_LIST, &access_list(readers))
}

/// Somebody who may read a file that is not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reader {
    User(u32),
    Group(u32),
}

/// Those who are there, in the order that the kernel wants, and each once.
fn readers(all: &BecomingRoot) -> Vec<Reader> {
    let users = all.users.iter().filter_map(|name| User::from_name(name).ok().flatten());
    let groups = all.groups.iter().filter_map(|name| Group::from_name(name).ok().flatten());
    let users = users.map(|user| Reader::User(user.uid.as_raw()));
    let mut readers: Vec<Reader> =
        users.chain(groups.map(|group| Reader::Group(group.gid.as_raw()))).collect();
    readers.sort_unstable();
    readers.dedup();
    readers
}

/// The owner reads and writes, these read, and nobody else does.
fn access_list(readers: &[Reader]) -> Vec<u8> {
    const READ: u16 = 4;
    const WRITE: u16 = 2;
    /// In entries that are about no one in particular.
    const NOBODY: u32 = u32::MAX;
    let of = |tag: u16| {
        readers.iter().filter_map(move |reader| match *reader {
            Reader::User(uid) => (tag == 0x02).then_some((tag, READ, uid)),
            Reader::Group(gid) => (tag == 0x08).then_some((tag, READ, gid)),
        })
    };
    let owner = [(0x01, READ | WRITE, NOBODY)];
    let rest = [(0x10, READ, NOBODY), (0x20, 0, NOBODY)];
    let entries = owner.into_iter().chain(of(0x02)).chain([(0x04, 0, NOBODY)]).chain(of(0x08)).chain(rest);
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        list.extend_from_slice(&tag.to_le_bytes());
        list.extend_from_slice(&rights.to_le_bytes());
        list.extend_from_slice(&id.to_le_bytes());
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_may_read_it_are_listed_and_nobody_else() {
        let directory = tempfile::tempdir_in("/dev/shm").unwrap();
        let path = directory.path().join(FILE);
        lay(&path, &[Reader::User(1000), Reader::User(1001), Reader::Group(27)], "off").unwrap();
        let list = xattr::get(&path, ACCESS_LIST).unwrap().unwrap();
        assert_eq!(list, access_list(&[Reader::User(1000), Reader::User(1001), Reader::Group(27)]));
        assert_eq!(list.len(), 4 + 8 * 7);
    }
}
