//! The commands, one a file; each one's documentation is its help.

mod address;
mod asks_no_more;
mod authenticator_add;
mod authenticator_list;
mod authenticator_remove;
mod check;
mod completions;
mod config_check;
mod config_edit;
mod config_files;
mod confirm;
mod device;
mod disable;
pub(crate) mod doctor;
mod emergency;
mod enable;
mod enroll;
mod fleet;
mod fleet_join;
mod import;
mod init;
mod keeping;
mod list;
mod pass;
mod pending;
mod rebind;
mod recovery_codes;
mod remove;
mod rename;
mod replace;
mod reset;
mod service_names;
mod somebody_else;
mod status;
mod still_named;
mod try_service;
mod unlock;

pub(crate) use authenticator_add::AuthenticatorAdd;
pub(crate) use authenticator_list::AuthenticatorList;
pub(crate) use authenticator_remove::AuthenticatorRemove;
pub(crate) use check::{Check, FEW_CODES};
pub(crate) use completions::Completions;
pub(crate) use config_check::ConfigCheck;
pub(crate) use config_edit::ConfigEdit;
pub(crate) use confirm::Confirm;
pub(crate) use disable::Disable;
pub(crate) use doctor::Doctor;
pub(crate) use emergency::Emergency;
pub(crate) use enable::Enable;
pub(crate) use enroll::Enroll;
pub(crate) use fleet::{FleetInit, FleetRemove, FleetStatus, FleetToken};
pub(crate) use fleet_join::FleetJoin;
pub(crate) use import::{ImportGoogleAuthenticator, ImportOath};
pub(crate) use init::Init;
pub(crate) use list::List;
pub(crate) use pass::Pass;
pub(crate) use rebind::Rebind;
pub(crate) use recovery_codes::RecoveryCodes;
pub(crate) use remove::Remove;
pub(crate) use rename::Rename;
pub(crate) use replace::Replace;
pub(crate) use reset::Reset;
pub(crate) use status::Status;
pub(crate) use try_service::Try;
pub(crate) use unlock::Unlock;

use crate::context::Context;
use crate::failure::{Failure, Kind};
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

/// The command that makes again what another one shows only once, and what it needs besides the user.
pub(crate) type Remade = (&'static str, &'static str);

/// One command.
pub(crate) trait Command {
    /// For a command that shows something only once, to a script or not: what makes it again if nobody has seen it.
    fn remade_by(&self, _json: bool) -> Option<Remade> {
        None
    }

    /// Whether people may do it for themselves, through the helper.
    fn is_for_oneself(&self) -> bool {
        false
    }

    /// Whether it goes on without a configuration, and says itself what is wrong with it.
    fn says_what_is_wrong(&self) -> bool {
        false
    }

    /// Whether it looks at records, or changes them: at a seat of a clinic there are none.
    fn needs_records(&self) -> bool {
        true
    }

    /// Does it.
    fn run(&self, context: &Context) -> Result<Ended, Failure>;

    /// For a command that changes something: its name in audit lines, and whom it concerns as typed.
    fn event(&self) -> Option<(&'static str, Option<&OsStr>)>;
}

/// Longest text of an option that goes into the audit line, in characters.
const LONGEST_TEXT: usize = 500;

/// An option's text that goes into the audit line and must say something.
fn said<'a>(
    option: &str,
    value: &'a str,
    remedy: impl Fn(&Text) -> String,
    text: &Text,
) -> Result<&'a str, Failure> {
    let value = value.trim();
    if value.chars().count() > LONGEST_TEXT {
        return Err(Failure::new(Kind::Usage, text, |t| (t.text_too_long(option, LONGEST_TEXT), remedy(t))));
    }
    if value.is_empty() {
        return Err(Failure::new(Kind::Usage, text, |t| (t.empty_text(option), remedy(t))));
    }
    Ok(value)
}
