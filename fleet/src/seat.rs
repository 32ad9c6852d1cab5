//! What the registry keeps of a seat: what decides, and, in a file of its own, what changes at every login.

use crate::fingerprint::Fingerprint;
use crate::seat_name::SeatName;
use serde::{Deserialize, Serialize};
use wardkey_core::record::question::SeatNumber;
use wardkey_core::system::clock::Timestamp;

/// What decides about a seat. It stays when the seat is removed, so that its number is never another's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Its name.
    pub name: SeatName,
    /// Its number.
    pub number: SeatNumber,
    /// Since when it is this seat.
    pub joined: Timestamp,
    /// How often it has joined.
    pub joins: u32,
    /// When it was removed.
    pub removed: Option<Timestamp>,
    /// The certificate in force.
    pub certificate: Fingerprint,
    /// Until when that is good.
    pub ends: Timestamp,
    /// The one that was given when it renewed, until it comes with it: an answer may be lost.
    pub next: Option<(Fingerprint, Timestamp)>,
    /// The two machines that have its key.
    pub twins: Option<Twins>,
}

/// Two machines with one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Twins {
    /// What one of them calls itself, and its address.
    pub one: String,
    /// And the other.
    pub other: String,
}

/// What changes at every login. If it is lost, nothing that decides is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sighting {
    /// After which joining, since machines differ from one to the next.
    pub joins: u32,
    /// When it asked last, to the minute.
    pub last_seen: Timestamp,
    /// Its version of wardkey.
    pub version: String,
    /// What it calls itself.
    pub host: String,
    /// From where it came.
    pub address: String,
    /// By how many seconds its clock is ahead of the verifier's.
    pub clock_offset: i64,
    /// When it last asked about more people than a seat does.
    pub hurried: Option<Timestamp>,
    /// Its boots, the newest last.
    pub boots: Vec<Boot>,
}

/// One boot of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Boot {
    /// The kernel's random name of it.
    pub id: String,
    /// What the machine calls itself, and its address.
    pub machine: String,
}
