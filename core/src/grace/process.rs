//! What the kernel says of a process, read through its open directory in /proc: once that is open, another process
//! that was given the same number later cannot take its place.

use super::session::{Cgroup, Leader, NoSession, Session, Told, UNSET, identify, is_outside};
use crate::system::trusted_file::{self, Untrusted};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Longest file of /proc that is read, in bytes.
const MAX_LEN: u64 = 16 * 1024;

/// Where a hierarchy that holds the sessions may be: unified, beside older ones, and older ones alone.
const HIERARCHIES: [&str; 3] = ["", "unified", "systemd"];

/// The group below which root's manager puts logind's sessions.
const USERS: &str = "user.slice";

/// Where the kernel says so.
#[derive(Debug, Clone)]
pub struct Kernel {
    proc: PathBuf,
    cgroup: PathBuf,
}

impl Default for Kernel {
    fn default() -> Self {
        Self { proc: "/proc".into(), cgroup: "/sys/fs/cgroup".into() }
    }
}

impl Kernel {
    #[cfg(test)]
    pub(crate) fn below(root: &Path) -> Self {
        Self { proc: root.join("proc"), cgroup: root.join("cgroup") }
    }
}

/// A process that was there when this was made.
#[derive(Debug)]
pub struct Process<'k> {
    kernel: &'k Kernel,
    pid: u32,
    dir: OwnedFd,
    shown: PathBuf,
}

/// The fields of its `stat` that tell sessions apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stat {
    session: u32,
    tty: u32,
    start: u64,
}

impl<'k> Process<'k> {
    /// The process of that number. A caller who had the number from a socket (`SO_PEERCRED`) looks at the socket's
    /// `SO_PEERPIDFD` after this: if its process still runs then, this is that one.
    ///
    /// # Errors
    /// [`NoSession::Unreadable`] when there is none.
    pub fn open(kernel: &'k Kernel, pid: u32) -> Result<Self, NoSession> {
        let shown = kernel.proc.join(pid.to_string());
        let dir = trusted_file::open_foreign_dir(&shown)?;
        Ok(Self { kernel, pid, dir, shown })
    }

    /// Its real uid: a set-uid program's is that of the person who started it.
    ///
    /// # Errors
    /// [`NoSession::Unreadable`] when it has ended.
    pub fn real_uid(&self) -> Result<u32, NoSession> {
        let status = self.text("status")?;
        let uid = status.lines().find_map(|line| line.strip_prefix("Uid:")?.split_whitespace().next());
        uid.and_then(|uid| uid.parse().ok()).ok_or_else(|| self.odd("status"))
    }

    /// The login session in which it is, of the account `uid`.
    ///
    /// # Errors
    /// [`NoSession`]: then no grace begins or holds, and a code is asked for.
    pub fn session(&self, uid: u32) -> Result<Session, NoSession> {
        let stat = self.stat()?;
        identify(&self.told(stat)?, uid, || self.leader(stat))
    }

    /// Whether the account `uid` can be logging in here afresh; no: what opens here is opened inside a session of theirs.
    ///
    /// # Errors
    /// [`NoSession`]: it cannot be known. So it is, too, where a session of theirs has no number on this machine.
    pub fn is_outside_sessions_of(&self, uid: u32) -> Result<bool, NoSession> {
        let is_outside = is_outside(&self.told(self.stat()?)?, uid);
        if is_outside && !self.kernel.tells_sessions_of(uid) {
            return Err(NoSession::NoLeader);
        }
        Ok(is_outside)
    }

    fn told(&self, stat: Stat) -> Result<Told, NoSession> {
        Ok(Told {
            real_uid: self.real_uid()?,
            loginuid: self.audit("loginuid")?,
            sessionid: self.audit("sessionid")?,
            cgroup: self.cgroup()?,
            tty: stat.tty,
        })
    }

