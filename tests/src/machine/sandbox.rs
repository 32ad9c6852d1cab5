//! Programs that are root in a sandbox, as systemd starts polkit's agent helper since polkit 127: all is read-only, there is
//! no network, and no memory may be locked.

use crate::machine::host::Host;
use crate::programs::pam::{Script, Transcript};
use crate::proof::outcome::run;

/// What makes the sandbox and starts the program in it; played by namespaces, so that no systemd is needed.
const SANDBOX: [&str; 8] = [
    "unshare",
    "--mount",
    "--net",
    "--propagation",
    "private",
    "sh",
    "-c",
    "for place in $(awk '{print $5}' /proc/self/mountinfo | sort -u); do
        case $place in /proc* | /sys* | /dev*) ;; *) mount -o remount,bind,ro \"$place\" 2>/dev/null ;; esac
    done
    mount -t tmpfs none /tmp && exec setpriv --no-new-privs prlimit --memlock=0:0 \"$0\" \"$@\"",
];

impl Host {
    /// Follows a script as root in the sandbox.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn pam_sandboxed(&self, script: &Script) -> Transcript {
        let command = self.pam_command(std::slice::from_ref(script));
        let told = run(&mut self.under(&SANDBOX, &command), b"").exits(0).stdout;
        let transcript = Transcript::read(&told);
        assert_eq!(transcript.unscripted(), "", "{transcript:#?}\n{}", self.syslog().text());
        transcript
    }

    /// Runs a line of shell as root in the sandbox.
    pub fn shell_sandboxed(&self, line: &str) -> crate::proof::outcome::Outcome {
        let mut command = self.command("sh");
        command.args(["-c", line]);
        run(&mut self.under(&SANDBOX, &command), b"")
    }
}
