//! Whose process this is, as the input says: the module asks, to tell root's programs from a person's.
#![allow(unsafe_code, reason = "functions of the C library; each block says why it is sound")]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

/// No such uid: the kernel's answer holds.
const REAL: u32 = u32::MAX;

static UID: AtomicU32 = AtomicU32::new(REAL);
static EUID: AtomicU32 = AtomicU32::new(REAL);

/// Does something as a program of these uids would.
pub(crate) fn acting_as<T>(uid: u32, euid: u32, act: impl FnOnce() -> T) -> T {
    UID.store(uid, SeqCst);
    EUID.store(euid, SeqCst);
    let result = act();
    UID.store(REAL, SeqCst);
    EUID.store(REAL, SeqCst);
    result
}

fn answer(said: &AtomicU32, call: libc::c_long) -> libc::uid_t {
    match said.load(SeqCst) {
        // SAFETY: getuid and geteuid take nothing and never fail.
        REAL => u32::try_from(unsafe { libc::syscall(call) }).unwrap_or(REAL),
        said => said,
    }
}

#[unsafe(no_mangle)]
extern "C" fn getuid() -> libc::uid_t {
    answer(&UID, libc::SYS_getuid)
}

#[unsafe(no_mangle)]
extern "C" fn geteuid() -> libc::uid_t {
    answer(&EUID, libc::SYS_geteuid)
}
