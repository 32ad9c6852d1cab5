//! One login, apart from the conversation: whether a code is asked, what comes of a reply, and what is written down.
//! The module does it where it runs as root; the helper does it for everyone else.

mod answer;
mod asked;
mod authority;
mod grace;
mod judge;
mod lost_phone;
mod misses;
mod nobody;
mod place;
mod proven;
mod records;
mod request;
mod unreached;
mod who;
mod written;

pub use answer::{Answer, Ask, Checked, Mailed, NoMail, NoPlace, Outcome};
pub use authority::{Authority, Judgement, LoginTerms, OnRecord, Seen};
pub use judge::{Asker, Judge};
pub use misses::{Guess, MissRule, Uncompared};
pub use place::obeys_account;
pub use proven::{SWITCHING_STATE, note_proven, proven_dir};
pub use records::Records;
pub use request::{PamItems, Reply, Request, Step};
pub use unreached::Unreached;
pub use who::{Who, nameless};
pub use written::{Happened, Telling, told};
