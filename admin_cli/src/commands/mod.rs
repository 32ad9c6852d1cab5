//! The commands, one a file; each one's documentation is its help.

mod check;
mod completions;
mod config_check;
mod confirm;
mod emergency;
mod enroll;
mod init;
mod list;
mod pass;
mod recovery_codes;
mod remove;
mod reset;
mod status;
mod unlock;

pub(crate) use check::{Check, FEW_CODES};
pub(crate) use completions::Completions;
pub(crate) use config_check::ConfigCheck;
pub(crate) use confirm::Confirm;
pub(crate) use emergency::Emergency;
pub(crate) use enroll::Enroll;
pub(crate) use init::Init;
pub(crate) use list::List;
pub(crate) use pass::Pass;
pub(crate) use recovery_codes::RecoveryCodes;
pub(crate) use remove::Remove;
pub(crate) use reset::Reset;
pub(crate) use status::Status;
pub(crate) use unlock::Unlock;

use crate::failure::{Failure, Kind};
use crate::office::Office;
use crate::text::Text;
use std::ffi::OsStr;

/// A command's end when nothing stood in its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It did what it was asked.
    Done,
    /// It answered: no.
    Refused,
    /// It answered as far as it could.
    Broken,
}

impl Ended {
    /// The exit status.
    pub(crate) const fn status(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::Broken => 3,
        }
    }
}

/// One command.
pub(crate) trait Command {
    /// Does it.
    fn run(&self, office: &Office) -> Result<Ended, Failure>;

    /// For a command that changes something: its name in audit lines, and whom it concerns as typed.
    fn event(&self) -> Option<(&'static str, Option<&OsStr>)>;
}

/// An option's text that goes into the audit line and must say something.
fn said<'a>(
    option: &str,
    value: &'a str,
    remedy: impl FnOnce(&Text) -> String,
    text: &Text,
) -> Result<&'a str, Failure> {
    let value = value.trim();
    if value.is_empty() {
        return Err(Failure::new(Kind::Usage, text.empty_text(option), remedy(text)));
    }
    Ok(value)
}
