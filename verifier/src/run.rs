//! From the command line to the door.

use crate::arguments::{Arguments, USAGE};
use crate::door::Door;
use crate::settings::Settings;
use crate::{log, turns};
use nix::sys::prctl::set_dumpable;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{chdir, geteuid, getuid};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::signal::unix::{SignalKind, signal};

/// The exit statuses of what goes wrong.
const USAGE_STATUS: u8 = 2;
const BROKEN: u8 = 3;

/// Threads that speak with seats; judging has its own.
const SPEAKERS: usize = 2;

/// Threads that judge: each seat has few.
const JUDGES: usize = 512;

/// How long questions that are being judged have when it is told to end.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Does what the command line asks for.
pub(crate) fn run() -> ExitCode {
    match Arguments::parse(std::env::args_os()) {
        Err(why) => end(USAGE_STATUS, &format!("{why}\n{USAGE}")),
        Ok(Arguments::Tell(text)) => tell(text),
        Ok(Arguments::Serve(config)) => match serve(config) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                // What starts it may look at no output.
                log::failed(&why);
                end(BROKEN, &why)
            }
        },
    }
}

/// Answers seats until it is told to end.
fn serve(config: Option<PathBuf>) -> Result<(), String> {
    if getuid().is_root() || geteuid().is_root() {
        return Err("never runs as root: start it as the user under [verifier]".to_owned());
    }
    let _ = set_dumpable(false);
    setrlimit(Resource::RLIMIT_CORE, 0, 0).map_err(|e| format!("core files cannot be forbidden: {e}"))?;
    umask(Mode::from_bits_truncate(0o077));
    // It works in the root directory.
    let config = config.map(|path| std::path::absolute(&path).unwrap_or(path));
    let _ = chdir("/");
    let settings = Settings::new(config)?;
    turns::bound();
    let runtime = Builder::new_multi_thread()
        .worker_threads(SPEAKERS)
        .max_blocking_threads(JUDGES)
        .enable_all()
        .build()
        .map_err(|e| format!("threads cannot be started: {e}"))?;
    let ended = runtime.block_on(async {
        let mut told = signal(SignalKind::terminate()).map_err(|e| format!("signals: {e}"))?;
        let door = Door::open(settings).await?;
        tokio::spawn(door.answer_everybody());
        told.recv().await;
        Ok(())
    });
    runtime.shutdown_timeout(LAST_ANSWERS);
    ended
}

#[expect(clippy::disallowed_macros, reason = "asked for on the command line")]
fn tell(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

#[expect(clippy::disallowed_macros, reason = "read by a person who starts it by hand, and by journald")]
fn end(status: u8, why: &str) -> ExitCode {
    eprintln!("wardkey-verifier: {why}");
    ExitCode::from(status)
}
