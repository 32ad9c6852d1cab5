//! How the module and the command speak with the helper: a connection for each question, each message a frame of
//! JSON with its length before it. Bounded, versioned, and under a deadline that the caller holds.

mod client;
mod detail;
mod frame;
mod line;
mod message;

pub use client::{Helper, Person, Silence};
pub use frame::{MAX_LEN, receive, receive_question, send};
pub use message::{Answer, Denial, Mailed, Question, Refused, Reply, Request, Typed, VERSION, Wish};
