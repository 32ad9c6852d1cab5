//! Which machine this is, by a word that does not give its id away.

use crate::system::trusted_file;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::path::Path;

/// The machine's id (machine-id(5)).
pub const FILE: &str = "/etc/machine-id";

/// Its length in hexadecimal digits.
const LEN: usize = 32;

/// The largest file that is read, in bytes.
const MAX_LEN: u64 = 128;

/// Longest word, in bytes, with its newline.
pub const MARK_LEN: u64 = 65;

/// The word for the machine whose id `file` has; `None` where it has none, as in most containers and in images before their
/// first boot. machine-id(5) asks that the id itself be kept where it is.
#[must_use]
pub fn mark(file: &Path) -> Option<String> {
    let bytes = trusted_file::read_linked(file, MAX_LEN).ok()?;
    let id = std::str::from_utf8(&bytes).ok()?.trim_ascii();
    let is_one = id.len() == LEN && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_one.then(|| HEXLOWER.encode(&Sha256::digest(format!("wardkey: the machine of a state\0{id}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_makes_a_word_and_each_another() {
        let scratch = tempfile::tempdir().unwrap();
        let file = scratch.path().join("machine-id");
        let of = |text: &str| {
            std::fs::write(&file, text).unwrap();
            mark(&file)
        };
        let one = of("3d1219c7c4c5404aaa1f6d2a48adfda4\n").unwrap();
        assert_eq!(u64::try_from(one.len()).unwrap() + 1, MARK_LEN);
        assert!(!one.contains("3d1219c7"));
        assert_ne!(of("3d1219c7c4c5404aaa1f6d2a48adfda5\n").unwrap(), one);
        for none in ["", "uninitialized\n", "3d1219c7\n", &"x".repeat(32)] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(mark(&scratch.path().join("none")), None);
    }
}
