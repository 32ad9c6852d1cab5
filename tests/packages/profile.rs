//! The package's profile for pam-auth-update: what logins are asked by it, and how it comes and goes.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::CODE;
use wardkey_tests::people::person::{PASSWORD, Person};

use super::{apt, files, machine, made_of, version};

const ON: &str = "DEBIAN_FRONTEND=noninteractive pam-auth-update --enable wardkey";
const COMMON: [&str; 4] =
    ["common-account", "common-auth", "common-session", "common-session-noninteractive"];

/// A machine with the package, and anna, who is enrolled and may become root.
fn with_anna() -> (Machine, Person) {
    let machine = machine();
    apt(&machine, "install /root/wardkey.deb").exits(0);
    machine.configure("");
    machine.add_account("anna", PASSWORD);
    machine.must("usermod --append --groups sudo anna");
    let anna = machine.enrol("anna");
    (machine, anna)
}

/// The files of `common-*` that name the module.
fn on(machine: &Machine) -> Vec<String> {
    let named = machine.shell("cd /etc/pam.d && grep -l '^[^#]*pam_wardkey.so' common-*").stdout;
    named.lines().map(str::to_owned).collect()
}

/// A program at a terminal, by password and then this code; whether it lets anna in.
fn opens(machine: &Machine, line: &str, code: &str) -> bool {
    let mut terminal = machine.terminal(line);
    terminal.answer("assword", PASSWORD);
    terminal.answer(CODE, code);
    terminal.expect_any(&["anna-is-in", "ncorrect", "failure", "denied", "try again"]) == Some(0)
}

/// One that is asked for the password alone.
fn opens_by_password(machine: &Machine, line: &str) {
    let mut terminal = machine.terminal(line);
    terminal.answer("assword: ", PASSWORD);
    terminal.expect("anna-is-in");
}

const SU: &str = "runuser -u carla -- su anna -c 'echo anna-is\"\"-in'";
const SUDO: &str = "runuser -u anna -- sudo -k echo anna-is''-in";
const LOGIN: &str = "sh -c 'echo echo anna-is\\\"\\\"-in >~anna/.profile; login anna'";
const SSH: &str = "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o NumberOfPasswordPrompts=1 \
                   anna@127.0.0.1 'echo anna-is\"\"-in'";

#[test]
fn by_the_profile_every_login_asks_and_what_is_no_login_does_not() {
    let (machine, mut anna) = with_anna();
    machine.add_account("carla", PASSWORD);
    let before = files(&machine);
    machine.must("systemctl start ssh.service cron.service");
    machine.must("echo '* * * * * touch /tmp/cron-ran' | crontab -u carla -");
    machine.must(ON);
    machine.must("rm -f /tmp/cron-ran");
    assert_eq!(on(&machine), COMMON);
    let changed = files(&machine).into_iter().filter(|(path, text)| before.get(path) != Some(text));
    assert_eq!(changed.count(), 4, "no other file, above all not common-password");

    // sshd's settings, and lines of their own for programs with one field. Nobody confirms, and these stay: without them
    // sshd would refuse everybody.
    let said = machine.json(&["enable", "--all", "--confirm-within", "2s"], "");
    let changed = said["services"].as_array().unwrap();
    assert!(
        changed.iter().any(|name| name == "sshd") && !changed.iter().any(|name| name == "sudo"),
        "{said}"
    );
    machine.wait_for("the time to be up", || {
        let status = machine.wardkey(&["enable", "--status"], "").stdout;
        status.contains("They still ask for a code, since pam-auth-update's profile is on").then_some(())
    });
    let status = machine.json(&["enable", "--status"], "");
    assert!(status["on"].as_array().unwrap().iter().any(|name| name == "sshd"), "{status}");
    assert_eq!(status["put_back"].to_string(), "[]");
    let alert = machine.must("journalctl --quiet --no-pager --priority=alert");
    assert!(alert.contains("still ask for a code") && !alert.contains("ask for no code"), "{alert}");
    let found = machine.wardkey(&["--json", "doctor"], "").json();
    let grave = found["findings"].as_array().unwrap().iter().filter(|found| {
        let weight = &found["severity"];
        weight == "way-in" || weight == "lock-out"
    });
    assert_eq!(grave.collect::<Vec<_>>(), Vec::<&serde_json::Value>::new());

    for line in [SU, SUDO, LOGIN, SSH] {
        assert!(!opens(&machine, line, &anna.wrong_code_now()), "{line}");
        let code = anna.next_code();
        assert!(opens(&machine, line, &code), "{line}");
        assert!(!opens(&machine, line, &code), "{line}: twice");
        machine.wardkey(&["unlock", "anna"], "");
    }
    // Whom `account` refuses stays out, whatever the code.
    machine.must("chage --expiredate 1 anna");
    assert!(!opens(&machine, SU, &anna.next_code()));
    machine.must("chage --expiredate -1 anna");

    let mut passwd = machine.terminal("runuser -u anna -- passwd");
    passwd.answer("urrent password: ", PASSWORD);
    passwd.answer("ew password: ", "another horse battery");
    passwd.answer("ew password: ", "another horse battery");
    passwd.expect("updated successfully");

    // A program behind which nobody sits is left out by the configuration.
    let parts = ["auth", "account", "session"].map(|part| format!("@include common-{part}\n"));
    machine.write("/etc/pam.d/cups", parts.concat());
    let names = |machine: &Machine| machine.shell("wardkey --json doctor").stdout.contains("nobody-to-ask");
    assert!(names(&machine));
    machine.configure(
        "[[exempt]]\nservice = [\"cups\"]\nreason = \"no person\"\napproved_by = \"Dr Roy\"\nuntil = 2100-01-01",
    );
    assert!(!names(&machine));

    // Nobody enrols in a login by the profile: a pass opens nothing.
    let pass = machine.json(&["pass", "carla", "--verified-by", "badge"], "");
    let mut terminal = machine.terminal("login carla");
    terminal.answer("assword: ", PASSWORD);
    terminal.answer(CODE, pass["pass"].as_str().unwrap());
    terminal.answer("urrent password: ", PASSWORD);
    terminal.answer("ew password: ", "another horse battery");
    terminal.answer("ew password: ", "another horse battery");
    assert_eq!(terminal.expect_any(&["$ ", "You need a second factor first"]), Some(1));
    machine.wait_for("cron to run somebody's job", || {
        machine.shell("test -e /tmp/cron-ran").code().filter(|c| *c == 0)
    });

    // With the profile gone sshd asks nobody, and the watch says so.
    machine.must("pam-auth-update --disable wardkey");
    machine.must("systemctl start wardkey-watch.service");
    machine.wait_for("the watch", || {
        let status = machine.wardkey(&["enable", "--status"], "").stdout;
        status.contains("sshd no longer asks for a code").then_some(())
    });
}

