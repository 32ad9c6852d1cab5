use super::testing::Machine;
use super::*;
use std::process::{Child, Command, Stdio};

#[test]
fn a_locker_is_in_the_session_that_the_files_of_proc_tell() {
    let machine = Machine::new();
    machine.process(50, 1000, 50, 0x403, 777).process(60, 1000, 50, 0x403, 900);
    assert_eq!(machine.session(60, 1000).unwrap(), "leader-1027-50-777");
    let path = "user.slice/user-1000.slice/session-c1.scope";
    machine.says(60, "cgroup", &format!("4:cpu:/x\n1:name=systemd:/{path}\n0::/\n"));
    assert!(matches!(machine.session(60, 1000), Err(NoSession::NoGroup)), "no such group");
    let inode = machine.group(&format!("systemd/{path}"));
    assert_eq!(machine.session(60, 1000).unwrap(), format!("cgroup-c1-{inode}"));
    machine.says(60, "loginuid", "1000").says(60, "sessionid", "12");
    assert_eq!(machine.session(60, 1000).unwrap(), "audit-12");
    assert!(matches!(machine.session(60, 1001), Err(NoSession::OtherUid(1000))));
    assert!(matches!(machine.session(61, 1000), Err(NoSession::Unreadable(_))));
}

#[test]
fn a_kernel_without_audit_and_groups_leaves_the_leader() {
    let machine = Machine::new();
    machine.process(50, 1000, 50, 0, 777).process(60, 1000, 50, 0, 900);
    for name in ["loginuid", "sessionid", "cgroup"] {
        std::fs::remove_file(machine.root().join("proc/60").join(name)).unwrap();
    }
    assert_eq!(machine.session(60, 1000).unwrap(), "leader-0-50-777");
}

#[test]
fn where_no_session_has_a_number_no_login_is_known_to_be_fresh() {
    let machine = Machine::new();
    machine.process(60, 0, 60, 0, 900);
    let is_outside = || {
        let kernel = Kernel::below(machine.root());
        Process::open(&kernel, 60).unwrap().is_outside_sessions_of(1000).ok()
    };
    assert_eq!(is_outside(), None, "neither audit nor groups");
    machine.group("systemd/user.slice");
    assert_eq!(is_outside(), Some(true));
    machine.says(60, "loginuid", "1000").says(60, "sessionid", "12");
    assert_eq!(is_outside(), Some(false));
    machine.says(60, "loginuid", "x");
    assert_eq!(is_outside(), None);
}

#[test]
fn audit_numbers_sessions_where_logins_set_it() {
    let machine = Machine::new();
    machine.process(60, 0, 60, 0, 900);
    let kernel = Kernel::below(machine.root());
    let is_outside = || Process::open(&kernel, 60).unwrap().is_outside_sessions_of(1000).ok();
    machine.says(60, "sessionid", "4294967295");
    std::fs::create_dir(machine.root().join("proc/self")).unwrap();
    std::fs::write(machine.root().join("proc/self/loginuid"), "4294967295").unwrap();
    assert!(!kernel.tells_sessions(), "no login here set it");
    assert_eq!(is_outside(), Some(true), "they run nothing, so they have no session");
    machine.process(70, 1000, 70, 0, 950);
    assert_eq!(is_outside(), None, "their session has no number");
    machine.says(70, "loginuid", "1000");
    assert!(kernel.tells_sessions());
    assert_eq!(is_outside(), Some(true));
    machine.process(80, 1000, 80, 0, 960);
    assert_eq!(is_outside(), None, "one of two has none");
    machine.says(80, "loginuid", "0");
    assert_eq!(is_outside(), None, "or that of the person who started the greeter by hand");
    machine.group("unified/user.slice");
    assert_eq!(is_outside(), Some(true), "logind numbers what audit does not");
}

