//! How the module and the command speak with the helper: one question and one answer a connection, each a frame of
//! JSON with its length before it. Bounded, versioned, and under a deadline that the caller holds.

mod client;
mod frame;
mod message;

pub use client::{Helper, Silence};
pub use frame::{MAX_LEN, receive, send};
pub use message::{Answer, Denial, Question, Request, Typed, VERSION};
