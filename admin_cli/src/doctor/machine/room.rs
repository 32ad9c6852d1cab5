//! How much room is left where records and the audit file are.

use super::fault::{MachineFault, Scarce};
use nix::sys::statvfs::statvfs;
use pam_stack::Root;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Below this, and below a twentieth of all, room is scarce.
const BYTES: u64 = 64 << 20;
const FILES: u64 = 1000;

/// Of these directories; of two on one file system the first stands for both.
pub(super) fn faults(root: &Root, directories: &[&Path]) -> Vec<MachineFault> {
    let mut seen = Vec::new();
    let mut found = Vec::new();
    for directory in directories {
        let here = root.join(directory);
        let Ok(device) = std::fs::metadata(&here).map(|about| about.dev()) else { continue };
        if seen.contains(&device) {
            continue;
        }
        seen.push(device);
        let Ok(about) = statvfs(&here) else { continue };
        let bytes = about.fragment_size();
        // What is left to root; a quota of the directory (XFS, ext4 projects) is counted in it.
        let scarce = scarce(
            (about.blocks_free().saturating_mul(bytes), about.blocks().saturating_mul(bytes)),
            (about.files_free(), about.files()),
        );
        found.extend(scarce.map(|scarce| MachineFault::NearlyFull(directory.to_path_buf(), scarce)));
    }
    found
}

/// Of pairs of what is left and what there is; a file system that does not count files has none.
fn scarce(bytes: (u64, u64), files: (u64, u64)) -> Option<Scarce> {
    let is_low = |(left, all): (u64, u64), least| all > 0 && left < least && left.saturating_mul(20) < all;
    if is_low(bytes, BYTES) {
        Some(Scarce::Bytes(bytes.0))
    } else {
        is_low(files, FILES).then_some(Scarce::Files(files.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn little_is_scarce_only_beside_what_there_is() {
        let many = (1 << 20, 1 << 21);
        assert_eq!(scarce((63 * MIB, 20_000 * MIB), many), Some(Scarce::Bytes(63 * MIB)));
        assert_eq!(scarce((65 * MIB, 20_000 * MIB), many), None);
        assert_eq!(scarce((7 * MIB, 8 * MIB), many), None, "a small disk, and empty");
        assert_eq!(scarce((0, 8 * MIB), many), Some(Scarce::Bytes(0)));
        let much = (MIB << 20, MIB << 21);
        assert_eq!(scarce(much, (12, 1 << 20)), Some(Scarce::Files(12)));
        assert_eq!(scarce(much, (0, 0)), None, "btrfs counts no files");
    }
}
