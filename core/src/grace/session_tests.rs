use super::*;

const ROY: u32 = 1000;

fn told() -> Told {
    Told { real_uid: ROY, loginuid: UNSET, sessionid: UNSET, cgroup: Cgroup::Elsewhere, tty: 0x403 }
}

fn scope(uid: u32) -> Cgroup {
    Cgroup::Scope { uid, name: "c1".into(), inode: 77 }
}

fn leader(real_uid: u32) -> impl FnOnce() -> Result<Leader, NoSession> {
    move || Ok(Leader { pid: 50, start: 1234, real_uid })
}

fn name(told: &Told, uid: u32, leader_uid: u32) -> String {
    match identify(told, uid, leader(leader_uid)) {
        Ok(session) => session.to_string(),
        Err(why) => format!("{why:?}"),
    }
}

#[test]
fn audit_comes_first_then_logind_then_the_leader() {
    let audit = Told { loginuid: ROY, sessionid: 5, cgroup: scope(ROY), ..told() };
    assert_eq!(name(&audit, ROY, ROY), "audit-5");
    assert_eq!(name(&Told { cgroup: scope(ROY), ..told() }, ROY, ROY), "cgroup-c1-77");
    assert_eq!(name(&told(), ROY, ROY), "leader-1027-50-1234");
    assert_eq!(name(&Told { tty: 0, ..told() }, ROY, ROY), "leader-0-50-1234");
}

#[test]
fn the_process_of_a_login_is_roots() {
    let login = Told { real_uid: 0, loginuid: ROY, sessionid: 5, ..told() };
    assert_eq!(name(&login, ROY, 0), "audit-5");
    assert_eq!(name(&Told { real_uid: 0, cgroup: scope(ROY), ..told() }, ROY, 0), "cgroup-c1-77");
    assert_eq!(name(&Told { real_uid: 0, ..told() }, ROY, 0), "NoLeader", "it may serve many");
    assert_eq!(name(&Told { real_uid: 0, ..told() }, ROY, ROY), "NoLeader");
}

#[test]
fn another_accounts_session_is_nobodys() {
    for (what, told) in [
        ("su by another", Told { real_uid: 1001, loginuid: ROY, sessionid: 5, ..told() }),
        ("a login of another", Told { loginuid: 1001, sessionid: 5, ..told() }),
        ("a login of another, in a group of one's own", {
            Told { loginuid: 1001, sessionid: 5, cgroup: scope(ROY), ..told() }
        }),
        ("a login of root", Told { loginuid: 0, sessionid: 5, ..told() }),
        ("half set", Told { loginuid: ROY, ..told() }),
        ("half set", Told { sessionid: 5, ..told() }),
        ("a group of another", Told { cgroup: scope(1001), ..told() }),
        ("a group that is not understood", Told { cgroup: Cgroup::Unknown, ..told() }),
        (
            "a service of one's own",
            Told { loginuid: ROY, sessionid: 6, cgroup: Cgroup::Manager(ROY), ..told() },
        ),
    ] {
        assert!(identify(&told, ROY, leader(ROY)).is_err(), "{what}");
    }
}

#[test]
fn a_login_is_a_fresh_one_only_outside_all_sessions_of_that_person() {
    let daemon = || Told { real_uid: 0, ..told() };
    for (what, told) in [
        ("a daemon's", daemon()),
        ("a daemon's that another has started", Told { loginuid: 1001, sessionid: 5, ..daemon() }),
        ("in a group of another", Told { cgroup: scope(1001), ..daemon() }),
        ("below a manager of another's", Told { cgroup: Cgroup::Manager(1001), ..daemon() }),
    ] {
        assert!(is_outside(&told, ROY), "{what}");
    }
    for (what, told) in [
        ("GDM's unlock", Told { loginuid: ROY, sessionid: 5, ..daemon() }),
        ("the same without audit", Told { cgroup: scope(ROY), ..daemon() }),
        ("in a login of another, and a group of one's own", {
            Told { loginuid: 1001, sessionid: 5, cgroup: scope(ROY), ..daemon() }
        }),
        ("half told", Told { loginuid: ROY, ..daemon() }),
        ("half told", Told { sessionid: 5, ..daemon() }),
        ("half told", Told { loginuid: 1001, ..daemon() }),
        ("a service of theirs", Told { cgroup: Cgroup::Manager(ROY), ..daemon() }),
        ("a service of nobody knows whose", Told { cgroup: Cgroup::Manager(UNSET), ..daemon() }),
        ("a group that is not understood", Told { cgroup: Cgroup::Unknown, ..daemon() }),
        ("a locker of one's own", told()),
        ("a program that another has started", Told { real_uid: 1001, ..told() }),
    ] {
        assert!(!is_outside(&told, ROY), "{what}");
    }
}

