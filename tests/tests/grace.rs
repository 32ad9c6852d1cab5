//! Unlock grace: who reopens a session with the password alone, and what ends it.

use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::pam::{Door, PamResult, Script};

const SITE: &str = "[service.locker]\nunlock_grace = \"12h\"\n[service.early]\nunlock_grace = \"12h\"\n";

/// A host in which two lockers have grace: one asks for the password first, the other leaves it to who comes after.
fn site(tables: &str) -> Host {
    let host = Host::with_config(tables);
    let after =
        "auth requisite pam_unix.so nodelay\nauth [success=ok ignore=ignore default=die] pam_wardkey.so\n";
    host.service("locker", after);
    let before =
        "auth [success=ok ignore=ignore default=die] pam_wardkey.so\nauth required pam_unix.so nodelay\n";
    host.service("early", before);
    host
}

// Row: S1-4
#[test]
fn a_session_of_both_factors_reopens_by_password_and_no_other_does() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let uid = host.uid("alice");
    let (mut desk, mut other) = (Seat::new(&host, uid), Seat::new(&host, uid));
    desk.is_asked("alice");
    desk.logs_in(&mut alice);
    for _ in 0..12 {
        desk.reopens("alice");
    }
    other.is_asked("alice");
    other.shows_both(&mut alice);
    other.reopens("alice");
    desk.reopens("alice");
}

// Row: S1-4
#[test]
fn a_locker_of_ones_own_reopens_the_session_that_root_opened() {
    let host = site(SITE);
    let _helper = host.start_helper();
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice")).with_own_locker("alice");
    desk.is_asked("alice");
    desk.logs_in(&mut alice);
    desk.reopens("alice");
    let guess = Script::new("early", "alice").types("assword", "guess");
    for _ in 0..5 {
        assert_eq!(desk.unlock(&guess).result(), PamResult::AuthErr);
    }
    desk.is_asked("alice");
    desk.shows_both(&mut alice);
    desk.reopens("alice");
}

#[test]
fn nothing_is_kept_unless_a_service_asks_for_it() {
    let host = site("");
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    desk.is_asked("alice");
    assert!(!host.path("/run/wardkey/grace").exists());
}

#[test]
fn another_person_in_the_same_session_is_asked() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    host.person("bob");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    desk.is_asked("bob");
    desk.reopens("alice");
}

#[test]
fn logging_out_ends_it() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    let code = alice.fresh_code(&host);
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession, Door::CloseSession];
    let script = Script::new("login", "alice").types("assword", PASSWORD).types(CODE, code).doors(&doors);
    assert_eq!(desk.pam(&script).results(), [PamResult::Success; 5]);
    desk.is_asked("alice");
}

/// sudo and su open and close sessions of their own in the midst of one that goes on: root by effective uid alone.
#[test]
fn a_set_user_id_program_neither_begins_nor_ends_it() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession, Door::CloseSession];
    let through_sudo = |desk: &mut Seat<'_>, alice: &mut Person| {
        let code = alice.fresh_code(&host);
        let script = Script::new("sudo", "alice").types("assword", PASSWORD).types(CODE, code).doors(&doors);
        assert_eq!(desk.started_by("setpriv --ruid=alice ", &script).results(), [PamResult::Success; 5]);
    };
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    through_sudo(&mut desk, &mut alice);
    desk.reopens("alice");
    let mut elsewhere = Seat::new(&host, host.uid("alice"));
    through_sudo(&mut elsewhere, &mut alice);
    elsewhere.is_asked("alice");
}

#[test]
fn five_unlocks_without_success_end_it() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    let guess = Script::new("early", "alice").types("assword", "guess");
    for _ in 0..4 {
        assert_eq!(desk.unlock(&guess).result(), PamResult::AuthErr);
    }
    let right = Script::new("early", "alice").types("assword", PASSWORD).doors(&[Door::Auth, Door::SetCred]);
    assert_eq!(desk.unlock(&right).results(), [PamResult::Success; 2], "a success gives the five back");
    for _ in 0..5 {
        assert_eq!(desk.unlock(&guess).result(), PamResult::AuthErr);
    }
    desk.is_asked("alice");
    desk.shows_both(&mut alice);
    desk.reopens("alice");
}

