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

/// Who logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Process {
    /// A new process each time, as sshd, login and su do: libpam and every module are loaded anew.
    Fresh,
    /// One process again and again, as a screen locker does.
    One,
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
}

/// A crowd that a product should not notice.
pub(crate) const FEW: usize = 10;

impl Scenario {
    pub(crate) fn name(&self) -> String {
        let medium = match self.medium {
            Medium::Disk => "disk",
            Medium::BusyDisk => "busy disk",
            Medium::Memory => "tmpfs",
        };
        let process = match self.process {
            Process::Fresh => "fresh process",
            Process::One => "one process",
        };
        let many = self.crowds.iter().max().filter(|most| **most > FEW);
        let many = many.map_or(String::new(), |most| format!(", {FEW} and {most} users"));
        format!("{}, {medium}, {process}{many}", self.reply.name())
    }
}

/// How much is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effort {
    /// A tenth of the logins, and a crowd of 10,000.
    Quick,
    /// A crowd of 100,000 on a tmpfs.
    Usual,
    /// The crowd on the disk too, where half a million files take minutes to make and to remove.
    Full,
}

/// All of them.
pub(crate) fn all(effort: Effort) -> Vec<Scenario> {
    let quick = effort == Effort::Quick;
    let table = |reply, medium, process, rounds: usize| {
        let rounds = if quick { (rounds / 10).max(20) } else { rounds };
        Scenario { medium, process, reply, rounds, crowds: vec![FEW] }
    };
    let mut all = Vec::new();
    for process in [Process::Fresh, Process::One] {
        all.push(table(Reply::Right, Medium::Disk, process, 500));
        all.push(table(Reply::Right, Medium::BusyDisk, process, 150));
        all.push(table(Reply::Right, Medium::Memory, process, 500));
        all.push(table(Reply::Wrong, Medium::Disk, process, 150));
        all.push(table(Reply::Wrong, Medium::Memory, process, 200));
        all.push(table(Reply::SingleUse, Medium::Memory, process, 100));
    }
    all.push(table(Reply::SingleUse, Medium::Disk, Process::Fresh, 100));
    let crowds = vec![FEW, if quick { 10_000 } else { 100_000 }];
    let media: &[Medium] =
        if effort == Effort::Full { &[Medium::Memory, Medium::Disk] } else { &[Medium::Memory] };
    for medium in media.iter().copied() {
        let rounds = if quick { 30 } else { 100 };
        let (process, reply) = (Process::Fresh, Reply::Right);
        all.push(Scenario { medium, process, reply, rounds, crowds: crowds.clone() });
    }
    all
}
