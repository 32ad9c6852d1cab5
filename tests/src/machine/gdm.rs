//! GDM with its greeter and GNOME's lock screen, typed into. What PAM said is read in its own log of the conversation.

use super::Machine;
use super::journal::Mark;
use super::screen::Screen;
use crate::person::PASSWORD;
use crate::world::CODE;

/// GDM's own account, in which its greeter runs.
const ITSELF: &str = "Debian-gdm";

/// With its log, in which every prompt stands.
const DAEMON: &str = "[daemon]\nWaylandEnable=false\n[debug]\nEnable=true\n";

/// A cursor that blinks makes two photographs of the same screen differ.
const LOOKS: &str = "[org/gnome/desktop/interface]\ncursor-blink=false\nenable-animations=false\n";

/// How GDM writes down a hidden prompt, and a text.
const PROMPT: &str = "received pam message of type 1 with payload '";

impl Machine {
    /// Starts GDM with the shipped example, up to its list of people. `session` is what they log in to.
    pub fn start_gdm(&self, session: &str, people: &[&str]) {
        self.make_seat();
        self.install_example("gdm-password");
        self.write("/etc/gdm3/daemon.conf", DAEMON);
        self.write("/etc/dconf/db/gdm.d/90-tests", LOOKS);
        self.write("/etc/dconf/profile/user", "user-db:user\nsystem-db:gdm\n");
        for name in people {
            self.write(
                &format!("/var/lib/AccountsService/users/{name}"),
                format!("[User]\nSession={session}\nXSession={session}\nSystemAccount=false\n"),
            );
        }
        self.write("/etc/X11/default-display-manager", "/usr/sbin/gdm3\n");
        self.must("dconf update; systemctl daemon-reload; systemctl reload dbus; systemctl start polkit accounts-daemon; systemctl start gdm");
    }

    /// Ends everybody's session, and starts GDM's greeter afresh.
    pub fn restart_gdm(&self) {
        for session in self.all_sessions() {
            self.shell(&format!("loginctl terminate-session {session}"));
        }
        self.must("systemctl restart gdm");
    }

    /// GDM's greeter, with its list of people.
    #[must_use]
    pub fn greeter(&self) -> Greeter<'_> {
        // One of before may still be going.
        let screen = self.wait_for("GDM's greeter", || {
            let screen = self.find_screen(ITSELF)?;
            screen.words().contains("Not listed").then_some(screen)
        });
        Greeter { machine: self, screen, mark: self.mark() }
    }

    /// The lock screen of somebody's session.
    ///
    /// # Panics
    /// If they have none.
    #[must_use]
    pub fn lock_screen(&self, name: &str) -> Greeter<'_> {
        let session = self.sessions(name).pop().expect("a session");
        let screen = self.screen_of(name);
        // A desktop that is still starting does not let itself be locked.
        self.wait_for("a locked screen", || {
            self.must(&format!("loginctl lock-session {session}"));
            self.is_locked(name).then_some(())
        });
        screen.stands_still();
        Greeter { machine: self, screen, mark: self.mark() }
    }

    /// Whether GNOME has started in the session of `name`.
    #[must_use]
    pub fn has_desktop(&self, name: &str) -> bool {
        !self.sessions(name).is_empty()
            && self.shell(&format!("pgrep -u {name} -x gsd-media-keys")).code() == Some(0)
    }

    /// Whether the session of `name` is locked, as logind is told.
    #[must_use]
    pub fn is_locked(&self, name: &str) -> bool {
        let session = self.sessions(name).pop().unwrap_or_default();
        self.shell(&format!("loginctl show-session {session} -p LockedHint")).stdout.trim()
            == "LockedHint=yes"
    }
}

/// GDM's greeter or GNOME's lock screen, and somebody before it.
pub struct Greeter<'machine> {
    machine: &'machine Machine,
    /// The screen.
    pub screen: Screen<'machine>,
    mark: Mark,
}

impl Greeter<'_> {
    /// Chooses the person the list begins with, or lifts the curtain: the password is asked for.
    pub fn begin(&self) {
        self.screen.presses("Return");
        self.is_asked("Password: ", "Password");
    }

    /// Waits until PAM asks for `prompt`, and the screen, where `hint` begins the field, takes an answer.
    pub fn is_asked(&self, prompt: &str, hint: &str) {
        let asked = format!("{PROMPT}{prompt}");
        self.machine.wait_for(&asked, || self.said().contains(&asked).then_some(()));
        self.screen.shows(&[hint]);
        self.screen.stands_still();
    }

    /// Everything written into the journal since the last answer.
    #[must_use]
    pub fn said(&self) -> String {
        self.machine.since(&self.mark)
    }

    /// Types `text` and Return.
    pub fn answers(&mut self, text: &str) {
        self.screen.types(text);
        self.mark = self.machine.mark();
        self.screen.presses("Return");
    }

    /// Answers the password with the right one, and the code with `code`.
    pub fn enters(&mut self, code: &str) {
        self.answers(PASSWORD);
        self.is_asked(CODE, "from your auth");
        self.answers(code);
    }

    /// Waits until PAM has refused the last answer with `text`, and the password is asked for again.
    pub fn refuses(&self, text: &str) {
        self.machine.wait_for(&format!("{text:?} and the password's prompt"), || {
            let said = self.said();
            let (_, after) = said.split_once(text)?;
            after.contains(&format!("{PROMPT}Password: ")).then_some(())
        });
        self.screen.shows(&["Password"]);
        self.screen.stands_still();
    }
}
