//! What can be wrong with a service's stacks; words for it are in `text::doctor`.

use crate::services::BadLine;
use pam_stack::modules::Proof;
use pam_stack::{Action, Kind, PamResult, Place, Remark};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A step of a way through a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WitnessStep {
    /// Where the line stands.
    pub(crate) place: Place,
    /// The module's file name.
    pub(crate) module: String,
    /// What it answered.
    pub(crate) result: PamResult,
    /// What followed from that.
    pub(crate) action: Action,
}

/// A way through a stack that should not be.
pub(crate) type Witness = Vec<WitnessStep>;

/// One fault of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StackFault {
    /// A way in without our leave, and what is proven on it.
    Past(BTreeSet<Proof>, Witness),
    /// A security key or smart card in place of a code.
    OtherFactor(Proof, Witness),
    /// A way in by the code alone.
    CodeAlone(Witness),
    /// Whether a password is asked cannot be told: this module is not known.
    UnknownCheck(Place, String),
    /// No way in at all where a right password and code are typed.
    NobodyIn,
    /// No way through the account lines, among them ours, ends in a success.
    NoAccount,
    /// People who need no code are refused: nothing else in the stack says yes.
    IgnoredRefused,
    /// The code is asked of somebody who has proven nothing.
    AskedFirst(Place),
    /// A module acts for the person after our no.
    ActsAfterNo(Place, String),
    /// No line of ours in this stack.
    Missing(Kind),
    /// A way through this stack on which our line is not asked.
    PassedBy(Kind, Witness),
    /// Our line refuses, and the stack succeeds.
    RefusalLost(Kind, Witness),
    /// The password is changed before our line enrols.
    LatePassword(Place),
    /// Our line asks twice.
    Twice(Place),
    /// An argument that refuses every login.
    BadArgument(Place, String),
    /// The line reads another configuration file, which was not looked at.
    OtherConfig(Place, String),
    /// The line reads a configuration file that is not there.
    NoConfig(Place, String),
    /// Our module is not where libpam looks.
    NoModule(Place, String),
    /// A module that is not there, whose name is a slip of ours.
    Misspelt(Place, String),
    /// A program with one field is asked twice.
    OneField(Place),
    /// This stack has too many ways to look through.
    TooWide(Kind),
    /// libpam gives the whole service up.
    Refused(Option<Remark>),
    /// There is a file by name, and libpam cannot open it.
    NotOpened,
    /// libpam takes a line otherwise than it is written.
    Misread(Remark),
    /// Versions of libpam read the file in two ways.
    ReadInTwoWays,
    /// No code is asked here, and the password lets people in.
    NotAsked,
    /// The service has no file, and `other`, which answers for it, asks for no code.
    NoFile,
    /// Our lines stand in a file that libpam does not read, as another comes first.
    Shadowed(PathBuf),
    /// Our lines stand in a file by whose place or name libpam never looks.
    NeverRead(PathBuf),
    /// A package or an editor left a newer file beside one with our lines.
    LeftBeside(PathBuf),
    /// Its file has no `auth` line, so that another service answers.
    OtherAnswers,
    /// A line `start` that cannot stand as it does.
    BadStart(Place, BadLine),
}
