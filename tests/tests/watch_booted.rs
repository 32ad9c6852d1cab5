//! The watch over services that are on, in a booted machine.

use std::collections::BTreeMap;

use serde_json::Value;
use wardkey_tests::machine::booted::Machine;
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::smtp::code_in;

/// Records that are elsewhere, and mail by a program that puts it where the helper may write.
const TABLES: &str = "[store]\npath = \"/srv/wardkey\"\n\
                      [email]\nmode = \"recovery\"\nfrom = \"wardkey@clinic.example\"\ntransport = \"sendmail\"\n";
const SENDMAIL: &str = "#!/bin/sh\nexec cat >/run/wardkey/$(date +%s%N).mail\n";

/// A machine with anna, who may become root, and a nurse, who may not; both have an address.
fn machine() -> Machine {
    let (machine, _anna) = Machine::with_anna(TABLES);
    machine.must("usermod --append --groups sudo anna");
    machine.must("rm -f /usr/sbin/sendmail; mkdir -p /run/sshd");
    machine.write("/usr/sbin/sendmail", SENDMAIL);
    machine.must("chmod 755 /usr/sbin/sendmail");
    machine.write(
        "/run/systemd/system/wardkey-helper.service.d/store.conf",
        "[Service]\nReadWritePaths=/srv/wardkey\n",
    );
    machine.must("systemctl daemon-reload && systemctl restart wardkey-helper.service");
    machine.add_account("nurse", PASSWORD);
    machine.enrol("nurse");
    for name in ["anna", "nurse"] {
        machine.json(&["enroll", name, "--email", &format!("{name}@clinic.example")], "");
        let code = code_in(mails(&machine).last().expect("a mail"));
        machine.json(&["confirm", name], &format!("{code}\n"));
    }
    machine
}

/// Every mail so far, the newest last.
fn mails(machine: &Machine) -> Vec<String> {
    let names = machine.must("ls /run/wardkey");
    let mails = names.lines().filter(|name| name.ends_with(".mail"));
    mails.map(|name| machine.read(&format!("/run/wardkey/{name}"))).collect()
}

/// To whom it was mailed that services may no longer ask.
fn warned(machine: &Machine) -> Vec<String> {
    let mails = mails(machine).into_iter().filter(|mail| mail.contains("may no longer ask for a code"));
    mails.filter_map(|mail| mail.lines().find(|line| line.starts_with("To: ")).map(str::to_owned)).collect()
}

fn files(machine: &Machine) -> BTreeMap<String, String> {
    let names = machine.must("ls -A /etc/pam.d");
    names.lines().map(|name| (name.to_owned(), machine.read(&format!("/etc/pam.d/{name}")))).collect()
}

/// The watch waits until files have been left alone for ten seconds; by its own clock here, of which five go into one.
const QUICK: &str =
    "[Service]\nEnvironment=LD_PRELOAD=/usr/$LIB/faketime/libfaketime.so.1 \"FAKETIME=+0 x5\"\n";

/// When the watch last came to an end, on the clock of the boot.
fn last_look(machine: &Machine) -> String {
    machine.must("systemctl show --property=ExecMainExitTimestampMonotonic --value wardkey-watch.service")
}

/// Waits until the watch does nothing but wait for a change.
fn until_idle(machine: &Machine) {
    let state = "systemctl show --property=SubState --value wardkey-watch.path";
    machine.wait_for("the watch to wait", || (machine.must(state).trim() == "waiting").then_some(()));
}

/// Does this to the files, and waits until the watch has looked and ended.
fn after(machine: &Machine, line: &str) {
    until_idle(machine);
    let before = last_look(machine);
    machine.must(line);
    machine.wait_for("a look", || {
        (last_look(machine) != before && last_look(machine).trim() != "0").then_some(())
    });
    until_idle(machine);
    let ended = "systemctl show --property=Result --value wardkey-watch.service";
    assert_eq!(machine.must(ended).trim(), "success", "{}", machine.journal());
}

