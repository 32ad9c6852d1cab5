//! The Debian package in a booted machine. `make packages-test` builds it, and says in `WARDKEY_DEB` where it lies.

mod five_commands;
mod journal;
mod profile;
mod unpacked;

use std::collections::BTreeMap;
use std::fs;

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::{AUDIT, CONFIG};
use wardkey_tests::proof::outcome::Outcome;

/// Logs in by a code, as autopkgtest has it.
const LOGIN: &str = include_str!("../../debian/tests/login-by-a-code");
const KEY: &str = "/etc/wardkey/seal.key";

/// A machine with the package's file, and without the package.
fn machine() -> Machine {
    let machine = Machine::boot();
    // This machine's own, which may let no package start anything.
    machine.must("rm -f /usr/sbin/policy-rc.d");
    let package = std::env::var("WARDKEY_DEB").expect("WARDKEY_DEB: where the package lies");
    machine.write("/root/wardkey.deb", fs::read(&package).unwrap_or_else(|why| panic!("{package}: {why}")));
    machine
}

fn apt(machine: &Machine, words: &str) -> Outcome {
    let apt = "DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet --no-install-recommends";
    machine.shell(&format!("{apt} {words} 2>&1"))
}

/// A package of the same files with another version.
fn made_of(machine: &Machine, version: &str) -> String {
    let file = format!("/root/wardkey_{version}.deb");
    machine.must(&format!(
        "rm -rf /root/parts && dpkg-deb --raw-extract /root/wardkey.deb /root/parts && \
         sed -i 's/^Version: .*/Version: {version}/' /root/parts/DEBIAN/control && \
         dpkg-deb --root-owner-group -Znone --build /root/parts {file}"
    ));
    file
}

/// What stands in the files of PAM and of sshd.
fn files(machine: &Machine) -> BTreeMap<String, String> {
    let found = machine.must("find /etc/pam.d /etc/pam.conf /etc/ssh -type f");
    found.lines().map(|path| (path.to_owned(), machine.read(path))).collect()
}

fn version(machine: &Machine) -> String {
    machine.must("dpkg-query --show --showformat='${db:Status-Abbrev}${Version}' wardkey")
}

fn logs_in(machine: &Machine) {
    machine.write("/root/login", LOGIN);
    let outcome = machine.shell("sh -x /root/login 2>&1");
    assert_eq!(outcome.code(), Some(0), "{}", outcome.stdout);
}

#[test]
fn installing_changes_no_login_makes_no_secret_and_opens_one_socket() {
    let machine = machine();
    let before = files(&machine);
    let said = apt(&machine, "install /root/wardkey.deb").exits(0).stdout;
    assert!(said.contains("No login asks for codes yet. Next: sudo wardkey init."), "{said}");
    let mut after = files(&machine);
    after.remove("/etc/pam.d/wardkey").expect("the helper's own");
    assert!(after == before, "{:?}", after.keys());
    assert_eq!(
        machine.must("find /etc/wardkey /var/lib/wardkey -type f"),
        "",
        "neither key nor configuration"
    );
    let units = "wardkey-helper.socket wardkey-put-back.service wardkey-watch.path wardkey-watch.service";
    let enabled = machine.shell(&format!("systemctl is-enabled {units}")).stdout;
    assert_eq!(
        enabled.split_whitespace().collect::<Vec<_>>(),
        ["enabled", "disabled", "disabled", "disabled"]
    );
    machine.must("systemctl is-active wardkey-helper.socket");
    let module = "/usr/lib/$(gcc -dumpmachine)/security/pam_wardkey.so";
    machine.must(&format!("test -s {module} && test -s /usr/share/man/fr/man8/wardkey.8.gz"));
    assert!(machine.must("wardkey config check").contains("The configuration is sound"));

    logs_in(&machine);
    assert_eq!(files(&machine).len(), before.len() + 1);
}

