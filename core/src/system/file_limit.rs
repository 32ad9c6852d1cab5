//! `ulimit -f`, which a caller of `su` or `sudo` hands down: a write beyond it kills the process.

use nix::sys::resource::{Resource, getrlimit};

/// Whether this process may write a file up to `end` bytes from its start.
#[must_use]
pub fn allows(end: u64) -> bool {
    getrlimit(Resource::RLIMIT_FSIZE).is_ok_and(|(soft, _)| soft >= end)
}
