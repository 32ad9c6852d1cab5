//! sshd by its effective configuration, as `sshd -T` tells it, for everybody and for each Match block.

mod judge;
mod matches;
mod order;
mod places;
mod settings;
mod unit;

pub(crate) use judge::{Scope, SshdFault};
pub(crate) use places::PlaceFault;
pub(crate) use unit::Unit;

use super::output::output;
use judge::judge;
use order::{ReadingOrder, Setting};
use pam_stack::{Place, Root};
pub(crate) use settings::Settings;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where distributions have sshd.
const PROGRAMS: [&str; 2] = ["/usr/sbin/sshd", "/usr/bin/sshd"];
/// Its configuration (`sshd_config(5)`).
pub(crate) const CONFIG: &str = "/etc/ssh/sshd_config";
/// The same where the vendor's file is used.
const VENDOR_CONFIG: &str = "/usr/etc/ssh/sshd_config";
/// A connection that no Match block need be for.
const ANYWHERE: &str = "user=nobody,host=localhost,addr=192.0.2.1";

/// How long it may take: it reads its files, and looks up people and groups of Match lines.
const PATIENCE: Duration = Duration::from_secs(10);

/// What Debian's sshd says, also to `-T`, before its unit has run (`RuntimeDirectory=sshd`): with a socket that starts one for
/// each connection, most of the time.
const NO_DIRECTORY: &str = "Missing privilege separation directory: /run/sshd";

/// Makes that directory as the unit does.
fn make_its_directory() -> std::io::Result<()> {
    std::fs::DirBuilder::new().mode(0o755).create("/run/sshd")
}

/// What sshd does.
pub(crate) struct Sshd {
    program: Program,
    connections: Vec<String>,
    /// What is wrong, for whom, and which line is in force.
    pub(crate) faults: Vec<(Scope, SshdFault, Option<Place>)>,
    /// What is wrong with where the settings stand.
    pub(crate) misplaced: Vec<PlaceFault>,
    /// Its unit, where systemd runs it.
    pub(crate) unit: Option<Unit>,
    /// Whether a key comes before every question of PAM, for everybody.
    pub(crate) key_comes_first: bool,
}

/// Asks the sshd of this machine; `None` where there is none.
pub(crate) fn examine(root: &Root) -> Option<Sshd> {
    let config = [CONFIG, VENDOR_CONFIG].into_iter().find(|path| root.join(path).exists()).unwrap_or(CONFIG);
    examine_as(root, config)
}

/// The same, as it would be with the configuration in this file.
pub(crate) fn examine_as(root: &Root, config: &str) -> Option<Sshd> {
    let program = Program { path: program(root)?, config: config.to_owned() };
    let unit = Unit::of(root);
    let order = ReadingOrder::read(root, config);
    let everybody = match program.settings(None) {
        Ok(settings) => settings,
        Err(fault) => {
            let faults = vec![(Scope::Everybody, fault, None)];
            let misplaced = places::faults(root, &order, None, unit.as_ref());
            let connections = Vec::new();
            return Some(Sshd { program, connections, faults, misplaced, unit, key_comes_first: false });
        }
    };
    let mut faults = placed(&everybody, Scope::Everybody, None, |key| order.first(key));
    let mut connections = vec![ANYWHERE.to_owned()];
    for block in matches::blocks(root, config) {
        connections.push(block.connection.clone());
        let scope = Scope::Match(block.written);
        let own = |key: &str| order.first_under(key, &block.place);
        let of_block = match program.settings(Some(&block.connection)) {
            Ok(settings) => placed(&settings, scope, Some(&everybody), own),
            Err(fault) => vec![(scope, fault, None)],
        };
        let at_block = |place: Option<Place>| place.or_else(|| Some(block.place.clone()));
        let is_silent = of_block.iter().any(|(_, fault, _)| *fault == SshdFault::Silent);
        faults.extend(of_block.into_iter().map(|(scope, fault, place)| (scope, fault, at_block(place))));
        if is_silent {
            break;
        }
    }
    let misplaced = places::faults(root, &order, Some(&everybody), unit.as_ref());
    let key_comes_first = everybody.key_comes_first();
    Some(Sshd { program, connections, faults, misplaced, unit, key_comes_first })
}

