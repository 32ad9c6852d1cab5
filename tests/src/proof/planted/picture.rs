//! What PAM's files and sshd's hold, byte by byte, with owner and mode.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::machine::booted::Machine;

/// Where they lie.
const PLACES: [&str; 3] = ["/etc/pam.d", "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d"];

/// Every file, what it holds, and whose it is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Picture(BTreeMap<String, (Vec<u8>, u32, u32, u32)>);

impl Picture {
    /// As it is now.
    pub(super) fn of(machine: &Machine) -> Self {
        let mut picture = Self::default();
        PLACES.iter().for_each(|place| picture.take(&machine.path(place), place));
        picture
    }

    fn take(&mut self, path: &Path, name: &str) {
        let Ok(metadata) = fs::metadata(path) else { return };
        if metadata.is_dir() {
            for entry in fs::read_dir(path).expect("a directory").map(|entry| entry.expect("an entry")) {
                self.take(&entry.path(), &format!("{name}/{}", entry.file_name().to_string_lossy()));
            }
        } else {
            let content = fs::read(path).expect("a file");
            self.0.insert(name.to_owned(), (content, metadata.mode(), metadata.uid(), metadata.gid()));
        }
    }

    /// The files that differ, but for these.
    pub(super) fn differs(&self, other: &Self, except: &[&str]) -> Vec<String> {
        let names = self.0.keys().chain(other.0.keys().filter(|name| !self.0.contains_key(*name)));
        let differs = |name: &&String| self.0.get(*name) != other.0.get(*name);
        names.filter(differs).filter(|name| !except.contains(&name.as_str())).cloned().collect()
    }
}
