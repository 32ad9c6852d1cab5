//! The form of `enrolment`: what it is and its version, a record, whether another follows, and a checksum of all that.
//!
//! Each list below is both the writer and the reader of a type: a file has the fields in this order. A change of a list is
//! a new version.

use super::checksum::{CHECKSUM, checksum};
use super::damage::{Damage, Flaw};
use super::enrolment::{Authenticator, Enrolment, Pending, State};
use super::field::Field;
use crate::credential::hash_cost::Cost;
use crate::credential::mailed::{Registered, Unverified};
use crate::credential::single_use::{Hash, Kind, StoredCode};
use crate::credential::totp::{Algorithm, Parameters};
use crate::user::UserName;

/// What every such file begins with.
const MAGIC: &[u8; 18] = b"wardkey enrolment\0";

/// The version written; a file of a later one is refused, not guessed at.
const VERSION: u32 = 1;

macro_rules! fields {
    ($($type:ty: $($field:ident)+;)+) => {
        $(impl Field for $type {
            fn put(&self, to: &mut Vec<u8>) {
                $(self.$field.put(to);)+
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                Some(Self { $($field: Field::take(from)?),+ })
            }
        })+
    };
}

fields! {
    Enrolment: user uid state generation next_serial enrolled replaced pending email unverified_email authenticators codes;
    Authenticator: slot serial label added sealed parameters;
    Parameters: algorithm digits period;
    Pending: expires replaces tries authenticator;
    Registered: address serial verified;
    Unverified: address serial;
    StoredCode: place serial kind issued expires image;
    Hash: salt hash cost;
    Cost: memory passes;
}

/// Each variant by a number.
macro_rules! numbered {
    ($($type:ty: $($number:literal $variant:ident)+;)+) => {
        $(impl Field for $type {
            fn put(&self, to: &mut Vec<u8>) {
                to.push(match self { $(Self::$variant => $number),+ });
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                match u8::take(from)? {
                    $($number => Some(Self::$variant),)+
                    _ => None,
                }
            }
        })+
    };
}

numbered! {
    State: 0 NotEnrolled 1 Enrolled 2 MustEnroll;
    Algorithm: 1 Sha1 2 Sha256 3 Sha512;
    Kind: 0 Recovery 1 Pass 2 Emergency;
}

impl Enrolment {
    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(self, None)
    }

    /// The bytes of a file that says both, while a record is given to another name: this record, and `renamed` once its
    /// directory has that one's name.
    #[must_use]
    pub(crate) fn to_bytes_or(&self, renamed: &Self) -> Vec<u8> {
        write(self, Some(renamed))
    }

    /// Reads the file of `user`.
    ///
    /// # Errors
    /// [`Damage`].
    pub fn from_bytes(bytes: &[u8], user: &UserName) -> Result<Self, Damage> {
        let (record, renamed) = read(bytes)?;
        let record = renamed.filter(|renamed| renamed.user == *user).unwrap_or(record);
        record.check(user).map_err(Damage::Unreadable)?;
        Ok(record)
    }
}

/// The file of a record; and of another one, while it is given to another name.
fn write(record: &Enrolment, renamed: Option<&Enrolment>) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    VERSION.put(&mut file);
    record.put(&mut file);
    u8::from(renamed.is_some()).put(&mut file);
    renamed.iter().for_each(|renamed| renamed.put(&mut file));
    let sum = checksum(&file);
    file.extend_from_slice(&sum);
    file
}

/// The record of a file, and the other one if there are two.
fn read(file: &[u8]) -> Result<(Enrolment, Option<Enrolment>), Damage> {
    // Also where the checksum is not ours: a later version may have another.
    match version(file) {
        Some(version) if version > VERSION => return Err(Damage::Newer),
        _ => {}
    }
    let (content, sum) = file.split_last_chunk::<CHECKSUM>().unwrap_or((&[], &[0; CHECKSUM]));
    if checksum(content) != *sum {
        return Err(Damage::Unreadable(Flaw::Checksum));
    }
    if version(content) != Some(VERSION) {
        return Err(Damage::Unreadable(Flaw::Version));
    }
    whole(content).ok_or(Damage::Unreadable(Flaw::Content))
}

fn version(file: &[u8]) -> Option<u32> {
    u32::take(&mut file.strip_prefix(MAGIC)?)
}

/// What stands behind the version, if nothing stands behind that.
fn whole(content: &[u8]) -> Option<(Enrolment, Option<Enrolment>)> {
    let mut rest = content.get(MAGIC.len() + size_of::<u32>()..)?;
    let records = (Field::take(&mut rest)?, Field::take(&mut rest)?);
    rest.is_empty().then_some(records)
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
