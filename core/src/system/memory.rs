//! What a process holds stays out of the swap area, where it would outlive the process.

use nix::sys::mman::{MlockAllFlags, mlockall};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Locks the memory of this process, what it will still ask for included, where the process may lock without a limit
/// (`CAP_IPC_LOCK`): under one, a later allocation would fail, and the process with it. Nothing depends on it.
///
/// For processes that wait while somebody types. It takes some 0.15 ms, too much for those that answer one question of a
/// login; their service keeps them out of the swap area (`MemorySwapMax=`).
pub fn stay_out_of_swap() {
    // Only pages that are in use: to fetch the whole program first takes five times as long.
    let on_fault = MlockAllFlags::from_bits_retain(nix::libc::MCL_ONFAULT);
    let all = MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE | on_fault;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_MEMLOCK) else { return };
    // Under a limit of nothing only those may lock who are under none (`CAP_IPC_LOCK`).
    let _ = setrlimit(Resource::RLIMIT_MEMLOCK, 0, hard).and_then(|()| mlockall(all));
    let _ = setrlimit(Resource::RLIMIT_MEMLOCK, soft, hard);
}
