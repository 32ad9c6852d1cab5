//! `enable` in a booted machine: the timer, the next boot, and the proof by real logins.

use std::collections::BTreeMap;

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::{CODE, CONFIG};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::proof::outcome::run;

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
    let said = machine.wardkey(&["enable", "login", "sudo", "su"], "").exits(0).stdout;
    assert!(said.contains("dpkg will ask"), "{said}");
    machine.must(timer);
    machine.wardkey(&["enable", "sudo-i", "--print"], "").exits(0);
    machine.wardkey(&["enable", "--confirm"], "").exits(1);
    log_in(&machine, &mut anna);
    let status = machine.json(&["enable", "--status"], "");
    assert_eq!(status["trying"].to_string(), r#"{"login":true,"su":false,"sudo":false}"#);
    let confirmed = machine.json(&["enable", "--confirm"], "");
    assert_eq!(confirmed.to_string(), r#"{"confirmed":["login"],"put_back":["su","sudo"]}"#);
    assert_ne!(machine.shell(timer).code(), Some(0));
    machine.must("! test -e /var/lib/wardkey/enabled/proven");
    let now = files(&machine);
    let changed: Vec<_> =
        before.iter().filter(|(name, text)| now[*name] != **text).map(|(name, _)| name.as_str()).collect();
    assert!(
        changed.contains(&"login") && !changed.contains(&"sudo") && !changed.contains(&"su"),
        "{changed:?}"
    );
    log_in(&machine, &mut anna);
    // dpkg asks about a file that is other than it brought it, and about none that is again as it was.
    let says =
        |said: &str, words: &str| said.lines().any(|line| line.contains(words) && line.contains(" login"));
    let dpkg = |said: &str| ["dpkg will ask", "dpkg has nothing more to ask"].map(|words| says(said, words));
    let off = machine.wardkey(&["disable", "login"], "").exits(0).stdout;
    assert_eq!(files(&machine), before);
    assert_eq!(dpkg(&off), [false, true], "{off}");
    machine.must("echo '# a note' >> /etc/pam.d/login");
    let on = machine.wardkey(&["enable", "login"], "").exits(0).stdout;
    let off = machine.wardkey(&["disable", "login"], "").exits(0).stdout;
    assert_eq!([dpkg(&on), dpkg(&off)], [[true, false]; 2], "{on}{off}");
}

/// How often this account reads at a login that services were put back.
fn told(machine: &Machine, user: &str) -> usize {
    let read = format!("runuser --user {user} -- sh -c 'cat /run/motd.d/*wardkey*'");
    machine.shell(&read).stdout.matches("Put back").count()
}

#[test]
fn what_nobody_confirms_is_put_back_when_the_time_is_up_and_at_a_boot() {
    let (machine, _anna) = machine();
    machine.add_account("ben", PASSWORD);
    machine.write("/etc/sudoers.d/ben", "ben ALL=(ALL:ALL) ALL\n");
    let before = files(&machine);
    machine.wardkey(&["enable", "login", "sudo", "--confirm-within", "2s"], "").exits(0);
    machine.wait_for("the time to be up", || (files(&machine) == before).then_some(()));
    put_back_ends(&machine);
    let status = machine.wardkey(&["enable", "--status"], "").exits(0).stdout;
    assert!(status.contains("since nobody confirmed in time: login, sudo"), "{status}");
    assert!(machine.must("journalctl --quiet --no-pager --priority=alert").contains("Put back"));
    // Those who may become root are told, and nobody else.
    machine.add_account("nurse", PASSWORD);
    assert_eq!(["root", "anna", "ben", "nurse"].map(|user| told(&machine, user)), [1, 1, 1, 0]);
    let mut login = machine.terminal("login anna");
    login.answer("assword: ", PASSWORD);
    login.expect("Put back");

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
    // It still holds at the boot after that, until root decides.
    machine.must("rm -r /run/motd.d && systemctl restart wardkey-put-back.service");
    assert_eq!(["anna", "nurse"].map(|user| told(&machine, user)), [1, 0]);
    machine.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(told(&machine, "root"), 0);
}

/// What the unit does when nobody confirmed; the answer is what files hold then.
fn put_back_now(machine: &Machine) -> BTreeMap<String, String> {
    machine.must("systemctl restart wardkey-put-back.service");
    files(machine)
}

const TIMER: &str = "systemctl is-active --quiet wardkey-put-back.timer";

#[test]
fn switching_one_off_does_not_confirm_the_others() {
    let (machine, _anna) = machine();
    let before = files(&machine);
    // A kill in the midst of a change that nothing takes back is finished at a boot, too.
    machine.wardkey(&["enable", "su", "--no-revert"], "").exits(0);
    machine.must("systemctl is-enabled --quiet wardkey-put-back.service");
    machine.wardkey(&["disable", "su"], "").exits(0);
    machine.wardkey(&["enable", "login", "sudo"], "").exits(0);
    let tried = files(&machine);
    let refused = machine.wardkey(&["disable", "sudo"], "").exits(1);
    assert!(refused.stderr.contains("not confirmed yet: login"), "{refused:?}");
    assert_eq!(files(&machine), tried);
    machine.must(TIMER);
    machine.wardkey(&["disable", "LOGIN", "sudo"], "").exits(0);
    assert_eq!(files(&machine), before);
    assert_ne!(machine.shell(TIMER).code(), Some(0));
}

/// With a configuration that does not load everybody is refused, root's own commands too; the way out is open.
#[test]
fn a_broken_configuration_keeps_nothing_switched_on() {
    let (machine, _anna) = machine();
    let before = files(&machine);
    let configuration = machine.read(CONFIG);
    for way_out in ["the unit", "disable"] {
        machine.wardkey(&["enable", "login", "sudo"], "").exits(0);
        // Another store, and then nonsense: what is switched on is found all the same.
        machine.write(
            CONFIG,
            format!("{configuration}\n[store]\npath = \"/srv/elsewhere\"\n[nonsense]\nx = 1\n"),
        );
        assert!(machine.wardkey(&["enable", "--status"], "").exits(0).stdout.contains("sudo"));
        if way_out == "disable" {
            machine.wardkey(&["disable", "--all"], "").exits(0);
        } else {
            machine.must("systemctl stop wardkey-put-back.timer");
            put_back_now(&machine);
        }
        assert_eq!(files(&machine), before, "{way_out}");
        machine.write(CONFIG, &configuration);
    }
}

/// A container that is restarted keeps the name of the boot, and `systemctl soft-reboot` does.
#[test]
fn what_no_timer_would_put_back_is_put_back_at_once() {
    let (machine, _anna) = machine();
    let before = files(&machine);
    machine.wardkey(&["enable", "login", "--confirm-within", "24h"], "").exits(0);
    assert_ne!(put_back_now(&machine), before, "the timer runs");
    machine.must("systemctl stop wardkey-put-back.timer");
    assert_eq!(put_back_now(&machine), before);
}

/// Waits until the unit has said what it did: files are put back before that.
fn put_back_ends(machine: &Machine) {
    machine.must("systemctl start wardkey-put-back.service");
}

/// What the timer does when the time is up, now; it does not wait until the unit has ended.
fn time_is_up(machine: &Machine) {
    machine.must("systemctl stop wardkey-put-back.timer");
    machine.must("systemctl start --no-block wardkey-put-back.service");
}

/// A question that nobody answers, or another command, does not swallow the one time at which it is put back.
#[test]
fn a_command_that_is_under_way_when_the_time_is_up_only_delays_it() {
    let (machine, _anna) = machine();
    let before = files(&machine);
    machine.wardkey(&["enable", "login"], "").exits(0);
    let mut question = machine.terminal("wardkey disable login");
    question.expect("y or n [default: n]:");
    machine.must("systemctl stop wardkey-put-back.timer");
    assert_eq!(put_back_now(&machine), before);
    question.type_line("y");
    question.expect("another command");

    machine.wardkey(&["enable", "login"], "").exits(0);
    let mut other = machine.terminal("flock /var/lib/wardkey/enabled sh -c 'echo held; read line'");
    other.expect("held");
    time_is_up(&machine);
    let state = "systemctl show --property=ActiveState --value wardkey-put-back.service";
    machine.wait_for("it to begin", || (machine.must(state).trim() == "activating").then_some(()));
    assert_ne!(files(&machine), before, "not while another command holds the files");
    other.type_line("done");
    machine.wait_for("the other command to end", || (files(&machine) == before).then_some(()));
}

/// The answer is to what was shown, and was proven with the files of then.
#[test]
fn what_changes_while_the_question_waits_is_looked_at_again() {
    let (machine, _anna) = machine();
    let common = machine.read("/etc/pam.d/common-auth");
    for (file, text, words) in [
        ("common-auth", format!("auth sufficient pam_permit.so\n{common}"), "is proven to hold"),
        ("sudo", format!("{}# a note\n", machine.read("/etc/pam.d/sudo")), "changed since this was shown"),
    ] {
        let mut question = machine.terminal("wardkey enable sudo");
        question.expect("y or n [default: n]:");
        machine.write(&format!("/etc/pam.d/{file}"), text);
        let before = files(&machine);
        question.type_line("y");
        question.expect(words);
        assert_eq!(files(&machine), before, "{file}");
        machine.write("/etc/pam.d/common-auth", &common);
    }
}

/// What cannot be put back now is put back as soon as it can, and keeps nothing else waiting.
#[test]
fn what_cannot_be_put_back_is_tried_again() {
    let (machine, _anna) = machine();
    let before = files(&machine);
    machine.must("install -d /run/systemd/system/wardkey-put-back.service.d");
    machine.write("/run/systemd/system/wardkey-put-back.service.d/soon.conf", "[Service]\nRestartSec=1\n");
    machine.must("systemctl daemon-reload");
    machine.wardkey(&["enable", "login", "sudo"], "").exits(0);
    machine.must("mount --bind /etc/pam.d/sudo /etc/pam.d/sudo");
    time_is_up(&machine);
    machine.wait_for("login to be put back", || {
        (machine.read("/etc/pam.d/login") == before["login"]).then_some(())
    });
    assert!(machine.read("/etc/pam.d/sudo").contains("pam_wardkey"));
    machine.must("umount /etc/pam.d/sudo");
    machine.wait_for("sudo to be put back", || (files(&machine) == before).then_some(()));
    put_back_ends(&machine);
    assert!(machine.wardkey(&["enable", "--status"], "").exits(0).stdout.contains("login, sudo"));
}

#[test]
fn what_was_half_switched_on_is_not_confirmed() {
    let (machine, mut anna) = machine();
    let before = files(&machine);
    machine.wardkey(&["enable", "login", "sudo"], "").exits(0);
    log_in(&machine, &mut anna);
    machine.write("/etc/pam.d/sudo", &before["sudo"]);
    machine.wardkey(&["enable", "--confirm", "sudo"], "").exits(1);
    machine.must(TIMER);
    machine.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(files(&machine), before);
}

/// A locker that runs as the person proves nothing by itself: anybody may name a service.
#[test]
fn a_locker_is_proven_by_a_try_of_root_and_by_nobody_else() {
    let (machine, mut anna) = machine();
    machine.wardkey(&["enable", "login"], "").exits(0);
    assert!(
        machine.read("/etc/pam.d/i3lock").contains("forward_pass"),
        "{}",
        machine.read("/etc/pam.d/i3lock")
    );
    machine.wardkey(&["disable", "--all"], "").exits(0);
    machine.wardkey(&["enable", "i3lock", "login"], "").exits(0);
    let proven = || machine.json(&["enable", "--status"], "")["trying"]["i3lock"].clone();
    let unlock = format!("{PASSWORD}{}\n", anna.next_code());
    run(
        machine.command("sh").args(["-c", "runuser --user anna -- pamtester i3lock anna authenticate"]),
        unlock.as_bytes(),
    )
    .exits(0);
    assert_eq!(proven(), false, "by the person's own program");
    // Nor does a program that runs as root and lets people name the service.
    machine.must("install --mode 4755 \"$(command -v pamtester)\" /usr/local/bin/named");
    let mut named = machine.terminal("runuser --user anna -- /usr/local/bin/named login anna authenticate");
    named.answer("assword: ", PASSWORD);
    named.answer(CODE, &anna.next_code());
    named.expect("successfully authenticated");
    assert_eq!(machine.json(&["enable", "--status"], "")["trying"]["login"], false);
    let wrong = format!("{PASSWORD}{}\n", anna.wrong_code_now());
    machine.wardkey(&["try", "anna", "--service", "i3lock"], &wrong).exits(1);
    assert_eq!(proven(), false, "by a wrong code");
    let right = format!("{PASSWORD}{}\n", anna.next_code());
    machine.wardkey(&["try", "anna", "--service", "i3lock"], &right).exits(0);
    assert_eq!(proven(), true);
    machine.wardkey(&["enable", "--confirm"], "").exits(0);
}

/// An upgrade has put its own file in place of one with our lines, and root switches it on once more.
#[test]
fn what_lost_its_lines_is_switched_on_again_and_confirmed() {
    let (machine, mut anna) = machine();
    let before = files(&machine);
    machine.wardkey(&["enable", "login", "sudo"], "").exits(0);
    machine.wardkey(&["enable", "--confirm", "login", "sudo"], "").exits(0);
    let on = files(&machine);
    machine.write("/etc/pam.d/login", &before["login"]);
    machine.wardkey(&["enable", "login"], "").exits(0);
    assert_eq!(machine.json(&["enable", "--status"], "")["trying"].to_string(), r#"{"login":false}"#);
    machine.wardkey(&["enable", "--confirm"], "").exits(1);
    log_in(&machine, &mut anna);
    machine.wardkey(&["enable", "--confirm"], "").exits(0);
    assert_eq!(files(&machine), on);
}
