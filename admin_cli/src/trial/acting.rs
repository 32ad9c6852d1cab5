//! What a stack does besides saying yes or no: read before it is gone through, so that nobody is surprised.

use crate::services::asks;
use pam_stack::modules::{self, Deed, Proof};
use pam_stack::{Kind, Line, Service};
use serde::Serialize;

/// What a module does when it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Act {
    /// Ours: spends a right code, and counts a wrong one.
    AsksForCode,
    /// Spends or counts codes of its own.
    AsksForOtherCode,
    /// Counts failures, and forgets them after a success.
    CountsTries,
    /// Asks another machine, which may count, send something, or give a ticket.
    AsksAServer,
    /// Unlocks a keyring.
    OpensKeyring,
    /// Mounts or decrypts a directory.
    OpensDirectory,
    /// Runs a program.
    RunsProgram,
}

/// A module that acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Acting {
    /// Its file name.
    pub(crate) module: String,
    /// What it does.
    pub(crate) act: Act,
}

/// The modules of a service that act in `auth` or `account`, in their order, each once.
pub(crate) fn acting(service: &Service) -> Vec<Acting> {
    let mut found = Vec::new();
    for line in [Kind::Auth, Kind::Account].into_iter().flat_map(|kind| service.stack(kind)) {
        if let (Some(act), Some(module)) = (act(line), line.module_name()) {
            let acting = Acting { module: module.to_owned(), act };
            if !found.contains(&acting) {
                found.push(acting);
            }
        }
    }
    found
}

fn act(line: &Line) -> Option<Act> {
    if asks(line) {
        return (line.kind == Kind::Auth).then_some(Act::AsksForCode);
    }
    if modules::asks_a_server(line) {
        return Some(Act::AsksAServer);
    }
    if line.kind == Kind::Auth && modules::proves(line) == Some(Proof::OtherCode) {
        return Some(Act::AsksForOtherCode);
    }
    Some(match modules::does(line)? {
        Deed::CountsTries => Act::CountsTries,
        Deed::OpensKeyring => Act::OpensKeyring,
        Deed::OpensDirectory => Act::OpensDirectory,
        Deed::RunsProgram => Act::RunsProgram,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use pam_stack::{Reader, Root};

    #[test]
    fn what_acts_is_named_once_and_in_its_order() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("etc/pam.d");
        std::fs::create_dir_all(&place).unwrap();
        let text = "auth required pam_faillock.so preauth\nauth requisite pam_unix.so\nauth [default=die] pam_faillock.so authfail\n\
                    auth sufficient pam_krb5.so\nauth required pam_oath.so\nauth optional pam_wardkey.so start\n\
                    auth requisite /lib/security/pam_wardkey.so\nauth optional pam_gnome_keyring.so\n\
                    auth optional pam_mount.so\naccount required pam_wardkey.so\naccount required pam_exec.so /x\n";
        std::fs::write(place.join("login"), text).unwrap();
        let service = Service::load(&Root::new(directory.path()), "login", Reader::Growing);
        let found: Vec<_> = acting(&service).into_iter().map(|found| (found.module, found.act)).collect();
        let expected = [
            ("pam_faillock.so", Act::CountsTries),
            ("pam_krb5.so", Act::AsksAServer),
            ("pam_oath.so", Act::AsksForOtherCode),
            ("pam_wardkey.so", Act::AsksForCode),
            ("pam_gnome_keyring.so", Act::OpensKeyring),
            ("pam_mount.so", Act::OpensDirectory),
            ("pam_exec.so", Act::RunsProgram),
        ];
        assert_eq!(found, expected.map(|(module, act)| (module.to_owned(), act)));
    }
}
