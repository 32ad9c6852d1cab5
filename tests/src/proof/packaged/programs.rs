//! The six programs, each of them tried: by anna at a terminal, by cron, and su and sudo by root too.

use crate::machine::booted::Machine;
use crate::people::person::{PASSWORD, Person};

/// What a program prints once it has let somebody in; no line that is typed holds it.
const INSIDE: &str = "in-42";

/// The programs that ask for a password and may ask for a code. login on Debian 13 hangs up the terminal that it is given, as
/// on a console: systemd-run bears that, and script(1) does not.
const WAYS: [(&str, &str, &str); 4] = [
    ("su", "runuser --user nobody -- su anna -c 'echo in-$((40+2))'", INSIDE),
    ("sudo", "runuser --user anna -- sudo -k sh -c 'echo in-$((40+2))'", INSIDE),
    ("login", "systemd-run --quiet --pty --wait --collect login anna", "$ "),
    (
        "sshd",
        "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectionAttempts=20 \
         -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 anna@127.0.0.1 'echo in-$((40+2))'",
        INSIDE,
    ),
];

/// Root's own ways.
const OF_ROOT: [&str; 2] = ["su --login root -c 'id -u'", "sudo id -u"];

/// What anna changes her password to, for a moment.
const OTHER: &str = "nine quiet herons";

/// A job at the start of cron, which takes no minute.
const CRON: &str = "echo '@reboot echo in-42 >by-cron' | crontab -u anna - && rm -f /run/crond.reboot ~anna/by-cron && \
    systemctl restart cron && timeout 60 sh -c 'until [ -s ~anna/by-cron ]; do sleep 0.1; done'";

/// Tries each of them; the answer is which of them asked for a code.
pub(super) fn all_work(machine: &Machine, anna: &mut Person) -> Result<Vec<&'static str>, String> {
    let mut asked = Vec::new();
    for (program, line, inside) in WAYS {
        let asks = machine.gets_in(line, inside, anna);
        if asks.map_err(|seen| format!("{program} lets nobody in: {seen:?}"))? {
            asked.push(program);
        }
    }
    for line in OF_ROOT {
        let outcome = machine.shell(line);
        if outcome.stdout.trim() != "0" {
            return Err(format!("root does not become root by {line}: {outcome:?}"));
        }
    }
    changes_a_password(machine)?;
    let ran = machine.shell(CRON);
    if ran.code() == Some(0) { Ok(asked) } else { Err(format!("cron runs nothing: {ran:?}")) }
}

/// By passwd, and back by chpasswd.
fn changes_a_password(machine: &Machine) -> Result<(), String> {
    let mut passwd = machine.terminal("runuser --user anna -- passwd");
    for word in [PASSWORD, OTHER, OTHER] {
        match passwd.expect_any(&["assword: ", "Code", "anipulation error"]) {
            Some(0) => passwd.type_line(word),
            _ => return Err(format!("passwd changes nothing: {:?}", passwd.transcript())),
        }
    }
    let (_, text) = passwd.finish();
    let back = machine.shell(&format!("echo 'anna:{PASSWORD}' | chpasswd"));
    let changed = text.contains("updated successfully") && back.code() == Some(0);
    if changed { Ok(()) } else { Err(format!("passwd changes nothing: {text:?}, {back:?}")) }
}
