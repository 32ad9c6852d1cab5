//! `import oath`

use super::intake::Intake;
use crate::commands::{Command, Ended, Remade};
use crate::failure::Failure;
use crate::office::Office;
use std::ffi::OsStr;
use std::path::PathBuf;
use wardkey_core::account::Account;
use wardkey_core::importing::Found;
use wardkey_core::importing::oath::read;

/// Takes over the people of pam_oath's users file, active at once, with new recovery codes
///
/// The file is only read. Codes used there stay used; what cannot be carried over is listed.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportOath {
    /// The users file of pam_oath
    file: PathBuf,
}

/// Somebody and their lines.
struct Person {
    account: Account,
    found: Vec<Found>,
}

impl Command for ImportOath {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let mut intake = Intake::open(office, &self.file, "oath")?;
        let reading = intake.read(read)?;
        reading.left.iter().for_each(|note| intake.leave_note(note));
        let mut people: Vec<Person> = Vec::new();
        for found in reading.found {
            match account(office, &found) {
                Err(failure) => intake.leave(found.line, &failure),
                Ok(account) => match people.iter_mut().find(|person| person.account == account) {
                    Some(person) => person.found.push(found),
                    None => people.push(Person { account, found: vec![found] }),
                },
            }
        }
        people.iter().for_each(|person| intake.take(&person.account, &person.found));
        Ok(intake.finish())
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        Some(("recovery-codes", ""))
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("import", None))
    }
}

fn account(office: &Office, found: &Found) -> Result<Account, Failure> {
    office.account(Some(OsStr::new(found.user.as_deref().unwrap_or_default())))
}
