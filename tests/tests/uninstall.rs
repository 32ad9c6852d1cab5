//! `make uninstall`: what still runs is stopped before its files go.

use wardkey_tests::machine::world::World;
use wardkey_tests::proof::promises::root;

/// In the place of systemctl(1): says what was asked, and whether the units were still there.
const SYSTEMCTL: &str = "#!/bin/sh\n[ -e /var/usr/lib/systemd/system/wardkey-helper.socket ] && there=there\n\
                         echo \"$* $there\" >>/var/asked\n";

fn uninstall(world: &World, systemctl: &str) -> String {
    world.must(
        "rm -f /etc/pam.d/* /var/asked && mkdir -p /var/bin /var/usr/lib/systemd/system /run/systemd/system",
    );
    world.must("touch /var/usr/lib/systemd/system/wardkey-helper.socket");
    world.write("/var/bin/systemctl", systemctl);
    world.must("chmod 755 /var/bin/systemctl");
    let make = "make uninstall PREFIX=/var/usr PAMDIR=/var/usr/security SYSCONFDIR=/var/etc 2>&1";
    let said = world.must(&format!("cd {} && PATH=/var/bin:$PATH {make}", root().display()));
    assert!(!world.path("/var/usr/lib/systemd/system/wardkey-helper.socket").exists(), "{said}");
    said
}

#[test]
fn the_helper_is_stopped_before_its_files_go_and_else_the_command_is_named() {
    let world = World::bare();
    let said = uninstall(&world, SYSTEMCTL);
    assert!(!said.contains("Stop the helper"), "{said}");
    assert_eq!(
        world.read("/var/asked").lines().map(str::trim_end).collect::<Vec<_>>(),
        ["disable --now wardkey-helper.socket there", "stop wardkey-helper.service there", "daemon-reload"]
    );
    let said = uninstall(&world, "#!/bin/sh\nexit 1\n");
    assert!(said.contains("Stop the helper: systemctl disable --now wardkey-helper.socket"), "{said}");
}
