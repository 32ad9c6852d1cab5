//! SDDM with its own greeter, typed into. It has one field, and shows nothing of what PAM says.

use crate::machine::booted::Machine;
use crate::machine::booted::x_server::Screen;

/// Without Wayland, and without a keyboard on the screen.
const CONFIGURATION: &str = "[X11]\nServerPath=/usr/bin/Xorg\n[General]\nInputMethod=\n";

/// Who it runs its X server as.
const SERVER: &str = "root";

impl Machine {
    /// Starts SDDM with the shipped example; people log in to a plain session.
    pub fn start_sddm(&self, last: &str) {
        self.make_seat();
        self.install_example("sddm");
        self.write("/etc/sddm.conf.d/tests.conf", CONFIGURATION);
        // The person and the session that its fields begin with.
        self.write(
            "/var/lib/sddm/state.conf",
            format!("[Last]\nSession=/usr/share/xsessions/openbox.desktop\nUser={last}\n"),
        );
        self.write("/etc/X11/default-display-manager", "/usr/bin/sddm\n");
        self.must(
            "chown -R sddm: /var/lib/sddm && rm -f /usr/share/wayland-sessions/* && systemctl daemon-reload && \
             systemctl reload dbus && systemctl start sddm",
        );
    }

    /// SDDM's greeter, whose field is the last person's.
    #[must_use]
    pub fn sddm_greeter(&self) -> Screen<'_> {
        // One of before may still be going.
        let screen = self.wait_for("SDDM's greeter", || {
            let screen = self.find_screen(SERVER)?;
            let words = screen.words();
            ["Select your user", "Login failed"].iter().any(|text| words.contains(text)).then_some(screen)
        });
        screen.stands_still();
        screen
    }
}

impl Screen<'_> {
    /// Types password and code in one entry into the field for the password, in place of what stands there.
    pub fn enters_in_one(&self, entry: &str) {
        self.presses("ctrl+a");
        self.presses("BackSpace");
        self.types(entry);
        self.presses("Return");
    }
}
