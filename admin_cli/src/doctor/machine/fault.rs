//! What can be wrong with the machine and with wardkey's own files; words for it are in `text::doctor_machine`.

use crate::doctor::finding::FindingSeverity;
use std::path::PathBuf;
use std::time::Duration;
use wardkey_core::system::trusted_file::Untrusted;

/// Of a disk: what runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scarce {
    /// So many bytes are left.
    Bytes(u64),
    /// So many files can still be made.
    Files(u64),
}

/// Which program or module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InstalledFile {
    /// `pam_wardkey.so`
    Module,
    /// `wardkey-helper`
    Helper,
}

/// One fault.
#[derive(Debug)]
pub(crate) enum MachineFault {
    /// The clock stands before the year in which this program was written.
    ClockBeforeUs(String),
    /// The clock stands so long before somebody's last login.
    ClockBehind(Duration),
    /// Nothing sets the clock.
    ClockNotSet,
    /// The state is on a file system in memory.
    StateInMemory(PathBuf, String),
    /// The state cannot be written.
    StateReadOnly(PathBuf),
    /// The state is on a file system of several machines.
    StateShared(PathBuf, String),
    /// The state was made on another machine.
    StateOfAnother(PathBuf),
    /// Nothing can be run from where it lies.
    NotRun(InstalledFile, PathBuf),
    /// Little is left where this directory is.
    NearlyFull(PathBuf, Scarce),
    /// The sealing key lies with the records.
    KeyWithState(PathBuf),
    /// The helper does not answer; why, where it says so.
    HelperFails(PathBuf, String),
    /// The helper speaks another version's language.
    HelperOtherWords(PathBuf),
    /// The helper works by this other configuration.
    HelperOtherConfig(PathBuf),
    /// The running helper's file was replaced since.
    HelperOld(u32),
    /// Nothing starts the helper at the next boot.
    HelperNotEnabled(PathBuf),
    /// The part's version, and it is not this command's.
    OtherVersion(InstalledFile, PathBuf, String),
    /// Mail goes by a program that is not there.
    NoSendmail(PathBuf),
    /// Mail goes to a port of this machine at which nothing listens.
    NoMailServer(String),
    /// The password for the mail server is not root's alone, or not there.
    MailPassword(Untrusted),
    /// The audit file has this size, and nothing rotates it.
    AuditGrows(PathBuf, u64),
    /// The audit file is rotated by this file in a way that loses lines.
    AuditLoses(PathBuf),
}

impl MachineFault {
    /// Its name and weight.
    pub(crate) const fn about(&self) -> (&'static str, FindingSeverity) {
        use FindingSeverity::{LockOut, Warning};
        match self {
            Self::ClockBeforeUs(_) => ("clock-before-build", LockOut),
            Self::ClockBehind(_) => ("clock-behind", LockOut),
            Self::ClockNotSet => ("clock-not-synchronised", Warning),
            Self::StateInMemory(..) => ("state-in-memory", Warning),
            Self::StateReadOnly(_) => ("state-read-only", LockOut),
            Self::StateShared(..) => ("state-shared", Warning),
            Self::StateOfAnother(_) => ("state-of-another-machine", Warning),
            Self::NotRun(..) => ("mounted-noexec", LockOut),
            Self::NearlyFull(..) => ("disk-nearly-full", Warning),
            Self::KeyWithState(_) => ("key-with-state", Warning),
            Self::HelperFails(..) => ("helper-fails", LockOut),
            Self::HelperOtherWords(_) => ("helper-other-version", LockOut),
            Self::HelperOtherConfig(_) => ("helper-other-configuration", LockOut),
            Self::HelperOld(_) => ("helper-outdated", Warning),
            Self::HelperNotEnabled(_) => ("helper-not-enabled", Warning),
            Self::OtherVersion(..) => ("versions-differ", Warning),
            Self::NoSendmail(_) | Self::NoMailServer(_) => ("mail-not-sent", Warning),
            Self::MailPassword(_) => ("mail-password", Warning),
            Self::AuditGrows(..) => ("audit-not-rotated", Warning),
            Self::AuditLoses(_) => ("audit-loses-lines", Warning),
        }
    }

    /// Where it is.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::ClockBeforeUs(_) | Self::ClockBehind(_) | Self::ClockNotSet => "clock".to_owned(),
            Self::StateInMemory(path, _)
            | Self::StateReadOnly(path)
            | Self::StateShared(path, _)
            | Self::StateOfAnother(path)
            | Self::NotRun(_, path)
            | Self::NearlyFull(path, _)
            | Self::KeyWithState(path)
            | Self::HelperFails(path, _)
            | Self::HelperOtherWords(path)
            | Self::HelperOtherConfig(path)
            | Self::HelperNotEnabled(path)
            | Self::OtherVersion(_, path, _)
            | Self::NoSendmail(path)
            | Self::AuditGrows(path, _)
            | Self::AuditLoses(path) => path.display().to_string(),
            Self::HelperOld(process) => format!("/proc/{process}/exe"),
            Self::NoMailServer(server) => server.clone(),
            Self::MailPassword(fault) => fault.path.display().to_string(),
        }
    }
}
