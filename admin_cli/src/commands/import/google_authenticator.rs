//! `import google-authenticator`

use super::intake::{Intake, Source};
use crate::commands::{Command, Ended, Remade};
use crate::context::Context;
use crate::failure::Failure;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::desk::importing::google_authenticator::read;

/// Take over one user's `~/.google_authenticator`, active at once, with new recovery codes
///
/// The file is only read. Codes used there stay used; what cannot be carried over is listed.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportGoogleAuthenticator {
    /// The file of pam_google_authenticator
    file: PathBuf,
    /// The user whose file it is
    #[arg(long)]
    user: OsString,
    /// Take over keys of 80 to 120 bits too, until they are replaced; the output says how many
    #[arg(long)]
    allow_short_keys: bool,
}

impl Command for ImportGoogleAuthenticator {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let account = context.account(Some(&self.user))?;
        let source = Source { file: &self.file, kind: "google-authenticator" };
        let mut intake = Intake::open(context, source, self.allow_short_keys)?;
        let reading = intake.read(read)?;
        intake.check_owner(&account)?;
        intake.tell_short_keys([(&account, &reading.found[..])].into_iter());
        let name = account.name.to_string();
        reading.left.iter().for_each(|(_, note)| intake.leave_note(Some(&name), note));
        intake.take(&account, &reading.found);
        Ok(intake.finish())
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        Some(("recovery-codes", ""))
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("import", Some(&self.user)))
    }
}
