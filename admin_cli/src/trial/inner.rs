//! The process that calls libpam: it may stop being root, and PAM modules run in it. It has no terminal of its own; whatever
//! is asked goes to the command, and comes back from there.

use super::wire::{CallEvent, Identity, Job, PamCall, RunAs};
use crate::console::Console;
use crate::input::read_line;
use nix::sys::prctl::{set_dumpable, set_pdeathsig};
use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid, initgroups, setresgid, setresuid, setsid};
use pam_client::{Answerer, Flag, Item, PamError, PamHandle};
use std::ffi::{CString, OsString};
use std::process::ExitCode;
use wardkey_core::credential::secret::Secret;

/// Before a job on the command line; nobody types it.
pub(super) const CALL_PAM: &str = "__call-pam";

/// Follows the job of a command line that the command itself has written; `None`: somebody else wrote it.
pub(crate) fn run(line: &[OsString]) -> Option<ExitCode> {
    match line {
        [_, word, job] if word == CALL_PAM => Some(follow(job.to_str()?)),
        _ => None,
    }
}

/// What happens is told on standard output.
fn follow(job: &str) -> ExitCode {
    match serde_json::from_str::<Job>(job) {
        Ok(job) => {
            go_through(&job);
            ExitCode::SUCCESS
        }
        Err(_) => ExitCode::from(2),
    }
}

fn go_through(job: &Job) {
    if let Err(why) = take_on(&job.identity).and_then(|()| stay_apart()) {
        return tell(&CallEvent::NotBecome(why.to_string()));
    }
    let (Ok(service), Ok(user)) = (CString::new(job.service.as_bytes()), CString::new(job.user.as_bytes()))
    else {
        return;
    };
    let mut outer = Outer;
    let mut transaction =
        match PamHandle::start(&service, &user, job.is_silent.then_some(Flag::Silent), &mut outer) {
            Ok(transaction) => transaction,
            Err(error) => return ended(PamCall::Start, Err(error)),
        };
    let items = [(Item::Tty, &job.tty), (Item::Xdisplay, &job.display), (Item::Ruser, &job.ruser)];
    for (item, value) in items {
        let value = value.as_ref().and_then(|value| CString::new(value.as_bytes()).ok());
        value.iter().for_each(|value| transaction.set(item, value));
    }
    let result = transaction.authenticate();
    ended(PamCall::Auth, result);
    if result.is_ok() {
        ended(PamCall::Account, transaction.account());
    }
}

/// Becomes who the real program is. Groups come first, while this process may still choose.
fn take_on(identity: &Identity) -> nix::Result<()> {
    let (person, effective) = match identity {
        Identity::Root => return Ok(()),
        Identity::StartedBy(person) => (person, Uid::from_raw(0)),
        Identity::Wholly(person) => (person, Uid::from_raw(person.uid)),
    };
    let RunAs { name, uid, gid } = person;
    let (uid, gid) = (Uid::from_raw(*uid), Gid::from_raw(*gid));
    if matches!(identity, Identity::Wholly(_)) {
        // A process of theirs on root's terminal could type into root's shell.
        setsid()?;
    }
    let name = CString::new(name.as_bytes()).map_err(|_| nix::errno::Errno::EINVAL)?;
    initgroups(&name, gid)?;
    setresgid(gid, gid, gid)?;
    setresuid(uid, effective, effective)
}

/// Ends with the command, and lets nobody look in whose uid this process now has.
fn stay_apart() -> nix::Result<()> {
    set_pdeathsig(Some(Signal::SIGTERM))?;
    set_dumpable(false)
}

fn ended(call: PamCall, result: Result<(), PamError>) {
    let result = result.map_or_else(|PamError(result)| result, |()| 0);
    tell(&CallEvent::Ended(call, u8::try_from(result).unwrap_or(u8::MAX)));
}

fn tell(event: &CallEvent) {
    Console::early(true).say(&serde_json::to_string(event).unwrap_or_default());
}

/// The command, at the other ends of the pipes.
struct Outer;

impl Answerer for Outer {
    fn reply(&mut self, prompt: &str, is_hidden: bool) -> Option<Secret> {
        tell(&CallEvent::Prompt { text: prompt.to_owned(), is_hidden });
        read_line(&std::io::stdin())
    }

    fn told(&mut self, text: &str, is_error: bool) {
        let text = text.to_owned();
        tell(&if is_error { CallEvent::Error(text) } else { CallEvent::Text(text) });
    }
}
