//! What one image of this process leaves to the next: the socket, and whom its copies serve. It goes by the command line,
//! since no environment is read.

use crate::arguments::{Arguments, Task};
use nix::unistd::execve;
use std::convert::Infallible;
use std::ffi::{CStr, CString, OsStr};
use std::fmt;
use std::io;
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::thread::sleep;
use std::time::Duration;

/// How often a new version is looked at while it is tried out: for two seconds.
const LOOKS: u32 = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The heritage: `3`, or `3,4711:1000,4712:0`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heritage {
    /// The listening socket's number.
    pub(crate) socket: RawFd,
    /// The copies that live, each with the uid that it is counted for.
    pub(crate) copies: Vec<(i32, u32)>,
}

impl fmt::Display for Heritage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.socket)?;
        self.copies.iter().try_for_each(|(pid, uid)| write!(f, ",{pid}:{uid}"))
    }
}

impl FromStr for Heritage {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split(',');
        let socket = words.next().and_then(|number| number.parse().ok()).ok_or("no socket")?;
        // Of a copy that could not be read only its count is lost.
        let copy = |word: &str| {
            let (pid, uid) = word.split_once(':')?;
            Some((pid.parse().ok()?, uid.parse().ok()?))
        };
        Ok(Self { socket, copies: words.filter_map(copy).collect() })
    }
}

/// The program as it is installed, by the path by which it was started: a newer version may have taken that place.
#[derive(Debug)]
pub(crate) struct Installed {
    path: CString,
    config: Option<PathBuf>,
    task: Task,
}

impl Installed {
    /// # Errors
    /// It cannot be told where it is.
    pub(crate) fn find(started_as: Option<&Path>, arguments: &Arguments) -> io::Result<Self> {
        let path = match started_as.filter(|path| path.is_absolute()) {
            Some(path) => path.to_path_buf(),
            None => std::env::current_exe()?,
        };
        let config = arguments.config.clone();
        Ok(Self { path: c_string(&path)?, config, task: arguments.task })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &CStr {
        &self.path
    }

    /// Whether it runs at all: a file that is cut short, or that wants a library which is not there, would be found out only
    /// once this image is gone.
    ///
    /// # Errors
    /// It cannot be started, fails or does not end.
    #[expect(
        clippy::disallowed_methods,
        reason = "the child's end is waited for, no longer than to a deadline"
    )]
    pub(crate) fn try_out(&self) -> io::Result<()> {
        let mut command = Command::new(OsStr::from_bytes(self.path.to_bytes()));
        command.arg("--version").env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn()?;
        for _ in 0..LOOKS {
            match child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(io::Error::other(format!("`--version` fails: {status}"))),
                None => sleep(BETWEEN_LOOKS),
            }
        }
        child.kill()?;
        child.wait()?;
        Err(io::Error::other("`--version` does not end"))
    }

    /// Becomes it, with an empty environment. Signals that are held back stay so.
    ///
    /// # Errors
    /// It cannot, and this image goes on.
    pub(crate) fn start(&self, heritage: &Heritage) -> io::Result<Infallible> {
        let mut line = vec![self.path.clone()];
        if let Some(config) = &self.config {
            line.extend([c"--config".to_owned(), c_string(config)?]);
        }
        line.extend([c"--inherited".to_owned(), CString::new(heritage.to_string())?]);
        if self.task == Task::Listen {
            line.push(c"listen".to_owned());
        }
        Ok(execve::<_, &CStr>(&self.path, &line, &[])?)
    }
}

fn c_string(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written() {
        for (text, copies) in [("3", vec![]), ("14,4711:1000,4712:0", vec![(4711, 1000), (4712, 0)])] {
            let heritage: Heritage = text.parse().unwrap();
            assert_eq!((&heritage.copies, heritage.to_string().as_str()), (&copies, text));
        }
    }

    #[test]
    fn without_a_socket_there_is_none_and_newer_additions_are_passed_over() {
        assert!(["", "x", ",4:5"].iter().all(|text| text.parse::<Heritage>().is_err()));
        let heritage: Heritage = "3,4711:1000:new,odd,5:6".parse().unwrap();
        assert_eq!(heritage, Heritage { socket: 3, copies: vec![(5, 6)] });
    }

    #[test]
    fn a_program_that_is_not_there_leaves_this_one_at_work() {
        let arguments = Arguments { config: Some("/x.toml".into()), task: Task::Listen, inherited: None };
        let gone = Installed::find(Some(Path::new("/nowhere/wardkey-helper")), &arguments).unwrap();
        let why = gone.start(&Heritage { socket: 3, copies: Vec::new() }).unwrap_err();
        assert_eq!(why.kind(), io::ErrorKind::NotFound);
    }
}
