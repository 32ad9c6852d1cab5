//! The helper's resident process: what it takes over, what it outlives, and what ends with it.

use std::fs;
use std::os::unix::fs::MetadataExt;

use serde_json::json;
use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::machine::syslog::Line;
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::helper::Listening;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::programs::raw_client::{question, told};
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::outcome::run;

/// Where it is installed, and can be replaced.
const INSTALLED: &str = "/home/wardkey-helper";

fn install(host: &Host) {
    let built = host.built("wardkey-helper");
    host.shell(&format!("cp {} {INSTALLED}.new && mv {INSTALLED}.new {INSTALLED}", built.display())).exits(0);
}

fn comes_in(host: &Host, person: &mut Person) -> bool {
    let code = person.fresh_code(host);
    let name = person.name.clone();
    host.pam_as(&name, &Script::new(ALONE, &name).types(CODE, &code)).accepted()
}

/// Somebody in the middle of an action: the helper has their password and waits for their code.
fn begins_an_action(host: &Host, name: &str) -> Terminal {
    let wardkey = host.built("wardkey");
    let wardkey = wardkey.to_str().expect("a plain path");
    let mut terminal = Terminal::start(host, "runuser", &["--user", name, "--", wardkey, "recovery-codes"]);
    terminal.answer("Password", PASSWORD);
    terminal.expect("Code");
    terminal
}

/// Types a code to a helper that is gone.
fn hears_no(mut action: Terminal) {
    action.type_line("123456");
    let (status, said) = action.finish();
    assert!(!status.success(), "{said}");
}