#[test]
fn the_profile_goes_with_the_package_and_stays_off_on_an_upgrade() {
    let (machine, mut anna) = with_anna();
    machine.add_account("carla", PASSWORD);
    let before = files(&machine);
    machine.must(&format!("dpkg --install {}", made_of(&machine, "8.0")));
    assert_eq!(on(&machine), [""; 0], "off stays off");
    assert!(files(&machine) == before);
    machine.must(ON);
    let with = files(&machine);
    machine.must(&format!("dpkg --install {}", made_of(&machine, "9.0")));
    assert!(files(&machine) == with, "on stays on");
    assert!(opens(&machine, SU, &anna.next_code()));

    apt(&machine, "purge wardkey").exits(0);
    let mut after = before;
    after.remove("/etc/pam.d/wardkey");
    assert!(files(&machine) == after, "to the byte");
    assert_eq!(machine.shell("grep -rl wardkey /var/lib/pam /usr/share/pam-configs").stdout, "");
    opens_by_password(&machine, SU);
}

#[test]
fn a_removal_that_goes_no_further_leaves_the_profile_on() {
    let (machine, mut anna) = with_anna();
    machine.add_account("carla", PASSWORD);
    machine.must(ON);
    let with = files(&machine);
    let refused = |edit: &str, parts: &[&str]| {
        machine.must(edit);
        let edited = files(&machine);
        let outcome = apt(&machine, "remove wardkey");
        assert_ne!(outcome.code(), Some(0), "{outcome:?}");
        for part in parts {
            assert!(outcome.stdout.contains(part), "{part}: {outcome:?}");
        }
        assert_eq!(version(&machine).get(1..2), Some("i"), "{outcome:?}");
        assert!(files(&machine) == edited, "{edit}");
        with.iter().for_each(|(path, text)| machine.write(path, text));
    };
    // A line outside its blocks: nothing is touched.
    refused(
        "echo 'auth optional pam_wardkey.so' >>/etc/pam.d/chfn",
        &["/etc/pam.d/chfn:", "wardkey disable --all", "Nothing was changed"],
    );
    // Its comments are gone: pam-auth-update would end with 0.
    refused("sed -i '/^# here are the per-package/d' /etc/pam.d/common-auth", &["/etc/pam.d/common-auth:"]);
    // Somebody's own line in a block: it does end with 0.
    let line = "/^# end of pam-auth-update/i auth optional pam_faildelay.so delay=1";
    refused(
        &format!("sed -i '{line}' /etc/pam.d/common-auth"),
        &["/etc/pam.d/common-auth:", "stays installed"],
    );

    // Another package takes wardkey out on its way, and fails.
    machine.must(
        "mkdir -p /root/other/DEBIAN && cd /root/other/DEBIAN && \
         printf 'Package: other\\nVersion: 1\\nArchitecture: all\\nMaintainer: nobody <nobody@example.org>\\n\
         Breaks: wardkey\\nDescription: none\\n' >control && printf '#!/bin/sh\\nexit 1\\n' >preinst && \
         chmod 755 preinst && dpkg-deb --root-owner-group --build /root/other /root/other.deb",
    );
    let outcome = machine.shell("dpkg --auto-deconfigure --install /root/other.deb 2>&1");
    assert_ne!(outcome.code(), Some(0), "{outcome:?}");
    assert!(outcome.stdout.contains("De-configuring wardkey"), "{outcome:?}");
    assert_eq!((version(&machine).get(..2), on(&machine)), (Some("ii"), COMMON.map(str::to_owned).to_vec()));
    assert!(opens(&machine, SU, &anna.next_code()));

    // dpkg is killed on its way out.
    machine.must(
        "mv /usr/bin/deb-systemd-invoke /usr/bin/invoke && \
         printf '#!/bin/sh\\nkill -KILL $(pidof dpkg)\\nsleep 5\\n' >/usr/bin/deb-systemd-invoke && \
         chmod 755 /usr/bin/deb-systemd-invoke",
    );
    assert_ne!(machine.shell("dpkg --remove wardkey").code(), Some(0));
    assert_eq!(on(&machine), [""; 0], "it had got as far");
    machine.must("mv /usr/bin/invoke /usr/bin/deb-systemd-invoke && dpkg --install /root/wardkey.deb");
    assert_eq!(on(&machine), COMMON, "somebody keeps it after all");
    apt(&machine, "remove wardkey").exits(0);
    assert_eq!(on(&machine), [""; 0]);
}