#[test]
fn a_leader_is_ones_own_or_roots_at_a_terminal() {
    assert_eq!(name(&told(), ROY, 0), "leader-1027-50-1234");
    assert_eq!(name(&Told { tty: 0, ..told() }, ROY, 0), "NoLeader", "a daemon");
    assert_eq!(name(&told(), ROY, 1001), "NoLeader", "somebody else's terminal");
    assert!(identify(&told(), ROY, || Err(NoSession::NoLeader)).is_err(), "it has ended");
    let root = Told { real_uid: 0, ..told() };
    assert_eq!(name(&root, 0, 0), "leader-1027-50-1234");
    assert_eq!(name(&Told { tty: 0, ..root }, 0, 0), "NoLeader", "a daemon that root logs in by");
}

#[test]
fn a_leader_is_not_known_at_login() {
    assert!(Session::Audit(1).is_known_at_login());
    assert!(Session::Cgroup { name: "1".into(), inode: 1 }.is_known_at_login());
    let leader = Session::Leader { tty: 0, pid: 1, start: 1 };
    assert!(!leader.is_known_at_login() && leader.to_string().starts_with(LEADER));
}

#[test]
fn only_roots_places_are_sessions() {
    let parse = |text: &str| Cgroup::parse(text, |path| (!path.contains("gone")).then_some(77));
    let roy = Cgroup::Scope { uid: ROY, name: "c1".into(), inode: 77 };
    for text in [
        "0::/user.slice/user-1000.slice/session-c1.scope\n",
        "0::/user.slice/user-1000.slice/session-c1.scope/below\n",
        "12:pids:/x\n1:name=systemd:/user.slice/user-1000.slice/session-c1.scope\n0::/\n",
        "1:name=systemd:/\n0::/user.slice/user-1000.slice/session-c1.scope\n",
    ] {
        assert_eq!(parse(text), roy, "{text}");
    }
    for text in [
        "",
        "0::/\n",
        "0::/system.slice/getty@tty1.service",
        "0::/x/user.slice/user-1000.slice/session-c1.scope",
        "4:memory:/user.slice/user-1000.slice/session-c1.scope",
        "0::user.slice/user-1000.slice/session-c1.scope",
        "garbage",
    ] {
        assert_eq!(parse(text), Cgroup::Elsewhere, "{text}");
    }
    for text in [
        "0::/user.slice/user-1000.slice/user@1000.service/app.slice/x.service",
        "0::/user.slice/user-1000.slice/user@1000.service/session-c1.scope",
        "0::/user.slice/user-1000.slice/user@1000.service/user.slice/user-1000.slice/session-c1.scope",
    ] {
        assert_eq!(parse(text), Cgroup::Manager(ROY), "{text}");
    }
    assert_eq!(parse("0::/user.slice/user-x.slice/user@1000.service"), Cgroup::Manager(UNSET));
    for text in [
        "0::/user.slice/user-1000.slice/session-gone.scope",
        "0::/user.slice/user-1000.slice/session-a-b.scope",
        "0::/user.slice/user-x.slice/session-c1.scope",
        "0::/user.slice/user-1000.slice/run-1.scope",
    ] {
        assert_eq!(parse(text), Cgroup::Unknown, "{text}");
    }
}
