//! Switching services on: what changes in their files, and how that is taken back.

mod block;
mod change;
mod edit;
mod journal;
mod plan;
mod reach;
mod source;
mod switching;
mod systemd;
