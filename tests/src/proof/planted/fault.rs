//! One fault: when it is planted, how, how its clock ends, and what is said of it.

/// When it comes about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Phase {
    /// Before the command starts.
    Before,
    /// While the command waits for its yes: between plan and write.
    AtTheQuestion,
    /// At a system call of the command.
    At(Call),
    /// After it, while the clock runs.
    Running,
    /// When it is put back.
    PuttingBack,
}

/// A system call that names a file, and what becomes of it there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Call {
    /// Its name.
    pub(super) name: &'static str,
    /// A file that it names; empty: any.
    pub(super) file: &'static str,
    /// What strace injects.
    pub(super) inject: &'static str,
}

/// How the time ends in which it could be confirmed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// Nothing was switched on, or all of it was put back at once.
    AtOnce,
    /// The unit runs when the time is up.
    TimeUp,
    /// The same by the timer itself, two seconds after the command.
    Timer,
    /// The machine is restarted.
    Restart,
    /// Its power goes, and comes.
    PowerCut,
}

/// A fault and its story.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// What it is.
    pub name: &'static str,
    pub(super) phase: Phase,
    /// What plants it, besides a system call: lines of shell.
    pub(super) plant: &'static str,
    pub(super) end: End,
    /// What the command, or the log at alert level, says of it.
    pub(super) says: &'static str,
    /// What takes it away again.
    pub(super) mend: &'static str,
    /// Files that differ until it is mended: what somebody wrote there stays.
    pub(super) keeps: &'static [&'static str],
    /// It refuses everybody until the time is up: the mistake from which the clock saves.
    pub(super) refuses: bool,
    /// The services are switched on for good.
    pub(super) for_good: bool,
}

impl Fault {
    pub(super) const fn new(name: &'static str, phase: Phase, plant: &'static str, end: End) -> Self {
        Self { name, phase, plant, end, says: "", mend: "", keeps: &[], refuses: false, for_good: false }
    }

    pub(super) const fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }

    pub(super) const fn mended(self, mend: &'static str) -> Self {
        Self { mend, ..self }
    }

    pub(super) const fn keeps(self, keeps: &'static [&'static str]) -> Self {
        Self { keeps, ..self }
    }

    pub(super) const fn refusing(self) -> Self {
        Self { refuses: true, ..self }
    }

    pub(super) const fn for_good(self) -> Self {
        Self { for_good: true, ..self }
    }
}
