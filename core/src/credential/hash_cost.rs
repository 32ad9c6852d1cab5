//! What one hash of a single-use code costs (RFC 9106 §4).

/// The cost of one hash, kept with it so that it can grow later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB, 8 to 262144.
    pub memory: u32,
    /// Passes over it, 1 to 16.
    pub passes: u32,
}

/// Memory in KiB of a hash that is made now.
const MEMORY: u32 = 19 * 1024;

impl Default for Cost {
    fn default() -> Self {
        Self { memory: memory(), passes: 2 }
    }
}

impl Cost {
    /// Whether a login may be made to spend this much.
    #[must_use]
    pub const fn is_bounded(self) -> bool {
        self.memory >= 8 && self.memory <= 256 * 1024 && self.passes >= 1 && self.passes <= 16
    }
}

#[cfg(not(feature = "cheap-hashes"))]
const fn memory() -> u32 {
    MEMORY
}

#[cfg(feature = "cheap-hashes")]
use cheap::memory;

/// For the fuzz crate, which plays thousands of conversations a second. The feature alone changes nothing: it gives the
/// fuzz crate a function to call, and no other crate asks for it.
#[cfg(feature = "cheap-hashes")]
pub mod cheap {
    use super::MEMORY;
    use std::sync::atomic::{AtomicU32, Ordering};

    static NOW: AtomicU32 = AtomicU32::new(MEMORY);

    pub(super) fn memory() -> u32 {
        NOW.load(Ordering::Relaxed)
    }

    /// From now on this process makes hashes that are worth nothing.
    pub fn make_hashes_cheap() {
        NOW.store(8, Ordering::Relaxed);
    }
}
