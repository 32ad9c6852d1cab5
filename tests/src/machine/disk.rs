//! File systems of a host's own on loop devices: full, read-only, without power.

use crate::machine::host::Host;

/// A file that shows, when the power goes, that what nobody synced is lost.
const CANARY: &str = "canary";

/// A kind of file system.
#[derive(Clone, Copy, Debug)]
pub enum FileSystem {
    /// ext4
    Ext4,
    /// XFS
    Xfs,
}

impl FileSystem {
    const fn make(self) -> &'static str {
        match self {
            Self::Ext4 => "mkfs.ext4 -q -F",
            Self::Xfs => "mkfs.xfs -q -f",
        }
    }

    /// The smallest image this kind can be made in.
    const fn least_mib(self) -> u32 {
        match self {
            Self::Ext4 => 8,
            Self::Xfs => 300,
        }
    }
}

impl Host {
    /// Mounts a new file system at `path`, which only root may enter.
    pub fn mount_new(&self, kind: FileSystem, path: &str) {
        let (make, mib) = (kind.make(), kind.least_mib());
        // The machine has a few, and other hosts may hold them.
        self.must("for n in $(seq 0 63); do [ -e /dev/loop$n ] || mknod -m 600 /dev/loop$n b 7 $n; done");
        // Overwritten in place when the power goes, as a ledger is. It is synced here and not then, since on ext4 a sync
        // of any file puts the names of all others on the disk.
        let canary = format!("{{ printf old; head -c 8189 /dev/zero; }} > {path}/{CANARY} && sync -f {path}");
        self.must(&format!(
            "mkdir -p {path} && truncate -s {mib}M /var/image && {make} /var/image && \
             mount -o loop /var/image {path} && rm -rf {path}/lost+found && chmod 700 {path} && {canary}"
        ));
    }

    /// Fills the file system at `path` to its last block.
    pub fn fill(&self, path: &str) {
        // Blocks held back for metadata come free when the first file is on the disk: fill those one by one.
        self.shell(&format!(
            "cat /dev/zero > {path}/ballast; sync -f {path}; \
             while head -c 1024 /dev/zero >> {path}/ballast && sync -f {path}; do :; done"
        ));
        let probe = self.shell(&format!("echo probe > {path}/probe"));
        assert_ne!(probe.code(), Some(0), "the disk is not full");
        self.must(&format!("rm -f {path}/probe"));
    }

    /// Shuts the file system at `path` down as a power cut would: what was not yet on the disk is gone. Then mounts
    /// it again.
    ///
    /// # Panics
    /// If something was kept that nobody had synced: then what is found after a cut shows nothing.
    pub fn cut_power(&self, path: &str) {
        let canary = format!("{path}/{CANARY}");
        let overwrite = format!("printf new | dd of={canary} conv=notrunc status=none");
        self.must(&format!("{overwrite} && grep -q ^new {canary} && xfs_io -x -c shutdown {path}"));
        self.must(&format!("umount {path} && mount -o loop /var/image {path}"));
        assert_eq!(self.must(&format!("head -c 3 {canary}")), "old", "kept although nobody had synced it");
    }

    /// Makes `path` read-only in this host, by a mount of its own.
    pub fn make_read_only(&self, path: &str) {
        self.must(&format!("mount --bind {path} {path} && mount -o remount,bind,ro {path}"));
    }

    /// Runs a line of shell that must succeed; the answer is its output.
    pub fn must(&self, line: &str) -> String {
        self.shell(line).exits(0).stdout
    }
}
