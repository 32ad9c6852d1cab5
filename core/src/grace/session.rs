//! Which login session a process is in: by what the kernel says of it, never by what its environment says.

use crate::system::trusted_file::Untrusted;
use std::fmt;
use std::path::PathBuf;

/// What audit files hold when nobody has set them.
pub(super) const UNSET: u32 = u32::MAX;

/// One login session of this boot. Its text is the name of its file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Session {
    /// Numbered by the kernel's audit, once a boot, when `pam_loginuid` says who logs in.
    Audit(u32),
    /// A group of processes that logind made for one login.
    Cgroup {
        /// logind's name of it, which it may give again.
        name: String,
        /// The group's own number, which comes once a boot.
        inode: u64,
    },
    /// Processes under one leader, where nothing else is known.
    Leader {
        /// Their terminal; 0 for none.
        tty: u32,
        /// The leader.
        pid: u32,
        /// When it started, in the kernel's ticks since the boot.
        start: u64,
    },
}

impl Session {
    /// Whether the process that opens a session is already in it. A leader is none that can be known then: util-linux's
    /// login opens the session and then starts the shell, which becomes leader of a session of its own.
    #[must_use]
    pub const fn is_known_at_login(&self) -> bool {
        !matches!(self, Self::Leader { .. })
    }
}

/// The beginning of the file name of sessions that are known by their leader.
pub(super) const LEADER: &str = "leader-";

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Audit(id) => write!(f, "audit-{id}"),
            Self::Cgroup { name, inode } => write!(f, "cgroup-{name}-{inode}"),
            Self::Leader { tty, pid, start } => write!(f, "{LEADER}{tty}-{pid}-{start}"),
        }
    }
}

/// Why a process is in no session that could be told from another.
#[derive(Debug)]
pub enum NoSession {
    /// The process cannot be read: most likely it has ended.
    Unreadable(Untrusted),
    /// The kernel says something that this version does not understand.
    Odd(PathBuf),
    /// It was started by another account.
    OtherUid(u32),
    /// It is in a login session of another account.
    OtherLogin(u32),
    /// It belongs to the account's service manager, which all sessions share.
    UserManager,
    /// It is in a group of logind's that does not belong to a session.
    NoGroup,
    /// It is a service, or what leads its session is another's or has ended.
    NoLeader,
}

impl From<Untrusted> for NoSession {
    fn from(e: Untrusted) -> Self {
        Self::Unreadable(e)
    }
}

impl fmt::Display for NoSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no login session: ")?;
        match self {
            Self::Unreadable(e) => e.fmt(f),
            Self::Odd(path) => write!(f, "{} is not understood", path.display()),
            Self::OtherUid(uid) => write!(f, "started by uid {uid}"),
            Self::OtherLogin(uid) => write!(f, "in a login of uid {uid}"),
            Self::UserManager => f.write_str("started by the user's service manager"),
            Self::NoGroup => f.write_str("in a group of processes that belongs to no session"),
            Self::NoLeader => {
                f.write_str("neither audit nor logind knows one, and none can be told by its leader")
            }
        }
    }
}

/// What is known of a process.
pub(super) struct Told {
    pub(super) real_uid: u32,
    pub(super) loginuid: u32,
    pub(super) sessionid: u32,
    pub(super) cgroup: Cgroup,
    pub(super) tty: u32,
}

/// The process that leads another's session.
pub(super) struct Leader {
    pub(super) pid: u32,
    pub(super) start: u64,
    pub(super) real_uid: u32,
}

/// Where it stands among logind's groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Cgroup {
    /// In a session of this account.
    Scope { uid: u32, name: String, inode: u64 },
    /// Under the service manager of this account; unset where its slice is not understood.
    Manager(u32),
    /// In a session of which the group cannot be found.
    Unknown,
    /// In none of them.
    Elsewhere,
}

