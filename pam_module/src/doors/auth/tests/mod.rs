//! Flows against a scripted conversation.

mod combined;
mod marks;
mod next_prompt;
mod policy;
mod separate;
mod sshd;

use super::{AuthAnswer, Machine, authenticate};
use crate::mark::{Left, Mark, PassedBy, Whose};
use crate::testing::fixture::{Fixture, NOW, account, code};
use crate::testing::scripted::Scripted;
use crate::transaction::Transaction;
use wardkey_core::system::clock::Timestamp;

const PROMPT: &str = "Code (app or recovery): ";

/// What roy hears who types this.
fn asked(site: &Fixture, reply: &str) -> AuthAnswer {
    site.auth(&mut Scripted::new(b"roy").expect(PROMPT, reply))
}
