//! The editor, as the person has chosen it.

use crate::context::Context;
use crate::failure::{Failure, Kind};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, kill};
use nix::unistd::getpid;
use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

/// Where the environment names none.
const USUAL: [&str; 2] = ["sensible-editor", "vi"];

/// Edits `file`.
pub(super) fn run(context: &Context, file: &Path) -> Result<(), Failure> {
    let text = &context.text;
    let _held = Held::new();
    let ended = match named() {
        Some(words) => start(context, &words, file),
        None => usual(context, file),
    };
    let ended = ended.map_err(|e| {
        Failure::new(Kind::System, text, |t| (t.no_editor(&t.system_error(&e)), t.name_editor()))
            .with_nothing_changed(text)
    })?;
    if !ended.success() {
        return Err(Failure::new(Kind::System, text, |t| (t.editor_failed(), t.name_editor()))
            .with_nothing_changed(text));
    }
    Ok(())
}

fn usual(context: &Context, file: &Path) -> io::Result<ExitStatus> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for program in USUAL {
        match start(context, &[program.to_owned()], file) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => last = e,
            other => return other,
        }
    }
    Err(last)
}

/// Program and arguments, split at blanks as visudo does: no shell comes into it.
fn named() -> Option<Vec<String>> {
    let words = |value: OsString| -> Option<Vec<String>> {
        let words: Vec<String> = value.to_str()?.split_ascii_whitespace().map(str::to_owned).collect();
        (!words.is_empty()).then_some(words)
    };
    ["VISUAL", "EDITOR"].into_iter().find_map(|name| variable(name).and_then(words))
}

#[expect(
    clippy::disallowed_methods,
    reason = "root's own choice of an editor; it moves no path and no decision"
)]
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn start(context: &Context, words: &[String], file: &Path) -> io::Result<ExitStatus> {
    let Some((program, arguments)) = words.split_first() else { return Err(io::ErrorKind::NotFound.into()) };
    let mut command = Command::new(program);
    command.args(arguments).arg(file);
    if context.console.is_json() {
        // Standard output is for the one document.
        command.stdout(Stdio::from(io::stderr().as_fd().try_clone_to_owned()?));
    }
    command.status()
}

/// Keeps a Ctrl-C that is meant for the editor from ending this program too; the editor starts without it.
struct Held(Option<SigSet>);

impl Held {
    const SIGNALS: [Signal; 2] = [Signal::SIGINT, Signal::SIGQUIT];

    fn new() -> Self {
        let signals: SigSet = Self::SIGNALS.into_iter().collect();
        Self(signals.thread_swap_mask(SigmaskHow::SIG_BLOCK).ok())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(before) = &self.0 else { return };
        for signal in Self::SIGNALS {
            // One of our own, so that there is one to take away whether or not there was another.
            if kill(getpid(), signal).is_ok() {
                let _ = [signal].into_iter().collect::<SigSet>().wait();
            }
        }
        let _ = before.thread_set_mask();
    }
}
