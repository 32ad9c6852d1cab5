//! A package that is unpacked and not configured, as after an upgrade that was broken off: dpkg removes it without its prerm. And
//! one that is deconfigured, whose module stays.

use std::collections::BTreeMap;

use wardkey_tests::machine::booted::Machine;

use super::{apt, machine, made_of, version};

const COMMAND: &str = "/var/lib/dpkg/info/wardkey.wardkey";
const PROFILE: &str = "DEBIAN_FRONTEND=noninteractive pam-auth-update --package --enable wardkey";

/// But the package's own, which dpkg lays beside the old one until it is configured.
fn files(machine: &Machine) -> BTreeMap<String, String> {
    super::files(machine).into_iter().filter(|(path, _)| !path.starts_with("/etc/pam.d/wardkey")).collect()
}

#[test]
fn what_was_only_unpacked_names_its_lines_as_it_goes_and_how_to_get_in() {
    let machine = machine();
    apt(&machine, "install /root/wardkey.deb").exits(0);
    let off = files(&machine);
    machine.configure("");
    machine.add_account("anna", "correct horse");
    machine.must("usermod --append --groups sudo anna");
    let _anna = machine.enrol("anna");
    machine.wardkey(&["--json", "enable", "su", "--no-revert"], "").exits(0);
    let newer = made_of(&machine, "9.0");
    machine.must(&format!("dpkg --unpack {newer}"));
    let said = apt(&machine, "remove wardkey");
    assert_ne!(said.code(), Some(0), "{said:?}");
    for part in ["/etc/pam.d/su:", "install the package again", &format!("{COMMAND} disable --all")] {
        assert!(said.stdout.contains(part), "{part}: {said:?}");
    }
    machine.must(&format!("{COMMAND} --json disable --all && dpkg --remove wardkey"));
    assert!(files(&machine) == off);
    machine.must("su anna -c true");
}

#[test]
fn a_profile_goes_with_what_was_unpacked_and_outlives_deconfiguring() {
    let machine = machine();
    apt(&machine, "install /root/wardkey.deb").exits(0);
    let off = files(&machine);
    machine.must(PROFILE);
    let on = files(&machine);
    assert!(on != off);
    machine.must(
        "mkdir -p /root/other/DEBIAN && printf '%s\\n' 'Package: other' 'Version: 1' 'Architecture: all' \
         'Maintainer: A Tester <root@localhost>' 'Breaks: wardkey' 'Description: breaks wardkey' \
         >/root/other/DEBIAN/control && dpkg-deb --build /root/other /root/other.deb",
    );
    let said = machine.shell("dpkg --auto-deconfigure --install /root/other.deb 2>&1").stdout;
    assert!(said.contains("De-configuring wardkey"), "{said}");
    assert!(!version(&machine).starts_with("ii"), "{}", version(&machine));
    assert!(files(&machine) == on, "the module is there, and asks as before");
    machine.must("dpkg --remove other && dpkg --configure wardkey");
    assert!(version(&machine).starts_with("ii") && files(&machine) == on);

    let newer = made_of(&machine, "9.0");
    machine.must(&format!("dpkg --unpack {newer} && dpkg --remove wardkey"));
    assert!(files(&machine) == off);
    machine.must("su root -c true");
}
