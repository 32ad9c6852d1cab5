//! What commands put on the screen.

mod codes;
mod ending;
mod in_force;
mod key;
mod person;
mod person_text;
mod picture;
mod record;
mod shape;

pub(crate) use codes::{code_list, have_kept, plain_codes, show_codes, show_codes_and_end, show_sheet};
pub(crate) use ending::show_end;
pub(crate) use in_force::InForce;
pub(crate) use key::{ShownKey, View};
pub(crate) use person::PersonShape;
pub(crate) use person_text::{device_lines, person_text, state_word};
pub(crate) use shape::Shape;
