//! Nobody learns from a prompt, a text or the number of questions who is enrolled: everything that a program shows to
//! people of every kind is the same, byte for byte, but for their names. What it costs is in `same_cost.rs`.

use serde_json::json;
use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::people::cast::{
    ALIKE, Cast, DAMAGED, ENROLLED, Met, TOLD_MORE, UNENROLLED, UNKNOWN, WAITING,
};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::greeter::{Agreety, Greetd};
use wardkey_tests::programs::pam::Door::{Account, Auth};
use wardkey_tests::programs::pam::{Event, Script, Transcript};
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::programs::terminal::Terminal;

/// The code before the password, as where a key is the first factor: strangers get as far as our prompt.
const CODE_FIRST: &str = "\
auth required pam_wardkey.so
auth required pam_unix.so nodelay
account required pam_wardkey.so
account required pam_unix.so
session required pam_unix.so
";

fn everybody() -> Vec<&'static str> {
    [&ALIKE[..], &[UNKNOWN], &TOLD_MORE].concat()
}

fn with_accounts() -> Vec<&'static str> {
    [ALIKE, TOLD_MORE].concat()
}

/// All that libpam was told, up to our prompt and to the end.
fn events(name: &str, transcript: &Transcript) -> Met {
    let is_ours = |event: &Event| matches!(event, Event::Prompt { text, .. } if text.contains("Code") || text.contains("code"));
    let first = transcript.0.iter().position(is_ours).map_or(0, |at| at + 1);
    let lines = |events: &[Event]| -> String {
        let line = |event: &Event| match event {
            Event::End { .. } => String::new(),
            // libpam makes its length of the second it began in.
            Event::Delay { .. } => "Delay\n".to_owned(),
            told => format!("{told:?}\n"),
        };
        events.iter().map(line).collect()
    };
    Met::new(name, &lines(&transcript.0[..first]), &lines(&transcript.0))
}

/// A way to log in as somebody.
type Way<'a> = &'a dyn Fn(&str) -> Script;

#[test]
fn libpam_hears_the_same_of_everybody() {
    let cast = Cast::new();
    let (host, code) = (&cast.host, &cast.code);
    host.service("first", CODE_FIRST);
    host.service_alone("combined", "forward_pass");
    let tries = "auth optional pam_unix.so nodelay\nauth required pam_wardkey.so try_first_pass\n";
    host.service("tries", tries);
    host.service("uses", &tries.replace("try_first", "use_first"));
    let entry = format!("{PASSWORD}{code}");
    // As many as are free: the next prompt would say that somebody enrolled has to wait.
    let thrice = |name: &str| {
        let script = Script::new(ALONE, name).types(CODE, code).types(CODE, code).types(CODE, code);
        script.doors(&[Auth, Auth, Auth, Account])
    };
    let ways: [(&str, Way<'_>); 8] = [
        ("alone", &|name| Script::new(ALONE, name).types(CODE, code).doors(&[Auth, Account])),
        ("thrice in one handle", &thrice),
        ("silent", &|name| thrice(name).silent()),
        ("no code at all", &|name| Script::new(ALONE, name).types(CODE, "")),
        ("first", &|name| Script::new("first", name).types(CODE, code).types("assword", "not it")),
        ("combined", &|name| Script::new("combined", name).types("assword", &entry)),
        ("try_first_pass", &|name| Script::new("tries", name).types("assword", &entry).types(CODE, code)),
        ("use_first_pass", &|name| Script::new("uses", name).types("assword", &entry)),
    ];
    for (way, script) in ways {
        println!("{way}");
        cast.meet_the_same(&everybody(), |name| events(name, &host.pam(&script(name))));
    }
}

#[test]
fn a_recovery_code_that_nobody_has_tells_nothing_either() {
    let cast = Cast::new();
    let guess = "7ABC-DEFG-HJKM-NPQR";
    cast.meet_the_same(&everybody(), |name| events(name, &cast.host.types(name, guess)));
}

#[test]
fn where_the_site_has_no_sealing_key_everybody_hears_that() {
    let cast = Cast::new();
    cast.host.must("rm /etc/wardkey/seal.key");
    cast.meet_the_same(&[ENROLLED, UNENROLLED, UNKNOWN], |name| {
        events(name, &cast.host.types(name, &cast.code))
    });
}

#[test]
fn programs_that_run_as_the_person_hear_the_same_from_the_helper() {
    let cast = Cast::new();
    let _helper = cast.host.start_helper();
    for service in [ALONE, "combined"] {
        cast.host.service_alone("combined", "forward_pass");
        let (prompt, entry) = if service == ALONE {
            (CODE, cast.code.clone())
        } else {
            ("assword", format!("{PASSWORD}{}", cast.code))
        };
        cast.meet_the_same(&with_accounts(), |name| {
            let script = Script::new(service, name).types(prompt, &entry);
            events(name, &cast.host.pam_as(name, &script))
        });
    }
}

/// What login says of a refusal; then it asks for another name.
const INCORRECT: &str = "Login incorrect";

/// The text up to and with `part`, or all of it.
fn up_to<'a>(text: &'a str, part: &str) -> &'a str {
    text.find(part).map_or(text, |at| &text[..at + part.len()])
}

