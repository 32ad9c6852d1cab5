//! i3lock: one field, the same text to every question, nothing shown of what PAM says.

use super::running::{OUTPUT_CLOSED, Running, Seen};
use super::{Locked, Unlocking, as_user};
use crate::machine::display::Display;
use crate::machine::host::Host;

/// i3lock closes the file named in this variable once the screen is locked; here that is its standard output.
const LOCK: &str = "exec 3>&1 1>&2; XSS_SLEEP_LOCK_FD=3 exec i3lock --nofork --debug --color=303030";

/// A screen under i3lock.
pub(super) struct I3lock<'host> {
    // Before the screen: it ends first.
    running: Running,
    display: Display<'host>,
}

impl Drop for I3lock<'_> {
    fn drop(&mut self) {
        self.display.keep_evidence();
    }
}

/// Locks a screen.
pub(super) fn lock<'host>(host: &'host Host, name: &str) -> I3lock<'host> {
    let display = Display::start(host);
    let mut command = display.command("setpriv");
    let mut running = Running::start(as_user(&mut command, host, name).args(["sh", "-c", LOCK]));
    running.expect(OUTPUT_CLOSED);
    I3lock { display, running }
}

impl Locked for I3lock<'_> {
    fn enter(&mut self, password: &str, code: &str) -> Unlocking {
        let start = self.running.log().len();
        self.display.enters(&format!("{password}{code}"));
        let opened = match self.running.expect_any(&["Authentication failure"]) {
            Seen::Text(_) => false,
            Seen::End(status) => self.running.is_well(status),
        };
        Unlocking { opened, said: self.running.said_since(start) }
    }
}
