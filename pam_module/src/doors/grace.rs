//! What follows a login that passed, for unlock grace: the application's `setcred`, and its session.

use crate::arguments::Arguments;
use crate::authority::LoginJudge;
use crate::mark::{self, Mark, PassedBy};
use crate::marked;
use crate::transaction::{Caller, Machine, Transaction};
use wardkey_core::grace::By;
use wardkey_core::login::Who;
use wardkey_core::policy::config::Config;

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
    if !matches!(marked::now(pam, machine.accounts), Some(Mark::Passed(_))) {
        return;
    }
    let Ok(arguments) = Arguments::parse(words.iter().copied()) else { return };
    // libpam calls `setcred` of both our lines; one is enough.
    if arguments.start {
        return;
    }
    let Ok(config) = Config::load(arguments.config.as_deref()) else { return };
    let service = pam.service();
    let concerned = match moment {
        Moment::Succeeded => config.unlock_grace(&service).is_some(),
        // Not of su and sudo: theirs are no sessions of a seat, and end while that one goes on.
        Moment::Opened | Moment::Closed => config.has_unlock_grace() && pam.caller() == Caller::Root,
    };
    if !concerned {
        return;
    }
    let Ok(name) = pam.user() else { return };
    let who = Who::find(machine.accounts, &name);
    let authority = LoginJudge::new(pam, machine, who, (&config, arguments.config.as_deref()));
    match moment {
        Moment::Succeeded => authority.succeeded(pam, by),
        Moment::Opened => authority.session_opened(pam),
        Moment::Closed => authority.session_closed(pam),
    }
}