/// What is wrong, with the place of the line that makes it so.
fn placed<'o>(
    settings: &Settings,
    scope: Scope,
    everybody: Option<&Settings>,
    line: impl Fn(&str) -> Option<&'o Setting>,
) -> Vec<(Scope, SshdFault, Option<Place>)> {
    let faults = judge(settings, scope, everybody).into_iter();
    let place = |fault: &SshdFault| Some(line(fault.key(settings)?)?.place.clone());
    faults.map(|(scope, fault)| (scope, fault.clone(), place(&fault))).collect()
}

impl Sshd {
    /// Whether a key alone lets this account in from anywhere, and where its keys are; `None` where sshd does not say.
    pub(crate) fn keys_of(&self, name: &str) -> Option<Keys> {
        let mut keys = Keys { opens: false, files: Vec::new() };
        for connection in &self.connections {
            let parts = connection.split(',').map(|part| match part.split_once('=') {
                Some(("user", _)) => format!("user={name}"),
                _ => part.to_owned(),
            });
            let settings = self.program.settings(Some(&parts.collect::<Vec<_>>().join(","))).ok()?;
            keys.opens |= settings.takes_keys && settings.opens_without_questions("publickey");
            let files = settings.value("authorizedkeysfile").unwrap_or_default();
            keys.files.extend(files.split_whitespace().map(str::to_owned));
        }
        Some(keys)
    }
}

/// What sshd does with an account's keys.
pub(crate) struct Keys {
    /// They open by themselves, at least from one place.
    pub(crate) opens: bool,
    /// Where they are (`AuthorizedKeysFile`).
    pub(crate) files: Vec<String>,
}

/// The sshd of the machine, if it has one.
pub(crate) fn program(root: &Root) -> Option<PathBuf> {
    PROGRAMS.iter().map(|program| root.join(program)).find(|program| program.exists())
}

/// The Match lines whose settings hold by where somebody comes from.
pub(crate) fn by_place(root: &Root) -> Vec<String> {
    matches::by_place(root, CONFIG)
}

/// The settings for a login of `user` from this machine to itself.
///
/// # Errors
/// sshd does not say; why.
pub(crate) fn from_here(program: &Path, user: &str) -> Result<Settings, SshdFault> {
    let program = Program { path: program.to_owned(), config: CONFIG.to_owned() };
    program.settings(Some(&format!("user={user},host=localhost,addr=127.0.0.1")))
}

/// sshd, and the configuration that it reads.
struct Program {
    path: PathBuf,
    config: String,
}

impl Program {
    /// What `sshd -T` prints, for a connection of this kind.
    fn settings(&self, connection: Option<&str>) -> Result<Settings, SshdFault> {
        let own = (self.config != CONFIG).then_some(["-f", self.config.as_str()]);
        let of_connection = connection.map(|connection| ["-C", connection]);
        let arguments = own.into_iter().chain(of_connection).flatten();
        let arguments: Vec<&str> = ["-T"].into_iter().chain(arguments).collect();
        let unreadable = |why: &str| SshdFault::Unreadable(why.to_owned());
        let ask = || output(&self.path, &arguments, PATIENCE).map_err(|error| unreadable(&error.to_string()));
        let mut said = ask()?.ok_or(SshdFault::Silent)?;
        if said.error.contains(NO_DIRECTORY) && make_its_directory().is_ok() {
            said = ask()?.ok_or(SshdFault::Silent)?;
        }
        if said.is_success {
            return Ok(Settings::parse(&said.out));
        }
        Err(unreadable(said.error.lines().last().unwrap_or_default().trim()))
    }
}
