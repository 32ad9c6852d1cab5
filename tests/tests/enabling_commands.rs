//! From nothing to protected logins by the README's five commands.

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::{CODE, CONFIG};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::proof::documents::read;

/// From an installed module to logins that ask: four commands of the README's five, and a login through each between the last
/// two. None edits a file. One command takes all of it back.
#[test]
fn from_installed_files_to_logins_that_ask_it_takes_five_commands() {
    let readme = read("README.md").expect("the README");
    let install = readme.split_once("## Install").expect("a part").1;
    let block = install.split("```").nth(1).expect("commands").trim();
    let five: Vec<&str> =
        block.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).collect();
    assert_eq!(five.len(), 5, "{five:?}");
    assert!(five[0].starts_with("make build && sudo make install"), "{five:?}");

    let machine = Machine::boot();
    machine.install_files();
    machine.write(CONFIG, read("config/wardkey.toml").expect("the shipped one"));
    machine.add_account("alice", PASSWORD);
    machine.must(
        "gpasswd --members alice sudo; useradd nurse; systemctl daemon-reload; systemctl start ssh.service",
    );
    let files = || machine.must("cd /etc/pam.d && sha256sum -- *");
    let before = files();
    let command = |number: usize| five[number].strip_prefix("sudo ").expect("by root").to_owned();
    machine
        .must(five[0].rsplit("&& ").next().and_then(|last| last.strip_prefix("sudo ")).expect("the helper"));
    machine.must(&command(1));
    assert_eq!(command(2), "wardkey enroll alice");
    let mut alice = machine.enrol("alice");
    machine.must(&command(3));
    let ssh = "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 alice@127.0.0.1";
    let ways = [
        "login alice",
        "runuser -u alice -- sudo id",
        "runuser -u alice -- sudo -k -i id",
        "runuser -u nurse -- su alice -c id",
        ssh,
    ];
    for (number, way) in ways.into_iter().enumerate() {
        let mut terminal = machine.terminal(way);
        terminal.answer("assword", PASSWORD);
        // The window takes one step ahead of the clock.
        let code = if number == 0 { alice.next_code() } else { alice.recovery_codes[number].clone() };
        terminal.answer(CODE, &code);
        assert!(terminal.expect_any(&["uid=", "$ "]).is_some(), "{way}");
    }
    let confirmed = machine.wardkey(&["--json", "enable", "--confirm"], "").exits(0).json();
    assert_eq!(command(4), "wardkey enable --confirm");
    let asked = ["login", "sshd", "su", "sudo", "sudo-i"];
    assert_eq!(confirmed, serde_json::json!({"confirmed": asked, "put_back": []}));
    machine.must("wardkey disable --all");
    assert_eq!(files(), before);
}
