//! `enable sshd` in a booted machine, with the sshd that its distribution starts.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::CODE;
use wardkey_tests::people::person::{PASSWORD, Person};

const MAIN: &str = "/etc/ssh/sshd_config";
const DROP_IN: &str = "/etc/ssh/sshd_config.d/00-wardkey.conf";
/// While it reads its files again, sshd takes no connection for a moment; the client tries again.
const KEY: &str = "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o BatchMode=yes -i /root/key anna@127.0.0.1 id -un";

/// A machine with a running sshd and nothing switched on; anna may become root, and has a key.
fn machine() -> (Machine, Person) {
    let (machine, anna) = Machine::with_anna("");
    machine.must("usermod --append --groups sudo anna");
    machine.must("ssh-keygen -q -t ed25519 -N '' -f /root/key && install -d -o anna -m 700 ~anna/.ssh");
    machine.must("install -o anna -m 600 /root/key.pub ~anna/.ssh/authorized_keys");
    machine.must("systemctl start ssh.service");
    (machine, anna)
}

/// What sshd's files and PAM's hold.
fn files(machine: &Machine) -> String {
    machine
        .must("cat /etc/ssh/sshd_config; tail -n +1 /etc/pam.d/* /etc/ssh/sshd_config.d/* 2>/dev/null; true")
}

/// Logs in by password, and by a code where one is given.
fn log_in(machine: &Machine, code: Option<&str>) {
    let mut ssh = machine.terminal(
        "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o PubkeyAuthentication=no anna@127.0.0.1",
    );
    ssh.answer("assword: ", PASSWORD);
    if let Some(code) = code {
        ssh.answer(CODE, code);
    }
    ssh.expect("$ ");
}

#[test]
fn sshd_asks_while_it_is_on_and_keys_and_sessions_go_on() {
    let (machine, mut anna) = machine();
    let before = files(&machine);
    let mut session = machine.terminal(
        "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o PubkeyAuthentication=no anna@127.0.0.1",
    );
    session.answer("assword: ", PASSWORD);
    session.expect("$ ");
    let said = machine.wardkey(&["enable", "sshd", "--confirm-within", "1h"], "").exits(0).stdout;
    assert!(said.contains("SSH keys go on to open without a code for: anna"), "{said}");
    log_in(&machine, Some(&anna.next_code()));
    assert_eq!(machine.must(KEY).trim(), "anna");
    session.type_line("echo still-$((40+2))");
    session.expect("still-42");
    let status = machine.json(&["enable", "--status"], "");
    assert_eq!(status["trying"]["sshd"], true);
    machine.must("systemctl stop wardkey-put-back.timer && systemctl start wardkey-put-back.service");
    assert_eq!(files(&machine), before);
    let log = machine.journal();
    assert!(!log.contains("wardkey-put-back.service: Failed"), "{log}");
    machine.wait_for("sshd to read its files", || {
        (machine.must("systemctl show --property=SubState --value ssh.service").trim() == "running")
            .then_some(())
    });
    log_in(&machine, None);

    machine.wardkey(&["enable", "sshd", "--keys-too"], "").exits(0);
    assert_ne!(machine.shell(KEY).code(), Some(0));
    // What somebody adds to the drop-in stays.
    machine.must(&format!("echo 'X11Forwarding no' >> {DROP_IN}"));
    machine.wardkey(&["disable", "sshd"], "").exits(0);
    assert_eq!(machine.read(DROP_IN), "X11Forwarding no\n");
    machine.must(&format!("rm {DROP_IN}"));
    assert_eq!(files(&machine), before);
    assert_eq!(machine.must(KEY).trim(), "anna");
}

/// Without the drop-in, sshd's password method would answer the question of a line by hand with the password.
#[test]
fn sshd_keeps_its_settings_while_a_line_by_hand_asks() {
    let (machine, mut anna) = machine();
    let common = machine.read("/etc/pam.d/common-auth");
    machine.wardkey(&["enable", "sshd", "--no-revert"], "").exits(0);
    let ours = machine.read("/etc/pam.d/sshd");
    let by_hand: String =
        ours.lines().filter(|line| !line.starts_with("# wardkey:")).map(|l| format!("{l}\n")).collect();
    machine.write("/etc/pam.d/sshd", by_hand.replace("auth requisite pam_wardkey.so\n", ""));
    machine.write("/etc/pam.d/common-auth", format!("{common}auth requisite pam_wardkey.so\n"));
    let outcome = machine.wardkey(&["disable", "sshd"], "").exits(3);
    assert!(outcome.stderr.contains(DROP_IN), "{outcome:?}");
    machine.must(&format!("grep -q 'PasswordAuthentication no' {DROP_IN}"));
    log_in(&machine, Some(&anna.next_code()));
    assert_eq!(machine.json(&["enable", "--status"], "")["on"], serde_json::json!(["sshd"]));
    machine.write("/etc/pam.d/common-auth", common);
    machine.wardkey(&["disable", "--all"], "").exits(0);
    assert_eq!(machine.shell(&format!("test -e {DROP_IN}")).code(), Some(1));
    log_in(&machine, None);
}

