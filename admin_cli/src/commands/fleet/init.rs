//! `fleet init`

use super::{unfounded, unstored, verifier};
use crate::commands::{Command, Ended};
use crate::context::Context;
use crate::failure::{Failure, Kind};
use serde::Serialize;
use std::ffi::OsStr;
use wardkey_core::audit::AuditFile;
use wardkey_core::store::hand_over;
use wardkey_core::system::owner::Owner;
use wardkey_fleet::{FleetFiles, authority_fingerprint, found};

/// Make this machine the clinic's verifier: its authority, its keys and the list of seats; never replaces anything
///
/// Needs [verifier] in the configuration and the account under user there. The state belongs to that account afterwards.
#[derive(Debug, clap::Args)]
pub(crate) struct FleetInit {}

#[derive(Serialize)]
struct Answer {
    made: Vec<String>,
    authority: String,
}

impl Command for FleetInit {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let user = verifier(context)?.user.as_str();
        let owner = context.config.owner();
        if owner == Owner::ROOT {
            return Err(Failure::new(Kind::System, text, |t| {
                (t.no_service_account(user), t.make_account(user))
            })
            .with_nothing_changed(text));
        }
        let files = FleetFiles::of(&context.config);
        // What init makes must be there: the state, and the sealing key by which the verifier will judge.
        context.store.make_spare().map_err(unstored(text)).map_err(|failure| failure.at_first(text))?;
        let made = found(&files).map_err(|e| unfounded(text, &e))?;
        hand_over(&context.config.store.path.path(), owner).map_err(unstored(text))?;
        if !made.is_empty() {
            context.audit.done_alone("fleet init", &files.path("authority.crt").display().to_string());
        }
        AuditFile::of(&context.config).hand_over().map_err(|e| Failure::store(text, &e.into()))?;
        let authority = authority_fingerprint(&files).map_err(|e| super::failed(text, &e))?.to_string();
        let answer = Answer { made: made.iter().map(|path| path.display().to_string()).collect(), authority };
        context.console.answer(&answer, || {
            let first = if answer.made.is_empty() { text.fleet_is_there() } else { text.fleet_made(user) };
            let rest = [
                text.authority_is(&answer.authority),
                text.back_up_fleet(&files.path("").display().to_string()),
                text.start_verifier(),
            ];
            [vec![first], rest.to_vec()].concat().join("\n")
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("fleet init", None))
    }
}
