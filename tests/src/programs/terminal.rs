//! A person at a terminal: a program on a pseudo terminal, read and typed into.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{Winsize, openpty};
use nix::sys::termios::{LocalFlags, tcgetattr};

use crate::machine::host::Host;

/// How long a program may be silent before a test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Columns of the terminal.
pub const COLUMNS: u16 = 100;
/// Rows of the terminal.
pub const ROWS: u16 = 60;

/// A running program and its terminal.
pub struct Terminal {
    child: Child,
    master: File,
    output: Vec<u8>,
    read_up_to: usize,
}

impl Terminal {
    /// Starts `program` in `host` with a controlling terminal of its own.
    #[must_use]
    pub fn start(host: &Host, program: &str, arguments: &[&str]) -> Self {
        Self::sized(host, (ROWS, COLUMNS), program, arguments)
    }

    /// The same with so many rows and columns.
    #[must_use]
    pub fn sized(host: &Host, size: (u16, u16), program: &str, arguments: &[&str]) -> Self {
        let mut command = host.command("setsid");
        command.args(["--ctty", "--", program]).args(arguments).env("TERM", "xterm");
        Self::attach_sized(&mut command, size)
    }

    /// Starts a command whose program makes its standard input the controlling terminal.
    ///
    /// # Panics
    /// If there is no pseudo terminal, or the program does not start.
    pub fn attach(command: &mut Command) -> Self {
        Self::attach_sized(command, (ROWS, COLUMNS))
    }

    fn attach_sized(command: &mut Command, (rows, columns): (u16, u16)) -> Self {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let pty = openpty(Some(&size), None).expect("a pseudo terminal");
        [&pty.master, &pty.slave].into_iter().for_each(keep_to_ourselves);
        let slave = || pty.slave.try_clone().expect("a second handle");
        let child = command.stdin(slave()).stdout(slave()).stderr(slave()).spawn().expect("a program");
        // The command keeps its handles; without ours and its own, the program's end is the end of the output.
        command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::null());
        command.stderr(std::process::Stdio::null());
        Self { child, master: File::from(pty.master), output: Vec::new(), read_up_to: 0 }
    }

    /// Waits for `text`, and answers what came before and with it since the last call.
    ///
    /// # Panics
    /// If it does not come.
    pub fn expect(&mut self, text: &str) -> String {
        let from = self.read_up_to;
        assert_eq!(self.expect_any(&[text]), Some(0), "no {text:?} in {:?}", self.transcript());
        String::from_utf8_lossy(&self.output[from..self.read_up_to]).into_owned()
    }

    /// Waits for one of `texts`, and answers which came; `None` if the program ended first.
    ///
    /// # Panics
    /// If nothing happens for too long.
    pub fn expect_any(&mut self, texts: &[&str]) -> Option<usize> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let new = &self.output[self.read_up_to..];
            let ends = |text: &&str| new.windows(text.len()).position(|part| part == text.as_bytes());
            let found =
                texts.iter().enumerate().filter_map(|(n, text)| ends(text).map(|at| (at + text.len(), n)));
            if let Some((end, number)) = found.min() {
                self.read_up_to += end;
                return Some(number);
            }
            if !self.read_more(deadline) {
                assert!(Instant::now() < deadline, "no {texts:?} in {:?}", self.transcript());
                return None;
            }
        }
    }

    /// Types `text` and Return.
    ///
    /// # Panics
    /// If the terminal is gone.
    pub fn type_line(&mut self, text: &str) {
        self.master.write_all(format!("{text}\r").as_bytes()).expect("typed");
    }

    /// Waits for `prompt` and answers it.
    pub fn answer(&mut self, prompt: &str, text: &str) -> String {
        let seen = self.expect(prompt);
        self.type_line(text);
        seen
    }

    /// Everything the program wrote so far.
    #[must_use]
    pub fn transcript(&self) -> String {
        String::from_utf8_lossy(&self.output).into_owned()
    }

    /// The program's process.
    #[must_use]
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// What the program wrote so far, as bytes for a terminal.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.output
    }

    /// Waits for the program's end; the answer is its status and everything it wrote.
    ///
    /// # Panics
    /// If it does not end.
    #[must_use]
    pub fn finish(mut self) -> (ExitStatus, String) {
        let deadline = Instant::now() + PATIENCE;
        while self.read_more(deadline) {}
        assert!(Instant::now() < deadline, "still running: {:?}", self.transcript());
        let status = self.child.wait().expect("its status");
        (status, self.transcript())
    }

    /// Waits until the program, having asked, waits itself: some throw away what was typed before that.
    ///
    /// # Panics
    /// If it does not, or has ended.
    pub fn is_listening(&self) {
        let deadline = Instant::now() + PATIENCE;
        let stat = format!("/proc/{}/stat", self.child.id());
        // The state stands after the name, which is in brackets: asleep, as every program is that waits for a key.
        while !std::fs::read_to_string(&stat)
            .expect("a program")
            .rsplit(')')
            .next()
            .is_some_and(|s| s.starts_with(" S"))
        {
            assert!(Instant::now() < deadline, "does not listen: {:?}", self.transcript());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until what is typed is not shown: some programs throw away what was typed before that.
    ///
    /// # Panics
    /// If it does not come to that.
    pub fn is_hidden(&self) {
        let deadline = Instant::now() + PATIENCE;
        let shows = || tcgetattr(&self.master).expect("a terminal").local_flags.contains(LocalFlags::ECHO);
        while shows() {
            assert!(Instant::now() < deadline, "shows what is typed: {:?}", self.transcript());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end of a program that has closed its terminal; true, if it ended well.
    ///
    /// # Panics
    /// If it failed, or its status is not to be had.
    #[must_use]
    pub fn ended_well(&mut self) -> bool {
        let status = self.child.wait().expect("its status");
        assert!(status.success(), "{status}: {:?}", self.transcript());
        true
    }

    /// Reads what is there; false at the end of the output or of our patience.
    fn read_more(&mut self, deadline: Instant) -> bool {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        let mut ready = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
        match poll(&mut ready, timeout) {
            Ok(0) => return false,
            Err(Errno::EINTR) => return true,
            _ => {}
        }
        let mut buffer = [0; 8192];
        // The end of the last program on a terminal is an error (EIO) on Linux.
        let length = self.master.read(&mut buffer).unwrap_or(0);
        self.output.extend_from_slice(&buffer[..length]);
        length > 0
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Children of tests beside this one must not hold a terminal open whose test is over: its program would wait for ever.
fn keep_to_ourselves(end: &OwnedFd) {
    fcntl(end, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).expect("a descriptor's flag");
}
