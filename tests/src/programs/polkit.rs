//! polkit on a message bus of a host's own: pkexec asks its daemon, the daemon an agent at the terminal, and the agent
//! its set-user-ID helper, which is what calls PAM.

use crate::machine::host::{CODE, Host};
use crate::people::person::PASSWORD;
use crate::programs::console::ConsoleLogin;
use crate::programs::locker::running::{Running, wait_for};
use crate::programs::terminal::Terminal;
use crate::proof::outcome::run;

/// An agent for this shell, and once it is there, something to ask for. pkexec's own agent would register as root, and
/// be asked for in vain by its helper, which runs as the person.
const ASK: &str = "
export SHELL=/bin/sh
exec 3<&0
rm -f ~/ready && mkfifo ~/ready
pkttyagent --process $$ --notify-fd 4 4> ~/ready <&3 &
agent=$!
cat ~/ready
pkexec --disable-internal-agent sh -c 'echo in-$(id -un)'
status=$?
kill $agent
exit $status
";

/// polkit and its message bus. They end with the value.
pub struct Polkit<'host> {
    host: &'host Host,
    // Before the bus, without which it would not end well.
    _daemon: Running,
    _bus: Running,
}

impl<'host> Polkit<'host> {
    /// Starts both.
    #[must_use]
    pub fn start(host: &'host Host) -> Self {
        host.must("mkdir -p /run/dbus");
        let mut command = host.command("dbus-daemon");
        let mut bus =
            Running::start(command.args(["--system", "--nofork", "--nopidfile", "--print-address"]));
        bus.expect("unix:");
        let daemon = Running::start(host.command("/usr/lib/polkit-1/polkitd").arg("--no-debug"));
        wait_for("polkitd", || has_owner(host, "org.freedesktop.PolicyKit1").then_some(()));
        Self { host, _daemon: daemon, _bus: bus }
    }

    /// Lets `name` administer with a password and a code of their own, as Debian's rules have it.
    pub fn may_administer(&self, name: &str) {
        self.host.must(&format!(
            "sed -i 's/^sudo:.*/&{name}/' /etc/group && grep -q '^sudo:.*{name}$' /etc/group"
        ));
    }

    /// One attempt of `name` to run something as root, with the right password and `code`.
    #[must_use]
    pub fn attempt(&self, name: &str, code: &str) -> ConsoleLogin {
        let (user, group) = (format!("--reuid={name}"), format!("--regid={name}"));
        let line = format!("HOME=/home/{name}{ASK}");
        let mut terminal =
            Terminal::start(self.host, "setpriv", &[&user, &group, "--init-groups", "sh", "-c", &line]);
        for (prompt, text) in [("assword: ", PASSWORD), (CODE, code)] {
            terminal.expect(prompt);
            terminal.is_hidden();
            terminal.type_line(text);
        }
        let (status, text) = terminal.finish();
        let accepted = text.contains("in-root");
        assert_eq!(status.success(), accepted, "{status}: {text}");
        ConsoleLogin { accepted, text }
    }
}

fn has_owner(host: &Host, name: &str) -> bool {
    let mut ask = host.command("dbus-send");
    ask.args([
        "--system",
        "--print-reply",
        "--dest=org.freedesktop.DBus",
        "/",
        "org.freedesktop.DBus.NameHasOwner",
    ]);
    run(ask.arg(format!("string:{name}")), b"").stdout.contains("true")
}
