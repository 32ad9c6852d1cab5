//! Under systemd: the shipped units, and a helper that is given each connection as its standard input.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use wardkey_tests::helper::SOCKET;
use wardkey_tests::outcome::run;
use wardkey_tests::pam::Script;
use wardkey_tests::world::{ALONE, CODE, CONFIG, World};

const UNITS: [(&str, &str); 2] = [
    ("wardkey-helper.socket", include_str!("../../packaging/systemd/wardkey-helper.socket")),
    ("wardkey-helper@.service", include_str!("../../packaging/systemd/wardkey-helper@.service")),
];

/// systemd's own program that listens and starts one process a connection; it ends with the value.
struct Activator(Child);

impl Drop for Activator {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn activate(world: &World) -> Activator {
    world.shell("mkdir -m 755 /run/wardkey").exits(0);
    let helper = world.built("wardkey-helper");
    let mut command = world.command("systemd-socket-activate");
    command.args(["--accept", "--inetd", "--listen", SOCKET, "--setenv=WHATEVER=there"]);
    command.arg(helper).args(["--config", CONFIG]).stdin(Stdio::null()).stderr(Stdio::null());
    let activator = Activator(command.spawn().expect("systemd-socket-activate"));
    let begun = Instant::now();
    while !fs::metadata(world.path(SOCKET)).is_ok_and(|m| m.file_type().is_socket()) {
        assert!(begun.elapsed() < Duration::from_secs(20), "nothing listens");
        sleep(Duration::from_millis(5));
    }
    world.shell(&format!("chmod 666 {SOCKET}")).exits(0);
    activator
}

#[test]
fn a_connection_as_standard_input_is_answered() {
    let world = World::new();
    let mut alice = world.person("alice");
    let _activator = activate(&world);
    let code = alice.fresh_code(&world);
    let script = Script::new(ALONE, "alice").types(CODE, &code);
    assert!(world.pam_as("alice", &script).accepted(), "{}", world.syslog().text());
    assert!(!world.pam_as("alice", &script).accepted(), "once");
}

#[test]
fn the_shipped_units_are_sound() {
    let world = World::new();
    let helper = world.built("wardkey-helper");
    for (name, unit) in UNITS {
        let unit = unit.replace("@HELPER@", helper.to_str().expect("a plain path"));
        // The manual pages are not installed here.
        let unit: String = unit
            .lines()
            .filter(|line| !line.starts_with("Documentation="))
            .map(|line| format!("{line}\n"))
            .collect();
        world.write(&format!("/home/{name}"), unit);
    }
    let socket = world.path("/home/wardkey-helper.socket");
    let verified = run(Command::new("systemd-analyze").arg("verify").arg(socket), b"").exits(0);
    assert_eq!(verified.stderr, "", "{verified:?}");
}

#[test]
fn a_standard_input_that_is_no_connection_is_an_error() {
    let world = World::new();
    let helper = world.built("wardkey-helper");
    let refused = run(world.command(helper).args(["--config", CONFIG]), b"").exits(3);
    assert!(refused.stderr.contains("standard input is no connection"), "{refused:?}");
}
