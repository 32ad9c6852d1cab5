//! `try` on real stacks: what it says is what the real program does, and it changes nothing but what it names.

use serde_json::{Value, json};
use wardkey_tests::machine::host::{AUDIT, CODE, CONFIG, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::example;
use wardkey_tests::programs::locker::LockerProgram;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::outcome::Outcome;

/// A host with Debian's files and all examples.
fn host() -> Host {
    let host = Host::new();
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    example::names()
        .iter()
        .filter(|name| *name != "common-auth")
        .for_each(|name| example::install(&host, name));
    host
}

/// One try with these lines typed.
fn attempt(host: &Host, user: &str, service: &str, lines: &[&str]) -> Outcome {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    host.wardkey(&["--json", "try", user, "--service", service], &input)
}

/// What is typed at a stack of this service: password and code, or both in one entry.
fn entries(service: &str, code: &str) -> Vec<String> {
    let is_combined = example::text(service).contains("pam_wardkey.so forward_pass");
    if is_combined { vec![format!("{PASSWORD}{code}")] } else { vec![PASSWORD.to_owned(), code.to_owned()] }
}

fn attempt_with(host: &Host, user: &str, service: &str, code: &str) -> Value {
    let entries = entries(service, code);
    let lines: Vec<&str> = entries.iter().map(String::as_str).collect();
    let outcome = attempt(host, user, service, &lines);
    let answer = outcome.json();
    let status = if answer["result"] == "accepted" { 0 } else { 1 };
    assert_eq!(outcome.code(), Some(status), "{service}: {outcome:?}");
    answer
}

/// Every example but that of sshd, which has a test of its own, and common-auth, which is no service.
#[test]
fn every_example_lets_a_right_code_in_and_no_other() {
    let host = host();
    let _helper = host.start_helper();
    let names = example::names().into_iter().filter(|name| !["common-auth", "sshd"].contains(&name.as_str()));
    for (number, service) in names.enumerate() {
        let mut person = host.person(&format!("person{number}"));
        let user = person.name.clone();
        let wrong = attempt_with(&host, &user, &service, &person.wrong_code(&host));
        assert_eq!(wrong["result"], "refused", "{service}: {wrong:#}");
        assert_eq!(wrong["spent"], json!([{ "what": "wrong-codes", "count": 1 }]), "{service}");
        let code = person.fresh_code(&host);
        let right = attempt_with(&host, &user, &service, &code);
        assert_eq!(right["result"], "accepted", "{service}: {right:#}\n{}", host.syslog().text());
        assert_eq!(right["second_factor"], true, "{service}: {right:#}");
        assert_eq!(right["spent"][0]["what"], "codes", "{service}: {right:#}");
        let calls = json!([
            { "call": "auth", "result": "PAM_SUCCESS" }, { "call": "account", "result": "PAM_SUCCESS" }
        ]);
        assert_eq!(right["steps"], calls, "{service}");
        let asks = json!({ "module": "libpam_wardkey.so", "act": "asks-for-code" });
        assert!(right["acting"].as_array().is_some_and(|acting| acting.contains(&asks)), "{right:#}");
        let again = attempt_with(&host, &user, &service, &code);
        assert_eq!((&again["result"], &again["spent"]), (&json!("refused"), &json!([])), "{service}");
        let by_recovery = attempt_with(&host, &user, &service, &person.recovery_codes[0]);
        let spent = json!([{ "what": "single-use", "kind": "recovery", "left": 4 }]);
        assert_eq!(
            (&by_recovery["result"], &by_recovery["spent"]),
            (&json!("accepted"), &spent),
            "{service}"
        );
    }
}

#[test]
fn a_console_program_and_its_try_end_alike() {
    let host = host();
    host.service("su-l", "@include su\n");
    ConsoleProgram::prepare(&host);
    for (program, service) in
        [(ConsoleProgram::Login, "login"), (ConsoleProgram::Su, "su-l"), (ConsoleProgram::Sudo, "sudo")]
    {
        let mut person = host.person(&format!("of-{service}"));
        let name = person.name.clone();
        for is_right in [false, true] {
            let mut code = || if is_right { person.fresh_code(&host) } else { person.wrong_code(&host) };
            let real = program.attempt(&host, &name, &code());
            assert_eq!(real.accepted, is_right, "{service}: {}", real.text);
            let tried = attempt(&host, &name, service, &[PASSWORD, &code()]).json();
            assert_eq!(tried["result"] == "accepted", real.accepted, "{service}: {tried:#}");
        }
    }
}

#[test]
fn a_locker_and_its_try_end_alike() {
    let host = host();
    let _helper = host.start_helper();
    use LockerProgram::{I3lock, Swaylock, Vlock, Xscreensaver, Xsecurelock};
    for program in [I3lock, Swaylock, Xscreensaver, Xsecurelock, Vlock] {
        let service = program.service();
        let mut person = host.person(&format!("of-{service}"));
        let name = person.name.clone();
        for is_right in [false, true] {
            let mut code = || if is_right { person.fresh_code(&host) } else { person.wrong_code(&host) };
            let real = program.lock(&host, &name).enter(PASSWORD, &code()).opened;
            let tried = attempt_with(&host, &name, service, &code());
            assert_eq!((real, tried["result"] == "accepted"), (is_right, is_right), "{service}: {tried:#}");
        }
    }
}

/// A stack that asks a locker with one field twice, an account that has expired, and one that root may use unasked.
#[test]
fn odd_stacks_end_alike_too() {
    let host = host();
    let _helper = host.start_helper();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    let separate =
        "auth requisite pam_unix.so\nauth requisite pam_wardkey.so\naccount required pam_permit.so\n";
    host.service("i3lock", separate);
    let code = alice.fresh_code(&host);
    assert!(
        !LockerProgram::I3lock.lock(&host, "alice").enter(PASSWORD, &code).opened,
        "one field, two questions"
    );
    let tried = attempt(&host, "alice", "i3lock", &[PASSWORD, &code]).exits(1).json();
    assert_eq!(tried["result"], "refused", "{tried:#}");

    // Lockers open by auth alone, and login does not.
    let expired = "auth required pam_unix.so\naccount required pam_deny.so\n";
    host.service("i3lock", expired);
    host.service("login", expired);
    assert!(LockerProgram::I3lock.lock(&host, "alice").enter(PASSWORD, "").opened, "an expired account");
    let tried = attempt(&host, "alice", "i3lock", &[PASSWORD]).exits(0).json();
    assert_eq!((&tried["result"], &tried["second_factor"]), (&json!("accepted"), &json!(false)), "{tried:#}");
    let tried = attempt(&host, "alice", "login", &[PASSWORD]).exits(1).json();
    assert_eq!(tried["steps"][1]["result"], "PAM_AUTH_ERR", "{tried:#}");

    // As which of them is the caller root?
    let root_alone = "auth required pam_rootok.so\naccount required pam_permit.so\n";
    for (service, is_root) in
        [("login", true), ("su", false), ("sudo", false), ("vlock", false), ("i3lock", false)]
    {
        host.service(service, root_alone);
        let tried = attempt(&host, "alice", service, &[]).json();
        assert_eq!(tried["result"] == "accepted", is_root, "{service}: {tried:#}");
    }
    for line in ["su -c true alice", "sudo -k -S true"] {
        let real =
            host.shell(&format!("setpriv --reuid=alice --regid=alice --init-groups {line} </dev/null"));
        assert_ne!(real.code(), Some(0), "{line}: {real:?}");
    }
}

#[test]
fn somebody_who_must_enrol_first_is_told_from_somebody_refused() {
    let host = host();
    host.configure("[service.login]\nenroll = true\n");
    host.add_account("bob");
    let tried = attempt(&host, "bob", "login", &[PASSWORD]).exits(1).json();
    assert_eq!(tried["result"], "must-change", "{tried:#}");
    assert_eq!(tried["steps"][1], json!({ "call": "account", "result": "PAM_NEW_AUTHTOK_REQD" }));
    assert_eq!(host.state("bob"), "not-enrolled", "and it enrols nobody");
    let by_pass = attempt(&host, "bob", "login", &[PASSWORD, &host.pass("bob")]).exits(1).json();
    assert_eq!((&by_pass["result"], &by_pass["second_factor"]), (&json!("must-change"), &json!(false)));
    assert_eq!(by_pass["spent"][0]["kind"], "pass", "{by_pass:#}");
}

#[test]
fn what_cannot_be_tried_is_named_and_nothing_is_asked() {
    let host = host();
    host.person("alice");
    let error = |outcome: Outcome, status: i32, word: &str| {
        let answer = outcome.exits(status).json();
        let message = answer["error"]["message"].as_str().expect("a message").to_owned();
        assert!(message.contains(word), "{message}");
        assert!(answer["error"]["hint"].as_str().is_some_and(|hint| !hint.is_empty()), "{answer}");
    };
    error(attempt(&host, "nobody-here", "login", &[]), 1, "nobody-here");
    error(attempt(&host, "alice", "logn", &[]), 1, "`other`");
    error(host.wardkey(&["--json", "try", "alice"], ""), 2, "--service");
    error(attempt(&host, "alice", "sshd", &[PASSWORD]), 1, "terminal");
    error(host.wardkey_as("alice", &["--json", "try", "alice", "--service", "login"], ""), 1, "root");
    host.must("rm /etc/pam.d/sudo && mkfifo /etc/pam.d/sudo");
    error(attempt(&host, "alice", "sudo", &[]), 3, "/etc/pam.d/sudo");
    host.write(CONFIG, "no such key = 1\n");
    error(attempt(&host, "alice", "login", &[]), 3, "");
}

#[test]
fn a_broken_stack_is_told_from_a_refusal() {
    let host = host();
    host.person("alice");
    for (lines, call, result) in [
        ("auth required pam_nothing.so\naccount required pam_permit.so\n", "auth", "PAM_MODULE_UNKNOWN"),
        ("auth required pam_permit.so\naccount required pam_nothing.so\n", "account", "PAM_MODULE_UNKNOWN"),
        ("@include nothing\n", "start", "PAM_ABORT"),
    ] {
        host.service("login", lines);
        let tried = attempt(&host, "alice", "login", &[]).exits(3).json();
        assert_eq!(tried["result"], "broken", "{lines}: {tried:#}");
        let last = tried["steps"].as_array().and_then(|steps| steps.last()).cloned();
        assert_eq!(last, Some(json!({ "call": call, "result": result })), "{lines}");
    }
    host.service("login", "account required pam_permit.so\n");
    let said = host.wardkey(&["try", "alice", "--service", "login"], "").exits(1).stdout;
    assert!(said.contains("those of `other`") && said.contains("PAM_AUTH_ERR"), "{said}");
}

#[test]
fn the_audit_log_has_the_try_and_nobody_keeps_what_was_typed() {
    let host = host();
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    let said =
        host.wardkey(&["try", "alice", "--service", "login"], &format!("{PASSWORD}\n{code}\n")).exits(0);
    for part in
        ["auth: PAM_SUCCESS", "account: PAM_SUCCESS", "alice gets in through login.", "Cost: one code of"]
    {
        assert!(said.stdout.contains(part), "{part}: {}", said.stdout);
    }
    attempt(&host, "alice", "login", &[PASSWORD]).exits(1);
    let audit = host.read(AUDIT);
    let tries: Vec<Value> = audit
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON"))
        .filter(|line| line["event"] == "try")
        .collect();
    let of = |line: &Value| (line["user"].clone(), line["service"].clone(), line["result"].clone());
    assert_eq!(of(&tries[0]), (json!("alice"), json!("login"), json!("accepted")), "{audit}");
    assert_eq!(of(&tries[1]).2, json!("refused"), "nobody answered: {audit}");
    assert!(tries[1]["reason"] == "auth: PAM_CONV_ERR", "{audit}");
    for log in [audit, host.syslog().text(), said.stdout] {
        assert!(!log.contains(PASSWORD) && !log.contains(&code), "{log}");
    }
}

#[test]
fn ctrl_c_gives_the_terminal_back_and_counts_nothing() {
    let host = host();
    let alice = host.person("alice");
    let wardkey = host.built("wardkey");
    let line = format!("trap : INT; {} try alice --service login; stty; echo end-$?", wardkey.display());
    let mut terminal = Terminal::start(&host, "sh", &["-c", &line]);
    terminal.answer("assword:", PASSWORD);
    terminal.expect(CODE);
    terminal.is_hidden();
    terminal.type_line("12\u{3}");
    let after = terminal.expect("end-");
    assert!(!after.contains("-echo") && !after.contains("-isig"), "{after}");
    drop(terminal);
    assert!(host.json(&["status", "alice"], "")["wait_until"]["authenticator"].is_null());
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "nothing was spent");
}
