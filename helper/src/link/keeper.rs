//! What the resident process has of its link: the door that copies use, and which child it is.

use super::door::Door;
use super::identity::Places;
use super::wait::now;
use crate::heritage::HeritageOfLink;
use nix::fcntl::OFlag;
use nix::unistd::{Pid, pipe2};
use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};
use wardkey_core::policy::config::Config;

/// Between two beginnings: one that ends at once must not take the processor from those who log in.
const BETWEEN: Duration = Duration::from_secs(1);

/// The link as its parent sees it.
pub(crate) struct Keeper {
    places: Places,
    door: Door,
    link: Option<Pid>,
    begun: Option<Instant>,
    /// The link lives until this is closed, which an exec does too: in its unit the resident process may send it no signal.
    life: Option<OwnedFd>,
}

impl Keeper {
    /// For a seat, with the door of an earlier image, whose link has ended with it: what that had not answered is handed over
    /// again. `None`: this machine keeps its own records.
    ///
    /// # Errors
    /// There can be no door.
    pub(crate) fn new(
        config: Option<&Config>,
        inherited: Option<HeritageOfLink>,
    ) -> io::Result<Option<Self>> {
        // Where none is needed any more, this closes it.
        let door = inherited.and_then(|heritage| Door::inherited(heritage.door).ok());
        let Some(config) = config.filter(|config| config.store.is_seat()) else { return Ok(None) };
        let door = door.map_or_else(Door::new, Ok)?;
        Ok(Some(Self { places: Places::of(&config.store), door, link: None, begun: None, life: None }))
    }

    /// How long until a link must be made; `None`: there is one.
    pub(crate) fn is_due_in(&self) -> Option<Duration> {
        if self.link.is_some() {
            return None;
        }
        let next = self.begun.map(|begun| begun + BETWEEN);
        Some(next.map_or(Duration::ZERO, |next| next.saturating_duration_since(now())))
    }

    /// Before a link is made: the end by which that one will know how long to live.
    ///
    /// # Errors
    /// No descriptors can be had.
    pub(crate) fn prepare(&mut self) -> io::Result<OwnedFd> {
        let (theirs, own) = pipe2(OFlag::O_CLOEXEC)?;
        self.life = Some(own);
        Ok(theirs)
    }

    /// A link was begun, or could not be.
    pub(crate) fn begun(&mut self, link: Option<Pid>) {
        (self.link, self.begun) = (link, Some(now()));
    }

    /// A child has ended; whether it was the link.
    pub(crate) fn has_ended(&mut self, child: Pid) -> bool {
        let was_link = self.link == Some(child);
        if was_link {
            self.link = None;
        }
        was_link
    }

    /// In a copy that becomes the link.
    pub(crate) fn into_link(self, life: OwnedFd) -> super::LinkPart {
        super::LinkPart { places: self.places, door: self.door.inside, life }
    }

    /// In a copy that answers: where it hands over.
    pub(crate) fn into_outside(self) -> OwnedFd {
        self.door.outside
    }

    /// What the next image is left.
    pub(crate) fn heritage(&self) -> HeritageOfLink {
        HeritageOfLink { door: self.door.numbers() }
    }

    /// Lets an exec keep the door, or close it.
    pub(crate) fn close_on_exec(&self, closes: bool) {
        self.door.close_on_exec(closes);
    }
}
