//! KDE's locker, as KDE starts it in the session of somebody, typed into. Its one field keeps the password, and it shows no
//! prompt of PAM's.

use std::process::{Child, Command, Stdio};

use crate::machine::booted::Machine;
use crate::machine::booted::x_server::Screen;
use crate::machine::display::end;

/// Who runs its X server here.
const SERVER: &str = "root";

/// A plain ground, on which letters can be read.
const LOOKS: &str = "[Greeter]\nWallpaperPlugin=org.kde.color\n\
                     [Greeter][Wallpaper][org.kde.color][General]\nColor=0,0,0\n";

/// Where the field is.
const FIELD: &str = "400x120+440+440";

/// KDE's locker. It ends with the value.
pub struct Locker<'machine> {
    /// The screen.
    pub screen: Screen<'machine>,
    machine: &'machine Machine,
    child: Child,
}

impl Machine {
    /// A screen for KDE's locker, and the shipped example.
    pub fn prepare_kde(&self) {
        self.make_seat();
        self.install_example("kde");
        self.write("/etc/xdg/kscreenlockerrc", LOOKS);
        self.must("systemd-run --quiet --unit=screen /usr/bin/Xorg :5 -ac -noreset");
    }

    /// Locks the screen as `name`.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn lock_by_kde(&self, name: &str) -> Locker<'_> {
        let screen = self.screen_of(SERVER);
        self.must(&format!("install -d -o {name} -g {name} -m 700 /run/locker"));
        let mut command: Command = self.command("setpriv");
        command.args([&format!("--reuid={name}"), &format!("--regid={name}"), "--init-groups"]);
        command.args([
            "dbus-run-session",
            "sh",
            "-c",
            "exec /usr/lib/*/libexec/kscreenlocker_greet --testing",
        ]);
        command.envs([
            ("HOME", &*format!("/home/{name}")),
            ("USER", name),
            ("XDG_RUNTIME_DIR", "/run/locker"),
        ]);
        command.envs([("DISPLAY", ":5"), ("QT_QUICK_BACKEND", "software")]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().expect("the locker");
        Locker { screen, machine: self, child }
    }
}

impl Locker<'_> {
    /// Waits until the field is there and empty, as it is after a refusal.
    pub fn is_ready(&self) {
        self.machine.wait_for("the field", || {
            // A click brings it up.
            self.screen.clicks(640, 760);
            self.screen.words_at(FIELD).contains("Password").then_some(())
        });
    }

    /// Types password and code in one entry, in place of what stands in the field.
    pub fn enters(&self, entry: &str) {
        self.is_ready();
        // After a refusal it takes nothing for some seconds.
        self.machine.wait_for("a field that takes letters", || {
            self.screen.types("x");
            (!self.screen.words_at(FIELD).contains("Password")).then_some(())
        });
        self.screen.enters_in_one(entry);
    }

    /// Whether it has ended as it does for the right entry. One that crashes opens the screen too, so it fails the test.
    ///
    /// # Panics
    /// If it broke off.
    pub fn is_open(&mut self) -> bool {
        let ended = self.child.try_wait().expect("its status");
        assert!(ended.is_none_or(|status| status.success()), "the locker broke off: {ended:?}");
        ended.is_some()
    }
}

impl Drop for Locker<'_> {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}