/// What was said at alert level of services that no longer ask.
fn alerts(machine: &Machine) -> Vec<String> {
    let said = machine.must("journalctl --quiet --no-pager --priority=alert --output=cat");
    said.lines().filter(|line| line.contains("See wardkey doctor")).map(str::to_owned).collect()
}

fn audited(machine: &Machine) -> Vec<(Value, Value)> {
    let of_watch = machine.audit().into_iter().filter(|line| line["event"] == "watch");
    of_watch.map(|line| (line["service"].clone(), line["result"].clone())).collect()
}

#[test]
fn a_line_that_went_is_said_once_at_alert_level() {
    let machine = machine();
    let stock = files(&machine);
    let active = "systemctl is-active wardkey-watch.path";
    machine.write("/etc/systemd/system/wardkey-watch.service.d/quick.conf", QUICK);
    machine.must("systemctl daemon-reload");
    machine.wardkey(&["enable", "login", "sudo", "su", "sshd", "--confirm-within", "1h"], "").exits(0);
    machine.must(active);
    let verified =
        machine.must("cd /usr/lib/systemd/system && systemd-analyze verify --man=no wardkey-watch.path wardkey-watch.service 2>&1");
    assert!(!verified.contains("wardkey"), "{verified}");
    let enabled = machine.must("systemctl is-enabled wardkey-watch.path wardkey-watch.service");
    assert_eq!(enabled.split_whitespace().collect::<Vec<_>>(), ["enabled", "enabled"]);

    machine.must("cp /etc/pam.d/sudo /root/on");

    // What wardkey changes itself, and a note of somebody's, are nothing to say.
    machine.wardkey(&["enable", "--confirm", "login", "sudo", "sshd"], "").exits(0);
    after(&machine, "echo '# a note' >>/etc/pam.d/login");
    assert_eq!((alerts(&machine), audited(&machine), warned(&machine)), (vec![], vec![], vec![]));

    // A package's upgrade, in the midst of other changes.
    machine.write("/root/sudo", &stock["sudo"]);
    after(
        &machine,
        "cp /root/sudo /etc/pam.d/sudo.dpkg-new && mv /etc/pam.d/sudo.dpkg-new /etc/pam.d/sudo; \
                     for round in 1 2 3; do sleep 0.5; touch /etc/ssh/other; rm /etc/ssh/other; done",
    );
    let said = alerts(&machine);
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].contains("sudo no longer asks for a code: wardkey's lines in /etc/pam.d/sudo are gone"),
        "{said:?}"
    );
    assert_eq!(audited(&machine), [("sudo".into(), "failed".into())]);
    assert_eq!(warned(&machine), ["To: anna@clinic.example"]);
    let status = machine.wardkey(&["enable", "--status"], "").exits(0).stdout;
    assert!(status.contains("The watch found:\n  sudo no longer asks for a code"), "{status}");

    // Once, and once more when it comes back and goes.
    after(&machine, "touch /etc/pam.d/again");
    assert_eq!((alerts(&machine).len(), warned(&machine).len()), (1, 1));
    after(&machine, "rm /etc/pam.d/again; cp /root/on /etc/pam.d/sudo");
    assert_eq!(audited(&machine), [("sudo".into(), "failed".into()), ("sudo".into(), "done".into())]);
    assert!(!machine.wardkey(&["enable", "--status"], "").exits(0).stdout.contains("The watch"));

    // sshd takes the first value that it meets.
    after(&machine, "echo 'PasswordAuthentication yes' >/etc/ssh/sshd_config.d/00-a.conf");
    let said = alerts(&machine);
    assert!(said.len() == 2 && said[1].contains("sshd: sshd's password method is on"), "{said:?}");
    machine.wardkey(&["disable", "--all"], "").exits(0);
    assert_ne!(machine.shell(active).code(), Some(0));
}
