//! A person before a screen: an X server without hardware, typed into with xdotool, and photographed.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::outcome::run;
use crate::world::World;

/// How long a person waits for a screen to change.
const PATIENCE: Duration = Duration::from_secs(60);

/// A screen in a world. It ends with the value, and leaves a photograph behind when the test fails.
pub struct Display<'world> {
    world: &'world World,
    number: u32,
    authority: Option<String>,
    server: Option<Child>,
    is_kept: bool,
}

impl<'world> Display<'world> {
    /// Starts an X server on a free number.
    ///
    /// # Panics
    /// If it does not come up.
    #[must_use]
    pub fn start(world: &'world World) -> Self {
        let _alone = starting_one();
        let mut xvfb = world.command("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", "1024x700x24", "-ac", "-nolisten", "tcp"]);
        // Without auto-repeat: on a busy machine a key may be down long enough to repeat.
        xvfb.arg("-r");
        let mut server =
            xvfb.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Xvfb");
        let number = number_from(server.stdout.take().expect("a pipe"));
        Self { world, number, authority: None, server: Some(server), is_kept: false }
    }

    /// The screen of a server that another program started; `authority` is the file with its cookie.
    #[must_use]
    pub fn of_server(world: &'world World, number: u32, authority: &str) -> Self {
        Self { world, number, authority: Some(authority.to_owned()), server: None, is_kept: false }
    }

    /// What programs find in `DISPLAY`.
    #[must_use]
    pub fn name(&self) -> String {
        format!(":{}", self.number)
    }

    /// A command of the world that draws on this screen.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = self.world.command(program);
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

    /// The screen as PNG.
    #[must_use]
    pub fn photograph(&self) -> Vec<u8> {
        self.camera().output().expect("import of imagemagick").stdout
    }

    /// What takes a photograph, for a thread of its own.
    pub(crate) fn camera(&self) -> Command {
        let mut import = self.command("import");
        import.args(["-window", "root", "png:-"]).stdin(Stdio::null()).stderr(Stdio::null());
        import
    }

    /// The words on the screen, as an independent reader sees them, one blank apart.
    #[must_use]
    pub fn words(&self) -> String {
        self.words_enlarged(300)
    }

    /// The same, through a magnifying glass of so many per cent.
    #[must_use]
    pub fn words_enlarged(&self, per_cent: u32) -> String {
        read(self.photograph(), per_cent)
    }

    /// The words on a photograph of a screen.
    #[must_use]
    pub fn words_of(photograph: &[u8]) -> String {
        read(photograph.to_owned(), 300)
    }

    /// Waits until two photographs in a row are alike.
    pub fn stands_still(&self) {
        let mut last = Vec::new();
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
        let kept = fs::create_dir_all(&directory).and_then(|()| fs::write(&file, self.photograph()));
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

/// The words on a picture, enlarged to so many per cent.
fn read(mut seen: Vec<u8>, per_cent: u32) -> String {
    if per_cent != 100 {
        let mut convert = Command::new("convert");
        convert.args(["png:-", "-colorspace", "Gray", "-scale", &format!("{per_cent}%"), "png:-"]);
        seen = pipe(&mut convert, seen);
    }
    let mut tesseract = Command::new("tesseract");
    // One thread: it is faster so on a machine that does other things too.
    tesseract.args(["-", "-", "--psm", "11"]).env("OMP_THREAD_LIMIT", "1");
    let words = String::from_utf8_lossy(&pipe(&mut tesseract, seen)).into_owned();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What `command` makes of `input`.
fn pipe(command: &mut Command, input: Vec<u8>) -> Vec<u8> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("its output");
    assert!(
        output.status.success() && writer.join().is_ok_and(|done| done.is_ok()),
        "{command:?}: {}",
        output.status
    );
    output.stdout
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