#[test]
fn a_leader_that_ended_or_is_another_process_is_none() {
    let machine = Machine::new();
    machine.process(60, 1000, 50, 0x403, 900);
    assert!(matches!(machine.session(60, 1000), Err(NoSession::NoLeader)), "ended");
    machine.process(50, 1000, 49, 0x403, 777);
    assert!(matches!(machine.session(60, 1000), Err(NoSession::NoLeader)), "leads nothing");
    machine.process(50, 1000, 50, 0x404, 777);
    assert!(matches!(machine.session(60, 1000), Err(NoSession::NoLeader)), "of another terminal");
    machine.process(50, 1001, 50, 0x403, 777);
    assert!(matches!(machine.session(60, 1000), Err(NoSession::NoLeader)), "of another account");
    machine.process(50, 1000, 50, 0x403, 778);
    assert_eq!(machine.session(60, 1000).unwrap(), "leader-1027-50-778");
}

#[test]
fn what_is_not_understood_is_no_session() {
    for (name, text) in [
        ("loginuid", "x"),
        ("sessionid", ""),
        ("stat", ""),
        ("stat", "60 (x"),
        ("stat", "60 (x) S 1 1 a 0"),
        ("stat", "60 (x) S 1 1 50 0 1 1"),
        ("status", "Name: x"),
        ("status", "Uid:\t-1\t0"),
    ] {
        let machine = Machine::new();
        machine.process(50, 1000, 50, 0, 777).process(60, 1000, 50, 0, 900).says(60, name, text);
        assert!(matches!(machine.session(60, 1000), Err(NoSession::Odd(_))), "{name}: {text}");
    }
}

/// A process of `setup` that waits until it is let go.
fn child(setup: &str) -> Child {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new("setsid")
        .args(["--wait", "sh", "-c", &format!("{setup}; echo $$; read _")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.stdout = None;
    PIDS.with(|pids| pids.borrow_mut().push(line.trim().parse().unwrap()));
    child
}

thread_local! {
    static PIDS: std::cell::RefCell<Vec<u32>> = const { std::cell::RefCell::new(Vec::new()) };
}

fn last_pid() -> u32 {
    PIDS.with(|pids| *pids.borrow().last().unwrap())
}

fn end(mut child: Child) {
    drop(child.stdin.take());
    child.wait().unwrap();
}

#[test]
fn the_kernel_numbers_logins_of_real_processes() {
    let kernel = Kernel::default();
    let first = child("echo 12345 >/proc/self/loginuid");
    let one = Process::open(&kernel, last_pid()).unwrap();
    let second = child("echo 12345 >/proc/self/loginuid");
    let two = Process::open(&kernel, last_pid()).unwrap();
    let (a, b) = (one.session(12345).unwrap(), two.session(12345).unwrap());
    assert!(matches!((&a, &b), (Session::Audit(x), Session::Audit(y)) if x != y), "{a} {b}");
    assert_eq!(one.session(12345).unwrap(), a);
    assert!(matches!(one.session(0), Err(NoSession::OtherLogin(12345))));
    end(first);
    assert!(
        matches!(one.session(12345), Err(NoSession::Unreadable(_))),
        "it has ended: {:?}",
        one.session(12345)
    );
    end(second);
}

#[test]
fn a_real_process_of_a_person_is_known_by_its_leader() {
    let kernel = Kernel::default();
    let held = child(
        "echo 4294967295 >/proc/self/loginuid; \
         exec setpriv --reuid=54321 --regid=54321 --clear-groups sh -c 'echo $$; read _'",
    );
    let process = Process::open(&kernel, last_pid()).unwrap();
    assert_eq!(process.real_uid().unwrap(), 54321);
    let start = process.stat().unwrap().start;
    let session = process.session(54321);
    if matches!(process.cgroup().unwrap(), Cgroup::Scope { .. }) {
        assert!(matches!(session, Err(NoSession::OtherLogin(_))), "in logind's session of who runs this");
    } else {
        assert_eq!(session.unwrap(), Session::Leader { tty: 0, pid: last_pid(), start });
    }
    assert!(matches!(process.session(1000), Err(NoSession::OtherUid(54321))));
    end(held);
}
