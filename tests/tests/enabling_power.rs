//! The power goes while files change: what was synced is there afterwards, and one command puts everything back.

use wardkey_tests::machine::disk::FileSystem;
use wardkey_tests::machine::host::Host;
use wardkey_tests::machine::interrupt::{changing_calls, kill_at};

use crate::enabling::{files, host};

const DISK: &str = "/var/disk";
const ENABLE: [&str; 5] = ["enable", "login", "sudo", "polkit-1", "--no-revert"];

/// PAM's files and the state lie on one disk of the host's own.
fn onto_a_disk(host: &Host) {
    host.mount_new(FileSystem::Ext4, DISK);
    host.must(&format!("cp -a /etc/pam.d /var/lib/wardkey {DISK} && sync -f {DISK}"));
    bind(host);
}

fn bind(host: &Host) {
    host.must(&format!(
        "mount --bind {DISK}/pam.d /etc/pam.d && mount --bind {DISK}/wardkey /var/lib/wardkey"
    ));
}

fn cut_power(host: &Host) {
    host.must("umount /etc/pam.d /var/lib/wardkey");
    host.cut_power(DISK);
    bind(host);
}

#[test]
fn a_power_cut_anywhere_loses_no_file_and_no_way_back() {
    let host = host();
    let _alice = host.person("alice");
    onto_a_disk(&host);
    let helper = host.start_helper();
    let before = files(&host);
    let enable = host.wardkey_command(&ENABLE);
    let (outcome, calls) = changing_calls(&host, &enable, b"");
    outcome.exits(0);
    drop(helper);
    let on = files(&host);
    cut_power(&host);
    assert_eq!(files(&host), on, "said to be on");
    host.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(files(&host), before);
    let places: Vec<_> = calls.iter().filter(|call| call.name.starts_with("rename")).collect();
    assert!(places.len() > 5, "{calls:?}");
    for call in places {
        let helper = host.start_helper();
        assert_ne!(kill_at(&enable, call, b"").code(), Some(0), "not killed at {}", call.line);
        drop(helper);
        cut_power(&host);
        host.wardkey(&["disable", "--all"], "").exits(0);
        assert_eq!(files(&host), before, "killed at {}", call.line);
    }
}
