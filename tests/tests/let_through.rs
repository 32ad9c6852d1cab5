//! An `auth` line that lets failure through: a person who was refused there is out all the same, in every program, with our
//! account line and without.

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::machine::syslog::Line;
use wardkey_tests::people::first_login::Gate;
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::pam::Door::{Account, Auth, OpenSession, SetCred};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Reply, Script};
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::programs::terminal::Terminal;

const SERVICES: [&str; 5] = ["login", "su", "su-l", "sudo", "sshd"];
const INTERACTIVE: &str = "keyboard-interactive";
/// Of syslog(3).
const ALERT: u32 = 1;
const LETS_THROUGH: &str = "auth line of pam_wardkey lets failure through";

/// Controls in place of `required`, each of which goes on to `pam_permit` after a no.
const LOOSE: [&str; 4] = ["sufficient", "optional", "[success=ok default=ignore]", "[success=ok default=1]"];
const ACCOUNT: &str = "account required pam_wardkey.so\n";
const REST: &str =
    "account required pam_unix.so\nsession required pam_wardkey.so\nsession required pam_unix.so\n";

fn auth(control: &str) -> String {
    format!(
        "auth requisite pam_unix.so nodelay\nauth {control} pam_wardkey.so\nauth required pam_permit.so\n\
         auth required pam_permit.so\n"
    )
}

fn host(stack: &str) -> Host {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    SERVICES.iter().for_each(|name| host.service(name, stack));
    host
}

fn alerts(lines: &[Line]) -> usize {
    lines.iter().filter(|line| line.severity == ALERT && line.is_authpriv_with(&[LETS_THROUGH])).count()
}

/// One wrong code by each control, then a right one.
fn refused_all_the_same(account: &str, program: Option<ConsoleProgram>) {
    let host = host("");
    let sshd = program.is_none().then(|| Sshd::start(&host, INTERACTIVE, ""));
    let gate = match (program, &sshd) {
        (Some(program), _) => Gate::Console(program),
        (None, Some(sshd)) => Gate::Ssh(sshd),
        (None, None) => unreachable!("one of both"),
    };
    let mut alice = host.person("alice");
    let enters = |code: &str| {
        let mut terminal = gate.open(&host, "alice");
        terminal.answer(CODE, code);
        // login says more than "Login incorrect" where account or session refuses, and ends.
        if program == Some(ConsoleProgram::Login) {
            let entered = terminal.expect_any(&["$ ", "Permission denied", "rror", "ncorrect"]) == Some(0);
            if entered {
                terminal.type_line("exit");
            }
            return (entered, terminal.transcript());
        }
        let entry = gate.end(terminal, "alice");
        (entry.accepted, entry.text)
    };
    for control in LOOSE {
        SERVICES.iter().for_each(|name| host.service(name, &format!("{}{account}{REST}", auth(control))));
        let wrong = alice.wrong_code(&host);
        let mut seen = (true, String::new());
        let lines = host.syslog().lines_of(|| seen = enters(&wrong));
        assert!(!seen.0, "{program:?}, {control}, {account:?}: {}", seen.1);
        // sudo wants no word of ours (`pam_silent`) but the prompts.
        assert!(
            seen.1.contains("not accepted")
                || seen.1.contains("next code and try again")
                || program == Some(ConsoleProgram::Sudo),
            "{program:?}: {}",
            seen.1
        );
        assert!(alerts(&lines) > 0, "{program:?}, {control}: {lines:#?}");
        let right = alice.fresh_code(&host);
        let lines = host.syslog().lines_of(|| seen = enters(&right));
        assert!(seen.0, "{program:?}, {control}, {account:?}: {}\n{}", seen.1, host.syslog().text());
        assert_eq!(alerts(&lines), 0, "{lines:#?}");
    }
}

#[test]
fn login_refuses_all_the_same() {
    refused_all_the_same(ACCOUNT, Some(ConsoleProgram::Login));
    refused_all_the_same("", Some(ConsoleProgram::Login));
}

#[test]
fn su_refuses_all_the_same() {
    refused_all_the_same(ACCOUNT, Some(ConsoleProgram::Su));
    refused_all_the_same("", Some(ConsoleProgram::Su));
}

#[test]
fn sudo_refuses_all_the_same() {
    refused_all_the_same(ACCOUNT, Some(ConsoleProgram::Sudo));
    refused_all_the_same("", Some(ConsoleProgram::Sudo));
}

#[test]
fn sshd_refuses_all_the_same() {
    refused_all_the_same(ACCOUNT, None);
    refused_all_the_same("", None);
}

/// Whatever ended `auth`: a broken conversation and a configuration that does not load are no yes either.
#[test]
fn every_way_to_fail_is_remembered() {
    let host = host("");
    let mut alice = host.person("alice");
    host.service("loose", &format!("{}{ACCOUNT}{REST}", auth("optional")));
    let doors = [Auth, Account, SetCred, OpenSession];
    let script = || Script::new("loose", "alice").types("assword", PASSWORD).doors(&doors);
    let refused =
        [PamResult::Success, PamResult::PermDenied, PamResult::Success, PamResult::SessionErr].to_vec();
    for script in [
        script().types(CODE, alice.wrong_code(&host)),
        script().types(CODE, ""),
        script().replies(CODE, Reply::Leaves),
        script().replies(CODE, Reply::Nothing),
    ] {
        assert_eq!(host.pam(&script).results(), refused, "{script:?}");
    }
    assert_eq!(host.pam(&script().types(CODE, alice.fresh_code(&host))).results(), [PamResult::Success; 4]);
    host.service("loose", &format!("{}{ACCOUNT}{REST}", auth("optional").replace(".so\n", ".so nullok\n")));
    assert_eq!(host.pam(&script()).results(), refused);
}

