//! swaylock: one field, the same text to every question, nothing shown of what PAM says.

use super::running::{Running, Seen, wait_for};
use super::sway::Sway;
use super::{Locked, Unlocking};
use crate::machine::host::Host;

/// The locked screen.
const LOCKED: [u8; 3] = [0x30, 0x30, 0x30];
/// A refused entry; the ring turns to it for some seconds.
const REFUSED: [u8; 3] = [0xff, 0, 0];

/// A screen under swaylock.
pub(super) struct Swaylock<'host> {
    // Before the screen: it ends first.
    running: Running,
    sway: Sway<'host>,
}

impl Drop for Swaylock<'_> {
    fn drop(&mut self) {
        self.sway.keep_evidence();
    }
}

/// Locks a screen.
pub(super) fn lock<'host>(host: &'host Host, name: &str) -> Swaylock<'host> {
    let sway = Sway::start(host, name);
    let options = ["--color=303030", "--inside-wrong-color=ff0000", "--font-size=12"];
    let running = Running::start(sway.command().arg("swaylock").args(options));
    wait_for("a locked screen", || sway.is_plain(LOCKED).then_some(()));
    Swaylock { sway, running }
}

impl Locked for Swaylock<'_> {
    fn enter(&mut self, password: &str, code: &str) -> Unlocking {
        let start = self.running.log().len();
        self.sway.enters(&format!("{password}{code}"));
        let opened = match self.running.expect_any(&["pam_authenticate failed"]) {
            Seen::Text(_) => false,
            Seen::End(status) => self.running.is_well(status),
        };
        if !opened {
            // Until it has heard of the refusal itself it takes no Return.
            wait_for("a refusal", || (self.sway.shows(REFUSED) || self.sway.is_plain(LOCKED)).then_some(()));
        }
        Unlocking { opened, said: self.running.said_since(start) }
    }
}
