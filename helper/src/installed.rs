//! The program as it is installed, which a newer version may replace: tried out, and then started in the place of this one.

use crate::arguments::{Arguments, Task};
use crate::heritage::Heritage;
use nix::unistd::execve;
use std::convert::Infallible;
use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// How often a new version is looked at while it is tried out: for two seconds.
const LOOKS: u32 = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

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
    fn a_program_that_is_not_there_leaves_this_one_at_work() {
        let arguments = Arguments { config: Some("/x.toml".into()), task: Task::Listen, inherited: None };
        let gone = Installed::find(Some(Path::new("/nowhere/wardkey-helper")), &arguments).unwrap();
        let why = gone.start(&Heritage { socket: 3, copies: Vec::new(), link: None }).unwrap_err();
        assert_eq!(why.kind(), io::ErrorKind::NotFound);
    }
}