#[test]
fn a_code_with_a_wrong_password_begins_nothing() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    let code = alice.fresh_code(&host);
    let script = Script::new("early", "alice").types(CODE, code).types("assword", "guess");
    assert_eq!(desk.unlock(&script).result(), PamResult::AuthErr);
    desk.is_asked("alice");
}

#[test]
fn its_hours_end_and_unlocking_does_not_prolong_them() {
    let grace = |hours: &str| format!("[service.locker]\nunlock_grace = \"{hours}\"\n");
    let since = |host: &Host| {
        let kept = host.must("cat /run/wardkey/grace/alice/*");
        let state = kept.lines().nth(1).and_then(|line| serde_json::from_str::<Value>(line).ok());
        state.expect("a state")["since"].clone()
    };
    let host = site(&grace("12h"));
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    let begun = since(&host);
    // The kernel counts whole seconds here. Its clock can only be waited for, so the hours come to their end instead.
    thread::sleep(Duration::from_millis(2100));
    desk.reopens("alice");
    assert_eq!(since(&host), begun, "it prolongs nothing");
    host.configure(&grace("11h"));
    desk.reopens("alice");
    host.configure(&grace("1s"));
    desk.is_asked("alice");
}

#[test]
fn reset_and_new_codes_of_another_phone_end_it() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    desk.reopens("alice");
    host.wardkey(&["reset", "alice", "--verified-by", "badge"], "").exits(0);
    desk.is_asked("alice");
    let mut again = host.enrol("alice");
    desk.is_asked("alice");
    desk.shows_both(&mut again);
    desk.reopens("alice");
}

#[test]
fn it_never_holds_from_another_machine() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    let far = Script::new("locker", "alice").from("10.0.0.7").types("assword", PASSWORD).types(CODE, "");
    assert_eq!(desk.unlock(&far).result(), PamResult::AuthErr);
    desk.reopens("alice");
}

#[test]
fn a_spoilt_file_asks_for_a_code_and_the_log_says_so() {
    let host = site(SITE);
    let mut alice = host.person("alice");
    let mut desk = Seat::new(&host, host.uid("alice"));
    desk.logs_in(&mut alice);
    let dir = host.path("/run/wardkey/grace/alice");
    let file = fs::read_dir(dir).expect("a directory").next().expect("a file").expect("read").path();
    fs::write(&file, "{}").expect("written");
    desk.is_asked("alice");
    assert!(host.syslog().text().contains("no grace: "), "{}", host.syslog().text());
    desk.shows_both(&mut alice);
    desk.reopens("alice");
}

/// A greeter's process is in no session yet when somebody logs in afresh: that is as it should be.
#[test]
fn a_login_before_its_session_says_once_that_there_is_none() {
    let host = site("[service.login]\nunlock_grace = \"1h\"\n");
    let mut alice = host.person("alice");
    let script = Script::new("login", "alice").types("assword", PASSWORD);
    let script = script.types(CODE, alice.fresh_code(&host));
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
    let lines = host.syslog().lines_of(|| assert!(host.pam(&script.doors(&doors)).accepted()));
    let said = lines.iter().filter(|line| line.text.contains("no grace: no login session")).count();
    assert_eq!(said, 1, "{lines:#?}");
}

#[test]
fn a_configuration_that_wants_it_for_sshd_is_refused() {
    let host = Host::new();
    host.write("/etc/wardkey/wardkey.toml", "[service.sshd]\nunlock_grace = \"1h\"\n");
    let check = host.wardkey(&["config", "check"], "");
    assert_eq!(check.status.code(), Some(3));
    let said = format!("{}{}", check.stdout, check.stderr);
    assert!(said.contains("line 2, key `service.sshd.unlock_grace`"), "{said}");
}
