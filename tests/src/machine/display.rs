//! A person before a screen: an X server without hardware, typed into with xdotool, and photographed.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::machine::host::Host;
use crate::proof::outcome::run;
use crate::proof::picture::{ENLARGED, Picture};

/// How long a person waits for a screen to change.
const PATIENCE: Duration = Duration::from_secs(120);

/// Screens of one process, each with a directory of its own.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A screen in a host. It ends with the value, and leaves a photograph behind when the test fails.
pub struct Display<'host> {
    host: &'host Host,
    number: u32,
    authority: Option<String>,
    server: Option<Child>,
    /// The directory in the host where the server keeps what it shows.
    frames: String,
    /// The last picture read, how far enlarged, and what stood there.
    last_read: RefCell<((Picture, u32), String)>,
    is_kept: bool,
}

/// Takes photographs of one screen.
#[derive(Clone, Debug)]
pub struct Camera {
    file: PathBuf,
}

impl Camera {
    /// The screen as it is; an error when there is none any more.
    ///
    /// # Errors
    /// As reading the server's file of it fails.
    pub fn photograph(&self) -> io::Result<Picture> {
        fs::read(&self.file).map(Picture::of_framebuffer)
    }
}

impl<'host> Display<'host> {
    /// Starts an X server on a free number.
    ///
    /// # Panics
    /// If it does not come up.
    #[must_use]
    pub fn start(host: &'host Host) -> Self {
        let _alone = starting_one();
        let frames = format!("/var/screen/{}", NEXT.fetch_add(1, Ordering::Relaxed));
        fs::create_dir_all(host.path(&frames)).expect("a directory");
        let mut xvfb = host.command("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1024x700x24", "-ac", "-nolisten", "tcp"]);
        xvfb.args(["-nocursor", "-fbdir", &frames]);
        // A server resets when its last client goes, and drops a client that is just connecting.
        xvfb.arg("-noreset");
        // Without auto-repeat: on a busy machine a key may be down long enough to repeat.
        xvfb.arg("-r");
        let mut server =
            xvfb.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb");
        let number = number_from(server.stdout.take().expect("a pipe"));
        let mut display = Self::new(host, number, frames);
        display.server = Some(server);
        display
    }

    /// The screen of a server that another program started with `-fbdir` and this directory; `authority` is the file
    /// with its cookie.
    #[must_use]
    pub fn of_server(host: &'host Host, number: u32, frames: &str, authority: &str) -> Self {
        let mut display = Self::new(host, number, frames.to_owned());
        display.authority = Some(authority.to_owned());
        display
    }

    fn new(host: &'host Host, number: u32, frames: String) -> Self {
        Self {
            host,
            number,
            authority: None,
            server: None,
            frames,
            last_read: RefCell::default(),
            is_kept: false,
        }
    }

    /// What programs find in `DISPLAY`.
    #[must_use]
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }

    /// A command of the host that draws on this screen.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = self.host.command(program);
        command.env("DISPLAY", self.name());
        if let Some(authority) = &self.authority {
            command.env("XAUTHORITY", authority);
        }
        command
    }

    /// Types `text` at whatever has the keyboard.
    pub fn types(&self, text: &str) {
        // A person's pace: programs with a grab lose keys that come all at once.
        let mut xdotool = self.command("xdotool");
        run(xdotool.args(["type", "--delay", "25", "--file", "-"]), text.as_bytes()).exits(0);
    }

    /// Presses a key, by its X name: `Return`, `ctrl+a`.
    pub fn presses(&self, key: &str) {
        run(self.command("xdotool").args(["key", key]), b"").exits(0);
    }

    /// Types `text` and Return.
    pub fn enters(&self, text: &str) {
        self.types(text);
        self.presses("Return");
    }

    /// The screen as it is.
    ///
    /// # Panics
    /// If the server does not keep it in the file it was told to.
    #[must_use]
    pub fn photograph(&self) -> Picture {
        self.camera().photograph().expect("the server's file of its screen")
    }

    /// What takes photographs, for a thread of its own.
    #[must_use]
    pub fn camera(&self) -> Camera {
        Camera { file: self.host.path(format!("{}/Xvfb_screen0", self.frames)) }
    }

    /// The words on the screen, as an independent reader sees them, one blank apart.
    #[must_use]
    pub fn words(&self) -> String {
        self.words_enlarged(ENLARGED)
    }

    /// The same, through a magnifying glass of so many per cent.
    ///
    /// What was read last is remembered: while nothing changes, waiting costs the machine nothing.
    #[must_use]
    pub fn words_enlarged(&self, per_cent: u32) -> String {
        let seen = (self.photograph(), per_cent);
        let mut last = self.last_read.borrow_mut();
        if last.0 != seen {
            *last = (seen, String::new());
            last.1 = last.0.0.words(per_cent);
        }
        last.1.clone()
    }

    /// Waits until two photographs in a row are alike.
    pub fn stands_still(&self) {
        let mut last = Picture::default();
        self.wait_until("rest", || {
            let now = self.photograph();
            std::mem::replace(&mut last, now.clone()) == now
        });
    }

    /// Waits until `seen` says yes.
    ///
    /// # Panics
    /// If it does not, saying `what` was waited for.
    pub fn wait_until(&self, what: &str, mut seen: impl FnMut() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !seen() {
            assert!(Instant::now() < deadline, "no {what} on {}", self.name());
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Keeps a photograph under the name of the test, and says where: while a test fails, and only once.
    pub fn keep_evidence(&mut self) {
        if !thread::panicking() || std::mem::replace(&mut self.is_kept, true) {
            return;
        }
        let name = thread::current().name().unwrap_or("main").replace("::", ".");
        let directory = evidence_directory();
        let file = directory.join(format!("{name}-{}.png", self.number));
        // The test fails already, and a second panic would end all the others: an error is only told.
        let picture = self.camera().photograph().and_then(|picture| picture.png());
        let kept =
            picture.and_then(|png| fs::create_dir_all(&directory).and_then(|()| fs::write(&file, png)));
        match kept {
            Ok(()) => eprintln!("the screen at the time: {}", file.display()),
            Err(error) => eprintln!("no photograph of the screen: {error}"),
        }
    }
}

impl Drop for Display<'_> {
    fn drop(&mut self) {
        self.keep_evidence();
        if let Some(server) = &mut self.server {
            end(server);
        }
    }
}

/// Ends a started program so that it can tidy up after itself; one that does not is killed.
pub fn end(child: &mut Child) {
    let _ = kill(Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX)), Signal::SIGTERM);
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        thread::sleep(Duration::from_millis(10));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Held while a server looks for a free number: two that look at once can take the same one.
///
/// # Panics
/// If there is no such lock.
#[must_use]
pub fn starting_one() -> File {
    let lock = File::open(env!("CARGO_MANIFEST_DIR")).expect("this package's directory");
    lock.lock().expect("a lock");
    lock
}

/// `target/evidence`, from `target/debug/deps/TEST`.
pub(crate) fn evidence_directory() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    own.ancestors().nth(3).map_or_else(|| PathBuf::from("evidence"), |target| target.join("evidence"))
}

fn number_from(output: ChildStdout) -> u32 {
    let mut line = String::new();
    let _ = BufReader::new(output).read_line(&mut line);
    line.trim().parse().unwrap_or_else(|_| panic!("Xvfb does not start: {line:?}"))
}
