//! xsecurelock: a line of text for each question. Of an attempt's end it says nothing but by asking again, so what the
//! modules wrote to the system log tells that they have refused, and the screen that the person may go on.

use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::running::{OUTPUT_CLOSED, Running, wait_for};
use super::{Locked, Unlocking, as_user};
use crate::machine::display::{Camera, Display};
use crate::machine::host::Host;
use crate::proof::picture::{ENLARGED, Picture};

/// xsecurelock closes the file named in this variable once the screen is locked; here that is its standard output.
const LOCK: &str = "exec 3>&1 1>&2; XSS_SLEEP_LOCK_FD=3 exec xsecurelock";
/// Its settings: a service of its own, nothing that moves on the screen, and nothing in red.
const SETTINGS: [(&str, &str); 6] = [
    ("PAM_SERVICE", "xsecurelock"),
    ("SAVER", "saver_blank"),
    ("BURNIN_MITIGATION", "0"),
    ("PASSWORD_PROMPT", "asterisks"),
    ("FONT", "DejaVu Sans Mono:size=12"),
    ("AUTH_WARNING_COLOR", "white"), // the reader of the screen does not see red on black
];
/// Often enough for a page that stands for a second, and leaving the machine to others.
const BETWEEN_SHOTS: Duration = Duration::from_millis(200);
/// On the screen while PAM works.
const WORKING: &str = "rocessing";

/// A screen under xsecurelock.
pub(super) struct Xsecurelock<'host> {
    host: &'host Host,
    name: String,
    // Before the screen: it ends first.
    running: Running,
    display: Display<'host>,
}

impl Drop for Xsecurelock<'_> {
    fn drop(&mut self) {
        self.display.keep_evidence();
    }
}

/// Where an attempt has come to.
#[derive(Debug, Eq, PartialEq)]
enum Stage {
    Asked,
    Opened,
    Refused(String),
}

/// Locks a screen.
pub(super) fn lock<'host>(host: &'host Host, name: &str) -> Xsecurelock<'host> {
    let display = Display::start(host);
    let mut command = display.command("setpriv");
    as_user(&mut command, host, name).args(["sh", "-c", LOCK]);
    command.envs(SETTINGS.map(|(key, value)| (format!("XSECURELOCK_{key}"), value)));
    let mut running = Running::start(&mut command);
    running.expect(OUTPUT_CLOSED);
    Xsecurelock { display, host, name: name.to_owned(), running }
}

impl Xsecurelock<'_> {
    /// Wakes the locker up, and types the password at its question.
    fn begin(&mut self, password: &str) -> Stage {
        wait_for("the question for the password", || {
            // Wakes up, or empties the field.
            self.display.presses("ctrl+u");
            self.display.words().contains("assword").then_some(())
        });
        self.answer(password, true)
    }

    /// Answers the question on the screen; whether the locker may ask another one in this attempt is `more`.
    fn answer(&mut self, text: &str, more: bool) -> Stage {
        let before = self.host.syslog().lines().len();
        self.display.types(text);
        let mut seen = Album::starting_with(self.display.photograph(), self.display.camera());
        self.display.presses("Return");
        wait_for("an answer", || {
            if self.running.has_ended_well() {
                return Some(Stage::Opened);
            }
            let is_new = seen.look();
            // What an earlier refusal adds stands before the question, which the screen's edge may then cut off.
            let words = if more && is_new { seen.latest.words(ENLARGED) } else { String::new() };
            if words.contains("Code") || words.contains("Too many wrong codes") {
                return Some(Stage::Asked);
            }
            let has_ended = seen.is_quiet()
                && is_refused(self.host, &self.name, before)
                && !seen.latest.words(ENLARGED).contains(WORKING);
            has_ended.then(|| Stage::Refused(seen.words()))
        })
    }
}

/// The different pictures of an attempt. A page may stand for a second only, less than it takes to read one: the
/// camera does not wait for the reader.
struct Album {
    camera: Receiver<Picture>,
    pictures: Vec<Picture>,
    latest: Picture,
    last_new: Instant,
    /// Those taken since then.
    since: usize,
}

impl Album {
    /// The first picture is taken before the answer is given, so that the question is on every album.
    fn starting_with(first: Picture, camera: Camera) -> Self {
        let (sender, receiver) = channel();
        // Until nobody looks at them any more.
        thread::spawn(move || {
            while camera.photograph().is_ok_and(|picture| sender.send(picture).is_ok()) {
                thread::sleep(BETWEEN_SHOTS);
            }
        });
        Self {
            camera: receiver,
            pictures: vec![first.clone()],
            latest: first,
            last_new: Instant::now(),
            since: 0,
        }
    }

    /// Looks at what was photographed since the last time; whether anything of it is new.
    fn look(&mut self) -> bool {
        let mut is_new = false;
        for picture in self.camera.try_iter() {
            self.since += 1;
            if !self.pictures.contains(&picture) {
                is_new = true;
                self.pictures.push(picture.clone());
                (self.last_new, self.since) = (Instant::now(), 0);
            }
            self.latest = picture;
        }
        is_new
    }

    /// Whether there was nothing new for longer than a page stands, and somebody has looked meanwhile.
    fn is_quiet(&self) -> bool {
        self.since >= 4 && self.last_new.elapsed() > Duration::from_millis(1500)
    }

    /// What stood on each of them.
    fn words(&self) -> String {
        self.pictures.iter().map(|picture| picture.words(ENLARGED) + "\n").collect()
    }
}

impl Locked for Xsecurelock<'_> {
    fn enter(&mut self, password: &str, code: &str) -> Unlocking {
        let stage = match self.begin(password) {
            Stage::Asked => self.answer(code, false),
            ended => ended,
        };
        let said = match &stage {
            Stage::Refused(words) => words.clone(),
            Stage::Asked | Stage::Opened => self.running.log(),
        };
        Unlocking { opened: stage == Stage::Opened, said }
    }
}

/// Whether somebody has refused `name` since the log had this many lines: a module, or a helper that it asked.
fn is_refused(host: &Host, name: &str, before: usize) -> bool {
    let is_refusal = |text: &str| {
        let refuses = ["password check failed", "authentication failure", "wardkey"];
        let concerns = text.contains(name) || text.contains("pam_wardkey(xsecurelock:");
        concerns && !text.contains("accepted") && refuses.iter().any(|part| text.contains(part))
    };
    host.syslog().lines().iter().skip(before).any(|line| is_refusal(&line.text))
}
