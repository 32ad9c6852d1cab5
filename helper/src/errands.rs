//! What a person does for themself.

use crate::journal;
use crate::line::Line;
use crate::peer::Peer;
use crate::proof;
use std::io::ErrorKind;
use wardkey_core::account::Account;
use wardkey_core::audit::{Event, Outcome};
use wardkey_core::clock::{Clock, SystemClock};
use wardkey_core::config::Config;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::enrolling::{Desk, Problem};
use wardkey_core::errand::{Clerk, Errand, Told};
use wardkey_core::login::Judge;
use wardkey_core::store::{Doing, StoreError};
use wardkey_core::syslog::{Line as LogLine, Severity};
use wardkey_core::wire::{Answer, Refused, Wish};

/// Does one errand for the account whose own peer asks.
pub(crate) fn run(
    line: &mut Line<'_>,
    judge: &Judge<'_>,
    account: &Account,
    peer: Peer,
    errand: &Errand,
) -> Answer {
    if !judge.config.policy.self_service && !peer.is_root() {
        return Answer::Refused(Refused::NoSelfService);
    }
    if errand.needs_proof()
        && let Err(refused) = proof::ask_for(line, judge, account)
    {
        write_down(judge.config, account, errand, &told(Outcome::Refused, "has not shown who it is"));
        return Answer::Refused(refused);
    }
    let desk = Desk { store: judge.store, clock: judge.clock };
    let clerk = Clerk { config: judge.config, desk, accounts: judge.accounts };
    let mut keep = |codes: &[SingleUseCode]| {
        let kept = codes.is_empty() || line.wish(Wish::Keep(codes.to_vec())).is_some();
        kept.then_some(()).ok_or_else(|| {
            StoreError::Io("the new codes".into(), Doing::Writing, ErrorKind::BrokenPipe.into())
        })
    };
    match clerk.carry_out(account, errand, &mut keep) {
        Ok(done) => {
            if errand.is_written_down() {
                write_down(judge.config, account, errand, &done.told(errand));
            }
            Answer::Done(done)
        }
        Err(Problem::Refused(why)) => {
            write_down(judge.config, account, errand, &told(Outcome::Refused, &format!("{why:?}")));
            Answer::Refused(Refused::Why(why))
        }
        Err(problem) => {
            let why = words(&problem);
            write_down(judge.config, account, errand, &told(Outcome::Failed, &why));
            Answer::Refused(Refused::Broken(why))
        }
    }
}

fn words(problem: &Problem) -> String {
    match problem {
        Problem::Refused(why) => format!("{why:?}"),
        Problem::Store(e) => e.to_string(),
        Problem::Seal(e) => e.to_string(),
        Problem::Make(e) => e.to_string(),
        Problem::Changing => "the record changed meanwhile".to_owned(),
    }
}

fn told(result: Outcome, reason: &str) -> Told {
    Told { result, method: None, reason: Some(reason.to_owned()) }
}

fn write_down(config: &Config, account: &Account, errand: &Errand, told: &Told) {
    let user = account.name.to_string();
    let event = Event {
        time: SystemClock.now(),
        event: errand.name(),
        user: Some(&user),
        service: None,
        rhost: None,
        tty: None,
        actor: Some(&user),
        method: told.method,
        result: told.result,
        reason: told.reason.as_deref(),
    };
    let mut lines = vec![LogLine::new(Severity::Notice, event.to_syslog())];
    if let Err(e) = event.append(&config.log.audit_file.path()) {
        lines.push(LogLine::new(Severity::Error, format!("the audit file cannot be written: {e}")));
    }
    journal::write(&lines);
}
