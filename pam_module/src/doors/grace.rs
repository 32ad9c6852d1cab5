//! What follows a login that passed, for unlock grace: the application's `setcred`, and its session.

use crate::arguments::Arguments;
use crate::mark::{self, Mark, PassedBy};
use crate::transaction::Machine;
use crate::transaction::{Caller, Transaction};
use wardkey_core::grace::{By, Kernel, Process};
use wardkey_core::login::{Asker, Judge, PamItems, Who};
use wardkey_core::policy::config::{Config, in_force};
use wardkey_core::store::FileStore;
use wardkey_core::system::syslog::Line;
use wardkey_core::wire::{Helper, Question, Request, VERSION};

/// Where in the application's course this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// `setcred`: all modules let the person in.
    Succeeded,
    /// A session opens.
    Opened,
    /// It closes.
    Closed,
}

/// Keeps grace in step. Whatever goes wrong here costs a code at the next unlock and refuses nobody.
pub fn follow(pam: &mut dyn Transaction, machine: &Machine<'_>, words: &[&str], moment: Moment) {
    let by = match (mark::of_anybody(&pam.left()), moment) {
        (Some(Mark::Passed(PassedBy::Code)), _) => By::Code,
        (Some(Mark::Passed(PassedBy::Grace)), Moment::Succeeded) => By::Grace,
        _ => return,
    };
    // sudo goes on under another name, and login(1) may have: what they passed by is not that one's.
    if !matches!(mark::now(pam, machine.accounts), Some(Mark::Passed(_))) {
        return;
    }
    let Ok(arguments) = Arguments::parse(words.iter().copied()) else { return };
    // libpam calls `setcred` of both our lines; one is enough.
    if arguments.start {
        return;
    }
    let Ok(config) = Config::load(arguments.config.as_deref()) else { return };
    let items = PamItems { service: pam.service(), rhost: pam.rhost(), tty: pam.tty() };
    let concerned = match moment {
        Moment::Succeeded => config.unlock_grace(&items.service).is_some(),
        // Not of su and sudo: theirs are no sessions of a seat, and end while that one goes on.
        Moment::Opened | Moment::Closed => config.has_unlock_grace() && pam.caller() == Caller::Root,
    };
    if !concerned {
        return;
    }
    let Ok(name) = pam.user() else { return };
    let who = Who::find(machine.accounts, &name);
    if pam.caller() == Caller::Ordinary {
        return tell_helper(&arguments, &config, &who, (items, by));
    }
    let kernel = Kernel::default();
    let Ok(origin) = Process::open(&kernel, std::process::id()) else { return };
    let store = FileStore::new(config.store.path.path());
    let judge = Judge {
        config: &config,
        store: &store,
        accounts: machine.accounts,
        clock: machine.clock,
        origin: Some(&origin),
        actor: None,
        asker: Asker::Root,
    };
    let lines = match moment {
        Moment::Succeeded => judge.succeeded(&who, &items, by),
        Moment::Opened => judge.session_opened(&who, &items),
        Moment::Closed => judge.session_closed(&who, &items),
    };
    lines.iter().for_each(|Line { severity, text }| pam.log(*severity, text));
}

/// The answer changes nothing for this login.
fn tell_helper(arguments: &Arguments, config: &Config, who: &Who, (items, by): (PamItems, By)) {
    let Some(user) = who.name() else { return };
    let helper = Helper { socket: &config.helper.socket.path(), deadline: config.helper.deadline.get() };
    let question = Question {
        version: VERSION,
        config: in_force(arguments.config.as_deref()),
        user: user.clone(),
        items,
        request: Request::Succeeded(by),
    };
    let _ = helper.ask(&question);
}
