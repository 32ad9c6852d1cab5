//! Who logs in: ten people with accounts, spread evenly among the others whom a product keeps a record of.

use std::fs::OpenOptions;
use std::io::{self, Write};

/// How many log in, by turns.
pub(crate) const TEN: usize = 10;

const FIRST_UID: u32 = 60_000;

/// How many unlock their screens at once.
pub(crate) const SEATS: usize = 16;

/// Their login password, and what crypt(3) makes of it in its oldest and cheapest way: what is compared is how a
/// module comes to it.
pub(crate) const PASSWORD: &str = "unlock";
const HASH: &str = "behoCI12fHjLg";

const FIRST_SEAT_UID: u32 = 61_000;

/// One who unlocks a screen: name and uid.
pub(crate) fn seated(number: usize) -> (String, u32) {
    let number = number % SEATS;
    (format!("seated{number:02}"), FIRST_SEAT_UID + u32::try_from(number).unwrap_or(0))
}

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

/// Adds them to the account database, which is this namespace's own.
pub(crate) fn add_accounts() -> io::Result<()> {
    let mut passwd = OpenOptions::new().append(true).open("/etc/passwd")?;
    let mut shadow = OpenOptions::new().append(true).open("/etc/shadow")?;
    for (name, uid) in (0..TEN).map(|number| (person(number), uid(number))).chain((0..SEATS).map(seated)) {
        writeln!(passwd, "{name}:x:{uid}:{uid}::/nonexistent:/bin/sh")?;
        writeln!(shadow, "{name}:{HASH}:19000::::::")?;
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
