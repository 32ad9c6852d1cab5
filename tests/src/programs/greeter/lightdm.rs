//! lightdm with its GTK greeter, on an X server without hardware, typed into and read off the screen.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use super::{SESSION, opened, prepare_session};
use crate::machine::display::{Display, end, starting_one};
use crate::machine::host::Host;
use crate::proof::picture::Picture;

/// Stands in for X: what lightdm tells a server with a console is left out.
const SERVER: &str = "#!/bin/sh
display= authority=
while [ $# -gt 0 ]; do
    case $1 in
    :*) display=$1 ;;
    -auth) authority=$2; shift ;;
    -background | -seat | -layout | -config) shift ;;
    esac
    shift
done
exec Xvfb \"$display\" -noreset -nocursor -fbdir /var/screen -auth \"$authority\" -screen 0 1600x1000x24 -nolisten tcp
";
/// Where it keeps what it shows.
const FRAMES: &str = "/var/screen";
/// Large letters: they are read by a machine.
const LOOKS: &str = "[greeter]\nxft-dpi=192\nfont-name=DejaVu Sans 10\nindicators=\n";
/// What lightdm's log says of its server, and of a conversation.
const SERVES: &str = "Got signal from X server";
const PROMPT: &str = "Prompt greeter with";
const REFUSED: &str = "Authenticate result for user";
const BEGUN_AGAIN: &str = "Greeter start authentication for";
/// How long lightdm may take for anything.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running lightdm.
pub struct Lightdm<'host> {
    host: &'host Host,
    display: Display<'host>,
    lightdm: Child,
    bus: Child,
    read_up_to: usize,
    before: Picture,
}

impl<'host> Lightdm<'host> {
    /// Starts it, up to the field for a name.
    ///
    /// # Panics
    /// If it does not come up.
    #[must_use]
    pub fn start(host: &'host Host) -> Self {
        prepare(host);
        let bus = bus(host);
        let (number, lightdm) = server_and_greeter(host);
        let display = Display::of_server(host, number, FRAMES, &format!("/run/lightdm/root/:{number}"));
        let started = Self { host, display, lightdm, bus, read_up_to: 0, before: Picture::default() };
        started.comes(&[SERVES]);
        started.display.wait_until("greeter", || started.reads_on().contains("Log In"));
        started
    }

    /// The screen.
    #[must_use]
    pub fn display(&self) -> &Display<'host> {
        &self.display
    }

    /// Types `text` into the field that has the keyboard, and Return.
    pub fn answers(&mut self, text: &str) {
        self.display.types(text);
        (self.read_up_to, self.before) = (self.log().len(), self.display.photograph());
        self.display.presses("Return");
    }

    /// Waits for the prompt that follows the last answer, and reads the screen: `part` stands on it. The answer is all of
    /// it.
    ///
    /// # Panics
    /// If it does not come, or something else stands there.
    pub fn asks(&mut self, part: &str) -> String {
        self.comes(&[PROMPT]);
        self.reads(part)
    }

    /// Waits until the last answer is refused and the password is asked for again; `part` stands on the screen.
    ///
    /// # Panics
    /// If it is not refused, or something else stands there.
    pub fn refuses(&mut self, part: &str) -> String {
        self.comes(&[REFUSED, BEGUN_AGAIN, PROMPT]);
        self.reads(part)
    }

    /// Everything on the screen, which holds `part`, and nobody's session.
    fn reads(&self, part: &str) -> String {
        self.display.wait_until("change", || self.display.photograph() != self.before);
        let mut words = String::new();
        // Of a greeter that is slow, a screen at rest may show the half of it.
        self.display.wait_until(part, || {
            self.display.stands_still();
            words = self.reads_on();
            words.contains(part)
        });
        assert_eq!(opened(self.host), None, "a session without leave");
        words
    }

    /// The screen once more.
    #[must_use]
    pub fn reads_on(&self) -> String {
        self.display.words_enlarged(100)
    }

    /// Waits until these stand in the log, in this order, after the last answer.
    fn comes(&self, parts: &[&str]) {
        self.display.wait_until(parts[0], || {
            let log = self.log();
            let mut rest = &log[self.read_up_to..];
            parts.iter().all(|part| {
                let found = rest.split_once(part);
                rest = found.map_or("", |(_, rest)| rest);
                found.is_some()
            })
        });
    }

    /// Waits for a session, and answers whose it is.
    #[must_use]
    pub fn opens(&self) -> String {
        let mut name = None;
        self.display.wait_until("session", || {
            name = name.take().or_else(|| opened(self.host));
            name.is_some()
        });
        name.unwrap_or_default()
    }

    /// What lightdm did so far.
    fn log(&self) -> String {
        fs::read_to_string(self.host.path("/var/log/lightdm/lightdm.log")).unwrap_or_default()
    }
}

