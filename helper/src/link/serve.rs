//! Takes what copies hand over, each in a thread of its own. Nothing here is ever copied: the resident process makes no thread, and
//! what makes threads makes no copy of itself.

use super::identity::Identity;
use super::message::{Brought, Errand};
use super::route::{Route, lock};
use crate::{ffi, log};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::host_name;
use wardkey_core::system::trusted_file::read_foreign;
use wardkey_core::wire::{receive, send};
use wardkey_fleet::Hello;

/// Questions at once: what is handed over beyond that waits.
const MOST: usize = 64;

/// What a thread may have in calls of calls: TLS takes a tenth.
const STACK: usize = 256 * 1024;

/// How long a copy may take to say what it wants, and to hear it. It is there at once.
const TO_TALK: Duration = Duration::from_secs(1);

/// How many run, and that one has ended.
#[derive(Default)]
struct Running(Mutex<usize>, Condvar);

/// Serves until its life ends.
///
/// # Errors
/// The pair is broken.
pub(super) fn serve(
    (door, life): (&OwnedFd, &OwnedFd),
    identity: Result<Identity, String>,
) -> Result<(), String> {
    let route = Arc::new(identity.map(|identity| Route::new(identity, hello)));
    let running = Arc::new(Running::default());
    loop {
        if !is_handed_over(door, life).map_err(|e| format!("nothing can be waited for: {e}"))? {
            return Ok(());
        }
        let socket = match ffi::take_over(door) {
            Ok(Some(socket)) => socket,
            // Nobody is left who could.
            Ok(None) => return Ok(()),
            // Another link took it: that of the next image has the same door.
            Err(e) if matches!(e.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => continue,
            Err(e) => return Err(format!("nothing can be handed over: {e}")),
        };
        running.enter();
        let (route, own) = (route.clone(), running.clone());
        let work = move || {
            let _leaves = Leaves(&own);
            let _ = answer(&socket, &route);
        };
        if let Err(e) = thread::Builder::new().stack_size(STACK).spawn(work) {
            running.leave();
            log::failed(&format!("link: cannot start a thread: {e}"));
        }
    }
}

/// Waits until something is handed over; false: its life has ended.
fn is_handed_over(door: &OwnedFd, life: &OwnedFd) -> nix::Result<bool> {
    let mut watched = [door, life].map(|fd| PollFd::new(fd.as_fd(), PollFlags::POLLIN));
    match poll(&mut watched, PollTimeout::NONE) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(e) => return Err(e),
    }
    let [_, life] = watched;
    Ok(!life.any().unwrap_or(false))
}

/// One question. Whatever fails, the copy reads that the socket ends.
fn answer(socket: &UnixStream, route: &Result<Route, String>) -> io::Result<()> {
    socket.set_read_timeout(Some(TO_TALK))?;
    socket.set_write_timeout(Some(TO_TALK))?;
    let mut from = socket;
    let errand: Errand = receive(&mut from)?;
    let brought = match route {
        Ok(route) => route.bring(&errand),
        Err(why) => Brought::Nothing(why.clone()),
    };
    let mut to = socket;
    to.write_all(&send(&brought)?)
}

/// How this seat begins: the kernel's name for this boot tells two machines with one key apart.
fn hello() -> Hello {
    let boot = read_foreign("/proc/sys/kernel/random/boot_id".as_ref(), 64).unwrap_or_default();
    Hello {
        boot: String::from_utf8_lossy(&boot).trim().to_owned(),
        host: host_name::shown(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        time: SystemClock.now(),
    }
}

impl Running {
    fn enter(&self) {
        let mut running = lock(&self.0);
        while *running >= MOST {
            running = self.1.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
        *running += 1;
    }

    fn leave(&self) {
        *lock(&self.0) -= 1;
        self.1.notify_one();
    }
}

/// That a thread ends, also by a panic.
struct Leaves<'a>(&'a Running);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}
