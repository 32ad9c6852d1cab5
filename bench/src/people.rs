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

/// How many come at once, at most.
pub(crate) const ENTRANTS: usize = 64;

const FIRST_ENTRANT_UID: u32 = 62_000;

/// Someone: name and uid.
pub(crate) type Person = (String, u32);

/// One of those who come at once: name and uid.
pub(crate) fn entrant(number: usize) -> Person {
    let number = number % ENTRANTS;
    (format!("entrant{number:02}"), FIRST_ENTRANT_UID + u32::try_from(number).unwrap_or(0))
}

/// One who unlocks a screen: name and uid.
pub(crate) fn seated(number: usize) -> Person {
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

const OTHER: &str = "other";

/// Whether this is one of those who have a record and never come.
pub(crate) fn never_comes(name: &str) -> bool {
    name.starts_with(OTHER)
}

/// Everyone in a crowd of this size, in the order of a file that lists them: name and uid.
pub(crate) fn crowd(size: usize) -> impl Iterator<Item = Person> {
    let stride = (size / TEN).max(1);
    (0..size).map(move |i| {
        let first_of_its_stride = i % stride == stride / 2 && i / stride < TEN;
        if first_of_its_stride {
            (person(i / stride), uid(i / stride))
        } else {
            (format!("{OTHER}{i:06}"), 100_000 + u32::try_from(i).unwrap_or(0))
        }
    })
}

/// Adds them to the account database, which is this namespace's own.
pub(crate) fn add_accounts() -> io::Result<()> {
    let mut passwd = OpenOptions::new().append(true).open("/etc/passwd")?;
    let mut shadow = OpenOptions::new().append(true).open("/etc/shadow")?;
    let ten = (0..TEN).map(|number| (person(number), uid(number)));
    for (name, uid) in ten.chain((0..SEATS).map(seated)).chain((0..ENTRANTS).map(entrant)) {
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
            assert_eq!(all.iter().filter(|(name, _)| never_comes(name)).count(), size - TEN);
            for number in 0..TEN {
                assert_eq!(all.iter().filter(|(name, _)| *name == person(number)).count(), 1, "{size}");
            }
        }
    }
}
