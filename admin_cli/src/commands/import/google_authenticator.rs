//! `import google-authenticator`

use super::intake::Intake;
use crate::commands::{Command, Ended, Remade};
use crate::failure::Failure;
use crate::office::Office;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::importing::google_authenticator::read;

/// Takes over one person's `~/.google_authenticator`, active at once, with new recovery codes
///
/// The file is only read. Codes used there stay used; what cannot be carried over is listed.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportGoogleAuthenticator {
    /// The file of pam_google_authenticator
    file: PathBuf,
    /// Whose it is
    #[arg(long)]
    user: OsString,
}

impl Command for ImportGoogleAuthenticator {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(Some(&self.user))?;
        let mut intake = Intake::open(office, &self.file, "google-authenticator")?;
        let reading = intake.read(read)?;
        reading.left.iter().for_each(|note| intake.leave_note(note));
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
