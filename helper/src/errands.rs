//! What a person does for themself.

use crate::journal;
use crate::line::Line;
use crate::peer::Peer;
use crate::proof;
use wardkey_core::account::Account;
use wardkey_core::audit::{self, Event};
use wardkey_core::clock::{Clock, SystemClock};
use wardkey_core::config::Config;
use wardkey_core::enrolling::{Desk, Problem};
use wardkey_core::errand::{Done, Errand, carry_out};
use wardkey_core::login::Judge;
use wardkey_core::syslog::{Line as LogLine, Severity};
use wardkey_core::verify::Verdict;
use wardkey_core::wire::{Answer, Refused};

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
        write_down(judge.config, account, errand, audit::Outcome::Refused, Some("not shown who it is"));
        return Answer::Refused(refused);
    }
    let desk = Desk { store: judge.store, clock: judge.clock };
    match carry_out(judge.config, desk, account, errand) {
        Ok(done) => {
            note(judge.config, account, errand, &done);
            Answer::Done(done)
        }
        Err(Problem::Refused(why)) => {
            write_down(judge.config, account, errand, audit::Outcome::Refused, Some(&format!("{why:?}")));
            Answer::Refused(Refused::Why(why))
        }
        Err(problem) => {
            let why = words(&problem);
            write_down(judge.config, account, errand, audit::Outcome::Failed, Some(&why));
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

fn note(config: &Config, account: &Account, errand: &Errand, done: &Done) {
    let (result, reason) = match done {
        Done::Checked(Verdict::Accepted(_)) => (audit::Outcome::Accepted, None),
        Done::Checked(Verdict::Refused(refusal)) => {
            (audit::Outcome::Refused, Some(refusal.name().to_owned()))
        }
        _ => (audit::Outcome::Done, done.reason(errand)),
    };
    write_down(config, account, errand, result, reason.as_deref());
}

fn write_down(
    config: &Config,
    account: &Account,
    errand: &Errand,
    result: audit::Outcome,
    reason: Option<&str>,
) {
    let user = account.name.to_string();
    let event = Event {
        time: SystemClock.now(),
        event: errand.name(),
        user: Some(&user),
        service: None,
        rhost: None,
        tty: None,
        actor: Some(&user),
        method: None,
        result,
        reason,
    };
    let mut lines = vec![LogLine::new(Severity::Notice, event.to_syslog())];
    if let Err(e) = event.append(&config.log.audit_file.path()) {
        lines.push(LogLine::new(Severity::Error, format!("the audit file cannot be written: {e}")));
    }
    journal::write(&lines);
}
