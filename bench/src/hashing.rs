//! One run of the hash that a single-use code costs, in a process like the one that logs in: the first run of a process
//! has its memory to fetch from the kernel, which takes a third of it.

use crate::driver;
use crate::lane::Lane;
use crate::scenario::Process;
use crate::stats::{Sample, timed};
use std::env;
use std::io::{self, Error};
use std::process::Command;
use wardkey_core::credential::single_use::Proof;
use wardkey_core::credential::{Place, SingleUseCode};

/// The name in tables.
pub(crate) const NAME: &str = "one Argon2id run";

/// The only argument of this program when it is to hash once and say how long that took.
pub(crate) const ONCE: &str = "hash-once";

/// The hash alone.
pub(crate) struct Hashing(pub(crate) Process);

impl Lane for Hashing {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn once(&mut self) -> io::Result<Sample> {
        match self.0 {
            Process::One => hash(),
            Process::Fresh => {
                let output = Command::new(env::current_exe()?).arg(ONCE).output()?;
                let line = String::from_utf8_lossy(&output.stdout);
                driver::read(&line).map(|(_, sample)| sample).ok_or_else(|| Error::other("no hash"))
            }
        }
    }
}

fn hash() -> io::Result<Sample> {
    let code = Place::new(3).and_then(|place| SingleUseCode::from_bits(place, u128::MAX / 3));
    let code = code.ok_or_else(|| Error::other("no code"))?;
    timed(|| Proof::compute(&code, &[]).map(drop).map_err(|_| Error::other("no memory")))
}

/// Hashes once and answers as `login.c` does.
pub(crate) fn once() -> io::Result<()> {
    let sample = hash()?;
    let Sample { nanoseconds, cpu, peak_kib, faults } = sample;
    println!("0 {nanoseconds} {cpu} {peak_kib} {faults}");
    Ok(())
}