    fn text(&self, name: &str) -> Result<String, Untrusted> {
        let shown = self.shown.join(name);
        let bytes = trusted_file::read_foreign_in(Some(self.dir.as_fd()), Path::new(name), &shown, MAX_LEN)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn odd(&self, name: &str) -> NoSession {
        NoSession::Odd(self.shown.join(name))
    }

    /// A kernel without audit has no such file: then nothing is said.
    fn audit(&self, name: &str) -> Result<u32, NoSession> {
        match self.text(name) {
            Err(e) if e.is_missing() => Ok(UNSET),
            other => other?.trim().parse().map_err(|_| self.odd(name)),
        }
    }

    fn cgroup(&self) -> Result<Cgroup, NoSession> {
        let text = match self.text("cgroup") {
            Err(e) if e.is_missing() => return Ok(Cgroup::Elsewhere),
            other => other?,
        };
        Ok(Cgroup::parse(&text, |path| self.kernel.cgroup_inode(path)))
    }

    fn stat(&self) -> Result<Stat, NoSession> {
        parse_stat(&self.text("stat")?).ok_or_else(|| self.odd("stat"))
    }

    /// The leader of its session; while a process is in a session, the kernel gives its leader's number to no other.
    fn leader(&self, of: Stat) -> Result<Leader, NoSession> {
        let leader = Process::open(self.kernel, of.session).map_err(|_| NoSession::NoLeader)?;
        let stat = leader.stat().map_err(|_| NoSession::NoLeader)?;
        let real_uid = leader.real_uid().map_err(|_| NoSession::NoLeader)?;
        let leads = stat.session == leader.pid && stat.tty == of.tty;
        leads.then_some(Leader { pid: leader.pid, start: stat.start, real_uid }).ok_or(NoSession::NoLeader)
    }
}

impl Kernel {
    /// Whether sessions have a number here: by logind's groups, or by audit, where logins set it (`pam_loginuid`) and
    /// some process was started by one. That the kernel could is not enough.
    #[must_use]
    pub fn tells_sessions(&self) -> bool {
        self.has_groups()
            || self.processes().any(|process| process.audit("loginuid").is_ok_and(|uid| uid != UNSET))
    }

    /// Whether every session that the account `uid` has here can be told from none. A screen that is locked belongs to
    /// processes of theirs; without a number of their own (root may have started a display manager by hand, from a session
    /// of somebody else), nothing tells who unlocks it from who logs in.
    fn tells_sessions_of(&self, uid: u32) -> bool {
        let has_audit = || self.proc.join("self/loginuid").exists();
        let is_unnumbered = |process: Process<'_>| {
            process.real_uid().is_ok_and(|of| of == uid)
                && !process.audit("loginuid").is_ok_and(|of| of == uid)
        };
        self.has_groups() || (has_audit() && !self.processes().any(is_unnumbered))
    }

    fn has_groups(&self) -> bool {
        self.cgroup_inode(USERS).is_some()
    }

    /// Every process that is there and does not end meanwhile.
    fn processes(&self) -> impl Iterator<Item = Process<'_>> {
        let entries = std::fs::read_dir(&self.proc).into_iter().flatten().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter_map(|pid| Process::open(self, pid).ok())
    }

    /// The number of a group, which no later group of that name gets in this boot.
    fn cgroup_inode(&self, path: &str) -> Option<u64> {
        let path = path.trim_start_matches('/');
        HIERARCHIES.into_iter().find_map(|hierarchy| {
            let at = std::fs::symlink_metadata(self.cgroup.join(hierarchy).join(path)).ok()?;
            at.is_dir().then(|| at.ino())
        })
    }
}

/// Counted from behind the name, which may hold blanks and brackets: session, `tty_nr` and starttime are fields 6, 7, 22.
fn parse_stat(text: &str) -> Option<Stat> {
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(3);
    let session = fields.next()?.parse().ok()?;
    // Printed as a signed number, but it is a device.
    let tty = fields.next()?.parse::<i32>().ok()?.cast_unsigned();
    let start = fields.nth(14)?.parse().ok()?;
    Some(Stat { session, tty, start })
}

#[cfg(test)]
#[path = "process_testing.rs"]
pub(crate) mod testing;
#[cfg(test)]
#[path = "process_tests.rs"]
mod tests;
