//! Settings of ours that another line comes before, files that sshd does not read or has not read yet.

use super::order::{ReadingOrder, Setting};
use super::settings::Settings;
use super::unit::Unit;
use pam_stack::{Found, Place, Root};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where the example is to be put.
const DROP_INS: &str = "/etc/ssh/sshd_config.d";
/// What its name has in it.
const NAME: &str = "wardkey";
/// In a second.
const NANOSECONDS: i128 = 1_000_000_000;

/// What is wrong with where a setting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PlaceFault {
    /// The first is in force, and the second is ours.
    Overruled(Setting, Setting),
    /// sshd does not read this file.
    NotIncluded(PathBuf),
    /// Our file is included under a Match line, and holds only for those whom that means.
    UnderMatch(PathBuf, Place),
    /// This file was changed after sshd had read its settings.
    NotReadYet(PathBuf),
    /// A socket listens, and this setting says where sshd would.
    SocketListens(Setting),
}

/// All of them; `in_force` is what `sshd -T` says for everybody, where it says anything.
pub(super) fn faults(
    root: &Root,
    order: &ReadingOrder,
    in_force: Option<&Settings>,
    unit: Option<&Unit>,
) -> Vec<PlaceFault> {
    let ours = our_files(root);
    let not_included = ours.iter().filter(|file| !order.files.contains(file));
    let mut faults: Vec<PlaceFault> = not_included.cloned().map(PlaceFault::NotIncluded).collect();
    faults.extend(ours.iter().filter_map(|file| under_match(order, file)));
    faults.extend(overruled(order, in_force, &ours));
    faults.extend(in_force.and_then(|said| stale(root, order, said)).map(PlaceFault::NotReadYet));
    faults.extend(socket_listens(order, unit));
    faults
}

/// Our files, whether sshd reads them or not.
fn our_files(root: &Root) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join(DROP_INS)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    let ours = names.filter(|name| {
        let name = name.to_string_lossy();
        name.contains(NAME) && name.ends_with(".conf")
    });
    let mut files: Vec<PathBuf> = ours.map(|name| Path::new(DROP_INS).join(name)).collect();
    files.sort();
    files
}

fn under_match(order: &ReadingOrder, file: &Path) -> Option<PlaceFault> {
    let mut settings = order.settings.iter().filter(|setting| setting.place.file == file);
    let first = settings.next().filter(|setting| !setting.is_for_all)?;
    let outer = first.under.as_ref().filter(|place| place.file != file)?;
    Some(PlaceFault::UnderMatch(file.to_owned(), outer.clone()))
}

/// Where `sshd -T` says what the first line says, and not what ours does. Where sshd refuses its settings, that may be why.
fn overruled(order: &ReadingOrder, in_force: Option<&Settings>, ours: &[PathBuf]) -> Vec<PlaceFault> {
    let meant = order.settings.iter().filter(|s| s.under.is_none() && ours.contains(&s.place.file));
    let faults = meant.filter_map(|ours| {
        let first = order.first(&ours.key).filter(|first| first.place != ours.place)?;
        let said = match in_force {
            Some(said) => said.value(&ours.key)?,
            None => first.value.as_str(),
        };
        let is_so = first.has_value(said) && !ours.has_value(said);
        is_so.then(|| PlaceFault::Overruled(first.clone(), ours.clone()))
    });
    faults.collect()
}

/// The first file that is newer than the one in which sshd, when it has read its settings, writes its number.
fn stale(root: &Root, order: &ReadingOrder, in_force: &Settings) -> Option<PathBuf> {
    let pid_file = in_force.value("pidfile").filter(|path| path.starts_with('/'))?;
    let number: u32 = text(root, pid_file)?.trim().parse().ok()?;
    let is_sshd = fs::read_link(root.join(format!("/proc/{number}/exe"))).is_ok_and(|program| {
        program.file_name().is_some_and(|name| name.to_string_lossy().starts_with("sshd"))
    });
    let read = changed(root, Path::new(pid_file)).filter(|_| is_sshd)?;
    // The clock was set since: files of before then would look new.
    if read < booted(root)? {
        return None;
    }
    let newer = |file: &&PathBuf| changed(root, file).is_some_and(|at| at > read);
    order.files.iter().find(newer).cloned()
}

/// When the machine was started, by the clock of now (`proc_stat(5)`); in nanoseconds since 1970.
fn booted(root: &Root) -> Option<i128> {
    let stat = text(root, "/proc/stat")?;
    let seconds = stat.lines().find_map(|line| line.strip_prefix("btime "))?;
    Some(seconds.trim().parse::<i128>().ok()? * NANOSECONDS)
}

fn text(root: &Root, path: &str) -> Option<String> {
    match root.service_file(path) {
        Some(Found::File(_, text)) => Some(String::from_utf8_lossy(&text).into_owned()),
        _ => None,
    }
}

/// When the content of a file last changed, in nanoseconds since 1970.
fn changed(root: &Root, path: &Path) -> Option<i128> {
    let about = fs::metadata(root.join(path)).ok()?;
    Some(i128::from(about.mtime()) * NANOSECONDS + i128::from(about.mtime_nsec()))
}

/// Where a socket listens elsewhere than the settings say, and nothing carries them over.
fn socket_listens(order: &ReadingOrder, unit: Option<&Unit>) -> Option<PlaceFault> {
    let socket = unit?.socket.as_ref().filter(|socket| !socket.follows_settings)?;
    let is_elsewhere = |setting: &&Setting| match setting.key.as_str() {
        "port" => !socket.has_port(&setting.value),
        "listenaddress" => !socket.has_address(&setting.value),
        _ => false,
    };
    order.settings.iter().find(is_elsewhere).cloned().map(PlaceFault::SocketListens)
}

#[cfg(test)]
#[path = "places_tests.rs"]
mod tests;
