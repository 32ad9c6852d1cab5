//! What follows a login by a recovery code, once it has opened a session: the way to a new phone.

use crate::arguments::Arguments;
use crate::authority::LoginJudge;
use crate::text::Texts;
use crate::transaction::{Caller, Machine, Tone, Transaction};
use wardkey_core::login::Who;
use wardkey_core::policy::config::Config;

/// Notes for which session the code counts, and says so. Whatever goes wrong here costs a second code and refuses nobody.
pub fn open_session(pam: &mut dyn Transaction, machine: &Machine<'_>, words: &[&str], silent: bool) {
    let Some(ticket) = pam.take_ticket() else { return };
    // What su and sudo open is inside a session of somebody's.
    if pam.caller() != Caller::Root {
        return;
    }
    let Ok(arguments) = Arguments::parse(words.iter().copied()) else { return };
    let Ok(config) = Config::load(arguments.config.as_deref()) else { return };
    let Ok(name) = pam.user() else { return };
    let who = Who::find(machine.accounts, &name);
    let authority = LoginJudge::new(pam, machine, who, (&config, arguments.config.as_deref()));
    authority.recovery_session(pam, &ticket);
    if !silent {
        pam.tell(Tone::Info, &Texts::new(&config).lost_your_phone());
    }
}

#[cfg(test)]
#[path = "lost_phone_tests.rs"]
mod tests;
