//! How the module and the command speak with the helper: a connection for each question, each message a frame of
//! JSON with its length before it. Bounded, versioned, and under a deadline that the caller holds. What is asked and answered
//! is the affair of those who ask and answer.

mod client;
mod connection;
mod denial;
mod frame;
mod question;
mod silence;

pub use client::{Helper, Talk};
pub use denial::{Denial, Detailed, IN_THE_LOG};
pub use frame::{MAX_LEN, receive, receive_question, send};
pub use question::{Answered, Question, Topic, VERSION};
pub use silence::Silence;
