//! What unit tests need: an application played from a script, and a fixture of one enrolled person.

pub(crate) mod fixture;
pub(crate) mod scripted;

use crate::mark::{Mark, Whose};
use crate::transaction::Transaction;
use fixture::account;
use scripted::Scripted;
use wardkey_core::desk::Right;

/// Who comes in by a password alone must enrol.
pub(crate) const MUST: Mark = Mark::MustEnroll(Right::Password);

/// A login as roy of whom there is this mark; the directory knows him as Roy too.
pub(crate) fn marked(mark: Option<Mark>) -> Scripted {
    let mut pam = Scripted::new(b"Roy");
    if let Some(mark) = mark {
        pam.set_mark(mark, &Whose::Account(account("roy", 1000).name)).unwrap();
    }
    pam
}
