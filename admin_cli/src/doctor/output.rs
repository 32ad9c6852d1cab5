//! What another program prints. It is asked as a service manager would start it, and neither waited for without end nor
//! listened to without end.

use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// The most that is read of each stream, in bytes.
const MOST: u64 = 1 << 20;

/// Where it finds other programs, and all that it has of an environment.
const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// What a program said.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Output {
    /// Whether it says that all went well.
    pub(super) is_success: bool,
    /// On standard output.
    pub(super) out: String,
    /// On standard error.
    pub(super) error: String,
}

/// Runs the program of this full path; `None` where it has not said all `within` this time, or says too much. It is
/// ended then.
///
/// # Errors
/// It does not start.
pub(super) fn output(program: &Path, arguments: &[&str], within: Duration) -> io::Result<Option<Output>> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir("/").env_clear().env("PATH", PATH);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (out, error) = (read(child.stdout.take()), read(child.stderr.take()));
    let said = out.recv_timeout(within).and_then(|out| Ok((out, error.recv_timeout(within)?)));
    let Ok((Some(out), Some(error))) = said else {
        child.kill()?;
        child.wait()?;
        return Ok(None);
    };
    Ok(Some(Output { is_success: child.wait()?.success(), out, error }))
}

/// Reads in a thread of its own, so that a stream that nobody ends holds up nothing else; `None`: it is too long.
fn read(stream: Option<impl Read + Send + 'static>) -> Receiver<Option<String>> {
    let (send, receive) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stream.map(|stream| stream.take(MOST).read_to_end(&mut bytes));
        let is_whole = matches!(read, Some(Ok(len)) if (len as u64) < MOST);
        let _ = send.send(is_whole.then(|| String::from_utf8_lossy(&bytes).into_owned()));
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    fn said(script: &str, within: Duration) -> Option<Output> {
        output(Path::new("/bin/sh"), &["-c", script], within).expect("it starts")
    }

    #[test]
    fn what_is_said_is_told_and_nothing_of_ours_goes_along() {
        let told = said("echo out; echo error >&2; env | sort >&2; exit 3", LONG).expect("an answer");
        assert!(!told.is_success);
        assert_eq!(told.out, "out\n");
        let is_of_the_shell = |line: &&str| ["PWD=", "SHLVL=", "_="].iter().any(|own| line.starts_with(own));
        let variables = told.error.lines().filter(|line| !is_of_the_shell(line));
        assert_eq!(variables.collect::<Vec<_>>(), ["error", &format!("PATH={PATH}")]);
        assert_eq!(said("printf '\\377'", LONG).expect("an answer").out, "\u{fffd}");
        assert!(output(Path::new("/nowhere"), &[], Duration::ZERO).is_err());
    }

    #[test]
    fn one_that_hangs_or_says_too_much_is_ended() {
        for script in ["echo early; exec sleep 600", "exec sleep 600 >&-", "sleep 2 & exit 0"] {
            assert_eq!(said(script, Duration::from_millis(300)), None, "{script}");
        }
        for script in ["exec cat /dev/zero", "exec cat /dev/zero >&2"] {
            assert_eq!(said(script, LONG), None, "{script}");
        }
    }
}
