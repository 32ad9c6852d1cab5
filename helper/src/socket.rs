//! The socket: the one that systemd gives, or one of our own.

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::fd::RawFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use wardkey_core::policy::config::Source;
use wardkey_core::store::{FOR_EVERYBODY, make_dir_all};
use wardkey_core::system::trusted_file::{Readers, open_dir};

/// The number of the first that systemd gives (`SD_LISTEN_FDS_START`).
const FIRST: RawFd = 3;

/// The number of the one socket that systemd gave this process.
///
/// # Errors
/// It gave none, or several.
#[expect(clippy::disallowed_methods, reason = "systemd says it so, to a program that only root starts")]
pub(crate) fn given() -> Result<RawFd, String> {
    let said = |name| std::env::var(name).ok();
    if said("LISTEN_PID") != Some(std::process::id().to_string()) {
        return Err("no socket was given; `wardkey-helper listen` makes one".into());
    }
    match said("LISTEN_FDS").as_deref() {
        Some("1") => Ok(FIRST),
        other => Err(format!("one socket must be given, not {}", other.unwrap_or("none"))),
    }
}

/// Whether this connection came by the socket that the configuration names: who changes one has to change the other, since
/// callers go by the configuration, and locks lie beside the socket that it names.
///
/// # Errors
/// What is wrong, for the person or service that starts it.
pub(crate) fn is_the_configured(connection: &UnixStream, configured: &Path) -> Result<(), String> {
    let address = connection.local_addr().map_err(|e| e.to_string())?;
    let actual = address.as_pathname().unwrap_or(Path::new(""));
    if actual == configured {
        return Ok(());
    }
    Err(format!("the helper's socket is {actual:?}; the configuration names {configured:?}"))
}

/// Does what may become another image, with this socket open; if it comes back, closes the socket over exec as before.
pub(crate) fn over_exec<T>(listener: &UnixListener, becomes: impl FnOnce() -> T) -> T {
    let _ = fcntl(listener, FcntlArg::F_SETFD(FdFlag::empty()));
    let back = becomes();
    let _ = fcntl(listener, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC));
    back
}

/// A socket that everyone can connect to; one that a helper left behind is replaced, one that is in use is not.
///
/// # Errors
/// Why there can be none.
pub(crate) fn make(settings: &mut Source) -> Result<UnixListener, String> {
    let path = settings.now().map_err(|e| e.to_string())?.helper.socket.path();
    bind(&path).map_err(|e| format!("{}: {e}", path.display()))
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    if let Some(dir) = path.parent() {
        make_run_directory(dir)?;
    }
    let left_behind = fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_socket());
    if left_behind {
        match UnixStream::connect(path) {
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path)?,
            _ => return Err(ErrorKind::AddrInUse.into()),
        }
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o666))?;
    Ok(listener)
}

/// Makes the directory that holds the socket, where it is missing: others reach it, and nobody but root replaces what is
/// in it.
fn make_run_directory(dir: &Path) -> io::Result<()> {
    make_dir_all(dir, FOR_EVERYBODY).map_err(|e| io::Error::other(e.to_string()))?;
    open_dir(None, dir, dir, Readers::Anyone).map(drop).map_err(|e| io::Error::other(e.to_string()))
}
