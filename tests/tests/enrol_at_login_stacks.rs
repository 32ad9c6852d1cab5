//! Stacks in which the enrolment could fall through: the password alone never gets in.

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::first_login::{Gate, enrols};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::pam::Door::{Account, Auth, ExpiredPassword, OpenSession};
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::programs::terminal::Terminal;

const INTERACTIVE: &str = "keyboard-interactive";
const SERVICES: [&str; 5] = ["login", "su", "su-l", "sudo", "sshd"];
const NEW_PASSWORD: &str = "purple Elephant 9 dances";

const AUTH: &str = "auth requisite pam_unix.so nodelay\nauth required pam_wardkey.so\n";
const REST: &str = "password [success=done ignore=ignore default=die] pam_wardkey.so\n\
    password required pam_unix.so\nsession required pam_wardkey.so\nsession required pam_unix.so\n";

/// Alice, who is not enrolled, where all services enrol by this stack of `account` lines.
fn host(account: &str) -> Host {
    let tables: String = SERVICES.iter().map(|name| format!("[service.{name}]\nenroll = true\n")).collect();
    let host = Host::with_config(&tables);
    ConsoleProgram::prepare(&host);
    for name in SERVICES {
        host.service(name, &format!("{AUTH}{account}{REST}"));
    }
    host.add_account("alice");
    host
}

fn gates<'a>(sshd: &'a Sshd<'a>) -> [Gate<'a>; 4] {
    let console = |program| Gate::Console(program);
    [
        console(ConsoleProgram::Login),
        console(ConsoleProgram::Su),
        console(ConsoleProgram::Sudo),
        Gate::Ssh(sshd),
    ]
}

fn nobody_gets_in_by_the_password_alone(account: &str) {
    let host = host(account);
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for gate in gates(&sshd) {
        let entry = gate.end(gate.open(&host, "alice"), "alice");
        assert!(!entry.accepted, "{account}: {}", entry.text);
        // sudo wants no word of a session (`pam_silent`).
        let is_told = entry.text.contains("You need a second factor first. To have one set up");
        assert!(is_told || matches!(gate, Gate::Console(ConsoleProgram::Sudo)), "{account}: {}", entry.text);
        assert_eq!(host.state("alice"), "not-enrolled");
    }
    let _ = host.syslog().authpriv(&["account line is missing or not the first one"]);
}

#[test]
fn without_our_account_line_the_session_is_refused() {
    nobody_gets_in_by_the_password_alone("account required pam_unix.so\n");
}

#[test]
fn behind_a_sufficient_account_line_the_session_is_refused() {
    nobody_gets_in_by_the_password_alone(
        "account sufficient pam_permit.so\naccount required pam_wardkey.so\naccount required pam_unix.so\n",
    );
}

/// `pam_unix` then has a password changed, which helps nobody.
#[test]
fn without_our_password_line_the_log_names_it() {
    let host = host("account required pam_wardkey.so\naccount required pam_unix.so\n");
    let without =
        "password required pam_unix.so\nsession required pam_wardkey.so\nsession required pam_unix.so\n";
    host.service("login", &format!("{AUTH}account required pam_wardkey.so\n{without}"));
    let script = Script::new("login", "alice").types("assword", PASSWORD);
    let script = script.types("urrent password", PASSWORD);
    let script = script.types("ew password", NEW_PASSWORD).types("etype new password", NEW_PASSWORD);
    let login = host.pam(&script.doors(&[Auth, Account, ExpiredPassword, OpenSession]));
    let results = login.results();
    assert_eq!((results[2], results[3]), (PamResult::Success, PamResult::SessionErr), "{login:#?}");
    let line = "`password [success=done ignore=ignore default=die] pam_wardkey.so`";
    let _ = host.syslog().authpriv(&["password line is missing", line]);
}

#[test]
fn a_jump_over_our_auth_line_is_in_the_log() {
    let host = host("account required pam_wardkey.so\n");
    let auth = "auth [success=1 default=ignore] pam_unix.so nodelay\nauth required pam_wardkey.so\nauth required pam_permit.so\n";
    host.service(
        "login",
        &format!("{auth}account required pam_wardkey.so\naccount required pam_unix.so\n{REST}"),
    );
    let script = Script::new("login", "alice").types("assword", PASSWORD).doors(&[Auth, Account]);
    assert_eq!(host.pam(&script).results(), [PamResult::Success; 2]);
    let _ = host.syslog().authpriv(&["auth line of pam_wardkey did not run", "success=1"]);
}

