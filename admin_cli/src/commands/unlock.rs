//! `unlock`

use super::{Command, Ended};
use crate::failure::Failure;
use crate::office::Office;
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::account::Account;
use wardkey_core::enrolling::Why;
use wardkey_core::store::Store;
use wardkey_core::throttle::{Kind, Standing};

/// Ends somebody's waiting, or an authenticator disabled by wrong codes
#[derive(Debug, clap::Args)]
pub(crate) struct Unlock {
    /// Whom
    user: OsString,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    unlocked: bool,
}

impl Command for Unlock {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(Some(&self.user))?;
        let was_locked = is_locked(office, &account)?;
        office.desk().unlock(&account.name).map_err(office.problem(&account.name))?;
        let user = account.name.to_string();
        office.journal.done("unlock", &user, None);
        office.console.answer(&Answer { user: &user, unlocked: was_locked }, || {
            if was_locked { office.text.unlocked(&user) } else { office.text.was_not_locked(&user) }
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("unlock", Some(&self.user)))
    }
}

/// Whether there is something to unlock. The account that was enrolled must be the one that is unlocked.
fn is_locked(office: &Office, account: &Account) -> Result<bool, Failure> {
    let Some(record) = office.store.record(&account.name).map_err(|e| office.broken(&e))? else {
        return Ok(false);
    };
    if record.enrolment.uid != account.uid {
        return Err(office.problem(&account.name)(Why::OtherUid.into()));
    }
    let (limits, now) = (office.config.rules().limits, office.now());
    let stands = |kind| limits.standing(kind, record.ledger.tally(kind), now);
    Ok(Kind::ALL.into_iter().any(|kind| stands(kind) != Standing::Free))
}
