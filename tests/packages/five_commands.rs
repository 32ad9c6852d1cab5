//! From the package to protected logins by the five commands of docs/packages.md.

use std::time::Instant;

use wardkey_tests::machine::booted::Machine;
use wardkey_tests::machine::host::CODE;
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::proof::documents::read;

use super::{files, machine};

/// How alice logs in, by the service that `enable` names.
const WAYS: [(&str, &str, &str); 3] = [
    ("login", "login alice", "$ "),
    ("sshd", "ssh -o StrictHostKeyChecking=no -o ConnectionAttempts=20 alice@127.0.0.1", "$ "),
    ("sudo", "runuser -u alice -- sudo id", "uid=0"),
];

fn logs_in(machine: &Machine, alice: &mut Person) {
    for (number, (service, way, inside)) in WAYS.into_iter().enumerate() {
        let mut terminal = machine.terminal(way);
        terminal.answer("assword", PASSWORD);
        let code = if number == 0 { alice.next_code() } else { alice.recovery_codes[number].clone() };
        terminal.answer(CODE, &code);
        assert!(terminal.expect_any(&[inside]).is_some(), "{service}: {}", terminal.transcript());
    }
}

#[test]
fn from_the_package_to_logins_that_ask_it_takes_five_commands() {
    let page = read("docs/packages.md").expect("the page");
    let part = page.split_once("## From the package to codes").expect("a part").1;
    let block = part.split("```").nth(1).expect("commands").trim();
    let commands = block.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let five: Vec<&str> = commands.map(|line| line.strip_prefix("sudo ").expect("by root")).collect();
    assert_eq!(five.len(), 5, "{five:?}");

    let machine = machine();
    machine.must("mv /root/wardkey.deb /root/wardkey_0.1.0_amd64.deb");
    machine.add_account("alice", PASSWORD);
    machine.must("gpasswd --members alice sudo; systemctl start ssh.service");
    let before = files(&machine);
    let since = Instant::now();
    let install = five[0].strip_prefix("apt install ").expect("the package");
    machine.must(&format!("cd /root && apt-get install --yes --no-install-recommends {install}"));
    machine.must(five[1]);
    assert_eq!(five[2], "wardkey enroll alice");
    let mut alice = machine.enrol("alice");
    machine.must(five[3]);
    logs_in(&machine, &mut alice);
    assert_eq!(five[4], "wardkey enable --confirm");
    let confirmed = machine.wardkey(&["--json", "enable", "--confirm"], "").exits(0).json();
    println!("from the package to protected logins: {:.1} s", since.elapsed().as_secs_f64());

    let asked = WAYS.map(|(service, ..)| service);
    assert_eq!(confirmed, serde_json::json!({"confirmed": asked, "put_back": []}));
    machine.must("wardkey disable --all");
    let mut after = files(&machine);
    after.remove("/etc/pam.d/wardkey").expect("the helper's own");
    assert!(after == before, "{:?}", after.keys());
}
