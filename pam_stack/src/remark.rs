//! What libpam takes otherwise than it is written.

use std::fmt;
use std::path::PathBuf;

/// A line of a file.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The file, as libpam opened it.
    pub file: PathBuf,
    /// The line's number from 1, or nought for the file as a whole.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.file.display())?;
        if self.line > 0 { write!(out, ":{}", self.line) } else { Ok(()) }
    }
}

/// Something that libpam takes otherwise than it is written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Remark {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub trouble: Trouble,
}

/// What libpam makes of it stands at each.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Trouble {
    /// The first word names no stack: the line is a failure, in `auth` unless it was included for another.
    UnknownKind(String),
    /// `@include`, which Debian's libpam alone knows: a failure as above.
    NoAtInclude,
    /// No second word: a failure.
    NoControl,
    /// The control has a mistake: every result is a failure.
    InvalidControl(String),
    /// No module: a failure.
    NoModule,
    /// `include` or `substack` names no file: libpam 1.5 crashes.
    NoIncludedName,
    /// The file is not where libpam looks for it (Debian's looks in `/etc/pam.d` alone): a failure in place of its lines.
    NotIncluded(String),
    /// `@include` (Debian's) cannot be opened: the whole service is refused.
    NotIncludedAtAll(String),
    /// Includes are nested deeper than 15, or in a circle: a failure, or for `@include` the whole service refused.
    TooDeep(String),
    /// The file ends in a continued line: the whole service is refused.
    Unfinished,
    /// A jump leads past the last line: a failure.
    JumpTooFar,
    /// A file larger than [`crate::MAX_FILE`]: not looked at.
    TooLarge,
    /// A stack has more lines than [`crate::MAX_LINES`]: not looked at.
    TooManyLines,
    /// The file is a directory, which libpam reads as empty.
    Directory,
    /// The file is a FIFO, a socket or a device, at which libpam would wait.
    NotAFile,
    /// The file `other` is missing: each start logs that.
    NoOther,
}