/// The right password and a wrong code.
fn at_a_console(program: ConsoleProgram) {
    let cast = Cast::new();
    ConsoleProgram::prepare(&cast.host);
    let meets = |name: &str| {
        let mut terminal = program.open(&cast.host, name, "");
        terminal.answer(CODE, &cast.code);
        let asked = terminal.transcript();
        let attempt = program.end(terminal, name);
        assert!(!attempt.accepted, "{name}: {}", attempt.text);
        Met::new(name, &asked, up_to(&attempt.text, INCORRECT))
    };
    cast.meet_the_same(&with_accounts(), meets);
    let _helper = cast.host.start_helper();
    cast.meet_the_same(&with_accounts(), meets);
}

#[test]
fn login_shows_everybody_the_same() {
    at_a_console(ConsoleProgram::Login);
}

#[test]
fn su_shows_everybody_the_same() {
    at_a_console(ConsoleProgram::Su);
}

#[test]
fn sudo_shows_everybody_the_same() {
    at_a_console(ConsoleProgram::Sudo);
}

/// What login writes for these answers, until it refuses.
fn login(host: &Host, name: &str, answers: &[(&str, &str)]) -> Met {
    let mut terminal = Terminal::start(host, "login", &[name]);
    for (prompt, answer) in answers {
        terminal.answer(prompt, answer);
    }
    terminal.expect(INCORRECT);
    terminal.expect("login: ");
    let text = terminal.transcript();
    Met::new(name, up_to(&text, INCORRECT), &text)
}

#[test]
fn login_shows_a_stranger_the_same_whichever_factor_comes_first() {
    let cast = Cast::new();
    let (host, code) = (&cast.host, &*cast.code);
    cast.meet_the_same(&everybody(), |name| login(host, name, &[("assword: ", "not it")]));
    host.service("login", CODE_FIRST);
    let names = [&ALIKE[..], &[UNKNOWN]].concat();
    cast.meet_the_same(&names, |name| login(host, name, &[(CODE, code), ("assword: ", "not it")]));
}

/// Two rounds by OpenSSH's client, one by paramiko.
fn over_ssh(cast: &Cast, names: &[&str], password: &str) {
    let sshd = Sshd::start(&cast.host, "keyboard-interactive", "");
    cast.meet_the_same(names, |name| {
        let outcome = sshd.ssh_with_password(name, password, &[&cast.code, &cast.code], &[]);
        assert_eq!(outcome.code(), Some(255), "{name}: {outcome:?}");
        // An address is another one each time.
        let said: String = outcome.stderr.lines().filter(|line| !line.contains("known hosts")).collect();
        let prompts = sshd.prompts();
        let asked: String = prompts.lines().take(2).map(|line| format!("{line}\n")).collect();
        Met::new(name, &asked, &format!("{prompts}{said}"))
    });
    cast.meet_the_same(names, |name| {
        let result = sshd.paramiko(name, &[cast.code.as_str(); 4], &json!({ "password": password }));
        assert_eq!(result["accepted"], 0, "{name}: {result}");
        Met::new(name, &result["prompts"].to_string(), &result.to_string())
    });
}

#[test]
fn sshd_shows_everybody_the_same() {
    let cast = Cast::new();
    over_ssh(&cast, &with_accounts(), PASSWORD);
}

#[test]
fn sshd_shows_a_stranger_the_same_of_somebody_unknown() {
    let cast = Cast::new();
    over_ssh(&cast, &everybody(), "not it");
    cast.host.service("sshd", CODE_FIRST);
    over_ssh(&cast, &[&ALIKE[..], &[UNKNOWN]].concat(), "not it");
}

/// greetd's word for a refusal; what follows concerns the worker that has ended.
const REFUSED: &str = "auth_error";

#[test]
fn greetd_shows_everybody_the_same() {
    let cast = Cast::new();
    let greetd = Greetd::start(&cast.host);
    cast.host.service("greetd", "@include separate\n");
    cast.meet_the_same(&with_accounts(), |name| {
        let mut login = greetd.login(name);
        login.answer("assword: ", PASSWORD);
        let asked = login.answer(CODE, &cast.code);
        let attempt = login.end();
        assert!(!attempt.accepted, "{name}: {}", attempt.text);
        Met::new(name, &asked, up_to(&attempt.text, REFUSED))
    });
    cast.meet_the_same(&everybody(), |name| {
        let mut login = greetd.login(name);
        let asked = login.answer("assword: ", "not it");
        Met::new(name, &asked, up_to(&login.end().text, REFUSED))
    });
}

#[test]
fn agreety_shows_everybody_the_same() {
    let cast = Cast::new();
    cast.host.service("greetd", "@include separate\n");
    let mut terminal = Agreety::open_without_log(&cast.host);
    terminal.expect("login: ");
    let terminal = std::cell::RefCell::new(terminal);
    cast.meet_the_same(&[ENROLLED, UNENROLLED, WAITING, DAMAGED], |name| {
        let mut terminal = terminal.borrow_mut();
        terminal.type_line(name);
        let mut asked = terminal.answer("assword: ", PASSWORD);
        asked.push_str(&terminal.answer(CODE, &cast.code));
        let told = format!("{asked}{}", terminal.expect("login: "));
        // What was typed is seen until agreety has hidden it.
        let [asked, told] = [asked, told].map(|text| text.replace(PASSWORD, "").replace(&cast.code, ""));
        Met::new(name, &asked, &told)
    });
}
