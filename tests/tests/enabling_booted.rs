//! `enable` in a booted machine: the timer, the next boot, the proof by real logins, and the way from nothing to a
//! protected login in five commands.

use std::collections::BTreeMap;

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::CODE;
use wardkey_tests::people::person::{PASSWORD, Person};

/// A machine with wardkey's files and nothing switched on; anna may become root.
fn machine() -> (Machine, Person) {
    let (machine, anna) = Machine::with_anna("");
    machine.must("usermod --append --groups sudo anna");
    (machine, anna)
}

fn files(machine: &Machine) -> BTreeMap<String, String> {
    let names = machine.must("ls -A /etc/pam.d");
    names.lines().map(|name| (name.to_owned(), machine.read(&format!("/etc/pam.d/{name}")))).collect()
}

fn log_in(machine: &Machine, anna: &mut Person) {
    let mut login = machine.terminal("login anna");
    login.answer("assword: ", PASSWORD);
    login.answer(CODE, &anna.next_code());
    login.expect("$ ");
}

#[test]
fn what_was_proven_stays_and_the_rest_is_put_back() {
    let (machine, mut anna) = machine();
    let before = files(&machine);
    let timer = "systemctl is-active wardkey-put-back.timer";
    machine.wardkey(&["enable", "login", "sudo", "su"], "").exits(0);
    machine.must(timer);
    machine.wardkey(&["enable", "--confirm"], "").exits(1);
    log_in(&machine, &mut anna);
    let status = machine.json(&["enable", "--status"], "");
    assert_eq!(status["trying"].to_string(), r#"{"login":true,"su":false,"sudo":false}"#);
    let confirmed = machine.json(&["enable", "--confirm"], "");
    assert_eq!(confirmed.to_string(), r#"{"confirmed":["login"],"put_back":["su","sudo"]}"#);
    assert_ne!(machine.shell(timer).code(), Some(0));
    let now = files(&machine);
    let changed: Vec<_> =
        before.iter().filter(|(name, text)| now[*name] != **text).map(|(name, _)| name.as_str()).collect();
    assert!(
        changed.contains(&"login") && !changed.contains(&"sudo") && !changed.contains(&"su"),
        "{changed:?}"
    );
    log_in(&machine, &mut anna);
    machine.wardkey(&["disable", "login"], "").exits(0);
    assert_eq!(files(&machine), before);
}

#[test]
fn what_nobody_confirms_is_put_back_when_the_time_is_up_and_at_a_boot() {
    let (machine, _anna) = machine();
    let before = files(&machine);
    machine.wardkey(&["enable", "login", "sudo", "--confirm-within", "2s"], "").exits(0);
    machine.wait_for("the time to be up", || (files(&machine) == before).then_some(()));
    let status = machine.wardkey(&["enable", "--status"], "").exits(0).stdout;
    assert!(status.contains("since nobody confirmed in time: login, sudo"), "{status}");
    assert!(machine.must("journalctl --quiet --no-pager --priority=alert").contains("Put back"));

    // The next boot has another name.
    machine.wardkey(&["enable", "login", "sudo", "--confirm-within", "24h"], "").exits(0);
    machine.must("systemctl start wardkey-put-back.service");
    assert_ne!(files(&machine), before, "the same boot, and the time is not up");
    machine.must(
        "cp /proc/sys/kernel/random/uuid /run/boot && mount --bind /run/boot /proc/sys/kernel/random/boot_id",
    );
    machine.must("systemctl start wardkey-put-back.service");
    assert_eq!(files(&machine), before);
    let order = machine.must("systemctl show --property=Before --value wardkey-put-back.service");
    for unit in ["systemd-user-sessions.service", "ssh.service", "ssh.socket", "getty-pre.target"] {
        assert!(order.contains(unit), "{order}");
    }
    assert_eq!(machine.must("systemctl is-enabled wardkey-put-back.service").trim(), "enabled");
}
