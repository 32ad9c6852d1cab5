//! Authenticators in the files of other verifiers: read, never written, and carried over as far as ours can hold
//! them. What cannot be is said, never guessed.

mod carry;
pub mod google_authenticator;
pub mod oath;

pub use carry::carry;

use crate::credential::OtpCode;
use crate::credential::secret::Secret;
use crate::credential::totp::Parameters;
use crate::credential::totp::{KEY_MIN, KEY_SHORTEST};
use crate::system::clock::Timestamp;

/// Largest file read, in bytes: a hundred thousand people of oath take 6.5 MB.
pub const MAX_LEN: u64 = 16 * 1024 * 1024;

/// Things left out of a file that are told one by one: there may be a million.
pub const TOLD: usize = 100;

/// What a file holds.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Its authenticators, in its order.
    pub found: Vec<Found>,
    /// The authenticators that cannot be taken over, and whose they are as far as that can be read.
    pub left: Vec<(Option<String>, ImportNote)>,
    /// How many things more are left out, which are only counted.
    pub more: usize,
}

impl Reading {
    /// Whether it is another kind of file: it has lines, and none begins as that module's do.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        let is_no_token = |what: &NotTaken| matches!(what, NotTaken::UnknownType | NotTaken::BadLine);
        let is_alien =
            |(user, note): &(Option<String>, ImportNote)| user.is_none() && is_no_token(&note.what);
        self.found.is_empty() && !self.left.is_empty() && self.left.iter().all(is_alien)
    }
}

/// One authenticator.
#[derive(Debug, Clone)]
pub struct Found {
    /// Where it stands, from 1.
    pub line: usize,
    /// Whose it is, if the file says so.
    pub user: Option<String>,
    /// What it computes.
    pub parameters: Parameters,
    /// Its key.
    pub key: Secret,
    /// How far its clock was found to be off, in steps.
    pub skew: i64,
    /// How many steps are accepted around the expected one, if it has a word on that: with its line.
    pub window: Option<(usize, u64)>,
    /// What was accepted there.
    pub spent: Spent,
    /// What else is said of it that is not carried over.
    pub left: Vec<ImportNote>,
}

/// What another verifier accepted last.
#[derive(Debug, Clone)]
pub enum Spent {
    /// Nothing yet.
    Nothing,
    /// The code of this step.
    Step(u64),
    /// This code, at this time as far as it is written down.
    Code(OtpCode, Option<Timestamp>),
    /// It did not write that down.
    Unknown,
}

/// Something not carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportNote {
    /// Its line, from 1.
    pub line: usize,
    /// What, and why.
    pub what: NotTaken,
}

/// What is not carried over, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    /// So many steps were accepted: the window is the site's, not the person's.
    Window(u64),
    /// A limit of logins: waiting is the site's, and after wrong codes only.
    RateLimit,
    /// So many scratch codes, which are stored in clear: new recovery codes are made instead.
    ScratchCodes(usize),
    /// A PIN before the code: the password is PAM's.
    Pin,
    /// A clock further off than is learned here.
    Skew {
        /// How far, in steps.
        found: i64,
        /// What is held of it.
        held: i64,
    },
    /// A setting that has no counterpart.
    Setting(String),
    /// A line that means nothing to that module either; what it says is not repeated.
    Remark,
    /// The whole authenticator: its codes follow a counter.
    CounterBased,
    /// The whole authenticator: it is neither time-based nor counter-based.
    NoMode,
    /// The whole authenticator: codes of so many digits.
    Digits(u64),
    /// The whole authenticator: codes that last so many seconds.
    Period(u64),
    /// The whole authenticator: a key of so many bytes.
    KeyLength(usize),
    /// The whole authenticator: its key is another's of the same person.
    SameKey,
    /// The whole authenticator: it used steps that lie in the future.
    SpentAhead,
    /// The whole line: its key is not what it should be.
    BadKey,
    /// The whole line: its type is unknown.
    UnknownType,
    /// The whole line: fields are missing or not what they should be.
    BadLine,
}

/// A file that is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenLine {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: Wrong,
}

/// What is wrong with a line, so that nobody logs in by that file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// Not text.
    NotText,
    /// No key in base32 where one must be.
    NoKey,
    /// A number is missing or out of range.
    Number,
}

/// The lines with their numbers, without their ends. Those modules read bytes: a remark may be in any encoding.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    bytes.split(|byte| *byte == b'\n').zip(1..).map(|(line, number)| (number, without_returns(line)))
}

fn without_returns(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b'\r'] = line {
        line = rest;
    }
    line
}

/// Whether keys of 10 to 15 bytes are taken over: 80 to 120 bits, which older versions of those modules and well-known guides
/// make. RFC 4226 §4 R6 wants 128.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortKeys {
    /// They are left out.
    LeftOut,
    /// They are taken over.
    TakenOver,
}

impl Found {
    /// Whether its key is one of those that are taken over only where that is asked for.
    #[must_use]
    pub fn has_short_key(&self) -> bool {
        (KEY_SHORTEST..KEY_MIN).contains(&self.key.len())
    }
}
