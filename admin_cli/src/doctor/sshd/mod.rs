//! sshd by its effective configuration, as `sshd -T` tells it, for everybody and for each Match block.

mod judge;
mod matches;
mod settings;

pub(crate) use judge::{Scope, SshdFault};

use judge::judge;
use pam_stack::Root;
pub(crate) use settings::Settings;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where distributions have sshd.
const PROGRAMS: [&str; 2] = ["/usr/sbin/sshd", "/usr/bin/sshd"];
/// Its configuration (`sshd_config(5)`).
const CONFIG: &str = "/etc/ssh/sshd_config";

/// What sshd does.
pub(crate) struct Sshd {
    /// What is wrong, and for whom.
    pub(crate) faults: Vec<(Scope, SshdFault)>,
    /// Whether a key comes before every question of PAM, for everybody.
    pub(crate) key_comes_first: bool,
}

/// Asks the sshd of this machine; `None` where there is none.
pub(crate) fn examine(root: &Root) -> Option<Sshd> {
    let program = program(root)?;
    let ask = |connection: Option<&str>| effective(&program, connection);
    let everybody = match ask(None) {
        Ok(settings) => settings,
        Err(why) => {
            let faults = vec![(Scope::Everybody, SshdFault::Unreadable(why))];
            return Some(Sshd { faults, key_comes_first: false });
        }
    };
    let mut faults = judge(&everybody, Scope::Everybody, None);
    for block in matches::blocks(root, CONFIG) {
        match ask(Some(&block.connection)) {
            Ok(settings) => faults.extend(judge(&settings, Scope::Match(block.written), Some(&everybody))),
            Err(why) => faults.push((Scope::Match(block.written), SshdFault::Unreadable(why))),
        }
    }
    Some(Sshd { faults, key_comes_first: everybody.key_comes_first() })
}

/// The sshd of the machine, if it has one.
pub(crate) fn program(root: &Root) -> Option<PathBuf> {
    PROGRAMS.iter().map(|program| root.join(program)).find(|program| program.exists())
}

/// The Match lines whose settings hold by where somebody comes from.
pub(crate) fn by_place(root: &Root) -> Vec<String> {
    matches::by_place(root, CONFIG)
}

/// The settings for a login of `user` from this machine to itself; else sshd's last words.
///
/// # Errors
/// sshd does not say; why.
pub(crate) fn from_here(program: &Path, user: &str) -> Result<Settings, String> {
    effective(program, Some(&format!("user={user},host=localhost,addr=127.0.0.1")))
}

/// What `sshd -T` prints, for a connection of this kind; else its last words.
fn effective(program: &Path, connection: Option<&str>) -> Result<Settings, String> {
    let mut command = Command::new(program);
    command.arg("-T").stdin(Stdio::null());
    if let Some(connection) = connection {
        command.args(["-C", connection]);
    }
    let output = command.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(Settings::parse(&String::from_utf8_lossy(&output.stdout)));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().last().unwrap_or_default().trim().to_owned())
}