/// The session of a process that acts for the account `uid`. After a contradiction it does not look further for
/// something that fits: then there is none.
pub(super) fn identify(
    told: &Told,
    uid: u32,
    leader: impl FnOnce() -> Result<Leader, NoSession>,
) -> Result<Session, NoSession> {
    if told.real_uid != uid && told.real_uid != 0 {
        return Err(NoSession::OtherUid(told.real_uid));
    }
    // Its audit session outlives each login session and is shared by them all.
    if matches!(told.cgroup, Cgroup::Manager(_)) {
        return Err(NoSession::UserManager);
    }
    match (told.loginuid, told.sessionid) {
        (UNSET, UNSET) => {}
        (of, session) if of == uid && session != UNSET => return Ok(Session::Audit(session)),
        (of, _) => return Err(NoSession::OtherLogin(of)),
    }
    match &told.cgroup {
        Cgroup::Scope { uid: of, name, inode } if *of == uid => {
            return Ok(Session::Cgroup { name: name.clone(), inode: *inode });
        }
        Cgroup::Scope { uid: of, .. } => return Err(NoSession::OtherLogin(*of)),
        Cgroup::Manager(_) => return Err(NoSession::UserManager),
        Cgroup::Unknown => return Err(NoSession::NoGroup),
        Cgroup::Elsewhere => {}
    }
    by_leader(told, uid, leader)
}

/// Whether a process is one in which the account `uid` may be logging in afresh: root's own, as daemons and what they start
/// are before a session opens, and in no session of that account. Any sign of one is enough to say no: by a contradiction
/// nobody gets in. A login of somebody else says nothing; root may have started a display manager by hand.
pub(super) fn is_outside(told: &Told, uid: u32) -> bool {
    let is_of_theirs = match &told.cgroup {
        Cgroup::Scope { uid: of, .. } => *of == uid,
        Cgroup::Manager(of) => *of == uid || *of == UNSET,
        Cgroup::Unknown => true,
        Cgroup::Elsewhere => false,
    };
    let is_half_told = (told.loginuid == UNSET) != (told.sessionid == UNSET);
    told.real_uid == 0 && told.loginuid != uid && !is_half_told && !is_of_theirs
}

/// A daemon leads one session for everybody's logins, so neither the process nor its leader may be one: the process
/// is the person's own, and root's leader must at least have a terminal.
fn by_leader(
    told: &Told,
    uid: u32,
    leader: impl FnOnce() -> Result<Leader, NoSession>,
) -> Result<Session, NoSession> {
    if told.real_uid != uid {
        return Err(NoSession::NoLeader);
    }
    let leader = leader()?;
    let is_own = leader.real_uid == uid && uid != 0;
    let is_of_a_terminal = leader.real_uid == 0 && told.tty != 0;
    if is_own || is_of_a_terminal {
        Ok(Session::Leader { tty: told.tty, pid: leader.pid, start: leader.start })
    } else {
        Err(NoSession::NoLeader)
    }
}

impl Cgroup {
    /// Reads `/proc/PID/cgroup`. Only the places that root's manager gives are believed: below its own service an
    /// account may name groups as it likes.
    pub(super) fn parse(text: &str, inode: impl Fn(&str) -> Option<u64>) -> Self {
        let paths = text.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let hierarchy = parts.next()?;
            matches!(hierarchy, "" | "name=systemd").then(|| parts.next())?
        });
        paths.map(|path| Self::of(path, &inode)).find(|at| *at != Self::Elsewhere).unwrap_or(Self::Elsewhere)
    }

    fn of(path: &str, inode: impl Fn(&str) -> Option<u64>) -> Self {
        let mut parts = path.split('/');
        let (Some(""), Some("user.slice"), Some(slice), Some(unit)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Self::Elsewhere;
        };
        let name = unit.strip_prefix("session-").and_then(|unit| unit.strip_suffix(".scope"));
        let uid = slice.strip_prefix("user-").and_then(|slice| slice.strip_suffix(".slice"));
        let is_plain = |name: &&str| name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric());
        let uid = uid.and_then(|uid| uid.parse().ok());
        let Some((uid, name)) = uid.zip(name.filter(is_plain)) else {
            let manager = || Self::Manager(uid.unwrap_or(UNSET));
            return if unit.starts_with("user@") { manager() } else { Self::Unknown };
        };
        let inode = inode(&format!("/user.slice/{slice}/{unit}"));
        inode.map_or(Self::Unknown, |inode| Self::Scope { uid, name: name.to_owned(), inode })
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
