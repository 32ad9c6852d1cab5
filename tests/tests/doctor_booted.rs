//! `doctor` in a booted machine, with the helper under systemd and the units as they are shipped.

use wardkey_tests::machine::booted::Machine;

const HELPER: &str = "/usr/libexec/wardkey/wardkey-helper";

/// What is said of the machine; the container's own sshd and services are another matter.
fn found(machine: &Machine) -> Vec<String> {
    let outcome = machine.wardkey(&["--json", "doctor"], "");
    let answer = outcome.json();
    let ids = answer["findings"].as_array().expect("findings").iter();
    let ids = ids.map(|finding| finding["id"].as_str().expect("an id").to_owned());
    let of_the_machine =
        ["audit", "clock", "configuration-", "disk", "helper", "key", "mail", "mounted", "state", "versions"];
    ids.filter(|id| of_the_machine.iter().any(|begin| id.starts_with(begin))).collect()
}

#[test]
fn a_machine_as_it_is_installed_raises_no_alarm_and_an_upgrade_is_seen() {
    let machine = Machine::boot();
    machine.install_wardkey();
    machine.install_example("sudo");
    assert_eq!(found(&machine), ["helper-not-enabled"], "its socket is started and not enabled");
    machine.must("systemctl enable wardkey-helper.socket");
    assert_eq!(found(&machine), [""; 0]);
    machine.must(&format!("cp {HELPER} {HELPER}.new && mv {HELPER}.new {HELPER}"));
    assert_eq!(found(&machine), ["helper-outdated"]);
    machine.must("systemctl try-reload-or-restart wardkey-helper.service");
    machine.wait_for("the new helper", || found(&machine).is_empty().then_some(()));
    machine.must("systemctl stop wardkey-helper.socket wardkey-helper.service");
    assert_eq!(found(&machine), ["helper-silent"]);
    // What starts and cannot run does not answer.
    machine.must(&format!("chmod 644 {HELPER} && systemctl start wardkey-helper.socket"));
    assert_eq!(found(&machine), ["helper-fails"]);
}
