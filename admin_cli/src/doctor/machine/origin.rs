//! Whether the state was made on this machine.

use super::fault::MachineFault;
use pam_stack::Root;
use wardkey_core::store::FileStore;
use wardkey_core::system::machine_id;

/// Told only where both words are known.
pub(super) fn fault(root: &Root, store: &FileStore) -> Option<MachineFault> {
    let (noted, here) = (store.origin()?, machine_id::mark(&root.join(machine_id::FILE))?);
    (noted != here).then(|| MachineFault::StateOfAnother(store.origin_path()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids};
    use super::*;

    #[test]
    fn a_state_that_was_copied_is_told() {
        let scratch = files(&[(machine_id::FILE, "3d1219c7c4c5404aaa1f6d2a48adfda4\n")]);
        let root = Root::new(scratch.path());
        let state = scratch.path().join("state");
        std::fs::create_dir(&state).unwrap();
        std::fs::set_permissions(&state, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let store = FileStore::new(state);
        let found = || ids(&Vec::from_iter(fault(&root, &store)));
        assert_eq!(found(), [""; 0], "nothing is noted");
        store.note_origin(&machine_id::mark(&root.join(machine_id::FILE)).unwrap()).unwrap();
        assert_eq!(found(), [""; 0]);
        std::fs::write(root.join(machine_id::FILE), "00000000000000000000000000000001\n").unwrap();
        assert_eq!(found(), ["state-of-another-machine"]);
        std::fs::write(root.join(machine_id::FILE), "uninitialized\n").unwrap();
        assert_eq!(found(), [""; 0]);
    }
}
