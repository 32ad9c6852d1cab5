//! What an X server in a machine shows, and somebody who sits before it. No graphics card is needed: Xvfb stands in for
//! Xorg, and the machine is told that some device is one.

use std::fs;
use std::process::Command;
use std::thread;

use super::Machine;
use crate::machine::display::evidence_directory;
use crate::proof::outcome::run;
use crate::proof::picture::Picture;

/// Stands in for Xorg: what needs a console is left out, and its pictures are kept under its own process.
const XORG: &str = "\
#!/bin/bash
words=()
while [ $# -gt 0 ]; do
    case $1 in
    vt*|-keeptty|-novtswitch|-sharevts) ;;
    -verbose|-seat|-background|-logfile|-config) shift ;;
    -auth) auth=$2; words+=(\"$1\" \"$2\"); shift ;;
    *) words+=(\"$1\") ;;
    esac
    shift
done
mkdir -p \"/var/screens/$$\"
echo \"$auth\" >\"/var/screens/$$/auth\"
id -un >\"/var/screens/$$/user\"
exec /usr/bin/Xvfb \"${words[@]}\" -screen 0 1280x800x24 -fbdir \"/var/screens/$$\" -nocursor -r +extension GLX +extension RANDR
";

/// Consoles between which a greeter switches, and a record of udev that calls one of them the seat's graphics card.
const SEAT: &str = "\
for number in $(seq 0 12); do
    [ -e /dev/tty$number ] || { mknod -m 620 /dev/tty$number c 4 $number && chgrp tty /dev/tty$number; }
done
mkdir -p /run/udev/data /run/udev/tags/master-of-seat /run/udev/tags/seat
touch /run/udev/tags/master-of-seat/c4:63 /run/udev/tags/seat/c4:63
printf 'I:1\\nG:master-of-seat\\nG:seat\\nQ:master-of-seat\\nQ:seat\\nV:1\\n' >/run/udev/data/c4:63
mkdir -m 1777 /var/screens
chmod 755 /usr/bin/Xorg
systemctl restart systemd-logind
";

/// One X server in a machine.
pub struct Screen<'machine> {
    machine: &'machine Machine,
    frames: String,
    number: String,
    authority: String,
}

impl Machine {
    /// Gives it a seat with a screen.
    pub fn make_seat(&self) {
        // In place of a link or file of this machine, which stays.
        self.must("rm -f /usr/bin/Xorg");
        self.write("/usr/bin/Xorg", XORG);
        self.must(SEAT);
    }

    /// Ends everybody's session, and starts the greeter of this display manager afresh.
    pub fn restart_greeter(&self, manager: &str) {
        for session in self.all_sessions() {
            self.shell(&format!("loginctl terminate-session {session}"));
        }
        self.must(&format!("systemctl restart {manager}"));
    }

    /// The newest screen that an X server of `user` shows.
    #[must_use]
    pub fn screen_of(&self, user: &str) -> Screen<'_> {
        self.wait_for(&format!("a screen of {user}"), || self.find_screen(user))
    }

    pub(crate) fn find_screen(&self, user: &str) -> Option<Screen<'_>> {
        let listed = self.shell("ls -t /var/screens").stdout;
        let is_theirs = |process: &&str| self.read(&format!("/var/screens/{process}/user")).trim() == user;
        let process = listed
            .lines()
            .filter(is_theirs)
            .find(|process| self.path(&format!("/proc/{process}")).exists())?;
        let number = self.display_of(process)?;
        let authority = self.read(&format!("/var/screens/{process}/auth")).trim().to_owned();
        let frames = format!("/var/screens/{process}");
        // One that is only starting has no picture yet, and no answer.
        Some(Screen { machine: self, frames, number, authority }).filter(Screen::has_started)
    }
}

