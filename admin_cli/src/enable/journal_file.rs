//! The journal's file, root's: whole before and after each step, and on the disk before any PAM file is touched.

use super::change::sync_above;
use super::journal::Journal;
use crate::directories::ensure;
use nix::sys::stat::Mode;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::ErrorKind;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use wardkey_core::store::{Doing, StoreError, make_dir_all, write_instead};
use wardkey_core::system::trusted_file::{self, Readers, Untrusted};

/// The directory below the state directory.
pub(super) const DIRECTORY: &str = "enabled";
/// The file in it.
pub(super) const FILE: &str = "journal.json";
/// Where logins note what they prove (`wardkey_core::login::proven_dir`).
const PROVEN: &str = "proven";
/// The form that this version writes and reads.
const FORM: u32 = 1;
/// Its largest size, in bytes: all files of a machine several times over.
const MAX_LEN: u64 = 1 << 24;

/// Makes the directory where it is missing. Where the whole state is lost, what is made again is root's alone: a restore or
/// `wardkey init` finds it as they want it.
///
/// # Errors
/// [`Untrusted`].
pub(crate) fn directory(state: &Path) -> Result<(PathBuf, OwnedFd), Untrusted> {
    make_dir_all(state, Mode::S_IRWXU)?;
    let path = state.join(DIRECTORY);
    let (_, dir) = ensure(&path, Mode::S_IRWXU, Readers::RootOnly)?;
    Ok((path, dir))
}

/// The journal as it lies on the disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    form: u32,
    journal: Journal,
}

/// All that every form has.
#[derive(Deserialize)]
struct AnyForm {
    form: u32,
}

/// Why there is no journal to go by.
#[derive(Debug)]
pub(crate) enum NoJournal {
    /// Its file or directory.
    Store(StoreError),
    /// It does not read as one of ours.
    Damaged(PathBuf),
    /// A newer version wrote it.
    Newer(PathBuf),
    /// Another command holds it.
    Busy,
}

impl From<StoreError> for NoJournal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The journal's place, held by one command at a time.
pub(crate) struct JournalDesk {
    dir: File,
    path: PathBuf,
}

impl JournalDesk {
    /// Takes it below the state directory; a second command is told so.
    ///
    /// # Errors
    /// [`NoJournal`].
    #[expect(clippy::disallowed_methods, reason = "held while root switches services; no login waits for it")]
    pub(crate) fn take(state: &Path) -> Result<Self, NoJournal> {
        let desk = Self::open(state)?;
        desk.dir.try_lock().map_err(|_| NoJournal::Busy)?;
        Ok(desk)
    }

    /// Takes it when the command that holds it has ended: what is put back is put back, if not now, then at once after.
    ///
    /// # Errors
    /// [`NoJournal`].
    #[expect(
        clippy::disallowed_methods,
        reason = "what is put back waits for a command of root's; no login does"
    )]
    pub(crate) fn wait_for(state: &Path) -> Result<Self, NoJournal> {
        let desk = Self::open(state)?;
        desk.dir.lock().map_err(|_| NoJournal::Busy)?;
        Ok(desk)
    }

    fn open(state: &Path) -> Result<Self, NoJournal> {
        let (path, dir) = directory(state).map_err(StoreError::Untrusted)?;
        // A journal in a directory whose name is lost with the power is lost with it.
        sync_above(&path)?;
        Ok(Self { dir: File::from(dir), path })
    }

    /// Nothing waits for a proof any more: logins need not note any.
    pub(super) fn forget_proofs(&self) {
        let _ = std::fs::remove_dir_all(self.path.join(PROVEN));
    }

    /// What it says now.
    ///
    /// # Errors
    /// [`NoJournal`].
    pub(crate) fn journal(&self) -> Result<Journal, NoJournal> {
        read(&self.path)
    }

    /// Writes it down, on the disk before this returns.
    ///
    /// # Errors
    /// The old one stays.
    pub(crate) fn write(&self, journal: &Journal) -> Result<(), NoJournal> {
        let path = self.path.join(FILE);
        let whole = Written { form: FORM, journal: journal.clone() };
        let bytes = serde_json::to_vec_pretty(&whole)
            .map_err(|e| StoreError::Io(path.clone(), Doing::Writing, e.into()))?;
        if u64::try_from(bytes.len()).is_ok_and(|len| len > MAX_LEN) {
            // What cannot be read again cannot be put back.
            return Err(StoreError::Io(path, Doing::Writing, ErrorKind::FileTooLarge.into()).into());
        }
        Ok(write_instead(self.dir.as_fd(), FILE, &path, &bytes)?)
    }
}

