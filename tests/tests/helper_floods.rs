//! Somebody who floods the helper, or holds on to it, keeps nobody else out.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::{Script, Transcript};
use wardkey_tests::programs::raw_client::{
    answers, check, hold, hold_by, question, raw_client, raw_client_as_su, raw_client_as_uid, told,
};
use wardkey_tests::proof::outcome::run;

fn login_of(host: &Host, name: &str, code: &str) -> Command {
    let command = host.pam_command(&[Script::new(ALONE, name).types(CODE, code)]);
    host.under(&["runuser", "--user", name, "--"], &command)
}

fn comes_in(host: &Host, person: &mut Person) -> bool {
    let code = person.fresh_code(host);
    let name = person.name.clone();
    host.pam_as(&name, &Script::new(ALONE, &name).types(CODE, &code)).accepted()
}

/// The same where the helper may not even hear them.
fn is_let_in(host: &Host, name: &str, code: &str) -> bool {
    let outcome = run(&mut login_of(host, name, code), b"").exits(0);
    Transcript::read(&outcome.stdout).accepted()
}

#[test]
fn a_caller_that_keeps_silent_or_stops_reading_holds_nobody_up() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let mut bob = host.person("bob");
    let _helper = host.start_helper();
    // As many as bob can have, and more: silent, half a question, and a question whose answer he never reads.
    let half = json!({"bytes": "000000107b"});
    let asked = json!({"frame": check("bob", "000000")});
    let steps =
        [json!({"open": 40}), half, json!({"open": 1}), asked, json!({"open": 300}), json!({"hold": true})];
    let _held = hold(&host, "bob", &steps);
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
    drop(_held);
    // His own places are free again once his processes have given up waiting for a question.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(90);
    let code = bob.fresh_code(&host);
    while !is_let_in(&host, "bob", &code) {
        assert!(std::time::Instant::now() < deadline, "bob never gets in again: {}", host.syslog().text());
    }
}

/// A connection is for one question: what comes after is for the listener, which counts.
#[test]
fn a_connection_is_good_for_one_question() {
    let host = Host::new();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let ask = json!({"frame": question("alice", json!("ask"))});
    let wrong = json!({"frame": check("alice", &alice.wrong_code(&host))});
    let (open, read) = (json!({"open": 1}), json!({"read": true}));
    let told = |steps: &[&Value]| {
        let steps: Vec<Value> = steps.iter().map(|step| (*step).clone()).collect();
        told(&host, "alice", &steps)
    };
    assert_eq!(told(&[&open, &ask, &read, &wrong, &read]), [json!({"asked": "Code"}), json!("closed")]);
    assert_eq!(told(&[&open, &wrong, &read, &wrong, &read])[1], json!("closed"));
}

