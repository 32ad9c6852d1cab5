//! Switching services on: what changes in their files, and how that is taken back.

mod block;
mod edit;
mod plan;
mod source;
