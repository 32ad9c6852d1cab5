//! sshd's part: a drop-in that lets it ask PAM's questions, proven on a copy of its configuration before it is put in place.

use super::block::Block;
use super::change::Change;
use crate::doctor::sshd::{Scope, Sshd, SshdFault, examine, examine_as};
use pam_stack::{Found, Place, Root};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where the drop-in lies: sshd takes the first value that it meets, and reads these files in the order of their names.
pub(crate) const DROP_IN: &str = "/etc/ssh/sshd_config.d/00-wardkey.conf";
/// The directory of it.
const DIRECTORY: &str = "/etc/ssh/sshd_config.d";
/// sshd's configuration.
const CONFIG: &str = "/etc/ssh/sshd_config";

/// What stands in it.
pub(crate) fn drop_in(keys_too: bool) -> String {
    let methods = if keys_too {
        "# A key, and then password and code; or password and code alone.\nAuthenticationMethods publickey,keyboard-interactive keyboard-interactive\n"
    } else {
        "# Keys go on as they are, without a code.\n"
    };
    let text = format!(
        "UsePAM yes\n\
         # Password and code are two questions of one conversation. The password method answers both with the password.\n\
         KbdInteractiveAuthentication yes\n\
         PasswordAuthentication no\n{methods}"
    );
    Block::of(text.lines()).marked().iter().map(|line| format!("{line}\n")).collect()
}

/// Takes away a drop-in just as `enable` writes it, where no journal knows it any more: out of a backup, or where the state
/// was lost.
pub(crate) fn without_drop_in(root: &Root) -> Option<Change> {
    let path = PathBuf::from(DROP_IN);
    let Some(Found::File(_, content)) = root.file(&path) else { return None };
    let before = String::from_utf8(content).ok()?;
    let is_whole = [false, true].into_iter().any(|keys_too| before == drop_in(keys_too));
    is_whole.then_some(Change { path, before: Some(before), after: None })
}

/// A fault, for whom, and which line makes it so.
pub(crate) type PlacedFault = (Scope, SshdFault, Option<Place>);

/// Why sshd does not get it.
#[derive(Debug)]
pub(crate) enum Unfit {
    /// Its configuration does not include the directory.
    NotIncluded,
    /// It would still have these faults.
    Faults(Vec<PlacedFault>),
    /// The copy could not be made.
    Copy(io::Error),
}

/// Whether sshd needs the drop-in: it cannot ask, or answers every question with the password.
pub(crate) fn is_needed(faults: &[PlacedFault]) -> bool {
    faults.iter().any(|(_, fault, _)| shuts_out(fault))
}

/// Tries the drop-in on a copy below `scratch`, which is root's alone. With `keys_too` a key may open nothing by itself, but
/// where a Match block has it so.
///
/// # Errors
/// [`Unfit`].
pub(crate) fn rehearse(
    root: &Root,
    scratch: &Path,
    drop_in: &str,
    keys_too: bool,
) -> Result<Rehearsed, Unfit> {
    let copy = Copy::of(root, scratch, drop_in)?;
    let sshd = examine_as(root, &copy.0.join("sshd_config").display().to_string());
    judged(sshd.as_ref(), keys_too)?;
    Ok(Rehearsed { sshd, _copy: copy })
}

/// sshd with the drop-in, which may be asked while its copy lies there.
pub(crate) struct Rehearsed {
    /// What it does then.
    pub(crate) sshd: Option<Sshd>,
    _copy: Copy,
}

/// Whether sshd lets people in by password and code with its files as they are.
///
/// # Errors
/// [`Unfit`].
pub(crate) fn is_in_force(root: &Root) -> Result<(), Unfit> {
    judged(examine(root).as_ref(), false)
}

fn judged(sshd: Option<&Sshd>, keys_too: bool) -> Result<(), Unfit> {
    let faults = sshd.map(|sshd| sshd.faults.clone()).unwrap_or_default();
    let opens = |scope: &Scope, fault: &SshdFault| {
        keys_too && *scope == Scope::Everybody && *fault == SshdFault::KeysAlone
    };
    let bad: Vec<_> =
        faults.into_iter().filter(|(scope, fault, _)| shuts_out(fault) || opens(scope, fault)).collect();
    if bad.is_empty() { Ok(()) } else { Err(Unfit::Faults(bad)) }
}

/// Whether somebody does not get in for it, or only by the password.
fn shuts_out(fault: &SshdFault) -> bool {
    matches!(
        fault,
        SshdFault::NoPam | SshdFault::CannotAsk | SshdFault::PasswordOn | SshdFault::Unreadable(_)
    )
}

/// sshd's configuration with the drop-in, in a directory that goes with this value.
struct Copy(PathBuf);

impl Copy {
    fn of(root: &Root, scratch: &Path, drop_in: &str) -> Result<Self, Unfit> {
        let directory = scratch.join("sshd");
        let _ = fs::remove_dir_all(&directory);
        let copy = Self(directory.clone());
        copy.fill(root, drop_in).map_err(Unfit::Copy)?.then_some(copy).ok_or(Unfit::NotIncluded)
    }

    /// `false`: the configuration includes no such directory.
    #[expect(
        clippy::disallowed_methods,
        reason = "sshd's own files, which a copy of it reads and nothing else"
    )]
    fn fill(&self, root: &Root, drop_in: &str) -> io::Result<bool> {
        let parts = self.0.join("sshd_config.d");
        fs::create_dir_all(&parts)?;
        for entry in fs::read_dir(root.join(DIRECTORY))? {
            let entry = entry?;
            if entry.metadata()?.is_file() {
                fs::copy(entry.path(), parts.join(entry.file_name()))?;
            }
        }
        fs::write(parts.join("00-wardkey.conf"), drop_in)?;
        let whole = fs::read_to_string(root.join(CONFIG))?;
        let here = parts.display().to_string();
        let moved: String = whole.split_inclusive('\n').map(|line| moved(line, &here)).collect();
        fs::write(self.0.join("sshd_config"), &moved)?;
        Ok(moved != whole)
    }
}

/// An `Include` line that reads the copied directory instead; every other line as it is.
fn moved(line: &str, here: &str) -> String {
    let word = line.split_whitespace().next().unwrap_or_default();
    if !word.eq_ignore_ascii_case("include") {
        return line.to_owned();
    }
    let name = |part: &str| part.trim_matches('"').trim_start_matches("/etc/ssh/").to_owned();
    let parts = line.split_whitespace().skip(1).map(|part| match name(part).strip_prefix("sshd_config.d/") {
        Some(rest) => format!("{here}/{rest}"),
        None => part.to_owned(),
    });
    format!("{word} {}\n", parts.collect::<Vec<_>>().join(" "))
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
