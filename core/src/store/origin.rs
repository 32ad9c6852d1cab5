//! On which machine a state was made: a copy of it accepts again what was spent since, and each of two machines accepts each
//! code.

use super::StoreError;
use super::belonging::give;
use super::files::FileStore;
use super::new_file::write_new_of;
use crate::system::machine_id::MARK_LEN;
use crate::system::trusted_file::{self, Readers};
use std::io::ErrorKind;
use std::os::fd::AsFd;
use std::path::PathBuf;

const NAME: &str = "machine";

impl FileStore {
    /// Where the word of the machine stands.
    #[must_use]
    pub fn origin_path(&self) -> PathBuf {
        self.root().join(NAME)
    }

    /// The word of the machine on which the state was made, where it is noted.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let path = self.origin_path();
        let bytes =
            trusted_file::read_of(None, &path, &path, (self.owner(), Readers::Anyone), MARK_LEN).ok()?;
        Some(String::from_utf8(bytes).ok()?.trim_end().to_owned())
    }

    /// Notes the word of this machine, unless one is noted; whether it was not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_origin(&self, mark: &str) -> Result<bool, StoreError> {
        let (root, shown) = (self.root_dir()?, self.origin_path());
        let line = format!("{mark}\n");
        match write_new_of(root.as_fd(), NAME, &shown, (line.as_bytes(), self.owner())) {
            Err(StoreError::Io(_, _, e)) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
            other => other.map(|()| {
                give(self.owner(), &root, NAME);
                true
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Fixture;

    #[test]
    fn the_first_machine_is_noted_and_no_other_takes_its_place() {
        let scratch = Fixture::new();
        let store = &scratch.store;
        assert_eq!(store.origin(), None);
        assert!(store.note_origin("one").unwrap());
        assert!(!store.note_origin("other").unwrap());
        assert_eq!(store.origin().as_deref(), Some("one"));
    }
}
