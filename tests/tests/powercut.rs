//! The power goes straight after a success: the mark that the code was spent is on the disk.

use wardkey_tests::machine::disk::FileSystem;
use wardkey_tests::machine::host::{Host, STATE};

const ROUNDS: usize = 20;

fn spent_marks_survive(kind: FileSystem) {
    let host = Host::bare();
    host.mount_new(kind, STATE);
    host.configure("[recovery]\ncodes = 20\n");
    let mut alice = host.person("alice");
    host.must(&format!("sync -f {STATE}"));
    for round in 0..ROUNDS {
        host.advance(60);
        // Codes of both kinds in turn.
        let code = if round % 2 == 0 { alice.fresh_code(&host) } else { alice.recovery_codes[round].clone() };
        assert!(host.types("alice", &code).accepted(), "{kind:?}, round {round}");
        host.cut_power(STATE);
        assert!(!host.types("alice", &code).accepted(), "{kind:?}, round {round}: accepted again");
        assert_eq!(host.state("alice"), "enrolled", "{kind:?}, round {round}");
        assert_eq!(host.files_of("alice"), ["enrolment", "ledger"], "{kind:?}, round {round}");
    }
}

#[test]
fn spent_marks_survive_on_ext4() {
    spent_marks_survive(FileSystem::Ext4);
}

#[test]
fn spent_marks_survive_on_xfs() {
    spent_marks_survive(FileSystem::Xfs);
}

/// A command that said "done" has done it, too.
fn commands_survive(kind: FileSystem) {
    let host = Host::bare();
    host.mount_new(kind, STATE);
    host.configure("");
    for round in 0..5 {
        let name = format!("user{round}");
        let person = host.person(&name);
        host.cut_power(STATE);
        assert_eq!(host.state(&name), "enrolled", "{kind:?}, round {round}");
        host.wardkey(&["reset", &name, "--verified-by", "passport"], "").exits(0);
        host.cut_power(STATE);
        assert_eq!(host.state(&name), "must-enroll", "{kind:?}, round {round}");
        assert!(!host.types(&name, &person.recovery_codes[0]).accepted(), "{kind:?}, round {round}");
    }
}

#[test]
fn what_commands_did_survives_on_ext4() {
    commands_survive(FileSystem::Ext4);
}

#[test]
fn what_commands_did_survives_on_xfs() {
    commands_survive(FileSystem::Xfs);
}
