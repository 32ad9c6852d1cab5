//! How a test talks to `pamclient`, our PAM application: scripts to it, transcripts from it.

mod result;
mod script;
mod transcript;

pub use result::{IGNORED, PamResult};
pub use script::{Answer, Door, Reply, Script};
pub use transcript::{Event, Transcript};