fn waits_for(what: &str, is_so: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(90);
    while !is_so() {
        assert!(std::time::Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// Whether the process runs what is installed now, and not a file that is gone.
fn runs_what_is_installed(host: &Host, helper: &Listening) -> bool {
    let running = fs::metadata(format!("/proc/{}/exe", helper.pid())).map(|found| found.ino());
    let installed = fs::metadata(host.path(INSTALLED)).map(|found| found.ino());
    running.ok() == installed.ok()
}

fn command_line(helper: &Listening) -> String {
    fs::read_to_string(format!("/proc/{}/cmdline", helper.pid())).unwrap_or_default().replace('\0', " ")
}

#[test]
fn a_reload_takes_the_installed_version_and_leaves_people_who_type() {
    let host = Host::new();
    let (mut alice, mut bob) = (host.person("alice"), host.person("bob"));
    install(&host);
    let helper = host.start_installed_helper(INSTALLED, &[]);
    let mut action = begins_an_action(&host, "alice");
    let copy = helper.once_serving(&host, 1).remove(0);
    for _ in 0..3 {
        install(&host);
        assert!(!runs_what_is_installed(&host, &helper));
        helper.reload(&host);
        waits_for("the new version", || runs_what_is_installed(&host, &helper));
        assert!(comes_in(&host, &mut bob), "{}", host.syslog().text());
    }
    let uid = host.must("id -u alice");
    let left = format!(",{copy}:{}", uid.trim());
    assert!(command_line(&helper).contains(&left), "it knows whom it serves: {}", command_line(&helper));
    let (one, both) = (begins_an_action(&host, "bob"), helper.once_serving(&host, 2));
    assert!(both.contains(&copy), "{both:?}");
    action.type_line(&alice.fresh_code(&host));
    action.expect("-");
    drop((action, one));
    let _ = helper.once_serving(&host, 0);
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
}

/// As `systemctl kill --signal=HUP` does.
#[test]
fn a_reload_that_all_its_processes_hear_ends_nobodys_action() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let helper = host.start_helper();
    let mut action = begins_an_action(&host, "alice");
    let copy = helper.once_serving(&host, 1).remove(0);
    host.shell(&format!("kill -HUP {copy} {}", helper.pid())).exits(0);
    action.type_line(&alice.fresh_code(&host));
    action.expect("-");
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
}

/// However many ask for it at once, from whatever started it.
#[test]
fn no_reload_ends_it() {
    let host = Host::new();
    let mut alice = host.person("alice");
    install(&host);
    let helper = host.start_installed_helper(INSTALLED, &["nohup"]);
    host.shell(&format!("for n in $(seq 300); do kill -HUP {} || exit; done", helper.pid())).exits(0);
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
}

#[test]
fn a_version_that_cannot_be_started_leaves_the_one_that_runs_at_work() {
    let host = Host::new();
    let mut alice = host.person("alice");
    install(&host);
    let helper = host.start_installed_helper(INSTALLED, &[]);
    let with = |program: &str| {
        format!("{program} >{INSTALLED}.new; chmod 755 {INSTALLED}.new; mv {INSTALLED}.new {INSTALLED}")
    };
    let broken = [
        format!("rm {INSTALLED}"),
        format!("touch {INSTALLED}; chmod 755 {INSTALLED}"),
        // These are executed, and fail only then.
        with(&format!("head -c 1000000 {}", host.built("wardkey-helper").display())),
        with("printf '#!/bin/sh\\nexit 1\\n'"),
    ];
    for broken in broken {
        host.shell(&broken).exits(0);
        let said = host.syslog().lines_of(|| {
            helper.reload(&host);
            assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
        });
        let why = said.iter().filter(|line| line.text.contains("cannot reload"));
        assert!(
            why.clone().count() == 1 && why.clone().all(|line| line.text.contains(INSTALLED)),
            "{said:?}"
        );
    }
    install(&host);
    helper.reload(&host);
    waits_for("the new version", || runs_what_is_installed(&host, &helper));
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
}

/// A control group's limit, say, that others have reached.
#[test]
fn a_caller_for_whom_no_process_can_be_had_waits_for_one() {
    let host = Host::new();
    let mut alice = host.person("alice");
    // The first process is for the question whether it listens.
    let short = "inject=clone:error=EAGAIN:when=2..6";
    let tracer = ["/usr/bin/strace", "-D", "-qq", "-o", "/dev/null", "-e", "trace=clone", "-e", short];
    let _helper = host.start_helper_by(&tracer);
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
    let _ = host.syslog().authpriv(&["cannot start a process"]);
}

#[test]
fn a_copy_that_is_killed_ends_no_other_and_all_end_with_their_parent() {
    let host = Host::new();
    let (_alice, mut bob) = (host.person("alice"), host.person("bob"));
    let mut helper = host.start_helper();
    let killed = begins_an_action(&host, "alice");
    let copy = helper.once_serving(&host, 1).remove(0);
    let mut other = begins_an_action(&host, "bob");
    host.shell(&format!("kill -KILL {copy}")).exits(0);
    hears_no(killed);
    other.type_line(&bob.fresh_code(&host));
    other.expect("-");
    assert!(helper.listens());
    drop(other);
    let third = begins_an_action(&host, "bob");
    let copy = helper.once_serving(&host, 1).remove(0);
    host.shell(&format!("kill -KILL {}", helper.pid())).exits(0);
    waits_for("the copy's end", || fs::metadata(format!("/proc/{copy}")).is_err());
    hears_no(third);
}

/// A copy may be ended where memory is short; the process that makes them is then still there.
#[test]
fn copies_go_before_their_parent() {
    let host = Host::new();
    let _alice = host.person("alice");
    let helper = host.start_helper();
    let _action = begins_an_action(&host, "alice");
    let copy = helper.once_serving(&host, 1).remove(0);
    let score = |pid: &str| fs::read_to_string(format!("/proc/{pid}/oom_score_adj")).expect("a process");
    let (of_copy, of_parent): (i32, i32) = (
        score(&copy).trim().parse().expect("a number"),
        score(&helper.pid().to_string()).trim().parse().expect("a number"),
    );
    assert!(of_copy > of_parent, "{of_copy} {of_parent}");
}

/// Starts others with a descriptor of root's, as a careless program does.
const LEAKS: &str = "import os, sys
for number in (5, 9, 700): os.dup2(os.open('/etc/shadow', os.O_RDONLY), number)
os.execv(sys.argv[1], sys.argv[1:])";

#[test]
fn it_keeps_no_descriptor_of_its_starter() {
    let host = Host::new();
    let _alice = host.person("alice");
    let helper = host.start_helper_by(&["python3", "-c", LEAKS]);
    let _action = begins_an_action(&host, "alice");
    let copy = helper.once_serving(&host, 1).remove(0);
    for pid in [helper.pid().to_string(), copy] {
        let open = host.shell(&format!("readlink /proc/{pid}/fd/*")).exits(0).stdout;
        assert!(open.contains("socket:") && !open.contains("shadow"), "{open}");
        let others = open.lines().filter(|to| {
            !["/dev/null", "socket:", "anon_inode:", "/run/wardkey/", "/proc/"]
                .iter()
                .any(|known| to.starts_with(known))
        });
        assert_eq!(others.count(), 0, "{open}");
    }
}

#[test]
fn its_directory_and_socket_are_everybodys_whatever_the_umask() {
    for umask in ["077", "000"] {
        let host = Host::new();
        let mut alice = host.person("alice");
        host.shell("rm -rf /run/wardkey").exits(0);
        let starter = ["sh", "-c", &format!("umask {umask}; exec \"$@\""), "sh"];
        let helper = host.start_helper_by(&starter);
        let own = host.must(&format!("grep Umask: /proc/{}/status", helper.pid()));
        assert_eq!(own, "Umask:\t0077\n", "for what a PAM module or sendmail makes");
        let modes = host.must("stat -c '%a %U' /run/wardkey /run/wardkey/helper.sock");
        assert_eq!(modes, "755 root\n666 root\n", "{umask}");
        assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
    }
}

/// Gives the program what systemd gives, or something else by the same number.
const GIVES: &str = "import os, socket, sys
kind, count = sys.argv[1:3]
family = socket.AF_INET if kind == 'tcp' else socket.AF_UNIX
given = socket.socket(family, socket.SOCK_DGRAM if kind == 'datagram' else socket.SOCK_STREAM)
os.makedirs('/run/wardkey', exist_ok=True)
path = '/run/wardkey/helper.sock'
if kind == 'tcp': given.bind(('127.0.0.1', 0))
else:
    if os.path.exists(path): os.unlink(path)
    given.bind(path)
if kind not in ('deaf', 'datagram'): given.listen()
os.dup2(given.fileno(), 3)
os.set_inheritable(3, True)
if kind == 'file': os.dup2(os.open('/etc/passwd', os.O_RDONLY), 3)
environment = {'LISTEN_PID': str(os.getpid()), 'LISTEN_FDS': count}
os.execve(sys.argv[3], sys.argv[3:], {} if kind == 'none' else environment)";

#[test]
fn what_is_given_and_is_not_its_socket_is_refused() {
    let host = Host::new();
    let helper = host.built("wardkey-helper");
    for (kind, count, said) in [
        ("none", "1", "no socket was given"),
        ("tcp", "1", "does not listen"),
        ("file", "1", "does not listen"),
        ("datagram", "1", "does not listen"),
        ("deaf", "1", "does not listen"),
        ("right", "2", "one socket"),
    ] {
        let mut command = host.command("python3");
        command.args(["-c", GIVES, kind, count]).arg(&helper).args(["--config", CONFIG]);
        let refused = run(&mut command, b"").exits(3);
        assert!(refused.stderr.contains(said), "{kind}: {refused:?}");
    }
}

/// One that finds its configuration broken tells everyone so, and is there when it is mended.
#[test]
fn a_broken_configuration_does_not_end_it() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let helper = host.activate_helper(&[]);
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
    host.write(CONFIG, "no = \"configuration\"");
    helper.reload(&host);
    let ask = [json!({"open": 1}), json!({"frame": question("alice", json!("ask"))}), json!({"read": true})];
    let answer = told(&host, "alice", &ask);
    assert!(answer[0]["denied"]["broken"].is_string(), "{answer:?}");
    host.configure("");
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
}

/// Where the configuration names another socket than the unit, callers hear at once that something is broken: a service that
/// ends and starts again without end lets them wait, and fills the log.
#[test]
fn a_socket_that_the_configuration_does_not_name_serves_nobody() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let mut helper = host.activate_helper(&["sh", "-c", "umask 0; exec \"$@\"", "sh"]);
    host.configure("[helper]\nsocket = \"/run/wardkey/other.sock\"");
    let ask = [json!({"open": 1}), json!({"frame": question("alice", json!("ask"))}), json!({"read": true})];
    let said = host.syslog().lines_of(|| {
        assert_eq!(told(&host, "alice", &ask), [json!({"denied": {"broken": ""}})], "no paths");
        assert!(told(&host, "root", &ask)[0]["denied"]["broken"].as_str().is_some_and(|why| !why.is_empty()));
    });
    let names = |line: &&Line| line.text.contains("helper.sock") && line.text.contains("other.sock");
    assert_eq!(said.iter().filter(names).count(), 2, "a line for each who asked: {said:?}");
    assert!(helper.listens());
    host.configure("");
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
    let umask = host.must(&format!("grep Umask: /proc/{}/status", helper.pid()));
    assert_eq!(umask, "Umask:\t0077\n");
}
