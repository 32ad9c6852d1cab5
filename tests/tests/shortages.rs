//! A machine that runs out of something, or gives it late: memory, descriptors, a disk's time, a lock's holder.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use wardkey_tests::machine::host::{ALONE, CODE, Host, SUPPORT};
use wardkey_tests::machine::syslog::Line;
use wardkey_tests::people::history::History;
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::{Outcome, finish, run};

/// How long a process may take to come where it is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A login by one code that another program starts.
fn types_under(host: &Host, starter: &[&str], code: &str) -> Outcome {
    let script = Script::new(ALONE, "alice").types(CODE, code);
    run(&mut host.under(starter, &host.pam_command(&[script])), b"")
}

/// A host written in C, so that only the module can be what gives up when memory does.
fn types_in_c(host: &Host, kib: u32, code: &str) -> Outcome {
    let limit = format!("ulimit -v {kib}; exec pamtester {ALONE} alice authenticate");
    run(host.command("sh").args(["-c", &limit]), format!("{code}\n").as_bytes())
}

/// What comes of a login with too little memory, or enough.
#[derive(Debug, Default)]
struct Counted {
    accepted: u32,
    /// The loader gave up before the module ran.
    not_loaded: u32,
    /// The module found that it cannot check codes, and said so.
    said: u32,
    other: Vec<String>,
}

impl Counted {
    fn count(&mut self, host: &Host, kib: u32, code: &str) {
        let mut login = None;
        let lines = host.syslog().lines_of(|| login = Some(types_in_c(host, kib, code)));
        let login = login.expect("a login");
        assert_eq!(login.signal(), None, "{kib} KiB: {login:?}");
        let text = format!("{}{}", login.stdout, login.stderr);
        if login.code() == Some(0) {
            self.accepted += 1;
        } else if text.contains("Cannot check codes now") {
            let is_ours = |line: &Line| line.is_authpriv_with(&["pam_wardkey"]);
            assert!(lines.iter().any(is_ours), "{kib} KiB: {lines:?}");
            self.said += 1;
        } else if text.contains("Module is unknown")
            || lines.iter().any(|line| line.text.contains("unable to dlopen"))
        {
            self.not_loaded += 1;
        } else {
            self.other.push(format!("{kib} KiB: {text} {lines:?}"));
        }
        if login.code() == Some(0) {
            assert!(!host.types("alice", code).accepted(), "{kib} KiB: accepted twice");
        }
    }
}

#[test]
fn without_memory_a_login_is_refused_and_its_host_lives() {
    let history = History::new();
    history.keep();
    let mut counted = Counted::default();
    for code in [History::next_code, |history: &History| history.alice.recovery_codes[2].clone()] {
        // From less than the module needs to more than Argon2id does.
        for kib in (4_000..8_000).step_by(200).chain((8_000..40_000).step_by(2_000)) {
            history.restore();
            let (code, before) = (code(&history), counted.accepted);
            counted.count(&history.host, kib, &code);
            if counted.accepted == before {
                assert!(history.host.types("alice", &history.next_code()).accepted(), "{kib} KiB");
            }
        }
    }
    let Counted { accepted, not_loaded, said, other } = &counted;
    assert!(*accepted > 10 && *not_loaded > 5 && *said > 3, "{counted:#?}");
    assert!(other.is_empty(), "{other:#?}");
}

#[test]
fn without_descriptors_a_login_is_refused_and_the_next_is_fine() {
    let history = History::new();
    history.keep();
    let mut results = Vec::new();
    for number in 3..14 {
        history.restore();
        let code = history.next_code();
        let limit = format!("--nofile={number}");
        let outcome = types_under(&history.host, &["prlimit", &limit], &code);
        // With fewer, not even the application starts, or libpam does not find us.
        let result = Transcript::read(&outcome.stdout).results().first().copied();
        let Some(result) = result.filter(|result| *result != PamResult::ModuleUnknown) else { continue };
        assert_eq!(outcome.code(), Some(0), "{number} descriptors: {outcome:?}");
        let seen = Transcript::read(&outcome.stdout).seen();
        if result == PamResult::Success {
            assert!(!history.host.types("alice", &code).accepted(), "{number} descriptors: accepted twice");
        } else {
            assert!(seen.contains("Cannot check codes now"), "{number} descriptors: {result:?} {seen}");
        }
        results.push(result);
        history.survives(&format!("{number} descriptors"));
    }
    assert_eq!(results.last(), Some(&PamResult::Success), "{results:?}");
    assert!(results.iter().any(|result| *result != PamResult::Success), "{results:?}");
}

/// A login in which the write to disk is held up: by a tracer, which says so in `how`.
fn held_up_at_the_disk(history: &History, how: &str) -> Child {
    let script = Script::new(ALONE, "alice").types(CODE, history.next_code());
    let login = history.host.pam_command(&[script]);
    let inject = format!("inject=fdatasync:{how}:when=1");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", &inject, "--"]);
    strace.arg(login.get_program()).args(login.get_args()).env("LANG", "C.UTF-8");
    strace.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("strace")
}

