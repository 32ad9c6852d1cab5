//! Single-use codes: recovery, pass, emergency (NIST SP 800-63B-4 §3.1.2, §4.2.1.1).

use crate::credential::hash_cost::Cost;
use crate::credential::secret::{NoEntropy, Secret};
use crate::credential::{Place, SINGLE_USE_LEN, SingleUseCode};
use crate::system::clock::Timestamp;
use crate::system::turns;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a hash and of a salt.
const HASH_LEN: usize = 16;

/// What a single-use code is for; which it is follows from the record, not from its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One of the printed set.
    Recovery,
    /// Read out by the help desk, with an end.
    Pass,
    /// From a sealed envelope.
    Emergency,
}

impl Kind {
    /// The word in audit lines.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::Pass => "pass",
            Self::Emergency => "emergency",
        }
    }
}

/// The one-way image of a code.
#[derive(Clone, PartialEq, Eq)]
pub struct Hash {
    pub(crate) salt: [u8; HASH_LEN],
    pub(crate) hash: [u8; HASH_LEN],
    pub(crate) cost: Cost,
}

/// Why Argon2id did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotRun {
    /// It had no memory to run in.
    NoMemory,
    /// Its turn never comes, for this reason.
    NoTurn(String),
}

impl fmt::Display for NotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMemory => f.write_str("not enough memory to check a single-use code"),
            Self::NoTurn(why) => write!(f, "no turn to check a single-use code: {why}"),
        }
    }
}

impl Hash {
    fn of(code: &SingleUseCode) -> Result<Self, MakeError> {
        let cost = Cost::default();
        let (mut salt, mut hash) = ([0; HASH_LEN], [0; HASH_LEN]);
        getrandom::fill(&mut salt).map_err(|_| MakeError::NoEntropy(NoEntropy))?;
        let image = run(code.expose(), &salt, cost).map_err(MakeError::NotRun)?;
        hash.copy_from_slice(image.expose());
        Ok(Self { salt, hash, cost })
    }

    /// What it costs to compute.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }

    /// Whether the stored numbers may be computed with.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.cost.is_bounded()
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// One code of a person, as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCode {
    /// Its place, below 32.
    pub place: u8,
    /// Its serial: spent when the ledger's mark for the place has reached it.
    pub serial: u64,
    /// What it is for.
    pub kind: Kind,
    /// When it was made.
    pub issued: Timestamp,
    /// The last moment it opens anything.
    pub expires: Option<Timestamp>,
    /// The hash.
    pub image: Hash,
}

/// A typed code after its one Argon2id run, to be compared under the lock.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The place it named.
    pub place: Place,
    /// The serial of the code whose salt was used; `None` when nothing stood there.
    serial: Option<u64>,
    image: Secret,
}

impl Proof {
    /// Runs Argon2id once over `code` with the salt of what stands at its place, or of nothing when nothing
    /// does, so that the time does not tell which places are taken.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn compute(code: &SingleUseCode, stored: &[StoredCode]) -> Result<Self, NotRun> {
        let place = code.place();
        let at_place = stored.iter().find(|c| usize::from(c.place) == place.index() && c.image.is_sound());
        let (salt, cost) =
            at_place.map_or((&[0; HASH_LEN][..], Cost::default()), |c| (&c.image.salt[..], c.image.cost));
        Ok(Self { place, serial: at_place.map(|c| c.serial), image: run(code.expose(), salt, cost)? })
    }

    /// Whether `stored` is the code that was typed.
    #[must_use]
    pub fn is(&self, stored: &StoredCode) -> bool {
        self.serial == Some(stored.serial)
            && self.place.index() == usize::from(stored.place)
            && constant_time_eq::constant_time_eq(self.image.expose(), &stored.image.hash)
    }
}

fn run(code: &[u8], salt: &[u8], cost: Cost) -> Result<Secret, NotRun> {
    turns::in_turn(|| run_now(code, salt, cost)).map_err(NotRun::NoTurn)?.ok_or(NotRun::NoMemory)
}

/// Blocks of a KiB for which room is asked, whatever is used: more than 32 MiB, glibc's largest threshold, are mapped
/// apart and given back with the last use. Less would stay in the heap of a program that logs people in again and again.
const APART: usize = 33 * 1024;

fn run_now(code: &[u8], salt: &[u8], cost: Cost) -> Option<Secret> {
    let params = Params::new(cost.memory, cost.passes, 1, Some(HASH_LEN)).ok()?;
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(params.block_count().max(APART)).ok()?;
    blocks.resize(params.block_count(), Block::new());
    let mut hash = Zeroizing::new(vec![0; HASH_LEN]);
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = argon2.hash_password_into_with_memory(code, salt, &mut hash, &mut blocks);
    blocks.iter_mut().for_each(Zeroize::zeroize);
    done.ok()?;
    Some(Secret::new(std::mem::take(&mut *hash)))
}

/// Why no code could be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MakeError {
    /// No randomness.
    NoEntropy(NoEntropy),
    /// Argon2id did not run.
    NotRun(NotRun),
}

impl fmt::Display for MakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEntropy(e) => e.fmt(f),
            Self::NotRun(e) => e.fmt(f),
        }
    }
}

/// What a new code is to be.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Its place.
    pub place: Place,
    /// Its serial.
    pub serial: u64,
    /// Its kind.
    pub kind: Kind,
    /// Now.
    pub issued: Timestamp,
    /// Its end, if it has one.
    pub expires: Option<Timestamp>,
}

/// A new code with 75 random bits: what is shown once, and what is kept.
///
/// # Errors
/// [`MakeError`]: no randomness, or Argon2id did not run.
pub fn make(order: Order) -> Result<(SingleUseCode, StoredCode), MakeError> {
    let code = loop {
        let random = Secret::random(16).map_err(MakeError::NoEntropy)?;
        let mut bits = random.expose().iter().fold(0u128, |all, byte| all << 8 | u128::from(*byte));
        let code = SingleUseCode::from_bits(order.place, bits);
        bits.zeroize();
        // One draw in a thousand would read as digits, or as a password with an authenticator's code: draw again.
        if let Some(code) = code {
            break code;
        }
    };
    debug_assert_eq!(code.expose().len(), SINGLE_USE_LEN);
    let stored = StoredCode {
        place: u8::try_from(order.place.index()).unwrap_or(0),
        serial: order.serial,
        kind: order.kind,
        issued: order.issued,
        expires: order.expires,
        image: Hash::of(&code)?,
    };
    Ok((code, stored))
}

#[cfg(test)]
#[path = "single_use_tests.rs"]
mod tests;