/// A person who starts logins without end, and never types, keeps neither others nor themself from logging in: not with
/// programs of their own, and not with su, whose connections are root's.
#[test]
fn prompts_left_standing_take_no_process() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let mut bob = host.person("bob");
    let helper = host.start_helper();
    let ask = json!({"frame": question("bob", json!("ask"))});
    let mut steps = Vec::new();
    for _ in 0..20 {
        steps.extend([json!({"open": 1}), ask.clone(), json!({"read": true})]);
    }
    steps.push(json!({"hold": true}));
    for mut command in [raw_client(&host, "bob", &steps), raw_client_as_su(&host, "bob", &steps)] {
        let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
        let lines = BufReader::new(client.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let answers: Vec<String> = lines.take_while(|line| line != "\"holding\"").collect();
        assert_eq!(answers, vec![r#"{"asked": "Code"}"#; 20]);
        let _ = helper.once_serving(&host, 0);
        assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
        assert!(comes_in(&host, &mut bob), "{}", host.syslog().text());
        drop(client.stdin.take());
        let _ = client.wait();
    }
}

/// su is root's, but who starts it decides how often: it takes nothing from others' su, and nothing from root's programs.
#[test]
fn what_su_asks_counts_for_its_starter() {
    let host = Host::new();
    let _alice = host.person("alice");
    let mut bob = host.person("bob");
    let _helper = host.start_helper();
    let asks = |name| question(name, json!("ask"));
    let held = hold_by(raw_client_as_su(&host, "bob", &[json!({"open": 40}), json!({"hold": true})]));
    let one = |name| [json!({"open": 1}), json!({"frame": asks(name)}), json!({"read": true})];
    let code = json!({"asked": "Code"});
    assert_eq!(answers(&mut raw_client_as_su(&host, "bob", &one("bob"))), [json!({"denied": "busy"})]);
    assert_eq!(told(&host, "bob", &one("bob")), [json!({"denied": "busy"})], "his locker's count as well");
    assert_eq!(answers(&mut raw_client_as_su(&host, "alice", &one("alice")))[0], code);
    assert_eq!(told(&host, "root", &one("bob"))[0], code);
    drop(held);
    assert!(comes_in(&host, &mut bob), "{}", host.syslog().text());
}

/// Starts a client that will hold on, with what it prints afterwards.
fn once_holding(mut client: Command) -> (Child, impl Iterator<Item = String>) {
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    let mut lines = BufReader::new(client.stdout.take().expect("its output")).lines().map_while(Result::ok);
    assert_eq!(lines.next().as_deref(), Some("\"holding\""));
    (client, lines)
}

/// newuidmap(1) lets bob take any uid of his range: all of them together have what one has.
#[test]
fn a_range_of_subordinate_uids_counts_as_one() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.add_account("bob");
    host.write("/etc/subuid", "bob:100000:65536\n");
    let helper = host.start_helper();
    let (open, hold) = (json!({"open": 1}), json!({"hold": true}));
    let asks = [open, json!({"frame": question("bob", json!("ask"))}), hold.clone(), json!({"read": true})];
    let answered = |uid| {
        // All of them stand in the queue before it looks at the first.
        helper.signal(&host, "STOP");
        let _silent = hold_by(raw_client_as_uid(&host, 100_001, &[json!({"open": 10}), hold.clone()]));
        let (mut last, mut lines) = once_holding(raw_client_as_uid(&host, uid, &asks));
        helper.signal(&host, "CONT");
        drop(last.stdin.take());
        let line = lines.next();
        last.wait().expect("its status");
        line
    };
    assert_eq!(answered(165_535).as_deref(), Some(r#"{"denied": "busy"}"#), "the last of them");
    assert_eq!(answered(165_536).as_deref(), Some(r#"{"denied": "not_you"}"#), "of nobody's range");
    assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
}

/// su counts for the person who started it, who may end it before the helper looks: then nobody waits, and nothing is answered
/// as if root had asked.
#[test]
fn what_a_program_asked_that_has_ended_is_not_answered() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let bob = host.person("bob");
    let helper = host.start_helper();
    helper.signal(&host, "STOP");
    let guess = json!({"frame": check("bob", &bob.wrong_code(&host))});
    let steps = [json!({"open": 1}), guess, json!({"hold": true})];
    let (mut su, _) = once_holding(raw_client_as_su(&host, "bob", &steps));
    su.kill().expect("its end");
    su.wait().expect("its status");
    let said = host.syslog().lines_of(|| {
        helper.signal(&host, "CONT");
        // Her connection stands behind it.
        assert!(comes_in(&host, &mut alice), "{}", host.syslog().text());
        let _ = helper.once_serving(&host, 0);
    });
    assert!(said.iter().all(|line| !line.text.contains("bob")), "{said:?}");
}

/// A program that connects as fast as it can, and goes.
const WITHOUT_END: &str = "import socket
while True:
    caller = socket.socket(socket.AF_UNIX)
    caller.connect('/run/wardkey/helper.sock')
    caller.close()";

/// Sixteen people press Enter in the same moment, while one account connects without end. How much longer they wait than
/// otherwise is measured by `make bench`, side by side.
#[test]
fn sixteen_are_let_in_while_one_account_connects_without_end() {
    let host = Host::with_config("[helper]\ndeadline = \"1m\"\n");
    let mut people: Vec<_> = (0..16).map(|n| host.person(&format!("anna{n}"))).collect();
    host.add_account("bob");
    let _helper = host.start_helper();
    let flood = ["setpriv", "--reuid=bob", "--regid=bob", "--clear-groups", "python3", "-c", WITHOUT_END];
    let mut flooding: Vec<_> =
        (0..2).map(|_| host.command(flood[0]).args(&flood[1..]).spawn().expect("python3")).collect();
    let logins: Vec<_> = people
        .iter_mut()
        .map(|person| {
            let code = person.fresh_code(&host);
            let mut login = login_of(&host, &person.name, &code);
            login.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a login")
        })
        .collect();
    let let_in: Vec<bool> = logins
        .into_iter()
        .map(|login| login.wait_with_output().expect("its end"))
        .map(|output| Transcript::read(&String::from_utf8_lossy(&output.stdout)).accepted())
        .collect();
    assert!(flooding.iter_mut().all(|flood| flood.try_wait().expect("its status").is_none()), "to the end");
    flooding.iter_mut().for_each(|flood| {
        let _ = flood.kill();
        let _ = flood.wait();
    });
    assert_eq!(let_in, [true; 16], "{}", host.syslog().text());
}

/// Kilobytes of its own that a process has.
fn own_memory(pid: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or("0 kB");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Each check of a recovery code takes 19 MiB, and root's programs may ask a hundred at once.
#[test]
fn however_many_ask_argon2_runs_for_few_at_once() {
    let host = Host::new();
    let alice = host.person("alice");
    let helper = host.start_helper();
    let mut steps = Vec::new();
    for _ in 0..80 {
        let guess = check("alice", "0ABC-DEFG-HJKM-NPQR");
        steps.extend([json!({"open": 1}), json!({"frame": guess})]);
    }
    steps.extend([json!({"read": true}), json!({"hold": true})]);
    let mut client = raw_client(&host, "root", &steps);
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    let mut most = (0, 0);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
    let children = format!("/proc/{pid}/task/{pid}/children", pid = helper.pid());
    let mut has_begun = false;
    while std::time::Instant::now() < deadline {
        let copies = fs::read_to_string(&children).unwrap_or_default();
        let memory: Vec<u64> = copies.split_whitespace().map(own_memory).collect();
        // Half of the memory of a run is that of nothing else.
        most.0 = most.0.max(memory.iter().filter(|kib| **kib > 12 * 1024).count());
        most.1 = most.1.max(memory.iter().sum());
        has_begun |= memory.len() > 8;
        if has_begun && memory.is_empty() {
            break;
        }
        // A run takes some thirty times as long.
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let _ = client.kill();
    let _ = client.wait();
    assert!(has_begun, "nobody asked");
    // One may end and the next begin between two looks; without a bound it is nearly all of the eighty.
    assert!((1..=8).contains(&most.0), "{most:?}");
    assert!(most.1 < 400 * 1024, "{most:?}");
    let outcome = host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, &alice.recovery_codes[0]));
    assert!(outcome.accepted(), "and she is let in: {outcome:?}");
}

/// A program that starts others with signals ignored and blocked: what the helper's deadlines and counts hang on.
const CARELESS: &str = "import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM, signal.SIGCHLD])
os.execv(sys.argv[1], sys.argv[1:])";

#[test]
fn it_depends_on_nothing_of_its_starter() {
    let host = Host::new();
    host.add_account("bob");
    let _helper = host.start_helper_by(&["python3", "-c", CARELESS]);
    let ask = json!({"frame": question("bob", json!("ask"))});
    let mut steps = Vec::new();
    for _ in 0..40 {
        steps.extend([json!({"open": 1}), ask.clone(), json!({"read": true}), json!({"shut": true})]);
    }
    let half = [json!({"open": 1}), json!({"bytes": "0000"}), json!({"read": true})];
    steps.extend(half);
    let answers = told(&host, "bob", &steps);
    assert_eq!(answers[..40], vec![json!({"asked": "Code"}); 40], "a caller that has ended no longer counts");
    assert_eq!(answers[40], json!("closed"), "and half a question is not waited for");
}
