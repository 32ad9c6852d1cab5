//! What is measured: every row group of the tables.

use crate::replies::Reply;

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
}

/// A crowd that a product should not notice.
pub(crate) const FEW: usize = 10;

impl Scenario {
    pub(crate) fn name(&self) -> String {
        let (medium, process) = (self.medium.name(), self.process.name());
        let many = self.crowds.iter().max().filter(|most| **most > FEW);
        let many = many.map_or(String::new(), |most| format!(", {FEW} to {most} users"));
        format!("{}, {medium}, {process}{many}", self.reply.name())
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
        Scenario { medium, process, reply, rounds, crowds: vec![FEW], names_only: false }
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