/// What the journal below the state directory says, without waiting for anyone; nothing where nothing was ever switched on.
///
/// # Errors
/// [`NoJournal`].
pub(crate) fn look(state: &Path) -> Result<Journal, NoJournal> {
    read(&state.join(DIRECTORY))
}

fn read(directory: &Path) -> Result<Journal, NoJournal> {
    let path = directory.join(FILE);
    let bytes = match trusted_file::read(&path, Readers::RootOnly, MAX_LEN) {
        Err(e) if e.is_missing() => return Ok(Journal::default()),
        other => other.map_err(StoreError::Untrusted)?,
    };
    match serde_json::from_slice::<Written>(&bytes) {
        Ok(written) if written.form == FORM => Ok(written.journal),
        _ => Err(match serde_json::from_slice(&bytes) {
            Ok(AnyForm { form }) if form > FORM => NoJournal::Newer(path),
            _ => NoJournal::Damaged(path),
        }),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "looks at files from outside")]
mod tests {
    use super::super::change::Change;
    use super::super::journal::{SwitchStep, Switched};
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;

    fn change() -> Change {
        Change { path: "/etc/pam.d/sudo".into(), before: Some("é\n".to_owned()), after: None }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_is_nothing() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(look(state.path()).unwrap(), Journal::default());
        let desk = JournalDesk::take(state.path()).unwrap();
        let to = Switched {
            services: BTreeSet::from(["sudo".to_owned()]),
            files: [(change().path, change())].into(),
        };
        let step = SwitchStep::Going { to: to.clone(), changes: vec![change()] };
        let journal = Journal { on: to, step: Some(step), put_back: None };
        desk.write(&journal).unwrap();
        assert_eq!(desk.journal().unwrap(), journal);
        assert!(matches!(JournalDesk::take(state.path()), Err(NoJournal::Busy)));
    }

    #[test]
    fn where_the_state_is_lost_what_is_made_again_is_roots_alone() {
        use std::os::unix::fs::PermissionsExt;
        let above = tempfile::tempdir().unwrap();
        let state = above.path().join("wardkey");
        JournalDesk::take(&state).unwrap();
        for directory in [state.clone(), state.join(DIRECTORY)] {
            assert_eq!(
                fs::metadata(&directory).unwrap().permissions().mode() & 0o7777,
                0o700,
                "{directory:?}"
            );
        }
    }

    #[test]
    fn a_journal_of_another_form_is_not_guessed_at() {
        let state = tempfile::tempdir().unwrap();
        let desk = JournalDesk::take(state.path()).unwrap();
        desk.write(&Journal::default()).unwrap();
        let path = state.path().join(DIRECTORY).join(FILE);
        let whole = fs::read_to_string(&path).unwrap();
        let of_form = |form: &str| whole.replace("\"form\": 1", &format!("\"form\": {form}"));
        for text in [&of_form("0"), &of_form("-1"), &whole[..whole.len() / 2], ""] {
            fs::write(&path, text).unwrap();
            assert!(matches!(look(state.path()), Err(NoJournal::Damaged(_))), "{text}");
        }
        for text in [&of_form("2"), "{\"form\": 2, \"more\": []}"] {
            fs::write(&path, text).unwrap();
            assert!(matches!(look(state.path()), Err(NoJournal::Newer(_))), "{text}");
        }
    }

    #[test]
    fn what_could_not_be_read_again_is_not_written() {
        let state = tempfile::tempdir().unwrap();
        let desk = JournalDesk::take(state.path()).unwrap();
        let large = Change { before: Some("\u{1}".repeat(1 << 20)), ..change() };
        let step = SwitchStep::Going { to: Switched::default(), changes: vec![large; 4] };
        assert!(desk.write(&Journal { step: Some(step), ..Journal::default() }).is_err());
        assert_eq!(desk.journal().unwrap(), Journal::default());
    }
}
