//! The sheet: a page to print with the key, and in its place, once a code of it was right, one with the recovery codes; or one
//! for an envelope. It is a file with secrets in
//! the clear, so it is new, its owner's alone, and only where nobody else can look.

mod codes_page;
mod html;
mod key_page;
mod login_page;
mod place;

pub(crate) use codes_page::CodesPage;
pub(crate) use key_page::KeyPage;

use crate::context::Context;
use crate::failure::{Failure, Kind};
use nix::sys::stat::fstatat;
use nix::unistd::{UnlinkatFlags, unlinkat};
use std::cell::Cell;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use wardkey_core::store::{StoreError, write_instead, write_new};
use zeroize::Zeroizing;

/// A sheet that is asked for: its place is checked, and nothing is written yet.
pub(crate) struct Sheet {
    dir: OwnedFd,
    name: String,
    path: PathBuf,
    /// Whether the file of that name is ours.
    written: Cell<bool>,
    /// Whether there are codes on it.
    has_codes: Cell<bool>,
}

impl Sheet {
    /// A sheet at `path`, if there may be one: nothing has that name, and nobody else sees it there.
    pub(crate) fn at(context: &Context, path: &Path) -> Result<Self, Failure> {
        let text = &context.text;
        let name = path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        let shown = path.display().to_string();
        let name = name.ok_or_else(|| {
            Failure::new(Kind::Usage, text, |t| (t.sheet_needs_a_name(&shown), t.sheet_example()))
        })?;
        let dir = place::private(text, path.parent().filter(|dir| !dir.as_os_str().is_empty()))?;
        let flags = nix::fcntl::AtFlags::AT_SYMLINK_NOFOLLOW;
        if fstatat(&dir, name.as_str(), flags).is_ok() {
            return Err(Failure::refused(text, |t| (t.sheet_exists(&shown), t.sheet_other_name())));
        }
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        Ok(Self { dir, name, path, written: Cell::new(false), has_codes: Cell::new(false) })
    }

    /// The same, where one is asked for.
    pub(crate) fn asked(context: &Context, path: Option<&Path>) -> Result<Option<Self>, Failure> {
        path.map(|path| Self::at(context, path)).transpose()
    }

    /// Writes the sheet whole or not at all; a second time, in place of what it was.
    pub(crate) fn write(&self, content: &Zeroizing<String>) -> Result<(), StoreError> {
        let write = if self.written.get() { write_instead } else { write_new };
        write(self.dir.as_fd(), &self.name, &self.path, content.as_bytes())?;
        self.written.set(true);
        self.has_codes.set(false);
        Ok(())
    }

    /// The same with codes, which are not in force yet.
    pub(crate) fn write_codes(&self, content: &Zeroizing<String>) -> Result<(), StoreError> {
        self.write(content)?;
        self.has_codes.set(true);
        Ok(())
    }

    /// Takes away a sheet of what is not in force.
    pub(crate) fn discard(&self) {
        if self.written.replace(false) {
            let _ = unlinkat(&self.dir, self.name.as_str(), UnlinkatFlags::NoRemoveDir);
        }
    }

    /// Whether there are codes on it.
    pub(crate) fn has_codes(&self) -> bool {
        self.has_codes.get()
    }

    /// Where it is, for people and scripts.
    pub(crate) fn path(&self) -> String {
        self.path.display().to_string()
    }
}
