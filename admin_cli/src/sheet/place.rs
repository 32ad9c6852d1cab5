//! Where a sheet may be written: a directory of its owner's alone, on a file system of this machine.

use crate::failure::{Failure, Kind, is_of_the_disk};
use crate::text::Text;
use nix::sys::statfs::fstatfs;
use std::os::fd::OwnedFd;
use std::path::Path;
use wardkey_core::printable::escaped;
use wardkey_core::system::trusted_file::{Reason, Untrusted, open_private_dir};

/// File systems that keep what is written on this machine, and keep modes (statfs(2), linux/magic.h).
const LOCAL: [u32; 10] = [
    0xef53,      // ext2, ext3, ext4
    0x5846_5342, // xfs
    0x9123_683e, // btrfs
    0xf2f5_2010, // f2fs
    0xca45_1a4e, // bcachefs
    0x2fc1_2fc1, // zfs
    0x0102_1994, // tmpfs
    0x8584_58f6, // ramfs
    0x794c_7630, // overlayfs
    0x0000_f15f, // ecryptfs
];

/// Those that are known to lead elsewhere, by the name under which people know them.
const ELSEWHERE: [(u32, &str); 13] = [
    (0x0000_6969, "NFS"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB"),
    (0x0000_517b, "SMB"),
    (0x6573_5546, "FUSE (sshfs, ...)"),
    (0x5346_414f, "AFS"),
    (0x6b41_4653, "AFS"),
    (0x7375_7245, "Coda"),
    (0x00c3_6400, "Ceph"),
    (0x0102_1997, "9P"),
    (0x0bd0_0bd0, "Lustre"),
    (0x0116_1970, "GFS2"),
    (0x7461_636f, "OCFS2"),
];

/// The directory, opened, if a sheet may be written there; none means the present one.
pub(super) fn private(text: &Text, dir: Option<&Path>) -> Result<OwnedFd, Failure> {
    let dir = dir.unwrap_or_else(|| Path::new("."));
    let fd = open_private_dir(dir).map_err(|e| not_private(text, &e))?;
    let name = escaped(&dir.display().to_string());
    let magic = fstatfs(&fd).map_err(|e| {
        let e = Untrusted { path: dir.to_path_buf(), reason: Reason::Io(e.into()) };
        not_private(text, &e)
    })?;
    match kind(magic.filesystem_type().0.to_le_bytes().first_chunk()) {
        Where::Here => Ok(fd),
        Where::Elsewhere(kind) => {
            Err(Failure::refused(text, |t| (t.sheet_on_network(&name, kind), t.sheet_elsewhere())))
        }
        Where::Unknown => Err(Failure::refused(text, |t| (t.sheet_on_unknown(&name), t.sheet_elsewhere()))),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Where {
    Here,
    Elsewhere(&'static str),
    Unknown,
}

/// What is not known to be here counts as elsewhere.
fn kind(magic: Option<&[u8; 4]>) -> Where {
    let Some(magic) = magic.map(|bytes| u32::from_le_bytes(*bytes)) else { return Where::Unknown };
    if LOCAL.contains(&magic) {
        return Where::Here;
    }
    let found = ELSEWHERE.iter().find(|(known, _)| *known == magic);
    found.map_or(Where::Unknown, |(_, name)| Where::Elsewhere(name))
}

fn not_private(text: &Text, error: &Untrusted) -> Failure {
    let shown = escaped(&error.path.display().to_string());
    match error.reason {
        Reason::Mode(mode, _) if mode & 0o022 != 0 => Failure::refused(text, |t| {
            let why = if mode & 0o1000 == 0 { t.sheet_writable(&shown) } else { t.sheet_sticky(&shown) };
            (why, t.sheet_elsewhere())
        }),
        Reason::Mode(mode, _) => {
            Failure::refused(text, |t| (t.sheet_readable(&shown, mode), t.sheet_elsewhere()))
        }
        Reason::Owner(uid) => Failure::refused(text, |t| (t.sheet_others(&shown, uid), t.sheet_elsewhere())),
        _ if is_of_the_disk(error) => {
            Failure::new(Kind::System, text, |t| (t.untrusted(error), t.sheet_elsewhere()))
        }
        _ => Failure::refused(text, |t| (t.untrusted(error), t.sheet_elsewhere())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_file_system_is_told_by_name_and_an_unknown_one_not_trusted() {
        let of = |magic: u32| kind(Some(&magic.to_le_bytes()));
        for (magic, name) in ELSEWHERE {
            assert_eq!(of(magic), Where::Elsewhere(name));
        }
        assert_eq!((of(0xef53), of(0x1234), kind(None)), (Where::Here, Where::Unknown, Where::Unknown));
    }
}
