//! The link: one child of the resident process at a seat of a clinic, which alone speaks with verifiers. It reads the seat's key
//! as root and becomes the user `wardkey` for good. Copies hand it one end of a pair of sockets each, and ask over that.

mod clean;
mod connection;
mod door;
mod identity;
mod keeper;
mod message;
mod names;
mod privileges;
mod renewal;
mod route;
mod serve;
mod tls;
mod wait;

pub(crate) use connection::connect;
pub(crate) use door::hand_over;
pub(crate) use identity::Places;
pub(crate) use keeper::Keeper;
pub(crate) use message::{Brought, Errand};
pub(crate) use names::resolve;
pub(crate) use privileges::become_nobody_else;
pub(crate) use tls::{Deadline, at_one_moment, provider};
pub(crate) use wait::now;

#[cfg(test)]
mod tests;

use crate::log;
use identity::Identity;
use nix::unistd::getppid;
use std::os::fd::OwnedFd;

/// What becomes the link.
pub(crate) struct LinkPart {
    /// Where its key and certificates lie.
    pub(crate) places: Places,
    /// Where copies hand over what they ask with.
    pub(crate) door: OwnedFd,
    /// It lives until the other end of this is closed.
    pub(crate) life: OwnedFd,
}

/// Runs until its parent ends it. A key that cannot be had is told to each who asks: to begin again would not mend it.
///
/// # Errors
/// It cannot become the user that it must be; it begins again then.
pub(crate) fn run(part: LinkPart) -> Result<(), String> {
    let LinkPart { places, door, life } = part;
    let parent = getppid();
    let material = places.read();
    become_nobody_else(parent)?;
    let identity = material.and_then(Identity::new);
    if let Err(why) = &identity {
        log::failed(why);
    }
    serve::serve((&door, &life), identity)
}
