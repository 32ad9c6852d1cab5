//! The helper as systemd runs it, with the units as they are shipped, in a booted machine.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::outcome::run;

const HELPER: &str = "/usr/libexec/wardkey/wardkey-helper";

/// A machine at which anna, who has a second factor, has a screen locker.
fn ward() -> (Machine, Person) {
    let machine = Machine::boot();
    machine.install_wardkey();
    machine.install_example("i3lock");
    machine.add_account("anna", PASSWORD);
    let anna = machine.enrol("anna");
    (machine, anna)
}

/// Whether her locker lets her in.
fn unlocks(machine: &Machine, anna: &mut Person) -> bool {
    let entry = format!("{PASSWORD}{}\n", anna.next_code());
    let mut locker = machine.command("runuser");
    locker.args(["--user", "anna", "--", "pamtester", "i3lock", "anna", "authenticate"]);
    run(&mut locker, entry.as_bytes()).code() == Some(0)
}

fn shown(machine: &Machine, property: &str) -> String {
    machine
        .must(&format!("systemctl show --value --property={property} wardkey-helper.service"))
        .trim()
        .to_owned()
}

fn begins_an_action(machine: &Machine) -> Terminal {
    let mut action = machine.terminal("runuser --user anna -- wardkey recovery-codes");
    action.answer("Password", PASSWORD);
    action.expect("Code");
    action
}

/// Twenty times, each as soon as the next one runs: systemd by default forgives a service five starts in ten seconds.
#[test]
fn a_helper_that_is_killed_again_and_again_is_there_for_the_next() {
    let (machine, mut anna) = ward();
    assert!(unlocks(&machine, &mut anna));
    machine.must(
        "runs() { systemctl show --value --property=MainPID wardkey-helper.service; }; \
         for n in $(seq 20); do \
           old=$(runs); kill -KILL $old; \
           until new=$(runs) && [ $new != 0 ] && [ $new != $old ]; do sleep 0.02; done; \
         done",
    );
    assert!(shown(&machine, "NRestarts").parse::<u32>().expect("a number") >= 20);
    assert!(unlocks(&machine, &mut anna));
    // A copy that ends is a matter of its own.
    let mut action = begins_an_action(&machine);
    let parent = shown(&machine, "MainPID");
    machine.must(&format!("kill -KILL $(pgrep --parent {parent})"));
    action.type_line("123456");
    assert!(!action.finish().0.success(), "whom it answered hears no");
    assert_eq!(shown(&machine, "MainPID"), parent);
    assert!(unlocks(&machine, &mut anna));
}

#[test]
fn an_upgrade_disturbs_nobody_who_types() {
    let (machine, mut anna) = ward();
    machine.must(
        "systemctl stop wardkey-helper.service; systemctl try-reload-or-restart wardkey-helper.service",
    );
    assert_eq!(shown(&machine, "ActiveState"), "inactive", "where it does not run there is nothing to do");
    let mut action = begins_an_action(&machine);
    let parent = shown(&machine, "MainPID");
    machine.must(&format!("cp {HELPER} {HELPER}.new && mv {HELPER}.new {HELPER}"));
    assert!(machine.must(&format!("readlink /proc/{parent}/exe")).contains("(deleted)"));
    machine.must("systemctl try-reload-or-restart wardkey-helper.service");
    machine.wait_for("the new version", || {
        let runs = machine.must(&format!("readlink /proc/{parent}/exe"));
        (runs.trim() == HELPER).then_some(())
    });
    assert_eq!(shown(&machine, "MainPID"), parent);
    assert!(unlocks(&machine, &mut anna));
    action.type_line(&anna.next_code());
    action.expect("-");
    assert_eq!(shown(&machine, "NRestarts"), "0");
}

/// systemd shuts the helper off from what is not there when it starts.
#[test]
fn a_helper_that_was_started_before_init_works_after_it() {
    let machine = Machine::boot();
    machine.install_files();
    machine.install_example("i3lock");
    machine.add_account("anna", PASSWORD);
    machine.must("systemctl daemon-reload && systemctl start wardkey-helper.socket wardkey-helper.service");
    let parent = shown(&machine, "MainPID");
    machine.configure("");
    let mut anna = machine.enrol("anna");
    assert!(unlocks(&machine, &mut anna));
    assert_eq!(shown(&machine, "MainPID"), parent, "the same process");
    let modes = machine
        .must("stat -c '%a %U' /var/lib/wardkey /var/log/wardkey /run/wardkey /run/wardkey/helper.sock");
    assert_eq!(modes, "700 root\n750 root\n755 root\n666 root\n");
    machine.must("systemctl stop wardkey-helper.service; test -S /run/wardkey/helper.sock");
    assert!(unlocks(&machine, &mut anna), "and starts again for the next who asks");
}
