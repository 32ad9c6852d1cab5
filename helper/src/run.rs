//! From the command line to the socket: a bare process that listens, and serves in copies of itself.

use crate::arguments::{self, Arguments, Task};
use crate::heritage::Heritage;
use crate::installed::Installed;
use crate::link::{self, Keeper};
use crate::listen::{Role, Room};
use crate::{ffi, join, log, sanitize, serve, socket};
use nix::unistd::geteuid;
use std::os::fd::RawFd;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::ExitCode;
use wardkey_core::policy::config::Source;

/// The exit statuses of what goes wrong.
const USAGE: u8 = 2;
const BROKEN: u8 = 3;

/// Does what the command line asks for.
pub(crate) fn run() -> ExitCode {
    let given = socket::given();
    ffi::clear_environment();
    let mut arguments = match Arguments::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(why) => return end(USAGE, &format!("{why}\n{}", arguments::USAGE)),
    };
    if let Task::Tell(text) = arguments.task {
        return tell(text);
    }
    if arguments.task == Task::Join {
        return match join::run() {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => end(BROKEN, &why),
        };
    }
    ffi::heed_signals();
    // It works in the root directory.
    arguments.config = arguments.config.map(|path| std::path::absolute(&path).unwrap_or(path));
    match answer(&arguments, given) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            // What starts it may look at no output.
            log::failed(&why);
            end(BROKEN, &why)
        }
    }
}

/// Answers callers: returns in copies alone, when they have served, in the link when nobody is left who asks, or if it fails.
fn answer(arguments: &Arguments, given: Result<RawFd, String>) -> Result<(), String> {
    let mut settings = Source::new(arguments.config.clone());
    let started_as = std::env::args_os().next();
    let installed = Installed::find(started_as.as_deref().map(Path::new), arguments);
    let installed = installed.map_err(|e| format!("it cannot be told where this program is: {e}"))?;
    sanitize::leave_no_core().map_err(|e| format!("core files cannot be forbidden: {e}"))?;
    let listener = listener(arguments, given, &mut settings)?;
    sanitize::detach().map_err(|e| format!("/dev/null: {e}"))?;
    let copies = arguments.inherited.as_ref().map_or(&[][..], |heritage| &heritage.copies);
    let link = arguments.inherited.as_ref().and_then(|heritage| heritage.link);
    let keeper = Keeper::new(settings.now().ok(), link).map_err(|e| e.to_string())?;
    let room = Room::new(listener, copies, keeper).map_err(|e| e.to_string())?;
    let part = match room.run(&installed) {
        Role::Copy(part) => part,
        Role::Link(part) => return link::run(part),
    };
    sanitize::go_first();
    // The caller has been told what is wrong, and so has the log.
    let _ = serve::serve(&mut settings, &part);
    Ok(())
}

/// The socket of an earlier image, or that systemd gave, or of our own.
fn listener(
    arguments: &Arguments,
    given: Result<RawFd, String>,
    settings: &mut Source,
) -> Result<UnixListener, String> {
    let kept = arguments.inherited.as_ref().map(Heritage::open);
    let number = match (&arguments.inherited, arguments.task) {
        (Some(heritage), _) => Some(heritage.socket),
        (None, Task::Listen) => None,
        (None, _) => Some(given?),
    };
    let kept = kept.unwrap_or_else(|| number.into_iter().collect());
    ffi::close_all(&kept).map_err(|e| format!("descriptors cannot be closed: {e}"))?;
    // The configuration is known before anybody asks: copies need not parse it.
    let _ = settings.now();
    match number {
        Some(number) => ffi::listener(number).map_err(|e| format!("what was given does not listen: {e}")),
        None if !geteuid().is_root() => Err("only root can listen".into()),
        None => socket::make(settings),
    }
}

#[expect(clippy::disallowed_macros, reason = "asked for on the command line")]
fn tell(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

#[expect(
    clippy::disallowed_macros,
    reason = "read by a person who starts it by hand, and by journald; a copy's is the null device"
)]
fn end(status: u8, why: &str) -> ExitCode {
    eprintln!("wardkey-helper: {why}");
    ExitCode::from(status)
}
