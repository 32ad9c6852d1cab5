//! Real logins: a person through each service that is switched on, and root to root.

use super::scene::Scene;
use crate::machine::booted::Machine;

/// What a program prints once it has let somebody in; no line that is typed holds it.
const INSIDE: &str = "in-42";

/// Each service, and what anna or somebody beside her types.
const WAYS: [(&str, &str, &str); 4] = [
    ("login", "login anna", "$ "),
    ("sudo", "runuser --user anna -- sudo -k sh -c 'echo in-$((40+2))'", INSIDE),
    ("su", "runuser --user nobody -- su anna -c 'echo in-$((40+2))'", INSIDE),
    (
        "sshd",
        "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectionAttempts=20 \
         -o PubkeyAuthentication=no -o NumberOfPasswordPrompts=1 anna@127.0.0.1 'echo in-$((40+2))'",
        INSIDE,
    ),
];

/// Root's own ways.
const OF_ROOT: [&str; 2] = ["su --login root -c 'id -u'", "sudo id -u"];

/// Whether anna gets in through each service, and root becomes root; the answer is which of them asked for a code.
pub(super) fn all_get_in(scene: &mut Scene) -> Result<Vec<&'static str>, String> {
    let mut asked = Vec::new();
    for (service, line, inside) in WAYS {
        let asks = scene.machine.gets_in(line, inside, &mut scene.anna);
        if asks.map_err(|seen| format!("{service} lets nobody in: {seen:?}"))? {
            asked.push(service);
        }
    }
    for line in OF_ROOT {
        let outcome = scene.machine.shell(line);
        if outcome.stdout.trim() != "0" {
            return Err(format!("root does not become root by {line}: {outcome:?}"));
        }
    }
    Ok(asked)
}

/// Waits until sshd takes connections: it starts behind what puts back.
pub(super) fn sshd_listens(machine: &Machine) {
    let active = "systemctl is-active --quiet ssh.service";
    machine.wait_for("sshd", || (machine.shell(active).code() == Some(0)).then_some(()));
}