impl Drop for Lightdm<'_> {
    fn drop(&mut self) {
        self.display.keep_evidence();
        if thread::panicking() {
            eprintln!("lightdm said:\n{}", self.log());
        }
        end(&mut self.lightdm);
        end(&mut self.bus);
    }
}

fn prepare(host: &Host) {
    prepare_session(host);
    host.write("/var/xserver", SERVER);
    host.write("/var/wrapper", "#!/bin/sh\nexec \"$@\"\n");
    host.write(
        "/var/xsessions/probe.desktop",
        format!("[Desktop Entry]\nName=Probe\nExec={SESSION}\nType=Application\n"),
    );
    host.write("/etc/lightdm/lightdm-gtk-greeter.conf", LOOKS);
    // A cursor that blinks makes two photographs of the same screen differ.
    host.write("/var/lib/lightdm/.config/gtk-3.0/settings.ini", "[Settings]\ngtk-cursor-blink=0\n");
    host.must(
        "chmod 755 /var/xserver /var/wrapper && mkdir -p /var/screen /run/dbus /run/lightdm /var/log/lightdm /var/cache/lightdm && \
         mkdir -p /var/lib/lightdm /var/lib/lightdm-data && chown -R lightdm: /var/lib/lightdm",
    );
}

fn configuration(number: u32) -> String {
    format!(
        "[LightDM]
logind-check-graphical=false
minimum-display-number={number}
sessions-directory=/var/xsessions
[Seat:*]
type=local
xserver-command=/var/xserver
greeter-session=lightdm-gtk-greeter
user-session=probe
greeter-hide-users=true
session-wrapper=/var/wrapper
allow-guest=false
"
    )
}

/// lightdm takes the first free number from one on; nobody else of these tests looks for one meanwhile.
fn server_and_greeter(host: &Host) -> (u32, Child) {
    let _alone = starting_one();
    let is_free = |number: &u32| {
        let taken = [format!("/tmp/.X{number}-lock"), format!("/tmp/.X11-unix/X{number}")];
        !taken.iter().any(|path| Path::new(path).exists())
    };
    let number = (100..).find(is_free).expect("a free display");
    host.write("/etc/lightdm/lightdm.conf", configuration(number));
    let lightdm = daemon(host, &["lightdm", "-d", "-c", "/etc/lightdm/lightdm.conf"]);
    waits_for(host, &format!("/tmp/.X11-unix/X{number}"));
    (number, lightdm)
}

/// A system bus. The socket of one before must not be taken for its own: lightdm ends where nobody answers.
fn bus(host: &Host) -> Child {
    const SOCKET: &str = "/run/dbus/system_bus_socket";
    let _ = fs::remove_file(host.path(SOCKET));
    let bus = daemon(host, &["dbus-daemon", "--system", "--nofork", "--nopidfile"]);
    waits_for(host, SOCKET);
    bus
}

fn daemon(host: &Host, words: &[&str]) -> Child {
    let log = fs::File::create(host.path(format!("/var/log/{}.out", words[0]))).expect("a log");
    let copy = log.try_clone().expect("a second handle");
    let mut command = host.command(words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(log).stderr(copy).spawn().expect(words[0])
}

fn waits_for(host: &Host, path: &str) {
    let deadline = Instant::now() + PATIENCE;
    while !host.path(path).exists() {
        assert!(Instant::now() < deadline, "no {path}");
        thread::sleep(Duration::from_millis(20));
    }
}