impl Machine {
    /// The display number of an X server, by the socket it listens at: one that chooses by itself leaves no lock.
    fn display_of(&self, process: &str) -> Option<String> {
        let files = fs::read_dir(self.path(&format!("/proc/{process}/fd"))).ok()?;
        let links = files.filter_map(|file| fs::read_link(file.ok()?.path()).ok());
        let sockets: Vec<String> = links.map(|link| link.display().to_string()).collect();
        self.read(&format!("/proc/{process}/net/unix")).lines().find_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let number = words.last()?.strip_prefix("/tmp/.X11-unix/X")?;
            sockets.contains(&format!("socket:[{}]", words.get(6)?)).then(|| number.to_owned())
        })
    }
}

impl Screen<'_> {
    fn command(&self, program: &str) -> Command {
        let mut command = self.machine.command(program);
        command.env("DISPLAY", format!(":{}", self.number)).env("XAUTHORITY", &self.authority);
        command
    }

    fn has_started(&self) -> bool {
        run(self.command("xdotool").arg("getdisplaygeometry"), b"").code() == Some(0)
    }

    /// Whether both are of one X server.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.frames == other.frames
    }

    /// Types `text` at whatever has the keyboard.
    pub fn types(&self, text: &str) {
        let mut xdotool = self.command("xdotool");
        run(xdotool.args(["type", "--delay", "40", "--file", "-"]), text.as_bytes()).exits(0);
    }

    /// Presses a key, by its X name.
    pub fn presses(&self, key: &str) {
        run(self.command("xdotool").args(["key", key]), b"").exits(0);
    }

    /// Clicks somewhere.
    pub fn clicks(&self, x: u32, y: u32) {
        let place = [x, y].map(|number| number.to_string());
        run(self.command("xdotool").arg("mousemove").args(place).args(["click", "1"]), b"").exits(0);
    }

    /// The screen as it is; nothing, when its server is gone.
    #[must_use]
    pub fn photograph(&self) -> Picture {
        let bytes = fs::read(self.machine.path(&format!("{}/Xvfb_screen0", self.frames)));
        Picture::of_framebuffer(bytes.unwrap_or_default())
    }

    /// The words on it, as an independent reader sees them.
    #[must_use]
    pub fn words(&self) -> String {
        let picture = self.photograph();
        if picture == Picture::default() { String::new() } else { picture.words_on_dark() }
    }

    /// Waits until one of `texts` stands on the screen.
    ///
    /// # Panics
    /// If it does not come.
    pub fn shows(&self, texts: &[&str]) -> String {
        let mut last = String::new();
        self.machine.wait_for(&format!("{texts:?} on the screen"), || {
            last = self.words();
            texts.iter().any(|text| last.contains(text)).then(|| last.clone())
        })
    }

    /// The words in a part of it (`WIDTHxHEIGHT+X+Y`).
    #[must_use]
    pub fn words_at(&self, part: &str) -> String {
        let picture = self.photograph();
        if picture == Picture::default() { String::new() } else { picture.words_at(part) }
    }

    /// Waits until three photographs in a row are alike.
    pub fn stands_still(&self) {
        let mut alike = 0;
        let mut last = Picture::default();
        self.machine.wait_for("a screen at rest", || {
            let now = self.photograph();
            alike = if now == last { alike + 1 } else { 0 };
            last = now;
            (alike >= 3).then_some(())
        });
    }

    /// Keeps a photograph in `target/evidence`.
    pub fn keep(&self, name: &str) {
        let directory = evidence_directory();
        let file = directory.join(format!("{name}.png"));
        let kept = self.photograph().png().and_then(|png| {
            fs::create_dir_all(&directory)?;
            fs::write(&file, png)
        });
        match kept {
            Ok(()) => eprintln!("the screen at the time: {}", file.display()),
            Err(error) => eprintln!("no photograph of the screen: {error}"),
        }
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            let name = thread::current().name().unwrap_or("main").replace("::", ".");
            self.keep(&format!("{name}-{}", self.number));
        }
    }
}
