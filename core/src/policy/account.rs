//! The account database: who a name is, and which groups they are in.

use crate::user::{BadUserName, UserName};
use nix::errno::Errno;
use nix::unistd::{Gid, Group, User, getgrouplist};
use std::ffi::{CString, OsStr};
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixDatagram;

/// What getpwnam(3) and getgrnam(3) may say of a name that is not found. A directory that nsswitch.conf(5) names and whose
/// daemon does not run says one of these for every name: desktops come with one that nobody set up.
const NOT_FOUND: [Errno; 4] = [Errno::ENOENT, Errno::ESRCH, Errno::EBADF, Errno::EPERM];

/// Descriptors that a look-up may need: for the files, caches and sockets of a directory service.
const HEADROOM: usize = 16;

/// An account as the system knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The canonical name: aliases and case must not make two records.
    pub name: UserName,
    /// The uid.
    pub uid: u32,
    /// The primary group.
    pub gid: u32,
}

/// The database did not answer, or not sensibly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookupError {
    /// To the question for an account of this name.
    Account(String, Errno),
    /// To the question for an account of this name: it gave a name that nobody can have.
    BadName(String, BadUserName),
    /// To the question for a group of this name, or for its members.
    Group(String, Errno),
    /// There is no group of this name.
    NoSuchGroup(String),
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account(name, e) => write!(f, "account {name:?}: {e}"),
            Self::BadName(name, e) => write!(f, "account {name:?}: {e}"),
            Self::Group(name, e) => write!(f, "group {name:?}: {e}"),
            Self::NoSuchGroup(name) => write!(f, "group {name:?}: there is no such group"),
        }
    }
}

/// Look-ups a login needs.
pub trait Accounts {
    /// The account of a name; `None` when none is found at present. A directory that does not run looks the same, so
    /// this is no proof that there is none.
    ///
    /// # Errors
    /// [`LookupError`]: the database failed.
    fn find(&self, name: &UserName) -> Result<Option<Account>, LookupError>;

    /// Whether `account` is a member of `group`.
    ///
    /// # Errors
    /// [`LookupError`]: no such group, or the database failed.
    fn is_member(&self, account: &Account, group: &str) -> Result<bool, LookupError>;

    /// What the account of a uid is called, for the log alone; the number where none is found.
    fn name_of(&self, uid: u32) -> String {
        format!("uid {uid}")
    }
}

/// The machine's own (nsswitch.conf(5)).
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemAccounts;

impl Accounts for SystemAccounts {
    fn find(&self, name: &UserName) -> Result<Option<Account>, LookupError> {
        // A name that is not UTF-8 cannot be asked for; no directory has one.
        let Ok(text) = std::str::from_utf8(name.as_bytes()) else { return Ok(None) };
        let user = found(User::from_name(text)).map_err(|e| LookupError::Account(name.to_string(), e))?;
        let Some(user) = user else { return Ok(None) };
        let canonical = UserName::new(OsStr::new(&user.name).as_bytes())
            .map_err(|e| LookupError::BadName(name.to_string(), e))?;
        Ok(Some(Account { name: canonical, uid: user.uid.as_raw(), gid: user.gid.as_raw() }))
    }

    fn is_member(&self, account: &Account, group: &str) -> Result<bool, LookupError> {
        let failed = |e| LookupError::Group(group.to_owned(), e);
        check_headroom().map_err(failed)?;
        let wanted = found(Group::from_name(group))
            .map_err(failed)?
            .ok_or_else(|| LookupError::NoSuchGroup(group.to_owned()))?;
        let name = CString::new(account.name.as_bytes()).map_err(|_| failed(Errno::EINVAL))?;
        Errno::clear();
        let groups = getgrouplist(&name, Gid::from_raw(account.gid)).map_err(failed)?;
        let trouble = Errno::last();
        let listed = wanted.mem.iter().any(|member| member.as_bytes() == account.name.as_bytes());
        if listed || groups.contains(&wanted.gid) {
            return Ok(true);
        }
        if is_outage(trouble) { Err(failed(trouble)) } else { Ok(false) }
    }

    fn name_of(&self, uid: u32) -> String {
        let user = User::from_uid(uid.into()).ok().flatten();
        user.map_or_else(|| format!("uid {uid}"), |user| user.name)
    }
}

/// An answer in which "not found" is not an error.
fn found<T>(answer: Result<Option<T>, Errno>) -> Result<Option<T>, Errno> {
    match answer {
        Err(e) if NOT_FOUND.contains(&e) => Ok(None),
        other => other,
    }
}

/// getgrouplist(3) leaves out what a failing directory would have said and reports success. A caller of `su` can
/// make it fail with `ulimit -n`: so descriptors are tried first, and the errno it leaves is looked at.
fn check_headroom() -> Result<(), Errno> {
    let tried = (0..HEADROOM).map(|_| UnixDatagram::unbound()).collect::<Result<Vec<_>, _>>();
    tried.map(drop).map_err(|e| e.raw_os_error().map_or(Errno::EMFILE, Errno::from_raw))
}

fn is_outage(errno: Errno) -> bool {
    use Errno::{EAGAIN, ECONNREFUSED, ECONNRESET, EMFILE, ENFILE, ENOMEM, EPIPE, ETIMEDOUT};
    [EAGAIN, ECONNREFUSED, ECONNRESET, EMFILE, ENFILE, ENOMEM, EPIPE, ETIMEDOUT].contains(&errno)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_is_root_and_in_its_group() {
        let root = SystemAccounts.find(&UserName::new(b"root").unwrap()).unwrap().unwrap();
        assert_eq!(root.uid, 0);
        assert_eq!(SystemAccounts.name_of(0), "root");
        assert_eq!(SystemAccounts.name_of(4_000_000_000), "uid 4000000000");
        assert_eq!(SystemAccounts.is_member(&root, "root"), Ok(true));
        assert_eq!(SystemAccounts.is_member(&root, "nogroup"), Ok(false));
        assert!(SystemAccounts.is_member(&root, "no such group").is_err());
    }

    #[test]
    fn what_the_manual_calls_not_found_is_not_found_and_an_outage_stays_one() {
        for e in [Errno::ENOENT, Errno::ESRCH, Errno::EBADF, Errno::EPERM] {
            assert_eq!(found::<()>(Err(e)), Ok(None), "{e}");
        }
        for e in
            [Errno::EIO, Errno::EMFILE, Errno::ENOMEM, Errno::ETIMEDOUT, Errno::ECONNREFUSED, Errno::EAGAIN]
        {
            assert_eq!(found::<()>(Err(e)), Err(e));
        }
        assert_eq!((found(Ok(Some(7))), found::<()>(Ok(None))), (Ok(Some(7)), Ok(None)));
    }

    #[test]
    fn nobody_has_an_impossible_name() {
        for name in [&b"../x"[..], b"-x", b"\xff\xfe", b"no such user"] {
            assert_eq!(SystemAccounts.find(&UserName::new(name).unwrap()), Ok(None));
        }
    }
}
