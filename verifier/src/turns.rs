//! Whose turn it is to run Argon2id, which takes memory and time that an owned seat could ask for without end: four at a time,
//! and one of each seat.

use std::any::Any;
use std::cell::Cell;
use std::collections::HashSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use wardkey_core::record::question::SeatNumber;
use wardkey_core::system::turns;

/// Runs at a time.
const AT_ONCE: usize = 4;

/// How long a question waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

thread_local! {
    /// For which seat this thread judges.
    static SEAT: Cell<SeatNumber> = const { Cell::new(SeatNumber::VERIFIER) };
}

/// This thread judges for a seat from now on.
pub(crate) fn judging_for(seat: SeatNumber) {
    SEAT.set(seat);
}

#[derive(Default)]
struct Turns {
    running: Mutex<HashSet<SeatNumber>>,
    ended: Condvar,
}

/// Held while it runs.
struct Turn(Arc<Turns>, SeatNumber);

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.1);
        self.0.ended.notify_all();
    }
}

fn take(all: &Arc<Turns>, seat: SeatNumber, patience: Duration) -> Result<Turn, String> {
    let running = all.running.lock().unwrap_or_else(PoisonError::into_inner);
    let must_wait = |running: &mut HashSet<SeatNumber>| running.len() >= AT_ONCE || running.contains(&seat);
    let waited = all.ended.wait_timeout_while(running, patience, must_wait);
    let (mut running, over) = waited.unwrap_or_else(PoisonError::into_inner);
    if over.timed_out() {
        return Err("too many codes are being hashed".to_owned());
    }
    running.insert(seat);
    Ok(Turn(Arc::clone(all), seat))
}

/// Bounds the runs of this process.
pub(crate) fn bound() {
    let all = Arc::new(Turns::default());
    turns::wait_by(move || Ok(Box::new(take(&all, SEAT.get(), PATIENCE)?) as Box<dyn Any>));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_run_at_a_time_and_one_of_each_seat() {
        let all = Arc::new(Turns::default());
        let now = |seat| take(&all, SeatNumber(seat), Duration::ZERO);
        let first = now(1).unwrap();
        assert!(now(1).is_err());
        let others: Vec<_> = (2..=4).map(|seat| now(seat).unwrap()).collect();
        assert!(now(5).is_err());
        drop(first);
        assert!(now(5).is_ok());
        drop(others);
    }
}
