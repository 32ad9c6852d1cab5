//! What the tests of this room share.

use super::basis::Basis;
use super::boot::{BootClock, BootId, BootTime};
use super::files::Grace;
use super::session::Session;
use super::state::Owner;
use crate::user::UserName;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What a site sets.
pub(super) const SPAN: Duration = Duration::from_secs(12 * 3600);

/// A clock that the test moves.
#[derive(Debug, Clone)]
pub(super) struct Hands(Arc<AtomicU64>);

impl Hands {
    pub(super) fn at(seconds: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seconds)))
    }

    pub(super) fn set(&self, seconds: u64) {
        self.0.store(seconds, Ordering::SeqCst);
    }
}

impl BootClock for Hands {
    fn now(&self) -> BootTime {
        BootTime(self.0.load(Ordering::SeqCst))
    }
}

pub(super) fn user(name: &str) -> UserName {
    UserName::new(name.as_bytes()).unwrap()
}

pub(super) fn basis() -> Basis {
    Basis::new(7, &[1, 2])
}

pub(super) fn owner() -> Owner {
    let session = Session::Audit(5).to_string();
    Owner { user: user("roy"), uid: 1000, session, boot: BootId::new("this") }
}

/// A grace below `root`, in a directory that is not there yet, and its clock at 1000 seconds.
pub(super) fn grace(root: &Path) -> (Grace<Hands>, Hands) {
    let hands = Hands::at(1000);
    (Grace::new(root.join("wardkey/grace"), BootId::new("this"), hands.clone()), hands)
}
