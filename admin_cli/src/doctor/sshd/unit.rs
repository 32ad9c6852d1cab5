//! What systemd calls sshd here, and whether a socket starts it.

use pam_stack::{Found, Root};
use std::path::Path;

/// Where units lie, the sysadmin's first (`systemd.unit(5)`).
const UNITS: [&str; 4] =
    ["/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
/// Where drop-ins for units lie besides: what generators wrote.
const GENERATED: &str = "/run/systemd/generator";
/// What makes Ubuntu's socket listen where sshd's settings say.
const GENERATOR: &str = "/usr/lib/systemd/system-generators/sshd-socket-generator";
/// Names of distributions: Debian, Ubuntu and their kin; all others.
const NAMES: [&str; 2] = ["ssh", "sshd"];

/// How sshd runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Its unit's name, without `.service`.
    pub(crate) name: &'static str,
    /// What its socket listens on, where a socket starts it.
    pub(crate) socket: Option<Socket>,
}

/// A socket that starts sshd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Socket {
    /// Every `ListenStream=`.
    pub(crate) streams: Vec<String>,
    /// Each connection has an sshd of its own.
    pub(crate) is_each_apart: bool,
    /// A generator carries sshd's settings over.
    pub(crate) follows_settings: bool,
}

impl Unit {
    /// That of the machine below `root`; `None`: not of systemd.
    pub(crate) fn of(root: &Root) -> Option<Self> {
        // A link is another name of the unit: Debian's ssh.service is called sshd.service besides.
        let is_there = |name: &&&str| {
            let paths = UNITS.iter().map(|directory| root.join(format!("{directory}/{name}.service")));
            paths.into_iter().any(|path| path.exists() && !path.is_symlink())
        };
        let name = NAMES.iter().find(is_there)?;
        Some(Self { name, socket: socket(root, name) })
    }

    /// The command by which sshd takes new settings; `None`: the next connection does.
    pub(crate) fn reload(&self) -> Option<String> {
        match &self.socket {
            Some(socket) if socket.is_each_apart => None,
            // Before the first connection there is nothing to reload, which `reload` takes for an error.
            Some(_) => Some(format!("systemctl try-reload-or-restart {}", self.name)),
            None => Some(format!("systemctl reload {}", self.name)),
        }
    }
}

/// The socket, if it is switched on.
fn socket(root: &Root, name: &str) -> Option<Socket> {
    let unit = format!("{name}.socket");
    let is_on = UNITS.iter().any(|directory| {
        let link = root.join(format!("{directory}/sockets.target.wants/{unit}"));
        link.is_symlink() || link.exists()
    });
    if !is_on {
        return None;
    }
    let text = UNITS.iter().find_map(|directory| text(root, &format!("{directory}/{unit}")))?;
    let mut more: Vec<String> = Vec::new();
    for directory in UNITS.iter().chain(&[GENERATED]) {
        more.extend(drop_ins(root, &format!("{directory}/{unit}.d")));
    }
    let mut streams = Vec::new();
    let mut is_each_apart = false;
    for line in [vec![text], more].concat().iter().flat_map(|text| text.lines()) {
        match line.trim().split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            // An empty value forgets the ones before it.
            Some(("ListenStream", "")) => streams.clear(),
            Some(("ListenStream", stream)) => streams.push(stream.to_owned()),
            Some(("Accept", value)) => is_each_apart = ["yes", "true", "1", "on"].contains(&value),
            _ => {}
        }
    }
    let follows_settings = root.join(GENERATOR).exists();
    Some(Socket { streams, is_each_apart, follows_settings })
}

fn text(root: &Root, path: &str) -> Option<String> {
    match root.service_file(path) {
        Some(Found::File(_, text)) => Some(String::from_utf8_lossy(&text).into_owned()),
        _ => None,
    }
}

fn drop_ins(root: &Root, directory: &str) -> Vec<String> {
    let entries = std::fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.retain(|name| Path::new(name).extension().is_some_and(|end| end == "conf"));
    names.sort();
    names.iter().filter_map(|name| text(root, &format!("{directory}/{name}"))).collect()
}

