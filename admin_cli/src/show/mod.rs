//! What commands put on the screen.

mod codes;
mod in_force;
mod person;
mod person_text;
mod qr;
mod sheet;

pub(crate) use codes::{code_list, plain_codes, show_codes, show_codes_and_end};
pub(crate) use in_force::InForce;
pub(crate) use person::{Person, State};
pub(crate) use person_text::{person_text, state_word};
pub(crate) use sheet::Sheet;
