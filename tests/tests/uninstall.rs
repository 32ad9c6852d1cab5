//! `make uninstall`: what still runs is stopped before its files go.

use wardkey_tests::machine::host::Host;
use wardkey_tests::proof::promises::root;

/// In the place of systemctl(1): says what was asked, and whether the units were still there.
const SYSTEMCTL: &str = "#!/bin/sh\n[ -e /var/usr/lib/systemd/system/wardkey-helper.socket ] && there=there\n\
                         echo \"$* $there\" >>/var/asked\n";

fn uninstall(host: &Host, systemctl: &str) -> String {
    host.must(
        "rm -f /etc/pam.d/* /var/asked && mkdir -p /var/bin /var/usr/lib/systemd/system /var/usr/libexec/wardkey /run/systemd/system",
    );
    host.must("touch /var/usr/lib/systemd/system/wardkey-helper.socket");
    host.must("mkdir -p /var/etc/ssh/sshd_config.d && touch /var/etc/ssh/sshd_config.d/00-wardkey.conf");
    host.write("/var/bin/systemctl", systemctl);
    host.must("chmod 755 /var/bin/systemctl");
    let make = "make uninstall PREFIX=/var/usr PAMDIR=/var/usr/security SYSCONFDIR=/var/etc 2>&1";
    let said = host.must(&format!("cd {} && PATH=/var/bin:$PATH {make}", root().display()));
    assert!(!host.path("/var/usr/lib/systemd/system/wardkey-helper.socket").exists(), "{said}");
    assert!(!host.path("/var/usr/libexec/wardkey").exists(), "its empty folder stays: {said}");
    said
}

#[test]
fn the_helper_is_stopped_before_its_files_go_or_the_command_is_named() {
    let host = Host::bare();
    let said = uninstall(&host, SYSTEMCTL);
    assert!(!said.contains("Stop the helper"), "{said}");
    assert_eq!(
        host.read("/var/asked").lines().map(str::trim_end).collect::<Vec<_>>(),
        ["disable --now wardkey-helper.socket there", "stop wardkey-helper.service there", "daemon-reload"]
    );
    let said = uninstall(&host, "#!/bin/sh\nexit 1\n");
    assert!(said.contains("Stop the helper: systemctl disable --now wardkey-helper.socket"), "{said}");
}

#[test]
fn what_stays_is_named_and_so_is_the_drop_in_of_sshd() {
    let said = uninstall(&Host::bare(), SYSTEMCTL);
    let (_, stays) = said.split_once("Left in place:\n").expect("what stays");
    for what in
        ["/var/etc/wardkey,", "/var/etc/pam.d/wardkey", "/var/lib/wardkey", "sshd_config.d/00-wardkey.conf"]
    {
        assert!(stays.contains(what), "{what}: {said}");
    }
}