impl Socket {
    /// Whether it listens on this port.
    pub(super) fn has_port(&self, port: &str) -> bool {
        self.streams.iter().any(|stream| stream.rsplit(':').next() == Some(port))
    }

    /// Whether it listens at this address, which may have a port behind it.
    pub(super) fn has_address(&self, address: &str) -> bool {
        let address = host(address);
        let is_any = ["0.0.0.0", "::"].contains(&address);
        self.streams.iter().any(|stream| match stream.rsplit_once(':') {
            Some((at, _)) => host(at) == address,
            None => is_any,
        })
    }
}

/// An address without its port and brackets.
fn host(address: &str) -> &str {
    match address.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None if address.matches(':').count() == 1 => address.split(':').next().unwrap_or(address),
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    const SYSTEM: &str = "usr/lib/systemd/system";

    fn machine(files: &[(&str, &str)], links: &[(&str, &str)]) -> Option<Unit> {
        let directory = tempfile::tempdir().unwrap();
        let place = |name: &str| {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            path
        };
        files.iter().for_each(|(name, text)| fs::write(place(name), text).unwrap());
        links.iter().for_each(|(name, target)| symlink(target, place(name)).unwrap());
        Unit::of(&Root::new(directory.path()))
    }

    #[test]
    fn the_command_is_the_one_that_works_on_this_machine() {
        let ssh = (&*format!("{SYSTEM}/ssh.service"), "[Service]\n");
        let sshd = (&*format!("{SYSTEM}/sshd.service"), "[Service]\n");
        let socket = |accept| {
            (format!("{SYSTEM}/ssh.socket"), format!("[Socket]\nListenStream=22\nAccept={accept}\n"))
        };
        let (each, one) = (socket("yes"), socket("no"));
        let (each, one) = ((&*each.0, &*each.1), (&*one.0, &*one.1));
        let on = ("etc/systemd/system/sockets.target.wants/ssh.socket", "/lib/systemd/system/ssh.socket");
        let alias = ("etc/systemd/system/sshd.service", "/lib/systemd/system/ssh.service");
        let reload = |unit: Option<Unit>| unit.map(|unit| unit.reload());
        assert_eq!(reload(machine(&[], &[])), None);
        assert_eq!(reload(machine(&[ssh, one], &[alias])), Some(Some("systemctl reload ssh".to_owned())));
        assert_eq!(reload(machine(&[sshd], &[])), Some(Some("systemctl reload sshd".to_owned())));
        let restart = "systemctl try-reload-or-restart ssh".to_owned();
        assert_eq!(reload(machine(&[ssh, one], &[on])), Some(Some(restart)));
        assert_eq!(reload(machine(&[ssh, each], &[on])), Some(None));
    }

    #[test]
    fn drop_ins_of_the_socket_say_where_it_listens() {
        let on = ("etc/systemd/system/sockets.target.wants/ssh.socket", "/lib/systemd/system/ssh.socket");
        let unit = machine(
            &[
                (&format!("{SYSTEM}/ssh.service"), ""),
                (
                    &format!("{SYSTEM}/ssh.socket"),
                    "[Socket]\nListenStream=0.0.0.0:22\nListenStream=[::]:22\n",
                ),
                (
                    "etc/systemd/system/ssh.socket.d/addresses.conf",
                    "[Socket]\nListenStream=\nListenStream=2222\n",
                ),
                (
                    "run/systemd/generator/ssh.socket.d/addresses.conf",
                    "[Socket]\nListenStream=[fd00::1]:2223\n",
                ),
            ],
            &[on],
        );
        let socket = unit.unwrap().socket.unwrap();
        assert_eq!(socket.streams, ["2222", "[fd00::1]:2223"]);
        assert!(socket.has_port("2222") && socket.has_port("2223") && !socket.has_port("22"));
        for (address, expected) in [
            ("fd00::1", true),
            ("[fd00::1]:2223", true),
            ("0.0.0.0", true),
            ("192.0.2.1:22", false),
            ("fd00::2", false),
        ] {
            assert_eq!(socket.has_address(address), expected, "{address}");
        }
        assert!(!socket.follows_settings && !socket.is_each_apart);
    }
}
