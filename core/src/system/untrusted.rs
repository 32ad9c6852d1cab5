//! Why a file is not opened, or not believed before its content is looked at.

use super::os_error::English;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// Who else may read a file that is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// It holds no secret.
    Anyone,
    /// It holds one: no access for group and others.
    RootOnly,
}

/// Why a file is not opened or not believed.
#[derive(Debug)]
pub struct Untrusted {
    /// Which file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What can be wrong with a file before its content is looked at.
#[derive(Debug)]
pub enum Reason {
    /// The system refused.
    Io(io::Error),
    /// A link in the last place of the path.
    SymbolicLink,
    /// A fifo, device, socket or directory.
    NotRegular,
    /// A link on the way that belongs to someone else, who could change it.
    LinkOwner(u32),
    /// Not a directory where one is needed.
    NotDirectory,
    /// It belongs to someone else, who could change it.
    Owner(u32),
    /// Its mode lets others do what they may not: with [`Readers::Anyone`] write, with [`Readers::RootOnly`] anything at all.
    Mode(u32, Readers),
    /// A second name exists for it.
    HardLinked,
    /// More bytes than any such file has.
    TooLarge,
}

impl Reason {
    /// Whether there is nothing of that name.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io(e) if e.kind() == io::ErrorKind::NotFound)
    }
}

impl Untrusted {
    /// Whether there is nothing of that name.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.reason.is_missing()
    }
}

impl fmt::Display for Untrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.reason {
            Reason::Io(e) => English(e).fmt(f),
            Reason::SymbolicLink => f.write_str("is a symbolic link"),
            Reason::LinkOwner(uid) => {
                write!(f, "is a symbolic link that belongs to uid {uid}, not to root")
            }
            Reason::NotRegular => f.write_str("is not a regular file"),
            Reason::NotDirectory => f.write_str("is not a directory"),
            Reason::Owner(uid) => write!(f, "belongs to uid {uid}, not to root"),
            Reason::Mode(mode, Readers::Anyone) => write!(f, "has mode {mode:04o}, which lets others write"),
            Reason::Mode(mode, Readers::RootOnly) => write!(f, "has mode {mode:04o}, which lets others in"),
            Reason::HardLinked => f.write_str("has a second hard link"),
            Reason::TooLarge => f.write_str("is too large"),
        }
    }
}
