//! `fleet join`

use super::{Command, Ended};
use crate::context::Context;
use crate::directories::ensure;
use crate::doctor::machine::installed_helper;
use crate::failure::{Failure, Kind, is_of_the_disk};
use crate::input::{Echo, ask};
use nix::fcntl::{OFlag, openat, renameat};
use nix::sys::stat::{Mode, fchmod, mkdirat};
use nix::unistd::{UnlinkatFlags, User, fchown, fsync, unlinkat};
use serde::Serialize;
use std::ffi::OsStr;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use wardkey_core::credential::secret::Secret;
use wardkey_core::store::{Doing, FOR_EVERYBODY, StoreError, write_instead};
use wardkey_core::system::trusted_file::{Readers, Untrusted};
use wardkey_core::wire::{receive, send};
use wardkey_fleet::{JoinErrand, JoinTold, Joined, JoiningToken, NoJoin, fingerprint_of_pem, new_seat_key};

/// The user that the link runs as.
const USER: &str = "wardkey";

/// The certificate before it has its name.
const UNNAMED: &str = ".seat.crt.joining";

/// Make this machine a seat of the clinic, by a joining token that it reads
///
/// The token is what `wardkey fleet token` printed at the verifier; it is typed or piped in. The servers are those of
/// the configuration (`[store] servers`).
#[derive(Debug, clap::Args)]
pub(crate) struct FleetJoin {}

#[derive(Serialize)]
struct Answer<'a> {
    seat: &'a str,
}

/// What joining gave.
struct Certified {
    certificate: String,
    authority: String,
}

impl Command for FleetJoin {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        if !context.config.store.is_seat() {
            return Err(Failure::refused(text, |t| (t.no_seat_here(), t.name_servers())));
        }
        let user = link_user(context)?;
        let typed = ask(&context.console, &text.joining_token_prompt(), Echo::Hidden);
        let typed = typed.ok_or_else(|| no_token(context))?;
        let token = std::str::from_utf8(typed.expose()).ok().and_then(JoiningToken::parse);
        let token = token.ok_or_else(|| no_token(context))?;
        let made = new_seat_key();
        let (key, request) = made.map_err(|e| {
            Failure::new(Kind::System, text, |t| (t.no_seat_key(&e.to_string()), t.try_again_later()))
        })?;
        let certified = join(context, &token, request)?;
        write(context, &user, key.as_bytes(), &certified)?;
        let seat = token.seat.to_string();
        context.audit.done_alone("fleet join", &seat);
        context.console.answer(&Answer { seat: &seat }, || text.joined(&seat));
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("fleet join", None))
    }

    fn needs_records(&self) -> bool {
        false
    }
}

fn no_token(context: &Context) -> Failure {
    Failure::refused(&context.text, |t| (t.no_joining_token(), t.get_joining_token()))
        .with_nothing_changed(&context.text)
}

fn link_user(context: &Context) -> Result<User, Failure> {
    let found = User::from_name(USER).ok().flatten().filter(|user| !user.uid.is_root());
    found.ok_or_else(|| {
        let failure =
            Failure::new(Kind::System, &context.text, |t| (t.no_system_user(USER), t.make_system_user(USER)));
        failure.with_nothing_changed(&context.text)
    })
}

/// Has an unprivileged process ask a verifier.
fn join(context: &Context, token: &JoiningToken, request: String) -> Result<Certified, Failure> {
    let text = &context.text;
    let not_done = |failure: Failure| failure.with_nothing_changed(text);
    let printed = Secret::new(token.printed().as_bytes().to_vec());
    let errand = JoinErrand { servers: context.config.store.servers.clone(), token: printed, request };
    let told = by_helper(&errand).map_err(|why| {
        not_done(Failure::new(Kind::System, text, |t| (t.helper_failed(&why), t.try_again_later())))
    })?;
    match told {
        JoinTold::Answered(Joined::Come { certificate, authority }) => {
            // The process that said so has spoken with a stranger.
            let is_ours = fingerprint_of_pem(&authority) == Some(token.authority)
                && fingerprint_of_pem(&certificate).is_some();
            let odd = || Failure::new(Kind::System, text, |t| (t.odd_certificate(), t.get_joining_token()));
            if is_ours { Ok(Certified { certificate, authority }) } else { Err(not_done(odd())) }
        }
        JoinTold::Answered(Joined::Turned(why)) => Err(not_done(turned(context, why))),
        JoinTold::Nothing(why) => Err(not_done(Failure::new(Kind::System, text, |t| {
            (t.no_verifier_answers(&why), t.look_at_servers())
        }))),
    }
}

