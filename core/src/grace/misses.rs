//! How often a program that is not root's may still have codes compared where none is asked.
//!
//! A file for each caller's uid, beside the graces: else a password that ends like a code could be followed by guesses
//! without end, which nothing counts.

use super::boot::{BootClock, BootId, BootTime, SystemBootClock};
use super::session_file::{Held, StateDir, may_write};
use crate::store::{Section, StoreError};
use crate::system::trusted_file::Untrusted;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Comparisons that may come to nothing, in any hour.
pub const MISSES: usize = 10;

/// For so long a miss counts.
pub const HOUR: Duration = Duration::from_secs(3600);

/// The form written; a file of another form is damage.
const VERSION: u32 = 1;

/// The directory of these files. Of nobody's graces: a person's directory never begins with a dot.
const DIR: &str = ".misses";

/// What is remembered of one caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tally {
    version: u32,
    uid: u32,
    boot: BootId,
    /// When each of the last misses was, at most [`MISSES`].
    at: Vec<BootTime>,
}

/// The misses of one caller.
#[derive(Debug, Clone)]
pub struct Misses<C = SystemBootClock> {
    dir: PathBuf,
    uid: u32,
    boot: BootId,
    clock: C,
}

/// One comparison that may be made; counted as a miss until it is given back.
#[must_use]
#[derive(Debug)]
pub struct Try {
    at: BootTime,
    /// Whether it is the last for now.
    pub is_last: bool,
}

/// Why nothing is compared.
#[derive(Debug)]
pub enum NoTry {
    /// There were [`MISSES`] within the hour.
    UsedUp,
    /// They cannot be counted.
    Uncounted(StoreError),
}

impl fmt::Display for NoTry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UsedUp => write!(f, "{MISSES} wrong codes in an hour"),
            Self::Uncounted(e) => write!(f, "wrong codes cannot be counted: {e}"),
        }
    }
}

impl From<StoreError> for NoTry {
    fn from(e: StoreError) -> Self {
        Self::Uncounted(e)
    }
}

impl From<Untrusted> for NoTry {
    fn from(e: Untrusted) -> Self {
        Self::Uncounted(e.into())
    }
}

impl Misses {
    /// Those of the programs of `uid` since this machine was started, kept in `dir` (`run.path`), which need not exist yet.
    ///
    /// # Errors
    /// [`NoTry::Uncounted`], where the kernel does not name the boot.
    pub fn of_this_boot(dir: PathBuf, uid: u32) -> Result<Self, NoTry> {
        Ok(Self { dir, uid, boot: BootId::read()?, clock: SystemBootClock })
    }
}

impl<C: BootClock> Misses<C> {
    /// Takes one try, before anything is compared: a caller who ends this process meanwhile has had it.
    ///
    /// # Errors
    /// [`NoTry`]: nothing may be compared.
    pub fn take(&self) -> Result<Try, NoTry> {
        may_write()?;
        let dir = StateDir::make(&self.dir, DIR)?;
        let (name, section) = (self.uid.to_string(), Section::enter());
        loop {
            let now = self.clock.now();
            if let Some(file) = Held::open(&section, &dir, &name)? {
                let mut tally = self.believed(file.read()?, now);
                let left = MISSES.saturating_sub(tally.at.len());
                if left == 0 {
                    // Damage is written as what it is taken for, so that it ends with the hour too.
                    file.write(&tally)?;
                    return Err(NoTry::UsedUp);
                }
                tally.at.push(now);
                file.write(&tally)?;
                return Ok(Try { at: now, is_last: left == 1 });
            }
            // Where another process was faster, count in what it made.
            if dir.write_new(&name, &self.tally(vec![now]))? {
                return Ok(Try { at: now, is_last: MISSES == 1 });
            }
        }
    }

    /// Whether nothing is compared at present. Takes no try: most entries where no code is asked are passwords alone.
    ///
    /// # Errors
    /// [`NoTry::Uncounted`]: they cannot be counted.
    pub fn are_used_up(&self) -> Result<bool, NoTry> {
        let dir = match StateDir::open(&self.dir, DIR) {
            Err(e) if e.is_missing() => return Ok(false),
            other => other?,
        };
        let section = Section::enter();
        let Some(file) = Held::open(&section, &dir, &self.uid.to_string())? else { return Ok(false) };
        let tally = self.believed(file.read()?, self.clock.now());
        let are_used_up = tally.at.len() >= MISSES;
        if are_used_up && may_write().is_ok() {
            // As above: damage ends with the hour.
            file.write(&tally)?;
        }
        Ok(are_used_up)
    }

    /// Gives a try back that has found a right code. What cannot be given back stays a miss.
    ///
    /// # Errors
    /// [`NoTry::Uncounted`], for the log.
    pub fn give_back(&self, hit: &Try) -> Result<(), NoTry> {
        let dir = StateDir::open(&self.dir, DIR)?;
        let section = Section::enter();
        let Some(file) = Held::open(&section, &dir, &self.uid.to_string())? else { return Ok(()) };
        let mut tally = self.believed(file.read()?, self.clock.now());
        if let Some(place) = tally.at.iter().position(|at| *at == hit.at) {
            tally.at.remove(place);
            file.write(&tally)?;
        }
        Ok(())
    }

    fn tally(&self, at: Vec<BootTime>) -> Tally {
        Tally { version: VERSION, uid: self.uid, boot: self.boot.clone(), at }
    }

    /// What counts now. Of another boot nothing does; a file that says nothing may have said anything.
    fn believed(&self, read: Option<Tally>, now: BootTime) -> Tally {
        let of_us =
            |tally: &Tally| tally.version == VERSION && tally.uid == self.uid && tally.at.len() <= MISSES;
        match read.filter(of_us) {
            None => self.tally(vec![now; MISSES]),
            Some(tally) if tally.boot != self.boot => self.tally(Vec::new()),
            Some(mut tally) => {
                // One that lies ahead counts: no clock says when it was.
                tally.at.retain(|at| now.since(*at).is_none_or(|age| age < HOUR));
                tally
            }
        }
    }
}

#[cfg(test)]
#[path = "misses_tests.rs"]
mod tests;
