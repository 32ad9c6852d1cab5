//! Who logs in: ten people with accounts, spread evenly among the others whom a product keeps a record of.

use std::fs::OpenOptions;
use std::io::{self, Write};

/// How many log in, by turns.
pub(crate) const TEN: usize = 10;

const FIRST_UID: u32 = 60_000;

/// One who logs in.
pub(crate) fn person(number: usize) -> String {
    format!("person{}", number % TEN)
}

/// Their uid.
pub(crate) fn uid(number: usize) -> u32 {
    FIRST_UID + u32::try_from(number % TEN).unwrap_or(0)
}

/// Everyone in a crowd of this size, in the order of a file that lists them: name and uid.
pub(crate) fn crowd(size: usize) -> impl Iterator<Item = (String, u32)> {
    let stride = (size / TEN).max(1);
    (0..size).map(move |i| {
        let first_of_its_stride = i % stride == stride / 2 && i / stride < TEN;
        if first_of_its_stride {
            (person(i / stride), uid(i / stride))
        } else {
            (format!("other{i:06}"), 100_000 + u32::try_from(i).unwrap_or(0))
        }
    })
}

/// Adds the ten to the account database, which is this namespace's own.
pub(crate) fn add_accounts() -> io::Result<()> {
    let mut passwd = OpenOptions::new().append(true).open("/etc/passwd")?;
    for number in 0..TEN {
        let (name, uid) = (person(number), uid(number));
        writeln!(passwd, "{name}:x:{uid}:{uid}::/nonexistent:/bin/sh")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ten_are_in_every_crowd_once() {
        for size in [10, 1000, 100_000] {
            let all: Vec<_> = crowd(size).collect();
            assert_eq!(all.len(), size);
            for number in 0..TEN {
                assert_eq!(all.iter().filter(|(name, _)| *name == person(number)).count(), 1, "{size}");
            }
        }
    }
}