#[test]
fn a_drop_in_that_does_not_win_is_not_put_in_place() {
    let (machine, _anna) = machine();
    let main = machine.read(MAIN);
    let include = "Include /etc/ssh/sshd_config.d/*.conf";
    let no_include = main.replace(include, "");
    for (name, config, keys_too) in [
        ("ahead of it", format!("KbdInteractiveAuthentication no\n{main}"), false),
        ("no Include", no_include.clone(), false),
        ("a comment", main.replace(include, &format!("#{include}")), false),
        (
            "a block",
            format!(
                "{main}\nMatch User anna\n  PasswordAuthentication yes\n  KbdInteractiveAuthentication no\n"
            ),
            false,
        ),
        ("keys ahead", format!("AuthenticationMethods any\n{main}"), true),
        ("unreadable", format!("{main}\nNonsense yes\n"), false),
    ] {
        machine.write(MAIN, &config);
        let before = files(&machine);
        let arguments: &[&str] =
            if keys_too { &["enable", "sshd", "--keys-too"] } else { &["enable", "sshd"] };
        let outcome = machine.wardkey(arguments, "");
        assert!([Some(1), Some(3)].contains(&outcome.code()), "{name}: {outcome:?}");
        assert_eq!(files(&machine), before, "{name}");
    }
    // Later in the order, by a path that is not whole, or from a directory that has others: it wins.
    machine.write("/etc/ssh/sshd_config.d/50-cloud-init.conf", "PasswordAuthentication yes\n");
    machine.write(MAIN, main.replace(include, "Include sshd_config.d/*.conf"));
    machine.wardkey(&["enable", "sshd"], "").exits(0);
    let in_force = machine.must("sshd -T");
    for line in ["passwordauthentication no", "kbdinteractiveauthentication yes", "usepam yes"] {
        assert!(in_force.contains(line), "{in_force}");
    }
}

#[test]
fn what_sshd_does_not_read_again_is_put_back_at_once() {
    let (machine, _anna) = machine();
    let before = files(&machine);
    machine.write(
        "/run/systemd/system/ssh.service.d/no.conf",
        "[Service]\nExecReload=\nExecReload=/bin/false\n",
    );
    machine.must("systemctl daemon-reload");
    let outcome = machine.wardkey(&["enable", "sshd"], "").exits(3);
    assert!(outcome.stderr.contains("all of it was put back"), "{outcome:?}");
    assert_eq!(files(&machine), before);
    assert_ne!(machine.shell("systemctl is-active wardkey-put-back.timer").code(), Some(0));
    log_in(&machine, None);
}

/// sshd's own check fails without a directory that its unit makes, which has not run where a socket starts it.
#[test]
fn an_sshd_that_never_ran_is_switched_on_too() {
    let (machine, mut anna) = machine();
    machine.must("systemctl stop ssh.service; rm -rf /run/sshd; ! sshd -T");
    let found = machine.wardkey(&["doctor"], "").stdout;
    assert!(!found.contains("Missing privilege separation"), "{found}");
    machine.must("rm -rf /run/sshd");
    machine.wardkey(&["enable", "sshd"], "").exits(0);
    machine.must("systemctl start ssh.service");
    log_in(&machine, Some(&anna.next_code()));
}

/// Debian's and Ubuntu's socket, which starts an sshd for each connection (or one at the first): no sshd runs that could read
/// its files again, and none need.
#[test]
fn an_sshd_that_a_socket_starts_asks_and_its_sessions_go_on() {
    let (machine, mut anna) = machine();
    machine.must("systemctl stop ssh.service; systemctl unmask ssh.socket; systemctl start ssh.socket");
    let before = files(&machine);
    let mut session = machine.terminal(
        "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 -o PubkeyAuthentication=no anna@127.0.0.1",
    );
    session.answer("assword: ", PASSWORD);
    session.expect("$ ");
    machine.wardkey(&["enable", "sshd"], "").exits(0);
    log_in(&machine, Some(&anna.next_code()));
    assert_eq!(machine.must(KEY).trim(), "anna");
    machine.must("systemctl stop wardkey-put-back.timer && systemctl start wardkey-put-back.service");
    assert_eq!(files(&machine), before);
    log_in(&machine, None);
    session.type_line("echo still-$((40+2))");
    session.expect("still-42");
    machine.must("systemctl is-active ssh.socket");
}
