//! What is measured: every row group of the tables.

use crate::replies::Reply;
use crate::setting::Setting;

/// Where the state is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Medium {
    /// The file system of the scratch directory.
    Disk,
    /// The same, while others write to it.
    BusyDisk,
    /// A tmpfs.
    Memory,
}

impl Medium {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::BusyDisk => "busy disk",
            Self::Memory => "tmpfs",
        }
    }

    /// The directory of the scratch directory that is on it.
    pub(crate) const fn directory(self) -> &'static str {
        match self {
            Self::Disk | Self::BusyDisk => "disk",
            Self::Memory => "memory",
        }
    }
}

/// Who logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    /// A new process each time, as sshd, login and su do: libpam and every module are loaded each time.
    Fresh,
    /// One process again and again, as a screen locker does.
    One,
}

impl Process {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh process",
            Self::One => "one process",
        }
    }
}

/// One table.
#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) medium: Medium,
    pub(crate) process: Process,
    pub(crate) reply: Reply,
    pub(crate) rounds: usize,
    /// Numbers of people with a record.
    pub(crate) crowds: Vec<usize>,
    /// Whether those of them who never come are no more than names.
    pub(crate) names_only: bool,
    pub(crate) setting: Setting,
}

/// Logins before the first that counts.
pub(crate) const WARM_UP: usize = 100;

/// A crowd that a product should not notice.
pub(crate) const FEW: usize = 10;

impl Scenario {
    pub(crate) fn name(&self) -> String {
        let (medium, process) = (self.medium.name(), self.process.name());
        let many = self.crowds.iter().max().filter(|most| **most > FEW);
        let many = many.map_or(String::new(), |most| format!(", {FEW} to {most} users"));
        format!("{}, {medium}, {process}{}{many}", self.reply.name(), self.setting.name())
    }

    /// Its name beside others of few users in the same kind of process.
    pub(crate) fn what(&self) -> String {
        format!("{}, {}{}", self.reply.name(), self.medium.name(), self.setting.name())
    }

    /// Rounds before the first that counts. Until a file has been used some fifty times each login takes longer: its pages
    /// are not yet among those that the kernel holds for active. A recovery code takes too long for it to show, and each
    /// works once.
    pub(crate) fn warm_up(&self, effort: Effort) -> usize {
        if self.reply == Reply::SingleUse { 5 } else { effort.rounds(WARM_UP, 10, 10) }
    }
}

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// A tenth of the logins, and a crowd of 10,000.
    Quick,
    /// A crowd of 100,000, on the disk as names alone.
    Usual,
    /// Everyone of them with a whole record on the disk, which takes minutes to make and to remove.
    Full,
}

impl Effort {
    /// What is typed for it.
    pub(crate) fn command(self, only: &str) -> String {
        let more = match self {
            Self::Quick => " QUICK=1",
            Self::Usual => "",
            Self::Full => " FULL=1",
        };
        let only = if only.is_empty() { String::new() } else { format!(" ONLY={only:?}") };
        format!("`make bench{more}{only}`")
    }

    /// So many rounds, or a part of them.
    pub(crate) fn rounds(self, rounds: usize, part: usize, least: usize) -> usize {
        if self == Self::Quick { (rounds / part).max(least) } else { rounds }
    }
}

/// All of them.
pub(crate) fn all(effort: Effort) -> Vec<Scenario> {
    let table = |reply, medium, process, rounds: usize| {
        let rounds = effort.rounds(rounds, 10, 20);
        Scenario {
            medium,
            process,
            reply,
            rounds,
            crowds: vec![FEW],
            names_only: false,
            setting: Setting::Plain,
        }
    };
    let mut all = Vec::new();
    for process in [Process::Fresh, Process::One] {
        all.push(table(Reply::Right, Medium::Disk, process, 500));
        all.push(table(Reply::Right, Medium::BusyDisk, process, 150));
        all.push(table(Reply::Right, Medium::Memory, process, 500));
        for reply in [Reply::Wrong, Reply::Replayed, Reply::Throttled] {
            all.push(table(reply, Medium::Disk, process, 150));
            all.push(table(reply, Medium::Memory, process, 200));
        }
        all.push(table(Reply::SingleUse, Medium::Disk, process, 100));
        all.push(table(Reply::SingleUse, Medium::Memory, process, 100));
    }
    for (setting, rounds) in [(Setting::LargeFolios, 500), (Setting::Host, 500), (Setting::AfterReply, 200)] {
        for medium in [Medium::Disk, Medium::Memory] {
            all.push(Scenario { setting, ..table(Reply::Right, medium, Process::Fresh, rounds) });
        }
    }
    let sizes =
        if effort == Effort::Quick { &[FEW, 1_000, 10_000][..] } else { &[FEW, 1_000, 10_000, 100_000] };
    for medium in [Medium::Memory, Medium::Disk] {
        all.push(Scenario {
            names_only: medium == Medium::Disk && effort != Effort::Full,
            crowds: sizes.to_vec(),
            ..table(Reply::Right, medium, Process::Fresh, 100)
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_tables_have_one_name() {
        let mut names: Vec<String> = all(Effort::Usual).iter().map(Scenario::name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn no_recovery_code_is_needed_twice() {
        for effort in [Effort::Quick, Effort::Usual, Effort::Full] {
            for scenario in all(effort).iter().filter(|scenario| scenario.reply == Reply::SingleUse) {
                let logins = scenario.warm_up(effort) + scenario.rounds + 2;
                assert!(logins <= crate::people::TEN * crate::measure::MANY_CODES, "{}", scenario.name());
            }
        }
    }
}
