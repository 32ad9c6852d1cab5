//! What a file holds: a checksum, and then what it says. One cut short, or half overwritten, reads as nothing.

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

/// Largest file, in bytes: the longest name and nine serials take less than half.
pub(super) const MAX_LEN: u64 = 2048;

/// The bytes to write.
pub(super) fn encode(said: &impl Serialize) -> Option<Vec<u8>> {
    let body = serde_json::to_vec(said).ok()?;
    let mut bytes = checksum(&body).into_bytes();
    bytes.push(b'\n');
    bytes.extend(body);
    (bytes.len() as u64 <= MAX_LEN).then_some(bytes)
}

/// What they say, if they are whole.
pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let at = bytes.iter().position(|b| *b == b'\n')?;
    let (sum, body) = (bytes.get(..at)?, bytes.get(at + 1..)?);
    (sum == checksum(body).as_bytes()).then(|| serde_json::from_slice(body).ok())?
}

fn checksum(body: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grace::boot::BootTime;
    use crate::grace::state::State;
    use crate::grace::testing::{basis, owner};

    #[test]
    fn only_the_whole_file_says_anything() {
        let state = State::begun(owner(), basis(), BootTime(7));
        let bytes = encode(&state).unwrap();
        assert_eq!(decode(&bytes), Some(state));
        for cut in 0..bytes.len() {
            assert_eq!(decode::<State>(&bytes[..cut]), None, "cut at {cut}");
            let mut spoilt = bytes.clone();
            spoilt[cut] ^= 1;
            assert_eq!(decode::<State>(&spoilt), None, "changed at {cut}");
        }
        assert_eq!(decode::<State>(&[bytes, b"}".to_vec()].concat()), None);
    }

    #[test]
    fn the_longest_record_fits() {
        let mut owner = owner();
        owner.user = crate::user::UserName::new(&[b'a'; 255]).unwrap();
        owner.session = format!("cgroup-{}-{}", "x".repeat(64), u64::MAX);
        let basis = crate::grace::basis::Basis::new(u64::MAX, &[u64::MAX; 9]);
        let state = State::begun(owner, basis, BootTime(u64::MAX));
        assert!(encode(&state).unwrap().len() as u64 <= MAX_LEN / 2 + 100);
    }
}
