//! GDM with its greeter and GNOME's lock screen, typed into. What PAM said is read in its own log of the conversation.

use crate::machine::booted::Machine;
use crate::machine::booted::journal::Mark;
use crate::machine::booted::x_server::Screen;
use crate::machine::host::CODE;
use crate::people::first_login::{FIRST_CODE, KEPT};
use crate::people::person::{PASSWORD, Person};
use crate::programs::authenticator_app::{Authenticator, now};
use crate::proof::picture::Picture;
use crate::proof::terminal_screen::printed_codes;

/// GDM's own account, in which its greeter runs.
const ITSELF: &str = "Debian-gdm";

/// With its log, in which every prompt stands.
const DAEMON: &str = "[daemon]\nWaylandEnable=false\n[debug]\nEnable=true\n";

/// A cursor that blinks makes two photographs of the same screen differ.
const LOOKS: &str = "[org/gnome/desktop/interface]\ncursor-blink=false\nenable-animations=false\n";

/// What `gdmflexiserver` and GNOME's menu ask GDM for.
const ANOTHER_GREETER: &str = "busctl call org.gnome.DisplayManager /org/gnome/DisplayManager/LocalDisplayFactory \
                               org.gnome.DisplayManager.LocalDisplayFactory CreateTransientDisplay";

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

    /// GDM's greeter, with its list of people.
    #[must_use]
    pub fn greeter(&self) -> Greeter<'_> {
        self.greeter_after(None)
    }

    /// "Switch user": a greeter beside the sessions that run.
    #[must_use]
    pub fn switch_user(&self) -> Greeter<'_> {
        let before = self.find_screen(ITSELF);
        self.must(ANOTHER_GREETER);
        self.greeter_after(before.as_ref())
    }

    fn greeter_after(&self, before: Option<&Screen<'_>>) -> Greeter<'_> {
        // One of before may still be going.
        let screen = self.wait_for("GDM's greeter", || {
            let screen = self.find_screen(ITSELF).filter(|screen| !before.is_some_and(|it| it.is(screen)))?;
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
        self.is_asked(CODE, "app or recovery");
        self.answers(code);
    }

    /// Enrols, as the greeter says: puts the key into an app, types a code of it, and keeps the recovery codes.
    ///
    /// # Panics
    /// If no key is shown.
    pub fn enrols(&mut self, name: &str) -> Person {
        let asked = self.is_asked_in_full(FIRST_CODE);
        let phone = Authenticator::of_key(key_in(&asked).expect("a key"));
        let last_step = now() / phone.period;
        self.answers(&phone.code(last_step));
        let recovery_codes = printed_codes(&self.is_asked_in_full(KEPT));
        self.answers("saved");
        Person { name: name.into(), phone, recovery_codes, last_step }
    }

    /// Waits until PAM asks what ends in `prompt`, and the screen is at rest; what was said up to there.
    fn is_asked_in_full(&self, prompt: &str) -> String {
        let said = self.machine.wait_for(prompt, || {
            let said = self.said();
            said.contains(&format!("{prompt}'")).then_some(said)
        });
        self.screen.stands_still();
        said
    }

    /// Waits until PAM has refused the last answer with `text`, and the password is asked for again.
    pub fn refuses(&self, text: &str) {
        self.refusal(text);
    }

    /// The same, and the text stood on the screen meanwhile.
    ///
    /// # Panics
    /// If it did not.
    pub fn refuses_in_sight(&self, text: &str) {
        let seen = self.refusal(text);
        assert!(seen.iter().any(|picture| picture.words_on_dark().contains(text)), "not shown: {text}");
    }

    /// What the screen showed up to the new prompt: texts stand there for a second or two.
    fn refusal(&self, text: &str) -> Vec<Picture> {
        let mut seen = Vec::new();
        self.machine.wait_for(&format!("{text:?} and the password's prompt"), || {
            let now = self.screen.photograph();
            if seen.last() != Some(&now) {
                seen.push(now);
            }
            let said = self.said();
            let (_, after) = said.split_once(text)?;
            after.contains(&format!("{PROMPT}Password: ")).then_some(())
        });
        self.screen.shows(&["Password"]);
        self.screen.stands_still();
        seen
    }
}

/// A key as a greeter shows it: in groups, on a line of its own.
fn key_in(text: &str) -> Option<String> {
    let is_key = |line: &&str| line.len() == 39 && line.split(' ').all(|group| group.len() == 4);
    text.lines().map(str::trim).find(is_key).map(|line| line.replace(' ', ""))
}