#[test]
fn a_package_that_is_needed_stays_and_what_people_have_survives_it() {
    let machine = machine();
    apt(&machine, "install /root/wardkey.deb").exits(0);
    logs_in(&machine);
    let off = files(&machine);
    let refused = |places: &[&str]| {
        let before = files(&machine);
        for words in ["remove wardkey", "purge wardkey"] {
            let outcome = apt(&machine, words);
            assert_ne!(outcome.code(), Some(0), "{words}: {outcome:?}");
            for part in [places, &["wardkey disable --all", "Nothing was changed"]].concat() {
                assert!(outcome.stdout.contains(part), "{part}: {outcome:?}");
            }
            // After the wish, as dpkg has it: installed.
            assert_eq!(version(&machine).get(1..2), Some("i"));
            assert!(files(&machine) == before);
            machine.must("systemctl is-active wardkey-helper.socket");
        }
    };
    machine.wardkey(&["--json", "enable", "login"], "").exits(0);
    refused(&["/etc/pam.d/login:"]);
    machine.wardkey(&["--json", "disable", "--all"], "").exits(0);
    assert!(files(&machine) == off);
    machine.must("printf 'auth required \\\\\\n  pam_wardkey.so\\n' >>/etc/pam.d/chfn");
    let line = off["/etc/pam.d/chfn"].lines().count() + 1;
    refused(&[&format!("/etc/pam.d/chfn:{line}")]);
    machine.write("/etc/pam.d/chfn", &off["/etc/pam.d/chfn"]);

    let key = machine.read(KEY);
    apt(&machine, "remove wardkey").exits(0);
    assert!(files(&machine) == off, "the file of PAM for the helper is a conffile");
    assert!(!key.is_empty() && machine.read(KEY) == key && !machine.read(AUDIT).is_empty());
    assert_ne!(
        machine.shell("systemctl is-active wardkey-helper.socket wardkey-helper.service").code(),
        Some(0)
    );
    assert_eq!(machine.shell("ls /etc/systemd/system/*/wardkey-[pw]*").stdout, "", "what `enable` needs");
    apt(&machine, "install /root/wardkey.deb").exits(0);
    machine.must("systemctl is-active wardkey-helper.socket");
    assert_eq!(machine.state("carla"), "enrolled");

    let said = apt(&machine, "purge wardkey").exits(0).stdout;
    for part in ["Deleting /etc/wardkey", "Deleting /var/lib/wardkey", "Kept: /var/log/wardkey"] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(machine.shell("ls -d /etc/wardkey /var/lib/wardkey /etc/pam.d/wardkey").stdout, "");
    assert!(!machine.read(AUDIT).is_empty());
}

#[test]
fn an_upgrade_reloads_the_helper_and_a_step_back_ends_at_what_it_can_read() {
    let machine = machine();
    apt(&machine, "install /root/wardkey.deb").exits(0);
    logs_in(&machine);
    let main = || machine.must("systemctl show --property=MainPID --value wardkey-helper.service");
    machine.must("systemctl start wardkey-helper.service");
    let process = main();
    let inode = |path: &str| machine.must(&format!("stat --dereference --format=%i {path}"));
    let helper = "/usr/libexec/wardkey/wardkey-helper";
    let (old, newer) = (version(&machine), made_of(&machine, "9.0"));
    machine.must(&format!("dpkg --install {newer}"));
    assert_eq!(main(), process, "reloaded, not restarted");
    machine.wait_for("the helper to be the new one", || {
        let runs = inode(&format!("/proc/{}/exe", process.trim()));
        (runs == inode(helper)).then_some(())
    });

    // As a newer version would leave it, which reads it itself.
    let says = |status: u8| machine.must(&format!("printf '#!/bin/sh\\nexit {status}\\n' >/usr/bin/wardkey"));
    says(0);
    machine.write(CONFIG, "issuer = \"Lakeside Clinic\"\n[invented_later]\nkey = 1\n");
    let refused = machine.shell("dpkg --install /root/wardkey.deb 2>&1");
    assert_ne!(refused.code(), Some(0), "{refused:?}");
    for part in ["invented_later", "would refuse logins", "Nothing was changed"] {
        assert!(refused.stdout.contains(part), "{part}: {refused:?}");
    }
    assert_eq!(version(&machine), "ii 9.0");
    machine.must(&format!("rm {CONFIG} && cmp {helper} /root/parts{helper}"));
    machine.must("printf '\\143' | dd of=/var/lib/wardkey/users/carla/enrolment bs=1 seek=18 conv=notrunc");
    assert_ne!(machine.shell("dpkg --install /root/wardkey.deb").code(), Some(0), "a record of form 99");
    // A fault that the newer version finds too.
    says(3);
    machine.must("dpkg --install /root/wardkey.deb");
    assert_eq!(version(&machine), old);
    machine.must("printf '\\001' | dd of=/var/lib/wardkey/users/carla/enrolment bs=1 seek=18 conv=notrunc");
    assert_eq!(machine.state("carla"), "enrolled");
}
