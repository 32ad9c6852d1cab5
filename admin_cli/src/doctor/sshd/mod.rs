//! sshd by its effective configuration, as `sshd -T` tells it, for everybody and for each Match block.

mod judge;
mod matches;
mod settings;

pub(crate) use judge::{Scope, SshdFault};

use super::output::output;
use judge::judge;
use pam_stack::Root;
use settings::Settings;
use std::path::Path;
use std::time::Duration;

/// Where distributions have sshd.
const PROGRAMS: [&str; 2] = ["/usr/sbin/sshd", "/usr/bin/sshd"];
/// Its configuration (`sshd_config(5)`).
const CONFIG: &str = "/etc/ssh/sshd_config";

/// How long it may take: it reads its files, and looks up people and groups of Match lines.
const PATIENCE: Duration = Duration::from_secs(10);

/// What sshd does.
pub(crate) struct Sshd {
    /// What is wrong, and for whom.
    pub(crate) faults: Vec<(Scope, SshdFault)>,
    /// Whether a key comes before every question of PAM, for everybody.
    pub(crate) key_comes_first: bool,
}

/// Asks the sshd of this machine; `None` where there is none.
pub(crate) fn examine(root: &Root) -> Option<Sshd> {
    let program = PROGRAMS.iter().map(|program| root.join(program)).find(|program| program.exists())?;
    let ask = |connection: Option<&str>| effective(&program, connection);
    let everybody = match ask(None) {
        Ok(settings) => settings,
        Err(fault) => {
            let faults = vec![(Scope::Everybody, fault)];
            return Some(Sshd { faults, key_comes_first: false });
        }
    };
    let mut faults = judge(&everybody, Scope::Everybody, None);
    for block in matches::blocks(root, CONFIG) {
        match ask(Some(&block.connection)) {
            Ok(settings) => faults.extend(judge(&settings, Scope::Match(block.written), Some(&everybody))),
            Err(fault) => {
                let is_silent = fault == SshdFault::Silent;
                faults.push((Scope::Match(block.written), fault));
                if is_silent {
                    break;
                }
            }
        }
    }
    Some(Sshd { faults, key_comes_first: everybody.key_comes_first() })
}

/// What `sshd -T` prints, for a connection of this kind; else its last words.
fn effective(program: &Path, connection: Option<&str>) -> Result<Settings, SshdFault> {
    let arguments: Vec<&str> =
        ["-T"].into_iter().chain(connection.map(|c| ["-C", c]).into_iter().flatten()).collect();
    let unreadable = |why: &str| SshdFault::Unreadable(why.to_owned());
    let said = output(program, &arguments, PATIENCE).map_err(|error| unreadable(&error.to_string()))?;
    let said = said.ok_or(SshdFault::Silent)?;
    if said.is_success {
        return Ok(Settings::parse(&said.out));
    }
    Err(unreadable(said.error.lines().last().unwrap_or_default().trim()))
}
