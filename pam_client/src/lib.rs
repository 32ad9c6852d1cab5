//! libpam, as a program that logs somebody in calls it: a transaction, and who answers its prompts.

mod ffi;

pub use ffi::{Answerer, Flag, Item, PamError, PamHandle};
