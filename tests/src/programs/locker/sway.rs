//! A Wayland compositor without hardware, typed into with wtype and photographed with grim.

use std::process::{Command, Stdio};
use std::{fs, thread};

use super::as_user;
use super::running::{Running, wait_for};
use crate::machine::display::evidence_directory;
use crate::machine::host::Host;
use crate::proof::outcome::run;

/// No Xwayland, and a background that no locker has.
const CONFIGURATION: &str = "output * bg #204060 solid_color\nxwayland disable\n";
/// The first name a compositor takes, in a directory where there is no other.
const DISPLAY: &str = "wayland-1";

/// A session of one person under sway. It ends with the value.
pub(super) struct Sway<'host> {
    host: &'host Host,
    name: String,
    // A seat without a keyboard has no focus, and keys of a new one are lost until the locker has heard of it: this
    // one stays, and presses nothing.
    keyboard: Option<Running>,
    _compositor: Running,
}

impl<'host> Sway<'host> {
    /// Starts a session.
    pub(super) fn start(host: &'host Host, name: &str) -> Self {
        host.write("/etc/sway-test", CONFIGURATION);
        let mut command = host.command("setpriv");
        as_user(&mut command, host, name).args(["sway", "--config", "/etc/sway-test"]);
        let hardware = [("BACKENDS", "headless"), ("RENDERER", "pixman"), ("LIBINPUT_NO_DEVICES", "1")];
        command.envs(hardware.map(|(key, value)| (format!("WLR_{key}"), value)));
        let compositor = Running::start(&mut command);
        let mut sway = Self { host, name: name.to_owned(), keyboard: None, _compositor: compositor };
        wait_for("a session", || sway.photograph());
        sway.keyboard = Some(Running::start(sway.command().args(["wtype", "-s", "100000000"])));
        wait_for("a keyboard", || sway.inputs().contains("keyboard").then_some(()));
        sway
    }

    /// A command of the session; its arguments are the program and its arguments.
    pub(super) fn command(&self) -> Command {
        let mut command = self.host.command("setpriv");
        as_user(&mut command, self.host, &self.name).env("WAYLAND_DISPLAY", DISPLAY);
        command
    }

    /// Types `text` and Return.
    pub(super) fn enters(&self, text: &str) {
        run(self.command().args(["wtype", "-d", "15", text, "-k", "Return"]), b"").exits(0);
    }

    /// The screen as PPM; `None` as long as there is none.
    pub(super) fn photograph(&self) -> Option<Vec<u8>> {
        self.picture("ppm")
    }

    /// Whether a pixel of the screen has this colour.
    pub(super) fn shows(&self, colour: [u8; 3]) -> bool {
        self.pixels().is_some_and(|pixels| pixels.contains(&colour))
    }

    /// Whether the whole screen has this colour.
    pub(super) fn is_plain(&self, colour: [u8; 3]) -> bool {
        self.pixels().is_some_and(|pixels| pixels.iter().all(|pixel| *pixel == colour))
    }

    /// What follows the three lines at the beginning of a PPM.
    fn pixels(&self) -> Option<Vec<[u8; 3]>> {
        let picture = self.photograph()?;
        let header = picture.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(2)?.0;
        Some(picture.get(header + 1..)?.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
    }

    fn picture(&self, kind: &str) -> Option<Vec<u8>> {
        let mut command = self.command();
        command.args(["grim", "-t", kind, "-"]).stdin(Stdio::null()).stderr(Stdio::null());
        let picture = command.output().expect("setpriv");
        picture.status.success().then_some(picture.stdout)
    }

    fn inputs(&self) -> String {
        let ask = "SWAYSOCK=$(echo \"$XDG_RUNTIME_DIR\"/sway-ipc.*) exec swaymsg -t get_inputs";
        run(self.command().args(["sh", "-c", ask]), b"").stdout
    }

    /// Keeps a photograph under the name of the test, and says where: while a test fails.
    pub(super) fn keep_evidence(&self) {
        if !thread::panicking() {
            return;
        }
        let name = thread::current().name().unwrap_or("main").replace("::", ".");
        let file = evidence_directory().join(format!("{name}-sway-{}.png", self.name));
        let kept = fs::create_dir_all(evidence_directory());
        match kept.and_then(|()| fs::write(&file, self.picture("png").unwrap_or_default())) {
            Ok(()) => eprintln!("the screen at the time: {}", file.display()),
            Err(error) => eprintln!("no photograph of the screen: {error}"),
        }
    }
}