#[test]
fn a_program_that_never_calls_account_gets_no_session() {
    let host = host("account required pam_wardkey.so\n");
    let script = || Script::new("login", "alice").types("assword", PASSWORD);
    let login = host.pam(&script().doors(&[Auth, OpenSession]));
    assert_eq!(login.results(), [PamResult::Success, PamResult::SessionErr]);
    let login = host.pam(&script().doors(&[Auth, Account, OpenSession]));
    let expected = [PamResult::Success, PamResult::NewAuthtokReqd, PamResult::SessionErr];
    assert_eq!(login.results(), expected, "nor does one that ignores what account says");
    assert!(login.messages().contains("You need a second factor first. To have one set up"), "{login:#?}");
}

#[test]
fn the_password_method_of_sshd_opens_no_session() {
    let host = host("account required pam_wardkey.so\naccount required pam_unix.so\n");
    let sshd = Sshd::start(&host, "password", "PasswordAuthentication yes\n");
    let outcome = sshd.ssh("alice", &[], &[]);
    assert!(outcome.code() != Some(0) && outcome.stdout.is_empty(), "{outcome:?}");
    assert_eq!(host.state("alice"), "not-enrolled");
}

/// The change of an expired password, as `pam_unix` asks for it.
fn changes_password(terminal: &mut Terminal) {
    terminal.answer("urrent password: ", PASSWORD);
    terminal.answer("ew password: ", NEW_PASSWORD);
    terminal.answer("etype new password: ", NEW_PASSWORD);
}

fn an_expired_password_is_changed_after_the_enrolment(account: &str) {
    let host = host(account);
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for (number, gate) in gates(&sshd).into_iter().enumerate() {
        let name = format!("nurse{number}");
        host.add_account(&name);
        host.must(&format!("chage -d 0 {name}"));
        let mut terminal = gate.open(&host, &name);
        let mut nurse = enrols(&host, &mut terminal, &name);
        changes_password(&mut terminal);
        let entry = gate.end(terminal, &name);
        assert!(entry.accepted, "{}\n{}", entry.text, host.syslog().text());
        assert_eq!(host.state(&name), "enrolled");
        let script = Script::new("login", &name).types("assword", NEW_PASSWORD);
        let login = host.pam(&script.types(CODE, nurse.fresh_code(&host)).doors(&[Auth, Account]));
        assert_eq!(login.results(), [PamResult::Success; 2], "the new password holds");
    }
}

#[test]
fn an_expired_password_with_the_distributions_account_lines_before_ours() {
    an_expired_password_is_changed_after_the_enrolment(
        "@include common-account\naccount required pam_wardkey.so\n",
    );
}

#[test]
fn an_expired_password_with_the_distributions_account_lines_after_ours() {
    an_expired_password_is_changed_after_the_enrolment(
        "account required pam_wardkey.so\n@include common-account\n",
    );
}

#[test]
fn an_expired_password_of_someone_enrolled_is_pam_unix_s_affair() {
    let host = host("account required pam_wardkey.so\n@include common-account\n");
    let mut alice = host.enrol("alice");
    host.must("chage -d 0 alice");
    let gate = Gate::Console(ConsoleProgram::Login);
    let mut terminal = gate.open(&host, "alice");
    terminal.answer(CODE, &alice.fresh_code(&host));
    changes_password(&mut terminal);
    let entry = gate.end(terminal, "alice");
    assert!(entry.accepted, "{}", entry.text);
}

#[test]
fn a_broken_enrolment_leaves_an_expired_password_as_it_is() {
    let host = host("@include common-account\naccount required pam_wardkey.so\n");
    host.must("chage -d 0 alice");
    let before = host.read("/etc/shadow");
    let answers = Script::new("login", "alice").types("assword", PASSWORD);
    let answers = (0..5).fold(answers, |script, _| script.types("Code from the app", "what?"));
    let login = host.pam(&answers.doors(&[Auth, Account, ExpiredPassword, OpenSession]));
    let [_, _, password, session] = login.results()[..] else { panic!("{login:#?}") };
    assert_eq!((password, session), (PamResult::AuthtokErr, PamResult::SessionErr));
    assert_eq!(host.read("/etc/shadow"), before);
}

#[test]
fn an_ordinary_passwd_does_not_enrol() {
    let host = host("account required pam_wardkey.so\naccount required pam_unix.so\n");
    host.service("passwd", REST);
    let line = "exec passwd";
    let user = ["--reuid=alice", "--regid=alice", "--init-groups", "sh", "-c", line];
    let mut terminal = Terminal::start(&host, "setpriv", &user);
    changes_password(&mut terminal);
    let (status, text) = terminal.finish();
    assert!(status.success(), "{text}");
    assert_eq!(host.state("alice"), "not-enrolled");
}
