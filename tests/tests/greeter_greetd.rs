//! greetd, over its socket as its greeters speak to it, and through agreety.

use wardkey_tests::machine::host::{CODE, Host, SUPPORT};
use wardkey_tests::people::first_login::{Gate, enrols};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::console::{ConsoleLogin, ConsoleProgram};
use wardkey_tests::programs::example;
use wardkey_tests::programs::greeter::{Agreety, Greetd};

fn host(config: &str) -> Host {
    let host = Host::with_config(config);
    example::install(&host, "greetd");
    host
}

fn attempt(greetd: &Greetd<'_>, password: &str, code: Option<&str>) -> ConsoleLogin {
    let mut login = greetd.login("alice");
    login.answer("assword: ", password);
    if let Some(code) = code {
        login.answer(CODE, code);
    }
    login.end()
}

// Row: S1-17
#[test]
fn greetd_opens_to_right_password_and_code_only() {
    let host = host("");
    let mut alice = host.person("alice");
    let greetd = Greetd::start(&host);
    let right = alice.fresh_code(&host);

    let entry = attempt(&greetd, "not the password", None);
    assert!(!entry.accepted, "a wrong password: {}", entry.text);
    let entry = attempt(&greetd, PASSWORD, Some(&alice.wrong_code(&host)));
    assert!(!entry.accepted && entry.text.contains(SUPPORT), "a wrong code: {}", entry.text);
    let entry = attempt(&greetd, PASSWORD, Some(&right));
    assert!(entry.accepted, "a right code: {}", entry.text);
    let entry = attempt(&greetd, PASSWORD, Some(&right));
    assert!(!entry.accepted && entry.text.contains("already used"), "a replayed code: {}", entry.text);
    let entry = attempt(&greetd, PASSWORD, Some(&alice.recovery_codes[0]));
    assert!(entry.accepted, "a recovery code: {}", entry.text);
}

/// Debian's own file for greetd, as for the session of its greeter, includes that of login.
#[test]
fn greetd_asks_for_the_code_where_it_includes_login() {
    let host = host("");
    example::install(&host, "login");
    host.service("greetd", "@include login\n");
    host.service("greetd-greeter", "@include login\n");
    let mut alice = host.person("alice");
    let greetd = Greetd::start(&host);
    let entry = attempt(&greetd, PASSWORD, Some(&alice.wrong_code(&host)));
    assert!(!entry.accepted, "a wrong code: {}", entry.text);
    let entry = attempt(&greetd, PASSWORD, Some(&alice.fresh_code(&host)));
    assert!(entry.accepted, "a right code: {}", entry.text);
}

#[test]
fn agreety_opens_to_right_password_and_code_only() {
    let host = host("");
    let mut alice = host.person("alice");
    let used = alice.fresh_code(&host);
    assert!(host.types("alice", &used).accepted());
    let mut terminal = Agreety::open(&host);
    terminal.answer("login: ", "alice");
    terminal.answer("assword: ", "not the password");
    for (refused, remedy) in [(alice.wrong_code(&host), SUPPORT), (used, "Wait for the next one")] {
        terminal.answer("login: ", "alice");
        terminal.answer("assword: ", PASSWORD);
        terminal.answer(CODE, &refused);
        terminal.expect(remedy);
    }
    terminal.answer("login: ", "alice");
    terminal.answer("assword: ", PASSWORD);
    terminal.answer(CODE, &alice.fresh_code(&host));
    let before = terminal.answer("$ ", "echo in-$(id -un)");
    assert!(!before.contains("login: "), "{before}");
    terminal.expect("in-alice");
}

/// greetd never calls `password`: it refuses a person who must enrol, and they enrol at another service.
#[test]
fn greetd_cannot_enrol_and_lets_nobody_in_by_the_password_alone() {
    let host = host("[service.greetd]\nenroll = true\n");
    host.add_account("alice");
    let greetd = Greetd::start(&host);
    let entry = attempt(&greetd, PASSWORD, None);
    assert!(!entry.accepted, "{}", entry.text);
    assert_eq!(host.state("alice"), "not-enrolled");
    // Two are no more than one.
    assert!(!attempt(&greetd, PASSWORD, None).accepted);
    let mut terminal = Agreety::open(&host);
    terminal.answer("login: ", "alice");
    terminal.answer("assword: ", PASSWORD);
    let seen = terminal.expect("login: ");
    println!("{seen}");
}

#[test]
fn a_pass_refused_by_greetd_still_enrols_at_a_console() {
    let host = host("");
    host.person("alice");
    host.json(&["reset", "alice", "--verified-by", "passport"], "");
    let pass = host.pass("alice");
    let greetd = Greetd::start(&host);
    let entry = attempt(&greetd, PASSWORD, Some(&pass));
    assert!(!entry.accepted, "{}", entry.text);
    assert_eq!(host.state("alice"), "must-enroll");
    let gate = Gate::Console(ConsoleProgram::Login);
    let mut terminal = gate.open(&host, "alice");
    terminal.answer(CODE, &pass);
    let mut alice = enrols(&host, &mut terminal, "alice");
    assert!(gate.end(terminal, "alice").accepted);
    let entry = attempt(&greetd, PASSWORD, Some(&alice.fresh_code(&host)));
    assert!(entry.accepted, "{}", entry.text);
}
