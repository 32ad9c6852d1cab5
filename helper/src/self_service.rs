//! What a person does for themself.

use crate::dialogue::Dialogue;
use crate::log;
use crate::peer::Peer;
use crate::reauthenticate;
use std::io::ErrorKind;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::desk::action::{Action, Clerk, Done, Told};
use wardkey_core::desk::{Desk, Problem, Why};
use wardkey_core::login::Judge;
use wardkey_core::policy::account::Account;
use wardkey_core::store::{Doing, Guarded, StoreError};
use wardkey_core::system::audit::{Event, Outcome};
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::syslog::Severity;
use wardkey_core::verify::Verdict;
use wardkey_core::wire::{Answer, Refused, Wish};

/// Does one action for the account whose own peer asks.
pub(crate) fn run(
    line: &mut Dialogue<'_>,
    judge: &Judge<'_>,
    account: &Account,
    peer: Peer,
    action: &Action,
) -> Answer {
    if !judge.config.policy.self_service && !peer.is_root() {
        write_down(judge, account, action, &told(Outcome::Refused, "self_service is off"));
        return Answer::Refused(Refused::NoSelfService);
    }
    let guarded = match proven(line, judge, account, action) {
        Ok(guarded) => guarded,
        Err((reason, refused)) => {
            write_down(judge, account, action, &told(Outcome::Refused, &reason));
            return Answer::Refused(refused);
        }
    };
    let desk = Desk { store: guarded.as_ref().map_or(judge.store, |guarded| guarded), clock: judge.clock };
    let clerk = Clerk { config: judge.config, desk, accounts: judge.accounts };
    let mut keep = |codes: &[SingleUseCode]| {
        let kept = codes.is_empty() || line.wish(Wish::Keep(codes.to_vec())).is_some();
        kept.then_some(()).ok_or_else(|| {
            StoreError::Io("the new codes".into(), Doing::Writing, ErrorKind::BrokenPipe.into())
        })
    };
    match clerk.carry_out(account, action, &mut keep) {
        Ok(done) => {
            if action.is_written_down() {
                write_down(judge, account, action, &done.told(action));
            }
            Answer::Done(redacted(done))
        }
        Err(Problem::Refused(why)) => {
            write_down(judge, account, action, &told(Outcome::Refused, &why.to_string()));
            Answer::Refused(Refused::Why(match why {
                Why::Code(refusal) => Why::Code(refusal.to_a_guesser()),
                other => other,
            }))
        }
        Err(problem) => {
            let why = problem.to_string();
            write_down(judge, account, action, &told(Outcome::Failed, &why));
            Answer::Refused(Refused::Broken(why))
        }
    }
}

/// Lets the person show who they are, where the action needs that, and holds what is done to the record as it was then.
/// `confirm` needs no proof (the enroller gave it), but tries are counted in case someone else confirms.
fn proven<'a>(
    line: &mut Dialogue<'_>,
    judge: &Judge<'a>,
    account: &Account,
    action: &Action,
) -> Result<Option<Guarded<'a>>, (String, Refused)> {
    if action.needs_proof() {
        let shown = reauthenticate::ask_for(line, judge, account);
        let enrolment = shown.map_err(|refused| ("has not shown who it is".to_owned(), refused))?;
        return Ok(Some(Guarded::new(judge.store, enrolment.as_ref())));
    }
    if matches!(action, Action::Confirm(_)) {
        let desk = Desk { store: judge.store, clock: judge.clock };
        desk.count_try(account).map_err(|problem| match problem {
            Problem::Refused(why) => (why.to_string(), Refused::Why(why)),
            other => (other.to_string(), Refused::Broken(other.to_string())),
        })?;
    }
    Ok(None)
}

/// How far a wrong code is from the clock is not told to a program that could guess until it hits.
fn redacted(done: Done) -> Done {
    match done {
        Done::Checked(Verdict::Refused(refusal)) => Done::Checked(Verdict::Refused(refusal.to_a_guesser())),
        other => other,
    }
}

fn told(result: Outcome, reason: &str) -> Told {
    Told { result, method: None, reason: Some(reason.to_owned()) }
}

fn write_down(judge: &Judge<'_>, account: &Account, action: &Action, told: &Told) {
    let count = if told.result == Outcome::Refused { judge.one_more_refusal() } else { Some(1) };
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
        count: (count > 1).then_some(count),
    };
    log::write(&event.record(Severity::Notice, &judge.config.log.audit_file.path()).lines);
}
