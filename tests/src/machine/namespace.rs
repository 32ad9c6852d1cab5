//! A mount namespace that lives as long as its handle: with it go its mounts and loop devices.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What makes the namespace, run inside it.
const SCRIPT: &str = include_str!("namespace.sh");

/// A private mount namespace, held open by a process that waits for us to end.
pub struct Namespace {
    holder: Child,
}

impl Namespace {
    /// Makes the namespace out of the directory `root`, which holds `etc`, `home`, `var`, `dev` and `log.sock`.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        let mut holder = Command::new("unshare")
            .args(["--mount", "--propagation", "private", "sh", "-c", SCRIPT, "namespace.sh"])
            .arg(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare of util-linux");
        let mut ready = String::new();
        let output = holder.stdout.take().expect("a pipe");
        BufReader::new(output).read_line(&mut ready).expect("an answer of the namespace");
        assert_eq!(ready, "ready\n", "no mount namespace");
        Self { holder }
    }

    /// A command that runs inside; its process id is the program's own.
    #[must_use]
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--target={}", self.holder.id())).args(["--mount", "--wd=/", "--"]).arg(program);
        command
    }

    /// Where the file at `path` inside is seen from outside.
    #[must_use]
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        let inside = path.as_ref().strip_prefix("/").unwrap_or(path.as_ref());
        Path::new("/proc").join(self.holder.id().to_string()).join("root").join(inside)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
