//! A program that runs beside the test and says on its standard error what it does.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::machine::display::end;

/// How long a program may take to say something, however loaded the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the log says when the program has closed its standard output.
pub(crate) const OUTPUT_CLOSED: &str = "\n(standard output is closed)\n";

/// A started program. It ends with the value.
pub(crate) struct Running {
    child: Child,
    log: Arc<Mutex<String>>,
    read_up_to: usize,
}

/// What was waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Seen {
    /// This one of the texts, in what the program said since the last time.
    Text(usize),
    /// The program has ended.
    End(ExitStatus),
}

impl Running {
    /// Starts the program.
    pub(crate) fn start(command: &mut Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("a program");
        let log = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take().expect("a pipe"), Arc::clone(&log), OUTPUT_CLOSED);
        collect(child.stderr.take().expect("a pipe"), Arc::clone(&log), "");
        Self { child, log, read_up_to: 0 }
    }

    /// Waits until the program says one of `texts`, or ends.
    ///
    /// # Panics
    /// If neither happens.
    pub(crate) fn expect_any(&mut self, texts: &[&str]) -> Seen {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(seen) = self.look_for(texts) {
                return seen;
            }
            assert!(Instant::now() < deadline, "no {texts:?} in:\n{}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits until the program says `text`.
    ///
    /// # Panics
    /// If it does not.
    pub(crate) fn expect(&mut self, text: &str) {
        assert_eq!(self.expect_any(&[text]), Seen::Text(0), "no {text:?} in:\n{}", self.log());
    }

    /// As [`Self::expect_any`], without waiting.
    pub(crate) fn look_for(&mut self, texts: &[&str]) -> Option<Seen> {
        let log = self.log();
        let new = &log[self.read_up_to..];
        let found =
            texts.iter().enumerate().filter_map(|(n, text)| new.find(text).map(|at| (at + text.len(), n)));
        if let Some((end, number)) = found.min() {
            self.read_up_to += end;
            return Some(Seen::Text(number));
        }
        self.child.try_wait().expect("its status").map(Seen::End)
    }

    /// Whether the program ended, however.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("its status").is_some()
    }

    /// Whether the program ended, which it may do in no other way than well.
    ///
    /// # Panics
    /// If it failed.
    pub(crate) fn has_ended_well(&mut self) -> bool {
        let ended = self.child.try_wait().expect("its status");
        ended.is_some_and(|status| self.is_well(status))
    }

    /// True, for the end of a locker that opened.
    ///
    /// # Panics
    /// If it is another end: a locker that crashes leaves the screen open.
    pub(crate) fn is_well(&self, status: ExitStatus) -> bool {
        assert!(status.success(), "the locker broke off ({status}):\n{}", self.log());
        true
    }

    /// Everything said so far.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What was said since this many bytes of the log.
    pub(crate) fn said_since(&self, start: usize) -> String {
        self.log().split_off(start)
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("process {} said:\n{}", self.id(), self.log());
        }
        end(&mut self.child);
    }
}

/// Waits until `look` finds something.
///
/// # Panics
/// If it does not, saying `what` was waited for.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited for {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn collect(mut from: impl Read + Send + 'static, log: Arc<Mutex<String>>, at_the_end: &'static str) {
    let append = move |text: &str| log.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            append(&String::from_utf8_lossy(&buffer[..length]));
        }
        append(at_the_end);
    });
}
