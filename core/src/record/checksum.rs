//! What proves that a file of a record is whole.

use blake2::{Blake2b256, Digest};

/// Bytes of a checksum.
pub const CHECKSUM: usize = 32;

/// `BLAKE2b`-256 (RFC 7693) of `content`. Argon2id has it in every module already; SHA-256 would take six times as long, for
/// three blocks in each login.
#[must_use]
pub fn checksum(content: &[u8]) -> [u8; CHECKSUM] {
    Blake2b256::digest(content).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use data_encoding::HEXLOWER;

    #[test]
    fn it_is_the_algorithm_that_others_know() {
        // As `b2sum --length=256` prints them.
        for (content, sum) in [
            ("", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
            ("abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"),
        ] {
            assert_eq!(HEXLOWER.encode(&checksum(content.as_bytes())), sum);
        }
    }
}
