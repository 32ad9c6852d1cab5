//! Whether the sealing key lies apart from the records that it seals: a copy of both computes codes.

use super::fault::MachineFault;
use pam_stack::Root;
use std::path::Path;

/// `key` is where the key is, `state` the directory of the records.
pub(super) fn fault(root: &Root, key: &Path, state: &Path) -> Option<MachineFault> {
    let real = |path: &Path| std::fs::canonicalize(root.join(path)).unwrap_or_else(|_| root.join(path));
    if root.join(key).exists() && real(key).starts_with(real(state)) {
        return Some(MachineFault::KeyWithState(key.to_owned()));
    }
    let copy = state.join(key.file_name()?);
    root.join(&copy).exists().then_some(MachineFault::KeyWithState(copy))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids};
    use super::*;

    #[test]
    fn a_key_in_the_state_directory_is_told_and_one_in_etc_is_not() {
        let key = "/etc/wardkey/seal.key";
        let of = |there: &[(&str, &str)], key: &str| {
            let scratch = files(there);
            let found = fault(&Root::new(scratch.path()), Path::new(key), Path::new("/var/lib/wardkey"));
            (ids(&Vec::from_iter(found)), scratch)
        };
        assert!(of(&[(key, "k"), ("/var/lib/wardkey/spare", "")], key).0.is_empty());
        for copy in ["/var/lib/wardkey/seal.key", "/var/lib/wardkey/keys/seal.key"] {
            assert_eq!(of(&[(copy, "k")], copy).0, ["key-with-state"], "{copy}");
        }
        assert_eq!(of(&[(key, "k"), ("/var/lib/wardkey/seal.key", "k")], key).0, ["key-with-state"]);
    }
}
