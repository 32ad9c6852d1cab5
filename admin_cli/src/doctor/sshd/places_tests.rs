//! Files of sshd as people leave them, and what is in force there.

use super::*;
use crate::doctor::sshd::unit::Socket;

const INCLUDE: &str = "Include /etc/ssh/sshd_config.d/*.conf\n";
const OURS: &str = "UsePAM yes\nKbdInteractiveAuthentication yes\nPasswordAuthentication no\n";

/// A machine with this main file and these drop-ins, and what is found.
fn found(main: &str, drop_ins: &[(&str, &str)], in_force: &str, unit: Option<&Unit>) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("etc/ssh/sshd_config.d");
    fs::create_dir_all(&place).unwrap();
    fs::write(directory.path().join("etc/ssh/sshd_config"), main).unwrap();
    drop_ins.iter().for_each(|(name, text)| fs::write(place.join(name), text).unwrap());
    let root = Root::new(directory.path());
    let order = ReadingOrder::read(&root, "/etc/ssh/sshd_config");
    let faults = faults(&root, &order, Some(&Settings::parse(in_force)), unit);
    let shown = |fault: &PlaceFault| match fault {
        PlaceFault::Overruled(first, ours) => format!("{} over {}", first.place, ours.place),
        PlaceFault::NotIncluded(file) => format!("{} not read", file.display()),
        PlaceFault::UnderMatch(file, place) => format!("{} under {place}", file.display()),
        PlaceFault::NotReadYet(file) => format!("{} not yet", file.display()),
        PlaceFault::SocketListens(setting) => format!("{} {}", setting.written, setting.value),
    };
    faults.iter().map(shown).map(|line| line.replace("/etc/ssh/", "")).collect()
}

#[test]
fn what_comes_before_our_file_is_named_where_it_is_in_force() {
    let wins = "usepam yes\nkbdinteractiveauthentication yes\npasswordauthentication yes\n";
    let sound = "usepam yes\nkbdinteractiveauthentication yes\npasswordauthentication no\n";
    let cloud = ("50-cloud-init.conf", "PasswordAuthentication yes\n");
    let ours = ("00-wardkey.conf", OURS);
    let late = ("wardkey.conf", OURS);
    for (main, drop_ins, in_force, expected) in [
        (INCLUDE, vec![ours, cloud], sound, vec![]),
        (INCLUDE, vec![late], sound, vec![]),
        (
            INCLUDE,
            vec![late, cloud],
            wins,
            vec!["sshd_config.d/50-cloud-init.conf:1 over sshd_config.d/wardkey.conf:3"],
        ),
        (
            &format!("PasswordAuthentication yes\n{INCLUDE}"),
            vec![ours],
            wins,
            vec!["sshd_config:1 over sshd_config.d/00-wardkey.conf:3"],
        ),
        // What sshd says decides, and here it says something else than its files.
        (&format!("PasswordAuthentication yes\n{INCLUDE}"), vec![ours], sound, vec![]),
        (&format!("PasswordAuthentication no\n{INCLUDE}"), vec![ours], sound, vec![]),
        ("UsePAM yes\n", vec![ours], wins, vec!["sshd_config.d/00-wardkey.conf not read"]),
        ("UsePAM yes\n", vec![cloud], wins, vec![]),
        (
            &format!("Match User x\n{INCLUDE}"),
            vec![ours],
            wins,
            vec!["sshd_config.d/00-wardkey.conf under sshd_config:1"],
        ),
    ] {
        assert_eq!(found(main, &drop_ins, in_force, None), expected, "{main} {drop_ins:?}");
    }
}

#[test]
fn a_port_that_the_socket_does_not_have_is_named() {
    let unit = |streams: &[&str], follows_settings| Unit {
        name: "ssh",
        socket: Some(Socket {
            streams: streams.iter().map(|stream| (*stream).to_owned()).collect(),
            is_each_apart: false,
            follows_settings,
        }),
    };
    for (main, unit, expected) in [
        ("Port 2222\n", Some(unit(&["22"], false)), vec!["Port 2222"]),
        ("Port 22\nPort 2222\n", Some(unit(&["22"], false)), vec!["Port 2222"]),
        ("ListenAddress 192.0.2.1\n", Some(unit(&["22"], false)), vec!["ListenAddress 192.0.2.1"]),
        ("Port 2222\n", Some(unit(&["0.0.0.0:2222", "[::]:2222"], false)), vec![]),
        ("Port 2222\n", Some(unit(&["22"], true)), vec![]),
        ("Port 2222\n", Some(Unit { name: "ssh", socket: None }), vec![]),
        ("Port 2222\n", None, vec![]),
        ("#Port 22\n", Some(unit(&["22"], false)), vec![]),
    ] {
        assert_eq!(found(main, &[], "", unit.as_ref()), expected, "{main}");
    }
}

#[test]
fn a_file_newer_than_what_sshd_has_read_is_named() {
    use std::time::{Duration, UNIX_EPOCH};
    let directory = tempfile::tempdir().unwrap();
    let root = Root::new(directory.path());
    let write = |name: &str, text: &str, seconds: u64| {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut file = fs::OpenOptions::new().create(true).truncate(true).write(true).open(path).unwrap();
        std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
    };
    write("/proc/stat", "cpu 1\nbtime 1000\n", 0);
    fs::create_dir_all(root.join("/proc/77")).unwrap();
    let program = root.join("/proc/77/exe");
    std::os::unix::fs::symlink("/usr/sbin/sshd", &program).unwrap();
    let in_force = Settings::parse("pidfile /run/sshd.pid\n");
    let look = |config: u64, pid: u64| {
        write("/etc/ssh/sshd_config", "UsePAM yes\n", config);
        write("/run/sshd.pid", "77\n", pid);
        stale(&root, &ReadingOrder::read(&root, "/etc/ssh/sshd_config"), &in_force).is_some()
    };
    assert!(look(2001, 2000));
    assert!(!look(2000, 2000), "read as it is");
    assert!(!look(2001, 999), "the clock was set since");
    fs::remove_file(&program).unwrap();
    std::os::unix::fs::symlink("/usr/bin/other", &program).unwrap();
    assert!(!look(2001, 2000), "another program has the number");
}
