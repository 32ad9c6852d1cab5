//! What stands in a record's file, one value behind the other: each has one form, so that what is read is written alike.
//!
//! Numbers have their full width, the least significant byte first. A byte before what may be missing says whether it is
//! there; four before what has a length say how long it is.

use crate::credential::mailed::Address;
use crate::credential::totp::{Digits, Period};
use crate::record::seal::Sealed;
use crate::system::clock::Timestamp;
use crate::user::UserName;

/// A value of a record.
pub(super) trait Field: Sized {
    /// Adds it to a file.
    fn put(&self, to: &mut Vec<u8>);

    /// Takes it from the front of what is left of a file; `None` where that is not such a value.
    fn take(from: &mut &[u8]) -> Option<Self>;
}

macro_rules! numbers {
    ($($number:ty)+) => {
        $(impl Field for $number {
            fn put(&self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }

            fn take(from: &mut &[u8]) -> Option<Self> {
                Field::take(from).map(Self::from_le_bytes)
            }
        })+
    };
}

numbers!(u8 u32 u64);

/// So many bytes, without their number.
impl<const LEN: usize> Field for [u8; LEN] {
    fn put(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(self);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        from.split_off(..LEN)?.try_into().ok()
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, to: &mut Vec<u8>) {
        u8::from(self.is_some()).put(to);
        self.iter().for_each(|value| value.put(to));
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        match u8::take(from)? {
            0 => Some(None),
            1 => T::take(from).map(Some),
            _ => None,
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn put(&self, to: &mut Vec<u8>) {
        put_len(self.len(), to);
        self.iter().for_each(|value| value.put(to));
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        let len = take_len(from)?;
        (0..len).map(|_| T::take(from)).collect()
    }
}

fn put_len(len: usize, to: &mut Vec<u8>) {
    u32::try_from(len).unwrap_or(u32::MAX).put(to);
}

/// No value takes less than a byte: no room is made for more than the file can have.
fn take_len(from: &mut &[u8]) -> Option<usize> {
    usize::try_from(u32::take(from)?).ok().filter(|len| *len <= from.len())
}

fn put_bytes(bytes: &[u8], to: &mut Vec<u8>) {
    put_len(bytes.len(), to);
    to.extend_from_slice(bytes);
}

fn take_bytes<'f>(from: &mut &'f [u8]) -> Option<&'f [u8]> {
    let len = take_len(from)?;
    from.split_off(..len)
}

impl Field for String {
    fn put(&self, to: &mut Vec<u8>) {
        put_bytes(self.as_bytes(), to);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        str::from_utf8(take_bytes(from)?).ok().map(str::to_owned)
    }
}

impl Field for UserName {
    fn put(&self, to: &mut Vec<u8>) {
        put_bytes(self.as_bytes(), to);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        Self::new(take_bytes(from)?).ok()
    }
}

impl Field for Address {
    fn put(&self, to: &mut Vec<u8>) {
        put_bytes(self.as_str().as_bytes(), to);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        str::from_utf8(take_bytes(from)?).ok()?.parse().ok()
    }
}

impl Field for Sealed {
    fn put(&self, to: &mut Vec<u8>) {
        put_bytes(&self.0, to);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        Some(Self(take_bytes(from)?.to_vec()))
    }
}

impl Field for Timestamp {
    fn put(&self, to: &mut Vec<u8>) {
        self.0.put(to);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        u64::take(from).map(Self)
    }
}

impl Field for Digits {
    fn put(&self, to: &mut Vec<u8>) {
        self.get().put(to);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        u32::take(from)?.try_into().ok()
    }
}

impl Field for Period {
    fn put(&self, to: &mut Vec<u8>) {
        self.get().put(to);
    }

    fn take(from: &mut &[u8]) -> Option<Self> {
        u32::take(from)?.try_into().ok()
    }
}
