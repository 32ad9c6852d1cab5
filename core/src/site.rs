//! What every judgement and every change at the desk works with.

use crate::policy::account::Accounts;
use crate::policy::config::Config;
use crate::store::Store;
use crate::system::clock::Clock;

/// One machine's configuration, records, accounts and clock.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The configuration in force.
    pub config: &'a Config,
    /// The records.
    pub store: &'a dyn Store,
    /// The account database.
    pub accounts: &'a dyn Accounts,
    /// The time.
    pub clock: &'a dyn Clock,
}
