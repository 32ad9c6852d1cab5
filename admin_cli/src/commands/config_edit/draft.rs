//! The copy that is edited, beside the file it may replace. What is put in place are the bytes that were checked.

use super::cannot;
use super::target::Target;
use crate::context::Context;
use crate::directories::{Presence, ensure};
use crate::failure::{Failure, Kind};
use crate::text::Text;
use nix::fcntl::renameat;
use nix::unistd::fsync;
use std::ffi::OsStr;
use std::fs::{File, Permissions, remove_dir, remove_file, set_permissions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use wardkey_core::policy::config::{ConfigError, MAX_LEN};
use wardkey_core::store::{Doing, FOR_EVERYBODY, StoreError, write_new};
use wardkey_core::system::owner::Owner;
use wardkey_core::system::trusted_file::{self, Access, Demand, Readers, Untrusted};

/// The file as it stood when the edit began.
struct Original {
    bytes: Vec<u8>,
    mode: u32,
    gid: u32,
}

/// An edit under way; the copy goes with it.
pub(super) struct Draft {
    /// The directory of the configuration, held as the lock: one edit of the whole at a time.
    _lock: File,
    /// The directory of the file.
    dir: File,
    /// The same, where this edit made it: it goes with the copy if nothing else is in it.
    made: Option<PathBuf>,
    path: PathBuf,
    start: &'static str,
    copy: PathBuf,
    original: Option<Original>,
    is_kept: bool,
}

impl Draft {
    /// Copies the file.
    pub(super) fn open(context: &Context, target: Target) -> Result<Self, Failure> {
        let Target { path, whole, must_exist, start } = target;
        let original = match original(&path) {
            Err(e) if e.is_missing() && !must_exist => None,
            read => Some(
                read.map_err(|e| Failure::config_at(&ConfigError::File(e), must_exist.then_some(&path)))?,
            ),
        };
        let lock = lock(context, &whole, &path)?;
        let (made, dir) = directory(context, &path)?;
        let made = (made == Presence::Made).then(|| above(&path).to_path_buf());
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or("wardkey.toml");
        let copy = above(&path).join(format!(".edit-{name}"));
        let draft = Self { _lock: lock, dir, made, path, start, copy, original, is_kept: false };
        draft.write(&draft.copy, draft.before()).map_err(|e| cannot(context, &e))?;
        Ok(draft)
    }

    /// What the copy held at first.
    fn before(&self) -> &[u8] {
        self.original.as_ref().map_or(self.start.as_bytes(), |original| &original.bytes)
    }

    /// The copy.
    pub(super) fn copy(&self) -> &Path {
        &self.copy
    }

    /// What the copy holds now. One that others could write is not taken: they may have, unseen. It is kept all the same.
    pub(super) fn read(&mut self, context: &Context) -> Result<Vec<u8>, Failure> {
        let text = &context.text;
        trusted_file::read(&self.copy, Readers::Anyone, MAX_LEN).map_err(|e| {
            if e.is_missing() {
                let path = self.path.display().to_string();
                return Failure::new(Kind::Config, text, |t| (t.untrusted(&e), t.nothing_replaced(&path)));
            }
            self.kept(text, Kind::Config, |t| (t.untrusted(&e), t.mend(&e)))
        })
    }

    /// Leaves the copy where it is: an edit may be the work of an hour. The error says where.
    fn kept(&mut self, text: &Text, kind: Kind, words: impl Fn(&Text) -> (String, String)) -> Failure {
        self.is_kept = true;
        let copy = self.copy.display().to_string();
        Failure::new(kind, text, |t| {
            let (what, cure) = words(t);
            (what, format!("{} {cure}", t.draft_is_kept(&copy)).trim_end().to_owned())
        })
    }

    /// Whether nothing was edited.
    pub(super) fn is_unchanged(&self, bytes: &[u8]) -> bool {
        bytes == self.before()
    }

    /// Puts these bytes in the file's place, with its mode and group; it is whole before and after.
    pub(super) fn replace(&mut self, context: &Context, bytes: &[u8]) -> Result<(), Failure> {
        let text = &context.text;
        if !self.is_as_it_was() {
            let path = self.path.display().to_string();
            return Err(self.kept(text, Kind::Refused, |t| (t.changed_meanwhile(&path), String::new())));
        }
        let new = self.copy.with_extension("new");
        let placed = self.write(&new, bytes).and_then(|()| {
            self.place(&new).map_err(|e| StoreError::Io(self.path.clone(), Doing::Replacing, e))
        });
        placed.map_err(|e| {
            let _ = remove_file(&new);
            self.kept(text, Kind::Config, |t| (t.store_error(&e), t.store_remedy(&e)))
        })
    }

    fn is_as_it_was(&self) -> bool {
        match (original(&self.path), &self.original) {
            (Ok(now), Some(before)) => now.bytes == before.bytes,
            (Err(e), None) => e.is_missing(),
            _ => false,
        }
    }

    /// Makes a file of root's alone; what an edit that was killed left under its name goes.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        let _ = remove_file(path);
        let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
        write_new(self.dir.as_fd(), name, path, bytes)
    }

    fn place(&self, new: &Path) -> io::Result<()> {
        let (mode, gid) = self.original.as_ref().map_or((0o644, 0), |original| (original.mode, original.gid));
        chown(new, Some(0), Some(gid))?;
        set_permissions(new, Permissions::from_mode(mode))?;
        renameat(nix::fcntl::AT_FDCWD, new, nix::fcntl::AT_FDCWD, &self.path)?;
        Ok(fsync(&self.dir)?)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = remove_file(&self.copy);
            // Only where it is empty.
            let _ = self.made.as_ref().map(remove_dir);
        }
    }
}

fn above(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The directory that a file is in, made if it is missing.
fn directory(context: &Context, path: &Path) -> Result<(Presence, File), Failure> {
    let (made, dir) =
        ensure(above(path), FOR_EVERYBODY, Readers::Anyone).map_err(|e| untrusted(&context.text, &e))?;
    Ok((made, File::from(dir)))
}

#[expect(clippy::disallowed_methods, reason = "held while root edits; no login waits for it")]
fn lock(context: &Context, whole: &Path, path: &Path) -> Result<File, Failure> {
    let (_, dir) = directory(context, whole)?;
    if dir.try_lock().is_ok() {
        return Ok(dir);
    }
    let (text, shown) = (&context.text, path.display().to_string());
    Err(Failure::refused(text, |t| (t.somebody_edits(&shown), t.try_again_later()))
        .with_nothing_changed(text))
}

/// Nothing was put in place yet.
fn untrusted(text: &Text, error: &Untrusted) -> Failure {
    Failure::new(Kind::Config, text, |t| (t.untrusted(error), t.mend(error))).with_nothing_changed(text)
}

fn original(path: &Path) -> Result<Original, Untrusted> {
    let demand = Demand {
        access: Access::Read,
        readers: Readers::Anyone,
        owner: Owner::ROOT,
        max_len: MAX_LEN,
        may_be_linked: false,
    };
    let file = trusted_file::open(None, path, path, demand)?;
    let (mode, gid) = file.metadata().map_or((0o644, 0), |about| (about.mode() & 0o7777, about.gid()));
    Ok(Original { bytes: trusted_file::read_all(file, path, MAX_LEN)?, mode, gid })
}
