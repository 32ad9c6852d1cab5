//! What `config check` says of files and directories that the configuration names: which refuse logins, and which make a
//! promise of it void. Each comes with what mends it.

use crate::failure::{Failure, Kind};
use crate::office::Office;
use crate::services::Services;
use crate::text::shell_word;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use wardkey_core::audit;
use wardkey_core::config::KeyPlace;
use wardkey_core::seal::{SealError, SealingKey};
use wardkey_core::trusted_file::{Readers, Reason, Untrusted, open_dir};

/// The longest path of a socket, in bytes (unix(7)): 108, with the zero byte at its end.
const LONGEST_SOCKET: usize = 107;

/// Nobody but root's programs would be let in.
pub(super) fn judge_socket(office: &Office) -> Result<(), Failure> {
    let socket = office.config.helper.socket.path();
    let length = socket.as_os_str().as_bytes().len();
    if length <= LONGEST_SOCKET {
        return Ok(());
    }
    Err(Failure::new(Kind::Config, &office.text, |t| {
        let place = office.config_place(t, "helper.socket", &socket.display().to_string());
        (t.socket_too_long(&place, length), t.shorter_socket(LONGEST_SOCKET))
    }))
}

/// Records and key, as every login opens them: what is not root's alone refuses. Only root can look.
pub(super) fn judge(office: &Office) -> Result<(), Failure> {
    let faults = refusing(office);
    if faults.is_empty() {
        return Ok(());
    }
    Err(Failure::new(Kind::State, &office.text, |t| {
        let lines =
            |say: &dyn Fn(&Untrusted) -> String| faults.iter().map(say).collect::<Vec<_>>().join("\n");
        (lines(&|fault| t.refuses_logins(&t.untrusted(fault))), lines(&|fault| t.mend(fault)))
    }))
}

fn refusing(office: &Office) -> Vec<Untrusted> {
    if !office.is_root {
        return Vec::new();
    }
    let mut faults = office.store.faults();
    if let (KeyPlace::File(path), true) = (&office.config.seal.key, faults.is_empty())
        && let Err(SealError::File(fault)) = SealingKey::load(path)
        && !fault.is_missing()
    {
        faults.push(fault);
    }
    faults
}

/// What is in the way of a promise, and refuses nobody.
pub(super) fn void(office: &Office, services: &Services) -> Vec<String> {
    let no_service = office.config.service.keys().filter(|name| !services.has(name));
    let no_service = no_service.map(|name| office.text.no_such_service(name));
    if !office.is_root {
        return no_service.collect();
    }
    no_service.chain(audit_file(office)).chain(grace(office)).chain(closed(office)).collect()
}

fn audit_file(office: &Office) -> Option<String> {
    let text = &office.text;
    let fault = audit::fault(&office.config.log.audit_file.path())?;
    let path = shell_word(&fault.path.display().to_string());
    let cure = match fault.reason {
        Reason::Mode(_) => text.take_from_others(&path),
        _ => text.mend(&fault),
    };
    Some(format!("{}. {cure}", text.audit_void(&text.untrusted(&fault))))
}

/// Where sessions are remembered: only where some service has grace.
fn grace(office: &Office) -> Option<String> {
    let run = office.config.run.path.path();
    let above = run.parent().unwrap_or(&run);
    let look = |path: &Path, readers| open_dir(None, path, path, readers).map(drop);
    let found = look(above, Readers::Anyone).and_then(|()| look(&run, Readers::RootOnly));
    let fault = found.err().filter(|fault| !fault.is_missing() && office.config.has_unlock_grace())?;
    Some(format!("{}. {}", office.text.grace_void(&office.text.untrusted(&fault)), office.text.mend(&fault)))
}

/// Directories that everybody must be able to enter: that of the configuration, and that of the helper's socket.
fn closed(office: &Office) -> Vec<String> {
    let socket = office.config.helper.socket.path();
    let mut places: Vec<PathBuf> =
        [office.config_path.as_path(), &socket].into_iter().flat_map(above).collect();
    places.dedup();
    let is_closed = |path: &PathBuf| fs::metadata(path).is_ok_and(|about| about.mode() & 0o001 == 0);
    let closed = places.into_iter().filter(is_closed);
    closed.map(|path| office.text.closed_to_others(&shell_word(&path.display().to_string()))).collect()
}

/// The directories on the way to a file, the outermost first.
fn above(path: &Path) -> Vec<PathBuf> {
    let mut above: Vec<PathBuf> = path.ancestors().skip(1).map(Path::to_path_buf).collect();
    above.reverse();
    above
}
