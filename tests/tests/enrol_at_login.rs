//! Enrolment in a login, at real programs: scanned off the screen, and from then on a code is asked for.

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::first_login::{FIRST_CODE, Gate, KEPT, enrols, scanned, up_to_the_codes};
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::proof::terminal_screen::{LIGHT, scan, text};

const INTERACTIVE: &str = "keyboard-interactive";
const EVERYWHERE: &str = "[service.login]\nenroll = true\n[service.su]\nenroll = true\n[service.su-l]\n\
    enroll = true\n[service.sudo]\nenroll = true\n[service.sshd]\nenroll = true\n";

const CONSOLE: [Gate<'static>; 3] = [
    Gate::Console(ConsoleProgram::Login),
    Gate::Console(ConsoleProgram::Su),
    Gate::Console(ConsoleProgram::Sudo),
];

/// Alice, who has nothing but an account.
fn host(config: &str) -> Host {
    let host = Host::with_config(config);
    ConsoleProgram::prepare(&host);
    host.add_account("alice");
    host
}

/// From the password, or after a pass, to a login with a code.
fn leads_into_enrolment(host: &Host, gate: Gate<'_>, pass: Option<&str>) {
    let mut terminal = gate.open(host, "alice");
    if let Some(pass) = pass {
        terminal.answer(CODE, pass);
    }
    let mut alice = enrols(host, &mut terminal, "alice");
    let entry = gate.end(terminal, "alice");
    assert!(entry.accepted, "{}\n{}", entry.text, host.syslog().text());
    assert_eq!((host.state("alice").as_str(), alice.recovery_codes.len()), ("enrolled", 5), "{}", entry.text);
    let again = |code: &str| {
        let mut terminal = gate.open(host, "alice");
        terminal.answer(CODE, code);
        gate.end(terminal, "alice").accepted
    };
    assert!(!again(&alice.used_code()), "the code of the enrolment is spent");
    assert!(again(&alice.fresh_code(host)));
    assert!(again(&alice.recovery_codes[4]));
    if let Some(pass) = pass {
        assert!(!again(pass), "the pass is void");
    }
    let method = if pass.is_some() { "method=pass" } else { "method=password" };
    let _ = host.syslog().authpriv(&["enroll done user=alice", method]);
}

// Row: S1-9
#[test]
fn the_first_login_at_a_console_enrols() {
    for gate in CONSOLE {
        leads_into_enrolment(&host(EVERYWHERE), gate, None);
    }
}

#[test]
fn the_first_login_by_ssh_enrols() {
    let host = host(EVERYWHERE);
    leads_into_enrolment(&host, Gate::Ssh(&Sshd::start(&host, INTERACTIVE, "")), None);
}

/// sshd shows twice in a shell what comes after the last prompt.
#[test]
fn in_a_shell_by_ssh_it_is_said_once_that_the_second_factor_is_on() {
    let host = host(EVERYWHERE);
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let mut terminal = sshd.shell("alice");
    let _alice = enrols(&host, &mut terminal, "alice");
    terminal.answer("$ ", "exit");
    let text = terminal.finish().1.to_lowercase();
    assert_eq!(text.matches("second factor is on").count(), 1, "{text}");
}

#[test]
fn a_pass_leads_someone_never_enrolled_into_enrolment() {
    for gate in CONSOLE {
        let host = host("");
        let pass = host.pass("alice");
        leads_into_enrolment(&host, gate, Some(&pass));
    }
    let host = host("");
    let pass = host.pass("alice");
    leads_into_enrolment(&host, Gate::Ssh(&Sshd::start(&host, INTERACTIVE, "")), Some(&pass));
}

// Row: S1-20
#[test]
fn a_pass_leads_someone_reset_into_enrolment() {
    let reset = || {
        let host = host("");
        host.enrol("alice");
        host.json(&["reset", "alice", "--verified-by", "passport"], "");
        let pass = host.pass("alice");
        (host, pass)
    };
    for gate in CONSOLE {
        let (host, pass) = reset();
        leads_into_enrolment(&host, gate, Some(&pass));
    }
    let (host, pass) = reset();
    leads_into_enrolment(&host, Gate::Ssh(&Sshd::start(&host, INTERACTIVE, "")), Some(&pass));
}

#[test]
fn a_console_shows_a_code_to_scan_on_dark_and_light_and_clears_it() {
    let host = host(EVERYWHERE);
    let mut terminal = CONSOLE[0].open(&host, "alice");
    let phone = scanned(&host, &mut terminal);
    let shown = text(terminal.bytes());
    let groups: Vec<_> = phone.secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    assert!(shown.contains(&groups.join(" ")), "{shown}");
    assert!(scan(&host, terminal.bytes(), LIGHT).contains(&phone.secret), "on a light terminal");
    terminal.type_line(&phone.code(host.now() / 30));
    terminal.expect(KEPT);
    assert!(!text(terminal.bytes()).contains(&groups.join(" ")), "key and codes on one photograph");
}

#[test]
fn through_sshd_the_client_shows_no_escaped_characters() {
    let host = host(EVERYWHERE);
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let mut terminal = sshd.terminal("alice");
    terminal.expect(FIRST_CODE);
    let shown = terminal.transcript();
    assert!(!shown.contains("\\033") && !shown.contains("\\342"), "{shown}");
}

#[test]
fn wrong_codes_refuse_the_login_and_change_nothing() {
    let host = host(EVERYWHERE);
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for gate in CONSOLE.into_iter().chain([Gate::Ssh(&sshd)]) {
        let mut terminal = gate.open(&host, "alice");
        let wrong = scanned(&host, &mut terminal).wrong_code(host.now() / 30);
        terminal.type_line(&wrong);
        for _ in 0..4 {
            terminal.answer(FIRST_CODE, &wrong);
        }
        let entry = gate.end(terminal, "alice");
        assert!(!entry.accepted, "{}", entry.text);
        assert_eq!(host.state("alice"), "not-enrolled", "{}", entry.text);
    }
}

// Row: S2-2
#[test]
fn a_hang_up_leaves_nothing_behind() {
    let host = host(EVERYWHERE);
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for gate in CONSOLE.into_iter().chain([Gate::Ssh(&sshd)]) {
        let mut terminal = gate.open(&host, "alice");
        terminal.expect(FIRST_CODE);
        drop(terminal);
        assert_eq!(host.state("alice"), "not-enrolled");
        let mut terminal = gate.open(&host, "alice");
        let seen = up_to_the_codes(&host, &mut terminal, "alice");
        drop(terminal);
        assert_eq!(host.state("alice"), "not-enrolled");
        assert_eq!(seen.recovery_codes.len(), 5);
    }
    leads_into_enrolment(&host, Gate::Ssh(&sshd), None);
}

#[test]
fn a_pass_opens_five_logins_that_break_off_and_no_sixth() {
    let host = host("");
    host.enrol("alice");
    host.json(&["reset", "alice", "--verified-by", "passport"], "");
    let pass = host.pass("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for gate in CONSOLE.into_iter().chain([Gate::Ssh(&sshd), CONSOLE[0]]) {
        let mut terminal = gate.open(&host, "alice");
        terminal.answer(CODE, &pass);
        terminal.expect(FIRST_CODE);
        drop(terminal);
        assert_eq!(host.state("alice"), "must-enroll");
    }
    let mut terminal = CONSOLE[1].open(&host, "alice");
    terminal.answer(CODE, &pass);
    assert!(!CONSOLE[1].end(terminal, "alice").accepted);
}
