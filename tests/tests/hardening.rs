//! What processes that hold secrets keep to themselves while somebody types.

use std::fs;

use wardkey_tests::machine::host::{CONFIG, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::terminal::Terminal;

/// Kilobytes of a process that stay out of the swap area.
fn locked(pid: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmLck:")).expect("VmLck");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

#[test]
fn a_command_that_waits_is_kept_out_of_the_swap_area() {
    let host = Host::new();
    host.add_account("alice");
    let command = host.built("wardkey");
    let mut terminal = Terminal::start(&host, command.to_str().expect("a plain path"), &["enroll", "alice"]);
    terminal.expect("Type the code");
    assert!(locked(&terminal.process().to_string()) > 0);
}

// The usual limit: the program itself fits, what a hash needs does not.
#[test]
fn where_memory_may_not_be_locked_the_command_works_all_the_same() {
    let host = Host::new();
    host.add_account("alice");
    let wardkey = host.built("wardkey");
    let line = format!(
        "ulimit -l 8192; exec setpriv --bounding-set -ipc_lock --inh-caps -ipc_lock -- {} emergency alice \
         --count 1 --reason drill --json",
        wardkey.display()
    );
    let made = host.shell(&line).exits(0);
    assert!(made.stdout.contains("codes"), "{made:?}");
}

#[test]
fn the_owner_of_a_command_that_waits_cannot_look_into_it() {
    let host = Host::new();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let wardkey = host.built("wardkey");
    let line = format!(
        "echo $$ >/home/pid; exec setpriv --reuid alice --regid alice --clear-groups -- {} recovery-codes",
        wardkey.display()
    );
    let mut terminal = Terminal::start(&host, "sh", &["-c", &line]);
    terminal.expect("Password");
    let pid = host.read("/home/pid").trim().to_owned();
    assert_eq!(fs::read_to_string(format!("/proc/{pid}/comm")).expect("a process").trim(), "wardkey");
    let look = format!("runuser --user alice -- cat /proc/{pid}/maps");
    let refused = host.shell(&look);
    assert!(refused.stderr.contains("Permission denied"), "{refused:?}");
    // Her other programs she may look into.
    host.shell("runuser --user alice -- cat /proc/self/maps").exits(0);
}

#[test]
fn an_action_that_waits_is_kept_out_of_the_swap_area_and_leaves_no_core() {
    let host = Host::new();
    let _alice = host.person("alice");
    let helper = host.start_helper();
    let wardkey = host.built("wardkey");
    let wardkey = wardkey.to_str().expect("a plain path");
    let mut terminal =
        Terminal::start(&host, "runuser", &["--user", "alice", "--", wardkey, "recovery-codes"]);
    terminal.answer("Password", PASSWORD);
    terminal.expect("Code");
    let serving = helper.serving(&host);
    let [action] = &serving[..] else { panic!("{serving:?}") };
    assert!(locked(action) > 0);
    let limits = fs::read_to_string(format!("/proc/{action}/limits")).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line");
    assert_eq!(core.split_whitespace().collect::<Vec<_>>()[4..6], ["0", "0"], "{core}");
}

#[test]
fn the_sealing_key_may_be_a_systemd_credential() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.shell("mkdir -p -m 500 /run/credentials /run/credentials/@system").exits(0);
    host.shell("mv /etc/wardkey/seal.key /run/credentials/@system/wardkey").exits(0);
    let code = alice.fresh_code(&host);
    assert!(!host.types("alice", &code).accepted(), "without its key");
    host.write(CONFIG, "[seal]\nkey = \"credential:wardkey\"\n[totp]\nwindow = 5\n");
    assert!(host.types("alice", &code).accepted(), "{}", host.syslog().text());
}
