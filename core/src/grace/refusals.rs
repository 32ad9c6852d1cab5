//! How many lines the refusals of one uid leave that count for nothing, and its logins that need no code: each is cheap to
//! make, and none may fill the logs.
//!
//! A file for each uid, beside the misses and as those are. It decides about lines alone: where it cannot be read or
//! written, every line is.

use super::boot::{BootClock, BootId, BootTime, SystemBootClock};
use super::session_file::{Held, StateDir, may_write};
use crate::store::{Section, StoreError};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// Lines of one uid in a minute that are written one by one.
const ALONE: u64 = 10;

const MINUTE: Duration = Duration::from_secs(60);

/// The form written; a file of another form says nothing.
const VERSION: u32 = 1;

const DIR: &str = ".refusals";

/// What is remembered of one uid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tally {
    version: u32,
    uid: u32,
    boot: BootId,
    /// When the minute began.
    since: BootTime,
    /// Lines written in it one by one.
    alone: u64,
    /// Refusals since the last line.
    gathered: u64,
    /// As many make the next line, before the minute is over.
    next: u64,
}

/// The refusals of one uid.
#[derive(Debug, Clone)]
pub struct Refusals<C = SystemBootClock> {
    dir: PathBuf,
    uid: u32,
    boot: BootId,
    clock: C,
}

impl Refusals {
    /// Those of the programs of `uid` since this machine was started, kept in `dir` (`run.path`), which need not exist yet.
    ///
    /// # Errors
    /// The kernel does not name the boot.
    pub fn of_this_boot(dir: PathBuf, uid: u32) -> Result<Self, StoreError> {
        Ok(Self { dir, uid, boot: BootId::read()?, clock: SystemBootClock })
    }
}

impl<C: BootClock> Refusals<C> {
    /// One more: for how many its line stands, itself included, or none where it is only counted. After ten lines in a minute
    /// the tenth refusal, the hundredth after that and so on leave one, and the first when the minute is over.
    ///
    /// # Errors
    /// It cannot be counted.
    pub fn one_more(&self) -> Result<Option<u64>, StoreError> {
        may_write()?;
        let dir = StateDir::make(&self.dir, DIR)?;
        let (name, section) = (self.uid.to_string(), Section::enter());
        loop {
            let now = self.clock.now();
            if let Some(file) = Held::open(&section, &dir, &name)? {
                let mut tally =
                    file.read()?.filter(|tally| self.is_ours(tally, now)).unwrap_or(self.begun(now));
                let told = tally.add(now);
                file.write(&tally)?;
                return Ok(told);
            }
            let mut first = self.begun(now);
            let told = first.add(now);
            if dir.write_new(&name, &first)? {
                return Ok(told);
            }
        }
    }

    fn begun(&self, since: BootTime) -> Tally {
        let boot = self.boot.clone();
        Tally { version: VERSION, uid: self.uid, boot, since, alone: 0, gathered: 0, next: ALONE }
    }

    fn is_ours(&self, tally: &Tally, now: BootTime) -> bool {
        (tally.version, tally.uid, &tally.boot) == (VERSION, self.uid, &self.boot) && tally.since <= now
    }
}

impl Tally {
    fn add(&mut self, now: BootTime) -> Option<u64> {
        self.gathered = self.gathered.saturating_add(1);
        if now.since(self.since).is_none_or(|age| age >= MINUTE) {
            (self.since, self.alone, self.next) = (now, 0, ALONE);
        } else if self.alone >= ALONE && self.gathered < self.next {
            return None;
        }
        if self.alone < ALONE {
            self.alone += 1;
        } else {
            self.next = self.next.saturating_mul(10);
        }
        Some(std::mem::take(&mut self.gathered))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grace::testing::Hands;
    use std::path::Path;

    fn refusals(root: &Path, uid: u32) -> (Refusals<Hands>, Hands) {
        let hands = Hands::at(1000);
        (
            Refusals {
                dir: root.join("wardkey/grace"),
                uid,
                boot: BootId::new("this"),
                clock: hands.clone(),
            },
            hands,
        )
    }

    fn lines(of: &Refusals<Hands>, times: usize) -> Vec<u64> {
        (0..times).filter_map(|_| of.one_more().unwrap()).collect()
    }

    #[test]
    fn after_ten_lines_in_a_minute_few_stand_for_many_and_none_is_lost() {
        let root = tempfile::tempdir().unwrap();
        let (roy, hands) = refusals(root.path(), 1000);
        assert_eq!(lines(&roy, 10), [1; 10]);
        assert_eq!(lines(&roy, 9), [0; 0]);
        assert_eq!(lines(&roy, 374), [10, 100]);
        assert_eq!(lines(&refusals(root.path(), 1001).0, 1), [1], "another account");
        hands.set(1059);
        assert_eq!(lines(&roy, 1), [0; 0]);
        hands.set(1060);
        assert_eq!(lines(&roy, 11), [[275].as_slice(), &[1; 9]].concat(), "and then it begins again");
        hands.set(5000);
        assert_eq!(lines(&roy, 2), [2, 1], "however much later");
    }

    #[test]
    fn a_file_that_says_nothing_keeps_no_line_back() {
        let root = tempfile::tempdir().unwrap();
        let (roy, _) = refusals(root.path(), 1000);
        assert_eq!(lines(&roy, 15).len(), 10);
        let file = root.path().join("wardkey/grace/.refusals/1000");
        for bytes in [&b""[..], b"nonsense", &[0xff; 100]] {
            std::fs::write(&file, bytes).unwrap();
            assert_eq!(lines(&roy, 2), [1, 1]);
        }
        let other_boot = Refusals { boot: BootId::new("other"), ..roy.clone() };
        assert_eq!(lines(&roy, 15).len(), 8);
        assert_eq!(lines(&other_boot, 1), [1]);
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir(&file).unwrap();
        assert!(roy.one_more().is_err());
    }
}
