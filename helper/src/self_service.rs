//! What a person does for themself.

use crate::dialogue::Dialogue;
use crate::log;
use crate::peer::Peer;
use crate::reauthenticate;
use std::io::ErrorKind;
use wardkey_core::audit::{AuditFile, AuditResult, Event};
use wardkey_core::credential::SingleUseCode;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::desk::action::{Action, Told};
use wardkey_core::desk::{Desk, DeskAnswer, NotDone, Problem, Wish};
use wardkey_core::login::Judge;
use wardkey_core::policy::account::Account;
use wardkey_core::site::Site;
use wardkey_core::store::{Doing, Guarded, StoreError};
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::syslog::Severity;

/// Does one action for the account whose own peer asks.
pub(crate) fn run(
    dialogue: &mut Dialogue<'_>,
    judge: &Judge<'_>,
    account: &Account,
    peer: Peer,
    action: &Action,
) -> DeskAnswer {
    if !judge.site.config.policy.self_service && !peer.is_root() {
        write_down(judge, account, action, &told(AuditResult::Refused, "self_service is off"));
        return DeskAnswer::NotDone(NotDone::NoSelfService);
    }
    let (guarded, by_login) = match proven(dialogue, judge, account, action) {
        Ok(proven) => proven,
        Err((reason, refused)) => {
            write_down(judge, account, action, &told(AuditResult::Refused, &reason));
            return DeskAnswer::NotDone(refused);
        }
    };
    let store = guarded.as_ref().map_or(judge.site.store, |guarded| guarded);
    let site = Site { store, ..judge.site };
    let mut is_gone = false;
    let mut keep = |codes: &[SingleUseCode]| {
        let kept = codes.is_empty() || dialogue.wish(Wish::Keep(codes.to_vec())).is_some();
        is_gone = !kept;
        kept.then_some(()).ok_or_else(|| {
            StoreError::Io("the new codes".into(), Doing::Writing, ErrorKind::BrokenPipe.into())
        })
    };
    match action.carry_out(&site, account, &mut keep) {
        Ok(done) => {
            if action.is_written_down() {
                let told = done.told(action);
                let method = if by_login { Some(Kind::Recovery.name()) } else { told.method };
                write_down(judge, account, action, &Told { method, ..told });
            }
            DeskAnswer::Done(done.to_a_guesser())
        }
        Err(Problem::Refused(why)) => {
            write_down(judge, account, action, &told(AuditResult::Refused, &why.to_string()));
            DeskAnswer::NotDone(NotDone::Why(why.to_a_guesser()))
        }
        Err(problem) => {
            let why = problem.to_string();
            let told = if is_gone {
                told(AuditResult::Refused, "has not said that the new codes are kept")
            } else {
                told(AuditResult::Failed, &why)
            };
            write_down(judge, account, action, &told);
            DeskAnswer::NotDone(NotDone::Broken(why))
        }
    }
}

/// Lets the person show who they are, where the action needs that, and holds what is done to the record as it was then.
/// `confirm` needs no proof (the enroller gave it), but tries are counted in case someone else confirms. Also whether the
/// recovery code of the login stood for a code.
fn proven<'a>(
    dialogue: &mut Dialogue<'_>,
    judge: &Judge<'a>,
    account: &Account,
    action: &Action,
) -> Result<(Option<Guarded<'a>>, bool), (String, NotDone)> {
    if action.needs_proof() {
        let shown = reauthenticate::ask_for(dialogue, judge, account, action);
        let shown = shown.map_err(|refused| ("has not shown who it is".to_owned(), refused))?;
        return Ok((Some(Guarded::new(judge.site.store, shown.enrolment.as_ref())), shown.by_login));
    }
    if matches!(action, Action::Confirm(_)) {
        Desk::of(&judge.site).count_try(account).map_err(|problem| match problem {
            Problem::Refused(why) => (why.to_string(), NotDone::Why(why)),
            other => (other.to_string(), NotDone::Broken(other.to_string())),
        })?;
    }
    Ok((None, false))
}

fn told(result: AuditResult, reason: &str) -> Told {
    Told { result, method: None, reason: Some(reason.to_owned()) }
}

fn write_down(judge: &Judge<'_>, account: &Account, action: &Action, told: &Told) {
    let count = if told.result == AuditResult::Refused { judge.one_more_refusal() } else { Some(1) };
    let Some(count) = count else { return };
    let user = account.name.to_string();
    let event = Event {
        time: SystemClock.now(),
        event: action.name(),
        user: Some(&user),
        service: None,
        rhost: None,
        tty: None,
        actor: Some(&user),
        method: told.method,
        result: told.result,
        reason: told.reason.as_deref(),
        seat: None,
        count: (count > 1).then_some(count),
    };
    log::write(&event.record(Severity::Notice, &AuditFile::of(judge.site.config)).lines);
}
