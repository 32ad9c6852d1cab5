//! What `config check` says of files and directories that the configuration names: which refuse logins, and which make a
//! promise of it void. Each comes with what mends it.

use super::service_names::hint;
use crate::context::Context;
use crate::everybody::Everybody;
use crate::failure::{Failure, Kind};
use crate::keys;
use crate::services::Services;
use crate::text::shell_word;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use wardkey_core::audit::{self, AuditFile};
use wardkey_core::policy::config::directory;
use wardkey_core::store::StoreError;
use wardkey_core::system::trusted_file::{Readers, Reason, Untrusted, open_dir};

/// The longest path of a socket, in bytes (unix(7)): 108, with the zero byte at its end.
const LONGEST_SOCKET: usize = 107;

/// Nobody but root's programs would be let in.
pub(super) fn judge_socket(context: &Context) -> Result<(), Failure> {
    let socket = context.config.helper.socket.path();
    let length = socket.as_os_str().as_bytes().len();
    if length <= LONGEST_SOCKET {
        return Ok(());
    }
    Err(Failure::new(Kind::Config, &context.text, |t| {
        let place = context.config_place(t, "helper.socket", &socket.display().to_string());
        (t.socket_too_long(&place, length), t.shorter_socket(LONGEST_SOCKET))
    }))
}

/// One thing that refuses logins, and what mends it.
#[derive(Clone)]
pub(super) struct Refusing {
    what: String,
    cure: String,
}

impl Refusing {
    /// The two apart.
    pub(super) fn into_parts(self) -> (String, String) {
        (self.what, self.cure)
    }

    /// Both in a line, where it only warns.
    pub(super) fn to_line(&self) -> String {
        format!("{}. {}", self.what, self.cure)
    }
}

/// What logins and lockers open, as they open it. Only root can look.
pub(super) fn judge(context: &Context, everybody: &Everybody) -> Result<(), Failure> {
    let faults = refusing(context, everybody);
    if faults.is_empty() {
        return Ok(());
    }
    let lines = |part: &dyn Fn(&Refusing) -> &str| faults.iter().map(part).collect::<Vec<_>>().join("\n");
    let (what, cure) = (lines(&|fault| &fault.what), lines(&|fault| &fault.cure));
    Err(Failure::new(Kind::State, &context.text, |_| (what.clone(), cure.clone())))
}

/// All of it.
pub(super) fn refusing(context: &Context, everybody: &Everybody) -> Vec<Refusing> {
    if !context.is_root {
        return Vec::new();
    }
    [closed(context), records(context, everybody)].concat()
}

/// Records and key: those that are not root's alone, and those that cannot be read.
fn records(context: &Context, everybody: &Everybody) -> Vec<Refusing> {
    let text = &context.text;
    let faults = context.store.faults();
    let of_file = |fault: &Untrusted| Refusing {
        what: text.refuses_logins(&text.untrusted(fault)),
        cure: text.mend(fault),
    };
    let mut found: Vec<Refusing> = faults.iter().map(of_file).collect();
    if let Some(error) = everybody.failed.as_ref().filter(|e| !is_missing_store(e) && !is_among(&faults, e)) {
        let (what, cure) = (text.refuses_logins(&text.store_error(error)), text.store_remedy(error));
        found.push(Refusing { what, cure });
    }
    for (user, error) in everybody.unread.iter().filter(|(_, error)| !is_among(&faults, error)) {
        let what = text.refuses_login_of(&user.to_string(), &text.store_error(error));
        found.push(Refusing { what, cure: text.store_remedy(error) });
    }
    if let Some((what, cure)) = keys::refusing(context, everybody) {
        found.push(Refusing { what: text.refuses_logins(&what), cure });
    }
    found
}

/// Before `wardkey init` all of it is missing, and nobody is enrolled.
pub(super) fn is_missing_store(error: &StoreError) -> bool {
    matches!(error, StoreError::Untrusted(fault) if fault.is_missing())
}

fn is_among(faults: &[Untrusted], error: &StoreError) -> bool {
    matches!(error, StoreError::Untrusted(fault) if faults.iter().any(|known| known.path == fault.path))
}

/// What programs that are not root's must reach: the files of the configuration, and the helper's socket.
fn closed(context: &Context) -> Vec<Refusing> {
    let text = &context.text;
    let socket = context.config.helper.socket.path();
    let further = directory(Some(&context.config_path));
    let files: Vec<PathBuf> = context.layers.files().map(Path::to_path_buf).collect();
    let lacks = |path: &Path, bits: u32| fs::metadata(path).is_ok_and(|about| about.mode() & bits != bits);
    let word = |path: &Path| shell_word(&path.display().to_string());
    let mut found = Vec::new();
    let led_to = files.iter().filter_map(|file| fs::canonicalize(file).ok());
    let reached = files.iter().cloned().chain([socket.clone(), further.join("*")]).chain(led_to);
    for place in ways(reached) {
        // The directory of further files is listed, too.
        if lacks(&place, if place == further { 0o005 } else { 0o001 }) {
            let place = word(&place);
            found.push(Refusing { what: text.closed_to_others(&place), cure: text.let_enter(&place) });
        }
    }
    for (file, bits) in files.iter().map(|file| (file, 0o004)).chain([(&socket, 0o002)]) {
        if lacks(file, bits) {
            let file = word(file);
            let cure = if bits == 0o004 { text.let_read(&file) } else { text.let_connect(&file) };
            found.push(Refusing { what: text.closed_to_others(&file), cure });
        }
    }
    found
}

/// The directories on the ways to these files, the outermost first, each once.
fn ways(files: impl Iterator<Item = PathBuf>) -> Vec<PathBuf> {
    let mut ways: Vec<PathBuf> = Vec::new();
    for file in files {
        let mut above: Vec<&Path> =
            file.ancestors().skip(1).filter(|dir| !dir.as_os_str().is_empty()).collect();
        above.reverse();
        for dir in above {
            if !ways.iter().any(|known| known == dir) {
                ways.push(dir.to_path_buf());
            }
        }
    }
    ways
}

/// What is in the way of a promise, and refuses nobody.
pub(super) fn void(context: &Context, services: &Services) -> Vec<String> {
    let no_service = context.config.service.keys().filter(|name| !services.has(name));
    let no_service =
        no_service.map(|name| context.text.no_such_service(name, &hint(&context.text, services, name)));
    if !context.is_root {
        return no_service.collect();
    }
    no_service.chain(audit_file(context)).chain(grace(context)).collect()
}

fn audit_file(context: &Context) -> Option<String> {
    let text = &context.text;
    let fault = audit::fault(&AuditFile::of(&context.config))?;
    let path = shell_word(&fault.path.display().to_string());
    let cure = match fault.reason {
        Reason::Mode(..) => text.take_from_others(&path),
        _ => text.mend(&fault),
    };
    Some(format!("{}. {cure}", text.audit_void(&text.untrusted(&fault))))
}

/// Where sessions are remembered: only where some service has grace.
fn grace(context: &Context) -> Option<String> {
    let run = context.config.run.path.path();
    let above = run.parent().unwrap_or(&run);
    let look = |path: &Path, readers| open_dir(None, path, path, readers).map(drop);
    let found = look(above, Readers::Anyone).and_then(|()| look(&run, Readers::RootOnly));
    let fault = found.err().filter(|fault| !fault.is_missing() && context.config.has_unlock_grace())?;
    Some(format!(
        "{}. {}",
        context.text.grace_void(&context.text.untrusted(&fault)),
        context.text.mend(&fault)
    ))
}
