//! `import oath`

use super::intake::{Intake, Source};
use crate::commands::{Command, Ended, Remade};
use crate::context::Context;
use crate::failure::{Failure, Kind};
use std::ffi::OsStr;
use std::path::PathBuf;
use wardkey_core::desk::importing::Found;
use wardkey_core::desk::importing::oath::read;
use wardkey_core::policy::account::Account;
use wardkey_core::printable::escaped;

/// Take over the people in pam_oath's users file, active at once, with new recovery codes
///
/// The file is only read. Codes used there stay used; what cannot be carried over is listed.
#[derive(Debug, clap::Args)]
pub(crate) struct ImportOath {
    /// The users file of pam_oath
    file: PathBuf,
    /// Take over keys of 80 to 120 bits too, until they are replaced; the output says how many
    #[arg(long)]
    allow_short_keys: bool,
}

/// Somebody and their lines.
struct Person {
    account: Account,
    found: Vec<Found>,
}

impl Command for ImportOath {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let source = Source { file: &self.file, kind: "oath" };
        let mut intake = Intake::open(context, source, self.allow_short_keys)?;
        let reading = intake.read(|bytes| Ok(read(bytes)))?;
        if reading.is_foreign() {
            let file = escaped(&self.file.display().to_string());
            return Err(Failure::new(Kind::State, &context.text, |t| (t.not_oath(&file), t.name_oath())));
        }
        reading.left.iter().for_each(|(user, note)| intake.leave_note(user.as_deref(), note));
        let mut people: Vec<Person> = Vec::new();
        for found in reading.found {
            let account = account(context, &found).and_then(|account| {
                intake.check_owner(&account)?;
                Ok(account)
            });
            match account {
                Err(failure) => intake.leave(found.user.as_deref(), found.line, &failure),
                Ok(account) => match people.iter_mut().find(|person| person.account == account) {
                    Some(person) => person.found.push(found),
                    None => people.push(Person { account, found: vec![found] }),
                },
            }
        }
        intake.tell_short_keys(people.iter().map(|person| (&person.account, &person.found[..])));
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

fn account(context: &Context, found: &Found) -> Result<Account, Failure> {
    context.account(Some(OsStr::new(found.user.as_deref().unwrap_or_default())))
}
