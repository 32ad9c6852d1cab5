//! A real `/dev/log`: what the programs of a host said to the system log.

use std::net::Shutdown;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// The facility of messages about logins, as syslog(3) numbers it.
const AUTHPRIV: u32 = 10;

/// One line as it was received.
#[derive(Clone, Debug)]
pub struct Line {
    /// Facility, e.g. 10 for authpriv.
    pub facility: u32,
    /// Severity, 0 (emergency) to 7 (debug).
    pub severity: u32,
    /// The text after the priority, with time and program.
    pub text: String,
}

impl Line {
    /// Whether it is about logins and holds all of `parts`.
    #[must_use]
    pub fn is_authpriv_with(&self, parts: &[&str]) -> bool {
        self.facility == AUTHPRIV && parts.iter().all(|part| self.text.contains(part))
    }
}

/// A syslog socket whose lines a test can read.
pub struct Syslog {
    socket: UnixDatagram,
    path: PathBuf,
    lines: Arc<Mutex<Vec<Line>>>,
}

/// A line of our own: once it has arrived, so has everything sent before it.
const MARK: &str = "mark";

impl Syslog {
    /// Listens at `path`, for every user.
    ///
    /// # Panics
    /// If the socket cannot be made.
    #[must_use]
    pub fn listen(path: &Path) -> Self {
        let socket = UnixDatagram::bind(path).expect("the syslog socket");
        fs::set_permissions(path, fs::Permissions::from_mode(0o666)).expect("its mode");
        let lines = Arc::new(Mutex::new(Vec::new()));
        let (receiver, sink) = (socket.try_clone().expect("a second handle"), Arc::clone(&lines));
        thread::spawn(move || receive(&receiver, &sink));
        Self { socket, path: path.to_owned(), lines }
    }

    /// Every line that was sent so far.
    ///
    /// # Panics
    /// If the socket is gone.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let sender = UnixDatagram::unbound().expect("a socket");
        sender.send_to(MARK.as_bytes(), &self.path).expect("sent");
        loop {
            let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(mark) = lines.iter().position(|line| line.text == MARK) {
                lines.remove(mark);
                return lines.clone();
            }
            drop(lines);
            thread::yield_now();
        }
    }

    /// The lines that `action` makes the programs of the host send.
    #[must_use]
    pub fn lines_of(&self, action: impl FnOnce()) -> Vec<Line> {
        let before = self.lines().len();
        action();
        self.lines().split_off(before)
    }

    /// All lines so far as one text.
    #[must_use]
    pub fn text(&self) -> String {
        self.lines().into_iter().map(|line| line.text + "\n").collect()
    }

    /// The first authpriv line that holds all of `parts`; waits a moment for it to arrive.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn authpriv(&self, parts: &[&str]) -> Line {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let wanted =
                |line: &Line| line.facility == AUTHPRIV && parts.iter().all(|p| line.text.contains(p));
            if let Some(line) = self.lines().into_iter().find(wanted) {
                return line;
            }
            assert!(Instant::now() < deadline, "no authpriv line with {parts:?} in:\n{}", self.text());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Syslog {
    fn drop(&mut self) {
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

fn receive(socket: &UnixDatagram, sink: &Mutex<Vec<Line>>) {
    let mut buffer = vec![0; 65_536];
    while let Ok(length @ 1..) = socket.recv(&mut buffer) {
        let line = parse(&String::from_utf8_lossy(&buffer[..length]));
        sink.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }
}

/// `<86>Nov 22 10:00:00 login: text`.
fn parse(raw: &str) -> Line {
    let (priority, text) = raw.strip_prefix('<').and_then(|r| r.split_once('>')).unwrap_or(("13", raw));
    let priority: u32 = priority.parse().unwrap_or(13);
    let text = text.trim_end_matches(['\0', '\n']).to_owned();
    Line { facility: priority / 8, severity: priority % 8, text }
}
