//! Enrolment in a login, at real programs: scanned off the screen, and from then on a code is asked for.

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::first_login::{
    FIRST_CODE, FIRST_CODE_UNDRAWN, Gate, KEPT, enrols, scanned, up_to_the_codes,
};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::terminal_screen::{DARK, LIGHT, printed_codes, scan, scan_in, text, text_in};

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

/// Waits for the first code to be asked for, with or without a QR code.
fn is_asked(terminal: &mut Terminal) {
    assert!(terminal.expect_any(&[FIRST_CODE, FIRST_CODE_UNDRAWN]).is_some(), "{}", terminal.transcript());
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

/// A client without UTF-8 would show each block of a QR code as twelve characters.
#[test]
fn through_sshd_any_client_shows_the_key_and_one_that_can_a_qr_code() {
    let host = host(EVERYWHERE);
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for (locale, has_blocks) in [("C", false), ("C.UTF-8", true)] {
        let mut terminal = sshd.terminal_in(locale, "alice");
        terminal.expect(FIRST_CODE_UNDRAWN);
        let shown = terminal.transcript();
        assert!(!shown.contains('\\') && shown.matches("  Key: ").count() == 2, "{locale}: {shown}");
        terminal.type_line("");
        let shown = terminal.expect(FIRST_CODE);
        assert_eq!(shown.contains("\\342"), !has_blocks, "{locale}: {shown}");
        assert!(shown.contains("  Key: "), "with the prompt: {shown}");
        assert_eq!(scan(&host, terminal.bytes(), DARK).contains("secret="), has_blocks);
    }
}

/// The smallest console has room for one of both, and a narrow one for no QR code.
#[test]
fn on_a_console_of_any_size_qr_code_and_key_can_be_had() {
    let host = host(EVERYWHERE);
    for (rows, columns, is_drawn) in [(24, 80, true), (25, 50, true), (12, 40, false)] {
        let mut terminal = Terminal::sized(&host, (rows, columns), "login", &["alice"]);
        terminal.answer("assword: ", PASSWORD);
        let last = terminal.expect_any(&[FIRST_CODE, FIRST_CODE_UNDRAWN, FIRST_CODE_OR_KEY]);
        let shown = terminal.transcript();
        assert_eq!(last == Some(1), !is_drawn, "{rows} by {columns}: {shown}");
        let on_screen = text_in(terminal.bytes(), (rows, columns));
        let secret = if is_drawn {
            let uri = scan_in(&host, terminal.bytes(), DARK, (rows, columns));
            assert!(uri.contains("secret="), "{rows} by {columns}: {on_screen}");
            uri.split("secret=").nth(1).unwrap_or_default()[..32].to_owned()
        } else {
            let (_, key) = on_screen.rsplit_once("Key: ").expect("a key on the screen");
            key.split_whitespace().take(8).collect()
        };
        let phone = Authenticator::of_key(secret);
        terminal.type_line(&phone.wrong_code(host.now() / 30));
        terminal.expect("Code from the app");
        let on_screen = text_in(terminal.bytes(), (rows, columns));
        let key: String = phone.secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
        let stands: String = on_screen.split_whitespace().collect();
        assert!(stands.contains(&key) || last == Some(2), "after a wrong code: {on_screen}");
        terminal.type_line(&phone.code(host.now() / 30));
        let shown = terminal.expect(KEPT);
        assert_eq!(printed_codes(&text_in(terminal.bytes(), (rows, columns))).len(), 5, "{shown}");
        terminal.type_line("saved");
        assert!(Gate::Console(ConsoleProgram::Login).end(terminal, "alice").accepted);
        host.wardkey(&["remove", "alice", "--reason", "again"], "").exits(0);
    }
}

/// The prompt where the QR code has left no room for the key.
const FIRST_CODE_OR_KEY: &str = "Code from the app (Return shows the key): ";

#[test]
fn a_terminal_without_colours_is_sent_none_and_is_not_cleared() {
    let host = host(EVERYWHERE);
    let dumb = Terminal::start(&host, "env", &["TERM=dumb", "login", "alice"]);
    let [login, su] = [ConsoleProgram::Login, ConsoleProgram::Su];
    let no_color = || su.open(&host, "alice", "export NO_COLOR=1;");
    for (program, terminal, is_cleared) in [(login, Some(dumb), false), (su, None, true)] {
        let mut terminal = terminal.unwrap_or_else(no_color);
        if program == login {
            terminal.answer("assword: ", PASSWORD);
        }
        let phone = scanned(&host, &mut terminal);
        terminal.type_line(&phone.code(host.now() / 30));
        terminal.answer(KEPT, "saved");
        let entry = program.end(terminal, "alice");
        assert!(entry.accepted, "{}", entry.text);
        assert_eq!(entry.text.contains("\x1b[2J"), is_cleared, "{program:?}: {}", entry.text);
        assert!(!entry.text.contains("\x1b[30"), "{program:?}: {}", entry.text);
        host.wardkey(&["remove", "alice", "--reason", "again"], "").exits(0);
    }
}

/// su writes texts to its standard output: into a file they would take the key along.
#[test]
fn where_texts_go_into_a_pipe_the_key_stands_in_the_prompt() {
    let host = host(EVERYWHERE);
    let line = "exec su - alice -c 'echo in-$(id -un)' | cat >/var/tmp/piped";
    let user = ["--reuid=caller", "--regid=caller", "--init-groups", "sh", "-c", line];
    let mut terminal = Terminal::start(&host, "setpriv", &user);
    terminal.answer("assword: ", PASSWORD);
    let asked = terminal.expect(FIRST_CODE);
    let is_key = |line: &&str| line.len() == 39 && line.split(' ').all(|group| group.len() == 4);
    let key = asked.lines().map(str::trim).find(is_key).expect("a key on the terminal");
    terminal.type_line(&Authenticator::of_key(key.replace(' ', "")).code(host.now() / 30));
    assert_eq!(printed_codes(&terminal.expect(KEPT)).len(), 5);
    terminal.type_line("saved");
    let _ = terminal.finish();
    let piped = host.read("/var/tmp/piped");
    assert!(piped.contains("in-alice") && !piped.contains(&key[..4]), "{piped}");
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
        is_asked(&mut terminal);
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
        is_asked(&mut terminal);
        drop(terminal);
        assert_eq!(host.state("alice"), "must-enroll");
    }
    let mut terminal = CONSOLE[1].open(&host, "alice");
    terminal.answer(CODE, &pass);
    assert!(!CONSOLE[1].end(terminal, "alice").accepted);
}
