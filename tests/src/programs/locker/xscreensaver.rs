//! xscreensaver: a dialog with a label and a field for each question; what else PAM says is a page of its own.
//!
//! Its log says when it asks, and when it has heard a key.

use std::thread;
use std::time::Duration;

use super::running::{Running, Seen, wait_for};
use super::{Locked, Unlocking, as_user};
use crate::machine::display::Display;
use crate::machine::host::Host;
use crate::proof::outcome::run;

/// No moving pictures, no fading.
const PREFERENCES: &str =
    "mode: blank\nlock: True\nlockTimeout: 0:00:00\nfade: False\nunfade: False\nsplash: False\n";
/// A question, and the two kinds of pages.
const ASKS: &str = "pam_conversation (ECHO_OFF=";
const WARNS: &str = "pam_conversation (ERROR_MSG=";
const TELLS: &str = "pam_conversation (TEXT_INFO=";
/// The end of an attempt, and that of the last one.
const REFUSED: &str = ": authorization failed";
const OPENED: &str = ": unblanking";
/// A key it has heard.
const KEY: &str = "RawKeyPress";

/// A screen under xscreensaver.
pub(super) struct Xscreensaver<'host> {
    host: &'host Host,
    name: String,
    // Before the screen: it ends first.
    running: Running,
    display: Display<'host>,
}

impl Drop for Xscreensaver<'_> {
    fn drop(&mut self) {
        self.display.keep_evidence();
    }
}

/// Where an attempt has come to.
#[derive(Debug, Eq, PartialEq)]
enum Stage {
    Asked,
    Page,
    Refused,
    Opened,
}

/// Locks a screen.
pub(super) fn lock<'host>(host: &'host Host, name: &str) -> Xscreensaver<'host> {
    let display = Display::start(host);
    host.write(&format!("/home/{name}/.xscreensaver"), PREFERENCES);
    let mut command = display.command("setpriv");
    let running =
        Running::start(as_user(&mut command, host, name).args(["xscreensaver", "--no-splash", "--verbose"]));
    let mut locker = Xscreensaver { display, host, name: name.to_owned(), running };
    wait_for("a locked screen", || {
        assert!(!locker.running.has_ended(), "it ended instead of locking:\n{}", locker.running.log());
        locker.command("-lock");
        locker.command("-time").contains("locked since").then_some(())
    });
    locker
}

impl Xscreensaver<'_> {
    fn command(&self, option: &str) -> String {
        let mut command = self.display.command("setpriv");
        let outcome =
            run(as_user(&mut command, self.host, &self.name).args(["xscreensaver-command", option]), b"");
        outcome.stdout
    }

    /// Presses a key that means nothing until the locker says one of `texts`: it wakes the locker up, and leafs through
    /// its pages.
    fn nudge_until(&mut self, texts: &[&str]) -> usize {
        let (display, running) = (&self.display, &mut self.running);
        wait_for("the locker", || match running.look_for(texts) {
            Some(Seen::Text(number)) => Some(number),
            Some(Seen::End(status)) => panic!("the locker broke off ({status})"),
            None => {
                display.presses("shift");
                thread::sleep(Duration::from_millis(100));
                None
            }
        })
    }

    /// Waits until the locker asks, or the attempt has ended, turning pages. What stands on a page is added to `said`.
    fn comes_to(&mut self, said: &mut String) -> Stage {
        loop {
            let stage = match self.nudge_until(&[ASKS, REFUSED, OPENED, WARNS, TELLS]) {
                0 => Stage::Asked,
                1 => return Stage::Refused,
                2 => return Stage::Opened,
                _ => Stage::Page,
            };
            // From now on it hears every key.
            self.nudge_until(&[KEY]);
            if stage == Stage::Asked {
                return stage;
            }
            said.push_str(&self.display.words());
            self.display.presses("Return");
        }
    }
}

impl Locked for Xscreensaver<'_> {
    fn enter(&mut self, password: &str, code: &str) -> Unlocking {
        // Of a letter it takes the case by how the shift key stands when it looks, which for xdotool is too late.
        let code = code.to_lowercase();
        let (mut said, mut answers) = (String::new(), [password, &code].into_iter());
        let opened = loop {
            match self.comes_to(&mut said) {
                Stage::Asked => self.display.enters(answers.next().expect("no further question")),
                ended => break ended == Stage::Opened,
            }
        };
        if opened {
            assert!(self.command("-time").contains("non-blanked"), "it says that it opened");
        }
        Unlocking { opened, said }
    }
}