/// Waits until somebody holds alice's lock; the answer is who.
fn holder(history: &History) -> Pid {
    let ledger = history.host.path("/var/lib/wardkey/users/alice/ledger");
    let begun = Instant::now();
    loop {
        let inode =
            format!(":{} ", std::os::unix::fs::MetadataExt::ino(&fs::metadata(&ledger).expect("a ledger")));
        let locks = fs::read_to_string("/proc/locks").expect("the kernel's locks");
        let line = locks.lines().find(|line| line.contains("FLOCK") && line.contains(&inode));
        if let Some(process) = line.and_then(|line| line.split_whitespace().nth(4)) {
            return Pid::from_raw(process.parse().expect("a process"));
        }
        assert!(begun.elapsed() < PATIENCE, "nobody holds the lock");
        thread::sleep(Duration::from_millis(2));
    }
}

/// Logins that wait for her lock say in time that codes cannot be checked; no other login waits.
fn others_wait_to_their_deadline(history: &History) {
    let host = &history.host;
    let begun = Instant::now();
    let other = host.types("alice", &history.alice.wrong_code(host));
    let waited = begun.elapsed();
    assert_eq!((other.result(), other.cannot_check()), (PamResult::AuthErr, true), "{other:?}");
    assert!(other.seen().contains(SUPPORT), "{other:?}");
    // It is held until this has ended: without a deadline that would be for ever.
    assert!((5..60).contains(&waited.as_secs()), "gave up after {waited:?}");
    assert!(host.syslog().authpriv(&["ledger: locked by process"]).severity <= 4);
}

#[test]
fn a_slow_disk_makes_a_login_slow_and_others_of_that_person_hear_of_it() {
    let history = History::new();
    let mut bob = history.host.person("bob");
    let mut slow = held_up_at_the_disk(&history, "delay_enter=100000000");
    let _ = holder(&history);
    assert!(history.host.types("bob", &bob.fresh_code(&history.host)).accepted(), "another person");
    others_wait_to_their_deadline(&history);
    // The disk has answered: without its tracer the login goes on.
    slow.kill().expect("its end");
    let login = Transcript::read(&finish(slow).stdout);
    assert!(login.accepted(), "{login:?}");
    history.survives("a slow disk");
}

#[test]
fn a_holder_that_is_paused_is_waited_for_to_the_deadline_and_no_longer() {
    let history = History::new();
    let mut bob = history.host.person("bob");
    let paused = held_up_at_the_disk(&history, "signal=STOP");
    let holder = holder(&history);
    assert!(history.host.types("bob", &bob.fresh_code(&history.host)).accepted(), "another person");
    others_wait_to_their_deadline(&history);
    let busy = history.host.wardkey(&["--json", "unlock", "alice"], "").exits(3);
    assert_eq!(busy.json()["error"]["kind"], "store", "{busy:?}");
    kill(holder, Signal::SIGCONT).expect("continued");
    let login = Transcript::read(&finish(paused).exits(0).stdout);
    assert!(login.accepted(), "{login:?}");
    history.survives("a paused holder");
}

#[test]
fn a_hundred_thousand_people_make_no_login_longer() {
    let host = Host::bare();
    host.must("mkdir -m 700 /var/lib/wardkey && mount -t tmpfs -o mode=700 state /var/lib/wardkey");
    host.configure("");
    let mut alice = host.person("alice");
    let mut calls = || {
        let code = alice.fresh_code(&host);
        let script = Script::new(ALONE, "alice").types(CODE, code);
        let login = host.pam_command(&[script]);
        let mut strace = Command::new("strace");
        let trace = host.path("/var/trace");
        strace
            .args(["-f", "-qq", "-o"])
            .arg(&trace)
            .arg("--")
            .arg(login.get_program())
            .args(login.get_args());
        let login = run(strace.env("LANG", "C.UTF-8"), b"").exits(0);
        assert!(Transcript::read(&login.stdout).accepted(), "{login:?}");
        let (trace, mut names) = (host.read("/var/trace"), Vec::new());
        // What the allocator asks for differs from run to run.
        let is_memory = |name: &str| matches!(name, "brk" | "mmap" | "munmap" | "mprotect");
        for line in trace.lines().filter_map(|line| line.split_once('(')) {
            names.extend(line.0.split_whitespace().last().filter(|name| !is_memory(name)).map(str::to_owned));
        }
        names
    };
    let alone = calls();
    let people = "cd /var/lib/wardkey/users && seq -f 'nurse%06.0f' 100000 | xargs mkdir -m 700";
    host.must(people);
    assert_eq!(calls(), alone);
}
