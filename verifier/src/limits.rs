//! How much one seat may ask, and how much strangers may: so that none costs another.

use crate::free_misses::FreeMisses;
use crate::people::People;
use crate::quiet::Quiet;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use wardkey_core::record::question::SeatNumber;

/// Connections of one seat.
const CONNECTIONS: usize = 32;

/// Questions of one seat that are judged at a time.
const JUDGED_AT_ONCE: usize = 8;

/// Questions of one seat in a second.
const QUESTIONS: u32 = 64;

/// Connections that have proven nothing yet, of everybody.
const STRANGERS: usize = 256;

/// The same of one address.
const STRANGERS_OF_ONE: usize = 32;

/// What one seat has used.
pub(crate) struct Measure {
    /// Its connections.
    connections: Arc<Semaphore>,
    /// Its questions that are being judged.
    pub(crate) judged: Arc<Semaphore>,
    /// Its questions in this second.
    rate: Mutex<(Option<Instant>, u32)>,
    /// About whom it asks.
    pub(crate) people: Mutex<People>,
    /// Its tries at codes where none is asked.
    pub(crate) free_misses: Mutex<FreeMisses>,
    /// Its lines that count for nothing.
    pub(crate) quiet: Quiet,
    /// The lines that name it.
    pub(crate) named: Quiet,
}

/// A place that is given back when it is dropped.
pub(crate) type Place = tokio::sync::OwnedSemaphorePermit;

impl Measure {
    fn new() -> Self {
        Self {
            connections: Arc::new(Semaphore::new(CONNECTIONS)),
            judged: Arc::new(Semaphore::new(JUDGED_AT_ONCE)),
            rate: Mutex::new((None, 0)),
            people: Mutex::new(People::default()),
            free_misses: Mutex::new(FreeMisses::default()),
            quiet: Quiet::default(),
            named: Quiet::default(),
        }
    }

    /// A place for one more connection.
    pub(crate) fn connect(&self) -> Option<Place> {
        Arc::clone(&self.connections).try_acquire_owned().ok()
    }

    /// Whether one more question is answered in this second.
    pub(crate) fn may_ask(&self, now: Instant) -> bool {
        let mut rate = self.rate.lock().unwrap_or_else(PoisonError::into_inner);
        if rate.0.is_none_or(|since| now.duration_since(since) >= Duration::from_secs(1)) {
            *rate = (Some(now), 0);
        }
        rate.1 += 1;
        rate.1 <= QUESTIONS
    }
}

/// All of them. There are as many as seats, since only a seat has one.
#[derive(Default)]
pub(crate) struct Measures(Mutex<HashMap<SeatNumber, Arc<Measure>>>);

impl Measures {
    /// That of one seat.
    pub(crate) fn of(&self, seat: SeatNumber) -> Arc<Measure> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(seat).or_insert_with(|| Arc::new(Measure::new())))
    }
}

/// Connections that have proven nothing yet.
#[derive(Default)]
pub(crate) struct Strangers(Mutex<HashMap<IpAddr, usize>>);

/// One of them.
pub(crate) struct Stranger {
    all: Arc<Strangers>,
    from: IpAddr,
}

impl Strangers {
    /// A place for one more from this address.
    pub(crate) fn come(self: &Arc<Self>, from: IpAddr) -> Option<Stranger> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = counted.get(&from).copied().unwrap_or(0);
        if own == STRANGERS_OF_ONE || counted.values().sum::<usize>() == STRANGERS {
            return None;
        }
        counted.insert(from, own + 1);
        Some(Stranger { all: Arc::clone(self), from })
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut counted = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counted.get_mut(&self.from) {
            Some(own) if *own > 1 => *own -= 1,
            _ => drop(counted.remove(&self.from)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_room_for_others_and_gives_back_what_it_had() {
        let all = Arc::new(Strangers::default());
        let of = |last: u8| all.come(IpAddr::from([192, 0, 2, last]));
        let held: Vec<_> = (0..STRANGERS_OF_ONE).map(|_| of(1).unwrap()).collect();
        assert!(of(1).is_none());
        let others: Vec<_> = (2..=255).map_while(of).collect();
        assert_eq!(others.len() + held.len(), STRANGERS);
        drop(held);
        assert!(of(1).is_some());
    }

    #[test]
    fn a_seat_has_so_many_connections_and_questions_a_second() {
        let measure = Measures::default().of(SeatNumber(1));
        let held: Vec<_> = (0..CONNECTIONS).map(|_| measure.connect().unwrap()).collect();
        assert!(measure.connect().is_none());
        drop(held);
        assert!(measure.connect().is_some());
        let now = Instant::now();
        assert!((0..QUESTIONS).all(|_| measure.may_ask(now)));
        assert!(!measure.may_ask(now));
        assert!(measure.may_ask(now + Duration::from_secs(1)));
    }
}
