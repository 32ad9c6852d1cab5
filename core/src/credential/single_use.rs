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
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hash {
    #[serde(with = "crate::credential::base64_text")]
    salt: Vec<u8>,
    #[serde(with = "crate::credential::base64_text")]
    hash: Vec<u8>,
    cost: Cost,
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
        let mut salt = vec![0; HASH_LEN];
        getrandom::fill(&mut salt).map_err(|_| MakeError::NoEntropy(NoEntropy))?;
        let hash = run(code.expose(), &salt, cost).map_err(MakeError::NotRun)?;
        Ok(Self { salt, hash: hash.expose().to_vec(), cost })
    }

    /// Whether the stored numbers may be computed with.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.salt.len() == HASH_LEN && self.hash.len() == HASH_LEN && self.cost.is_bounded()
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// One code of a person, as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

fn run_now(code: &[u8], salt: &[u8], cost: Cost) -> Option<Secret> {
    let params = Params::new(cost.memory, cost.passes, 1, Some(HASH_LEN)).ok()?;
    let mut blocks = Vec::new();
    blocks.try_reserve_exact(params.block_count()).ok()?;
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
mod tests {
    use super::*;

    fn order(place: u8, serial: u64) -> Order {
        let place = Place::new(place).unwrap();
        Order { place, serial, kind: Kind::Recovery, issued: Timestamp(1), expires: None }
    }

    #[test]
    fn a_code_proves_itself_and_no_other() {
        let (code, stored) = make(order(3, 7)).unwrap();
        let (_, other) = make(order(4, 8)).unwrap();
        let proof = Proof::compute(&code, &[other.clone(), stored.clone()]).unwrap();
        assert!(proof.is(&stored));
        assert!(!proof.is(&other));
        assert!(!proof.is(&StoredCode { place: 5, ..stored.clone() }), "nor one of another place");
        assert!(!proof.is(&StoredCode { serial: 9, ..stored }), "a code replaced meanwhile is not this one");
    }

    #[test]
    fn a_code_for_an_empty_place_still_costs_one_run_and_proves_nothing() {
        let (code, stored) = make(order(3, 7)).unwrap();
        assert!(!Proof::compute(&code, &[]).unwrap().is(&stored));
    }

    #[test]
    fn a_record_cannot_order_an_unbounded_hash() {
        let (_, mut stored) = make(order(0, 1)).unwrap();
        assert!(stored.image.is_sound());
        for (memory, passes, is_bounded) in [
            (8, 1, true),
            (256 * 1024, 16, true),
            (7, 1, false),
            (256 * 1024 + 1, 1, false),
            (8, 0, false),
            (8, 17, false),
        ] {
            stored.image.cost = Cost { memory, passes };
            assert_eq!(stored.image.is_sound(), is_bounded, "{memory} KiB, {passes} passes");
        }
    }

    #[test]
    fn no_two_hashes_share_a_salt() {
        let code = make(order(3, 7)).unwrap().0;
        let [one, other] = [0; 2].map(|_| Hash::of(&code).unwrap());
        assert!(one.salt != other.salt && one.hash != other.hash);
    }

    #[test]
    fn every_character_of_a_code_is_random() {
        let codes: Vec<String> = (0..8).map(|_| make(order(3, 7)).unwrap().0.to_text().to_string()).collect();
        let first = &codes[0];
        for at in (0..first.len()).filter(|at| first.as_bytes()[*at] != b'-').skip(1) {
            let same = codes.iter().all(|code| code.as_bytes()[at] == first.as_bytes()[at]);
            assert!(!same, "character {at} of {codes:?}: one chance in {}", 32_u64.pow(7));
        }
    }

    #[test]
    fn a_salt_or_hash_of_another_length_is_not_computed_with() {
        let (_, stored) = make(order(0, 1)).unwrap();
        let (mut salty, mut hashed) = (stored.image.clone(), stored.image);
        salty.salt.push(0);
        hashed.hash.truncate(8);
        assert!(!salty.is_sound() && !hashed.is_sound());
    }

    #[test]
    fn what_is_wrong_is_told_and_a_hash_is_not() {
        assert_eq!(format!("{:?}", make(order(0, 1)).unwrap().1.image), "***");
        let told = |why| MakeError::NotRun(why).to_string();
        let no_memory = told(NotRun::NoMemory);
        assert_eq!(no_memory, "not enough memory to check a single-use code");
        let no_turn = told(NotRun::NoTurn("/run: full".to_owned()));
        assert_eq!(no_turn, "no turn to check a single-use code: /run: full");
        assert_ne!(MakeError::NoEntropy(NoEntropy).to_string(), no_memory);
        assert_eq!(
            [Kind::Recovery, Kind::Pass, Kind::Emergency].map(Kind::name),
            ["recovery", "pass", "emergency"]
        );
    }

    // Row: S1-27
    #[test]
    fn the_hash_is_argon2id_of_the_written_cost() {
        // Computed with the reference command: printf 0ABCDEFGHJKMNPQR | argon2 saltsaltsaltsalt -id -v 13 -t 2 -k 19456 -p 1 -l 16
        let hash = run(b"0ABCDEFGHJKMNPQR", b"saltsaltsaltsalt", Cost::default()).unwrap();
        assert_eq!(data_encoding::HEXLOWER.encode(hash.expose()), "2212ffd8ad3e74a870b0f2c8f79ed0ab");
    }
}
