//! Codes by mail: whom they go to, what they are, and what the ledger keeps of the newest one.

mod address;
mod code;
mod mark;
mod mode;
mod notice;

pub use address::{Address, BadAddress};
pub(crate) use code::DIGITS;
pub use code::MailedCode;
pub(crate) use mark::Newest;
pub use mark::{MailMark, Recipient, SENDS, SENDS_WITHIN};
pub use mode::MailMode;
pub use notice::Notice;

use crate::system::clock::Timestamp;

/// A registered address: its owner has shown a code that was sent to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registered {
    /// Where mail goes.
    pub address: Address,
    /// A code sent to another serial's address opens nothing here.
    pub serial: u64,
    /// When its owner showed the code.
    pub verified: Timestamp,
}

/// An address that waits for the code that was sent to it; it counts for nothing yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    /// Where the code went.
    pub address: Address,
    /// Its serial.
    pub serial: u64,
}