/// Bob's way through the stack leads past our line, as a key or a smart card might.
const BOB_JUMPS: &str = "auth requisite pam_unix.so nodelay\n\
    auth [success=1 default=ignore] pam_succeed_if.so quiet user = bob\n\
    auth required pam_wardkey.so\nauth required pam_permit.so\n";

#[test]
fn what_was_refused_to_one_name_is_not_refused_to_the_next() {
    let host = host(&format!("{BOB_JUMPS}{ACCOUNT}{REST}"));
    let alice = host.person("alice");
    host.add_account("bob");
    let mut terminal = Terminal::start(&host, "login", &["alice"]);
    terminal.answer("assword: ", PASSWORD);
    terminal.answer(CODE, &alice.wrong_code(&host));
    terminal.expect("Login incorrect");
    terminal.answer("login: ", "bob");
    terminal.answer("assword: ", PASSWORD);
    assert_eq!(
        terminal.expect_any(&["$ ", "incorrect", "denied", "rror"]),
        Some(0),
        "{}",
        terminal.transcript()
    );
    terminal.type_line("echo in-$(id -un); env; exit");
    let (_, text) = terminal.finish();
    assert!(text.contains("in-bob") && !text.contains("WARDKEY"), "{text}");
}

/// What led one name into an enrolment enrols nobody else.
#[test]
fn an_enrolment_due_to_one_name_is_not_due_to_the_next() {
    let host = Host::with_config("[service.login]\nenroll = true\n");
    host.add_account("alice");
    host.add_account("bob");
    let refuses_alice = "auth required pam_succeed_if.so quiet user != alice\n";
    host.service("login", &format!("{BOB_JUMPS}{refuses_alice}{ACCOUNT}{REST}"));
    let mut terminal = Terminal::start(&host, "login", &["alice"]);
    terminal.answer("assword: ", PASSWORD);
    terminal.expect("Login incorrect");
    terminal.answer("login: ", "bob");
    terminal.answer("assword: ", PASSWORD);
    assert_eq!(
        terminal.expect_any(&["$ ", "incorrect", "second factor"]),
        Some(0),
        "{}",
        terminal.transcript()
    );
    terminal.type_line("exit");
    let _ = terminal.finish();
}

/// sshd's password method asks in sshd itself, keyboard-interactive after it in a child: the last `auth` counts.
#[test]
fn a_child_that_let_in_speaks_for_the_process_that_was_refused() {
    let host = host(&format!("{}{REST}", auth("optional")));
    let mut alice = host.person("alice");
    let lines = "PasswordAuthentication yes\nForceCommand id -un; env\n";
    let sshd = Sshd::start(&host, &format!("password,{INTERACTIVE}"), lines);
    let enters = |code: &str| sshd.ssh("alice", &[code], &[]);
    let entry = enters(&alice.fresh_code(&host));
    assert_eq!(entry.code(), Some(0), "{entry:?}\n{}", host.read("/var/log/sshd"));
    assert!(entry.stdout.starts_with("alice\n") && entry.stdout.contains("HOME="), "{entry:?}");
    assert!(!entry.stdout.contains("WARDKEY"), "{entry:?}");
    let log = host.syslog().text();
    assert!(log.contains("reason=malformed"), "the password method was first: {log}");
    assert_ne!(enters(&alice.wrong_code(&host)).code(), Some(0));
}

#[test]
fn doors_after_a_yes_and_without_auth_are_as_they_were() {
    let host = Host::new();
    host.person("alice");
    let script = Script::new("separate", "alice").doors(&[Account, OpenSession]);
    assert_eq!(host.pam(&script).results(), [PamResult::Success; 2]);
    let script = Script::new(wardkey_tests::machine::host::ALONE, "alice").doors(&[Account, OpenSession]);
    assert_eq!(host.pam(&script).results(), [IGNORED, PamResult::Success]);
}

/// A pass opens a program that never asks `account`, as lockers are, and nobody is enrolled.
#[test]
fn a_pass_that_leads_nowhere_is_said_in_the_log() {
    let host = Host::new();
    host.add_account("carol");
    let pass = || host.wardkey(&["--json", "pass", "carol", "--verified-by", "badge"], "").exits(0).json();
    let opens = |doors: &[wardkey_tests::programs::pam::Door]| {
        let pass = pass()["pass"].as_str().expect("a pass").to_owned();
        let mut results = Vec::new();
        let script =
            Script::new("separate", "carol").types("assword", PASSWORD).types(CODE, pass).doors(doors);
        let lines = host.syslog().lines_of(|| results = host.pam(&script).results());
        let said =
            lines.iter().any(|line| line.is_authpriv_with(&["a pass let \"carol\" in", "never called"]));
        (results, said)
    };
    assert_eq!(opens(&[Auth]), (vec![PamResult::Success], true));
    assert_eq!(opens(&[Auth, Account]), (vec![PamResult::Success, PamResult::NewAuthtokReqd], false));
}