fn by_helper(errand: &JoinErrand) -> Result<JoinTold, String> {
    let program = installed_helper().ok_or("wardkey-helper is not installed")?;
    let mut command = Process::new(&program);
    command.arg("join").env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|e| format!("{}: {e}", program.display()))?;
    let frame = send(errand).map_err(|e| e.to_string())?;
    // One that ends at once says why itself.
    let _ = child.stdin.take().map(|mut to| to.write_all(&frame));
    let told = child.stdout.take().map(|mut from| receive(&mut from));
    let ended = child.wait_with_output().map_err(|e| e.to_string())?;
    match told {
        Some(Ok(told)) => Ok(told),
        _ => Err(String::from_utf8_lossy(&ended.stderr).trim().escape_debug().to_string()),
    }
}

fn turned(context: &Context, why: NoJoin) -> Failure {
    let text = &context.text;
    match why {
        NoJoin::Unknown => Failure::refused(text, |t| (t.token_unknown(), t.get_joining_token())),
        NoJoin::Used => Failure::refused(text, |t| (t.token_used(), t.get_joining_token())),
        NoJoin::Late => Failure::refused(text, |t| (t.token_late(), t.get_joining_token())),
        NoJoin::Malformed => {
            Failure::new(Kind::System, text, |t| (t.not_understood_there(), t.same_version_there()))
        }
        NoJoin::Broken => Failure::new(Kind::System, text, |t| (t.broken_there(), t.try_again_later())),
    }
}

/// Key, authority and certificate, in this order: killed between two, the helper says what is missing, and joining again
/// mends it.
fn write(context: &Context, user: &User, key: &[u8], certified: &Certified) -> Result<(), Failure> {
    let store = &context.config.store;
    put(context, &store.seat_key(), key)?;
    put(context, &store.authority(), certified.authority.as_bytes())?;
    let state = store.path.path();
    let (_, dir) = ensure(&state, Mode::S_IRWXU, Readers::RootOnly).map_err(|e| unmade(context, &e))?;
    let (directory, name) = store.certificate();
    let failed = |e: nix::Error| {
        Failure::store(&context.text, &StoreError::Io(directory.clone(), Doing::Writing, e.into()))
    };
    put_certificate(&dir, (&directory, name), user, certified.certificate.as_bytes()).map_err(failed)?;
    if let Some(log) = context.config.log.audit_file.path().parent() {
        ensure(log, Mode::from_bits_truncate(0o750), Readers::Anyone).map_err(|e| unmade(context, &e))?;
    }
    Ok(())
}

fn put(context: &Context, path: &Path, content: &[u8]) -> Result<(), Failure> {
    let parent = path.parent().unwrap_or(Path::new("/"));
    let (_, dir) = ensure(parent, FOR_EVERYBODY, Readers::Anyone).map_err(|e| unmade(context, &e))?;
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    write_instead(dir.as_fd(), name, path, content).map_err(|e| Failure::store(&context.text, &e))
}

/// In a directory that is the link's, since it renews what lies there. The state's own directory is root's alone, so that nobody
/// else puts anything in the place of this one; what is in it is never followed.
fn put_certificate(
    state: &impl AsFd,
    (directory, name): (&Path, &str),
    user: &User,
    content: &[u8],
) -> nix::Result<()> {
    let own = directory.file_name().unwrap_or_default();
    match mkdirat(state, own, Mode::S_IRWXU) {
        Ok(()) | Err(nix::Error::EEXIST) => {}
        Err(e) => return Err(e),
    }
    let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let dir = openat(state, own, flags, Mode::empty())?;
    fchown(&dir, Some(user.uid), Some(user.gid))?;
    let _ = unlinkat(&dir, UNNAMED, UnlinkatFlags::NoRemoveDir);
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_WRONLY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let readable = Mode::from_bits_truncate(0o644);
    let mut file = File::from(openat(&dir, UNNAMED, flags, readable)?);
    fchmod(&file, readable)?;
    file.write_all(content).map_err(|e| nix::Error::from_raw(e.raw_os_error().unwrap_or(nix::libc::EIO)))?;
    fsync(&file)?;
    renameat(&dir, UNNAMED, &dir, name)?;
    fsync(&dir)?;
    fsync(state)
}

fn unmade(context: &Context, error: &Untrusted) -> Failure {
    let kind = if is_of_the_disk(error) { Kind::Store } else { Kind::State };
    Failure::new(kind, &context.text, |t| (t.untrusted(error), t.mend(error)))
}
