//! login, su and sudo on a terminal: who comes in, who does not, and what they read.

use std::thread;
use std::time::{Duration, Instant};

use wardkey_tests::machine::host::{AUDIT, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::console::ConsoleProgram;

/// One person's whole story at one program.
fn opens_to_right_codes_only(program: ConsoleProgram) {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");

    let right = alice.fresh_code(&host);
    let entry = program.attempt(&host, "alice", &right);
    assert!(entry.accepted, "a right code: {}", entry.text);

    let replayed = program.attempt(&host, "alice", &right);
    assert!(!replayed.accepted, "a replayed code: {}", replayed.text);

    let wrong = program.attempt(&host, "alice", &alice.wrong_code(&host));
    assert!(!wrong.accepted, "a wrong code: {}", wrong.text);

    let malformed = program.attempt(&host, "alice", "12 34 5");
    assert!(!malformed.accepted, "five digits: {}", malformed.text);

    let again = program.attempt(&host, "alice", &alice.fresh_code(&host));
    assert!(again.accepted, "the next right code: {}", again.text);
}

// Row: S1-17
// Row: S2-14
#[test]
fn login_opens_to_right_codes_only() {
    opens_to_right_codes_only(ConsoleProgram::Login);
}

// Row: S1-17
// Row: S2-14
#[test]
fn su_opens_to_right_codes_only() {
    opens_to_right_codes_only(ConsoleProgram::Su);
}

// Row: S1-17
// Row: S2-14
#[test]
fn sudo_opens_to_right_codes_only() {
    opens_to_right_codes_only(ConsoleProgram::Sudo);
}

// Row: S1-14
// Row: S1-18
// Row: S1-26
#[test]
fn a_recovery_code_opens_every_program_and_only_once() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let alice = host.person("alice");
    let programs = [ConsoleProgram::Login, ConsoleProgram::Su, ConsoleProgram::Sudo];
    for (used, program) in programs.into_iter().enumerate() {
        let code = &alice.recovery_codes[used];
        let entry = program.attempt(&host, "alice", code);
        assert!(entry.accepted, "{program:?}: {}", entry.text);
        let left = alice.recovery_codes.len() - used - 1;
        assert_eq!(host.status("alice")["recovery_codes"]["left"], left, "{program:?}");
        let again = program.attempt(&host, "alice", code);
        assert!(!again.accepted, "{program:?}: {}", again.text);
    }
}

// Row: S1-20
#[test]
fn a_pass_from_the_desk_opens_one_login() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    host.person("alice");
    for program in [ConsoleProgram::Login, ConsoleProgram::Su] {
        let pass = host.pass("alice");
        let entry = program.attempt(&host, "alice", &pass);
        assert!(entry.accepted, "{program:?}: {}", entry.text);
        let again = program.attempt(&host, "alice", &pass);
        assert!(!again.accepted, "{program:?}: {}", again.text);
    }
}

// Row: S1-11
#[test]
fn a_code_may_be_typed_in_groups() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let entry = ConsoleProgram::Su.attempt(&host, "alice", &spaced);
    assert!(entry.accepted, "{}", entry.text);
    let lower = alice.recovery_codes[0].replace('-', " ").to_lowercase();
    let entry = ConsoleProgram::Su.attempt(&host, "alice", &lower);
    assert!(entry.accepted, "{}", entry.text);
}

/// sudo shows no text of a module: what it has to say of a refusal stands in the next prompt, when that is about to be answered.
fn sudo_speaks_in_the_next_prompt(has_helper: bool) {
    let host = Host::with_config("[throttle]\nfree_tries = 2\nfirst_wait = \"1h\"\n");
    ConsoleProgram::prepare(&host);
    let _helper = has_helper.then(|| host.start_helper());
    host.write("/etc/sudoers.d/wardkey", "Defaults passwd_tries=5\nALL ALL=(ALL) ALL\n");
    let mut alice = host.person("alice");
    let used = alice.fresh_code(&host);
    assert!(host.types("alice", &used).accepted());
    let mut terminal = ConsoleProgram::Sudo.open(&host, "alice", "");
    let first = terminal.answer("Code (app or recovery): ", &used);
    assert!(!first.contains("last code"), "nothing was typed yet: {first}");
    for (typed, said) in [
        (
            alice.wrong_code(&host),
            "The last code was already used. Wait for the next one. Code (app or recovery): ",
        ),
        (alice.wrong_code(&host), "The last code was not accepted. Help:"),
        // The second wrong one began a wait: nobody types a third in vain to hear of it.
        (alice.fresh_code(&host), "Too many wrong codes. Wait"),
        (alice.recovery_codes[0].clone(), "Too many wrong codes. Wait"),
    ] {
        terminal.answer("password for alice: ", PASSWORD);
        let asked = terminal.answer("Code (app or recovery): ", &typed);
        assert!(asked.contains(said), "{said}: {asked}");
    }
    let entry = ConsoleProgram::Sudo.end(terminal, "alice");
    assert!(entry.accepted, "{}", entry.text);
}

#[test]
fn sudo_speaks_of_the_last_code_in_the_next_prompt() {
    sudo_speaks_in_the_next_prompt(false);
}

#[test]
fn sudo_speaks_of_it_too_where_the_helper_judges() {
    sudo_speaks_in_the_next_prompt(true);
}

/// Who ran it is another than who is logged in.
#[test]
fn su_is_logged_with_who_ran_it() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    for has_helper in [false, true] {
        let _helper = has_helper.then(|| host.start_helper());
        for (code, result) in [(alice.wrong_code(&host), "refused"), (alice.fresh_code(&host), "accepted")] {
            let _ = ConsoleProgram::Su.attempt(&host, "alice", &code);
            let audit = host.read(AUDIT);
            let last: serde_json::Value =
                serde_json::from_str(audit.lines().last().expect("a line")).expect("JSON");
            assert_eq!((&last["actor"], &last["result"]), (&"caller".into(), &result.into()), "{audit}");
        }
    }
    let _ = ConsoleProgram::Sudo.attempt(&host, "alice", &alice.fresh_code(&host));
    let audit = host.read(AUDIT);
    assert!(
        audit.lines().last().expect("a line").contains("\"actor\":null"),
        "sudo asks its caller: {audit}"
    );
}

#[test]
fn waiting_holds_at_every_program_says_until_when_and_ends() {
    let waits = |time: &str| format!("[throttle]\nfree_tries = 2\nfirst_wait = \"{time}\"\n");
    let host = Host::with_config(&waits("1h"));
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    let until = |host: &Host| host.status("alice")["wait_until"]["authenticator"].clone();
    for _ in 0..3 {
        if until(&host).is_null() {
            host.types("alice", &alice.wrong_code(&host));
        }
    }
    assert!(until(&host).is_string(), "wrong codes make one wait");

    for program in [ConsoleProgram::Login, ConsoleProgram::Su, ConsoleProgram::Sudo] {
        let waiting = program.attempt(&host, "alice", &alice.fresh_code(&host));
        assert!(!waiting.accepted, "{program:?}: {}", waiting.text);
        alice.last_step -= 1; // it was not looked at
    }

    // Programs that are set-user-ID keep the machine's clock: the wait comes to its end, not the clock.
    host.configure(&waits("1s"));
    let deadline = Instant::now() + Duration::from_secs(60);
    while until(&host).is_string() {
        assert!(Instant::now() < deadline, "waiting does not end: {}", until(&host));
        thread::sleep(Duration::from_millis(100));
    }
    let entry = ConsoleProgram::Su.attempt(&host, "alice", &alice.fresh_code(&host));
    assert!(entry.accepted, "{}", entry.text);
}
