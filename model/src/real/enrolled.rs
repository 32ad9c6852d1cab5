//! A store with one person in it, whose ledger has never been written.

use std::fs;
use std::path::Path;
use wardkey_core::credential::throttle::Limits;
use wardkey_core::policy::account::Account;
use wardkey_core::record::ledger::{Blocks, Ledger};
use wardkey_core::system::clock::{Clock, SystemClock};
pub use wardkey_core::testing::texts;
use wardkey_core::testing::{self, Fixture, account, wanted};
use wardkey_core::verify::Rules;

/// Whose record it is.
#[must_use]
pub fn roy() -> Account {
    account("roy", 1000)
}

/// No code ever waits: schedules have wrong ones in any number.
pub const RULES: Rules = Rules {
    limits: Limits { free_tries: 1_000_000, disable_after: 1_000_000, ..testing::RULES.limits },
    ..testing::RULES
};

/// Makes the store under `root`; the answer is the person's codes, in their places.
pub(super) fn furnish(root: &Path, codes: usize) -> Vec<String> {
    let fixture = Fixture::at(root, roy(), SystemClock.now().0);
    let codes = fixture.enrolled_with(&wanted(None), &RULES, codes);
    fs::write(fixture.file("ledger"), Blocks::new_file(&Ledger::default())).expect("a new ledger");
    texts(&codes)
}
