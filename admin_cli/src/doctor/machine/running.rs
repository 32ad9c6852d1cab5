//! The helper that runs: what it answers, and whether its file was replaced since it began.

use super::fault::MachineFault;
use crate::context::Context;
use pam_stack::{Found, Root};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;
use wardkey_core::desk::DeskWork;
use wardkey_core::desk::action::Action;
use wardkey_core::login::PamItems;
use wardkey_core::user::UserName;
use wardkey_core::wire::{Denial, Helper, Silence};

/// A helper that has not answered by then does not answer: it looks nothing up for this question.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest name of a service that a helper takes is 64 bytes: it denies a longer one, after it has looked at the question's
/// version and configuration, and before it looks anybody up.
const REFUSED: usize = 65;

/// How the kernel writes a file that is gone (`proc_pid_exe(5)`).
const GONE: &str = " (deleted)";

/// What is wrong with its answer. That nobody listens is said elsewhere.
pub(super) fn answer(context: &Context) -> Option<MachineFault> {
    let socket = context.config.helper.socket.path();
    let items = PamItems { service: "?".repeat(REFUSED), ..PamItems::default() };
    let question = context.question(&UserName::new(b"root").ok()?, items, DeskWork::Action(Action::Status));
    let deadline = context.config.helper.deadline.get().min(PATIENCE);
    let silence = Helper { socket: &socket, deadline }.ask(&question).err()?;
    fault(context.config.helper.socket.path(), silence)
}

fn fault(socket: PathBuf, silence: Silence) -> Option<MachineFault> {
    match silence {
        Silence::NotThere(_) | Silence::Left => None,
        Silence::Denied(Denial::Version) => Some(MachineFault::HelperOtherWords(socket)),
        Silence::Denied(Denial::OtherConfig { own, .. }) => Some(MachineFault::HelperOtherConfig(own)),
        Silence::Denied(Denial::Malformed | Denial::Busy | Denial::NotYou) => None,
        Silence::Denied(Denial::Broken(why)) => Some(MachineFault::HelperFails(socket, why)),
        other @ (Silence::NotRoot | Silence::Slow | Silence::Broken(_)) => {
            Some(MachineFault::HelperFails(socket, other.to_string()))
        }
    }
}

/// The process of the helper at this path, where its file was replaced. Its copies, which serve somebody, end by themselves.
pub(super) fn outdated(root: &Root, helper: &Path) -> Option<MachineFault> {
    let entries = std::fs::read_dir(root.join("/proc")).into_iter().flatten().flatten();
    let mut processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let mut gone = helper.as_os_str().to_owned();
    gone.push(GONE);
    let runs = |process: u32, file: &OsStr| {
        std::fs::read_link(root.join(format!("/proc/{process}/exe"))).is_ok_and(|program| program == file)
    };
    let is_a_helper = |process: u32| runs(process, &gone) || runs(process, helper.as_os_str());
    let is_copy = |process: u32| parent(root, process).is_some_and(is_a_helper);
    let is_old = |process: &u32| runs(*process, &gone) && is_here(root, *process) && !is_copy(*process);
    processes.find(is_old).map(MachineFault::HelperOld)
}

/// Whether it is of this machine: a container on it has a helper of its own.
fn is_here(root: &Root, process: u32) -> bool {
    let space = |of: &str| std::fs::read_link(root.join(format!("/proc/{of}/ns/pid"))).ok();
    space("self") == space(&process.to_string())
}

fn parent(root: &Root, process: u32) -> Option<u32> {
    let Some(Found::File(_, text)) = root.service_file(&format!("/proc/{process}/status")) else {
        return None;
    };
    let text = String::from_utf8_lossy(&text);
    text.lines().find_map(|line| line.strip_prefix("PPid:")).and_then(|number| number.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids};
    use super::*;
    use std::os::unix::fs::symlink;

    fn running(processes: &[(u32, u32, &str)]) -> Option<u32> {
        let scratch = files(&[]);
        for (process, parent, program) in processes {
            let place = scratch.path().join(format!("proc/{process}"));
            std::fs::create_dir_all(&place).unwrap();
            std::fs::write(place.join("status"), format!("Name:\tx\nPPid:\t{parent}\n")).unwrap();
            symlink(program, place.join("exe")).unwrap();
        }
        match outdated(&Root::new(scratch.path()), Path::new("/usr/libexec/wardkey/wardkey-helper")) {
            Some(MachineFault::HelperOld(process)) => Some(process),
            _ => None,
        }
    }

    #[test]
    fn a_helper_whose_file_was_replaced_is_told_and_its_copies_are_not() {
        let (new, old) =
            ("/usr/libexec/wardkey/wardkey-helper", "/usr/libexec/wardkey/wardkey-helper (deleted)");
        assert_eq!(running(&[(7, 1, new), (1, 0, "/usr/lib/systemd/systemd")]), None);
        assert_eq!(running(&[(7, 1, old), (8, 7, old)]), Some(7));
        assert_eq!(running(&[(7, 1, new), (8, 7, old)]), None);
        assert_eq!(
            running(&[(7, 1, "/usr/bin/sshd (deleted)"), (8, 7, "/home/wardkey-helper (deleted)")]),
            None
        );
        assert_eq!(running(&[]), None);
    }

    #[test]
    fn each_denial_that_is_no_answer_to_this_question_is_told() {
        let of = |silence| ids(&Vec::from_iter(fault("/run/s".into(), silence)));
        assert_eq!(of(Silence::Denied(Denial::Malformed)), [""; 0]);
        assert_eq!(of(Silence::Denied(Denial::Version)), ["helper-other-version"]);
        let other = Denial::OtherConfig { asked: "/a".into(), own: "/b".into() };
        assert_eq!(of(Silence::Denied(other)), ["helper-other-configuration"]);
        assert_eq!(of(Silence::Denied(Denial::Broken("line 3".into()))), ["helper-fails"]);
        assert_eq!(of(Silence::Slow), ["helper-fails"]);
        assert_eq!(of(Silence::NotRoot), ["helper-fails"]);
    }
}
