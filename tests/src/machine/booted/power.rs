//! A machine's power: it boots, and boots again over the same files.

use super::{Machine, leader_of};
use crate::proof::outcome::run;

impl Machine {
    /// Boots what is laid out.
    pub(super) fn come_up(&mut self) {
        self.holder.says("boot");
        let nspawn = self.holder.line().parse().expect("a process");
        self.leader = leader_of(nspawn, self.directory.path());
        self.wait_for("the machine to come up", || {
            let state = run(self.command("systemctl").arg("is-system-running"), b"").stdout;
            ["running", "degraded"].contains(&state.trim()).then_some(())
        });
        // The container's own boot identity is a mount, another at each boot. A process with another /proc does not see it:
        // units that are kept apart, such as our helper's. So it is there while the machine boots, and not afterwards.
        self.must("umount /proc/sys/kernel/random/boot_id");
    }

    /// Shuts it down, and boots it again.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn restart(&mut self) {
        self.must("systemctl --no-block poweroff");
        self.goes_off("shut-down");
    }

    /// Ends every process at once, process 1 among them, and boots it again. What files hold in memory is not lost: for that
    /// see `cut_power` of a host.
    ///
    /// # Panics
    /// If it does not come up.
    pub fn lose_power(&mut self) {
        self.goes_off("power-off");
    }

    fn goes_off(&mut self, how: &str) {
        self.holder.says(how);
        assert_eq!(self.holder.line(), "off", "it does not end");
        self.come_up();
    }
}
