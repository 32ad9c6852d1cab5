//! What a program did: exit status and output.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

/// No program of these tests takes longer, however loaded the machine is.
const LONGEST: Duration = Duration::from_secs(120);

/// A program's end.
#[derive(Debug)]
pub struct Outcome {
    /// The exit status.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// The exit status; `None` after a signal.
    #[must_use]
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The signal that ended the program.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        self.status.signal()
    }

    /// Standard output as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON ({error}): {self:#?}"))
    }

    /// The same outcome, having ended with `status`.
    ///
    /// # Panics
    /// If it ended otherwise.
    #[expect(clippy::must_use_candidate, reason = "most often the status is all that matters")]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.code(), Some(status), "{self:#?}");
        self
    }
}

/// Runs `command` to its end with `input` as its standard input.
///
/// # Panics
/// If it does not start, or takes too long.
pub fn run(command: &mut Command, input: &[u8]) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program");
    let (mut stdin, input) = (child.stdin.take().expect("a pipe"), input.to_owned());
    // A program that does not read all of its input has its reasons: no error here.
    thread::spawn(move || stdin.write_all(&input));
    finish(child)
}

/// Waits for a started program to end, and reads its output.
///
/// # Panics
/// If it takes too long.
#[must_use]
pub fn finish(child: Child) -> Outcome {
    let (done, ended) = channel();
    let watchdog = watch(&child, ended);
    let output = child.wait_with_output().expect("the output");
    drop(done);
    assert!(watchdog.join().is_ok_and(|in_time| in_time), "took more than {LONGEST:?}: {output:?}");
    Outcome {
        status: output.status,
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Kills the program if it has not ended in time; the answer is whether it had.
pub(crate) fn watch(child: &Child, ended: Receiver<()>) -> thread::JoinHandle<bool> {
    let process = Pid::from_raw(child.id().try_into().expect("a process id"));
    thread::spawn(move || match ended.recv_timeout(LONGEST) {
        Err(RecvTimeoutError::Timeout) => {
            let _ = kill(process, Signal::SIGKILL);
            false
        }
        _ => true,
    })
}
