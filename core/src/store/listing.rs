//! What a directory holds.

use super::{Doing, StoreError};
use nix::dir::Dir;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use std::ffi::OsStr;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The names in directory `name` of `at`, those that are not UTF-8 left out: nothing of ours is called so. `path` is for
/// errors.
///
/// Not read by the standard library: it panics where the system cannot close a directory.
///
/// # Errors
/// [`StoreError::Io`].
pub fn names(at: impl AsFd, name: &Path, path: &Path) -> Result<Vec<String>, StoreError> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let failed = || StoreError::nix(path, Doing::Reading);
    let mut dir = Dir::openat(at, name, flags, Mode::empty()).map_err(failed())?;
    let mut names = Vec::new();
    for entry in dir.iter() {
        let entry = entry.map_err(failed())?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        names.extend(name.to_str().filter(|name| !matches!(*name, "." | "..")).map(str::to_owned));
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};

    /// One that waits for a writer of the FIFO never returns.
    #[test]
    fn what_is_no_directory_or_leads_to_one_is_not_read() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir_all(scratch.path().join("real/roy")).unwrap();
        std::os::unix::fs::symlink("real", scratch.path().join("link")).unwrap();
        nix::unistd::mkfifo(&scratch.path().join("fifo"), Mode::S_IRWXU).unwrap();
        let at = File::open(scratch.path()).unwrap();
        let read = |name: &str| names(&at, Path::new(name), Path::new(name));
        assert_eq!(read("real").unwrap(), ["roy"]);
        for name in ["link", "fifo", "nothing"] {
            assert!(matches!(read(name), Err(StoreError::Io(..))), "{name}");
        }
    }
}
