//! A lost phone in one go: the recovery code that opened a session counts for `replace` there, and for nothing else.

use wardkey_tests::machine::host::{AUDIT, CODE, Host};
use wardkey_tests::machine::session::{Session, as_person};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::pam::{Door, PamResult, Script};
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::programs::terminal::Terminal;

const HINT: &str = "Lost your phone? Run wardkey replace.";
const REPLACED: &str = "Your phone was replaced since your last login.";
const INTERACTIVE: &str = "keyboard-interactive";

/// Audit numbers each login, as in Debian's files of login and sshd.
const NUMBERED: &str = "\
auth     requisite pam_unix.so nodelay
auth     required  pam_wardkey.so
account  required  pam_wardkey.so
account  required  pam_unix.so
session  required  pam_loginuid.so
session  required  pam_wardkey.so
session  required  pam_unix.so
";

fn site(tables: &str) -> Host {
    let host = Host::with_config(tables);
    ["login", "sshd", "su"].iter().for_each(|service| host.service(service, NUMBERED));
    host
}

/// Logs in by `code` in a session; the answer is what was told.
fn logs_in(session: &mut Session<'_>, service: &str, code: &str) -> String {
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
    let script = Script::new(service, "alice").types("assword", PASSWORD).types(CODE, code).doors(&doors);
    let transcript = session.pam("", &script);
    assert_eq!(transcript.results(), [PamResult::Success; 4]);
    transcript.messages()
}

/// What the command says in a session, by Alice, who types these lines.
fn wardkey(host: &Host, session: &mut Session<'_>, words: &str, lines: &[&str]) -> String {
    let (person, command) = (as_person("alice"), host.built("wardkey"));
    let typed: String = lines.iter().map(|line| format!("{line}\\n")).collect();
    session.run(&format!("printf '{typed}' | {person} {} {words} --json 2>&1 || true", command.display()))
}

fn begins(answer: &str) -> bool {
    answer.contains(r#""state":"pending""#)
}

fn begun(answer: &str) -> Authenticator {
    let json = answer.lines().find(|line| line.starts_with('{')).expect("JSON");
    Authenticator::from_enrolment(&serde_json::from_str(json).expect("JSON"))
}

// Row: S1-19
#[test]
fn by_ssh_one_recovery_code_leads_to_a_new_phone_and_both_are_told() {
    let host = site("");
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let command = format!("{} replace", host.built("wardkey").display());
    let mut shell = sshd.shell("alice");
    shell.answer(CODE, &alice.recovery_codes[0]);
    shell.expect(HINT);
    shell.answer("$ ", &command);
    shell.answer("assword", PASSWORD);
    // Broken off, it may be begun again.
    assert!(!shell.expect("Code from the app").contains("or a recovery code"));
    shell.type_line("\u{3}");
    shell.answer("$ ", &command);
    shell.answer("assword", PASSWORD);
    shell.expect("Key: ");
    let secret = shell.expect("\n").split_whitespace().collect();
    let phone = Authenticator { secret, algorithm: "SHA1".into(), digits: 6, period: 30 };
    let step = host.now() / 30;
    shell.answer("Code from the app", &phone.code(step));
    shell.expect("(app) no longer does");
    // Once it has confirmed, a code is asked again.
    shell.answer("$ ", &command);
    shell.answer("assword", PASSWORD);
    shell.expect("or a recovery code");
    shell.type_line("\u{3}");
    shell.answer("$ ", "exit");
    assert!(!host.types("alice", &alice.fresh_code(&host)).accepted(), "the lost one opens nothing");
    let line = host.read(AUDIT).lines().find(|line| line.contains(r#""event":"replace""#)).map(str::to_owned);
    assert!(line.as_deref().is_some_and(|line| line.contains(r#""method":"recovery""#)), "{line:?}");
    for (code, is_told) in [(phone.code(step + 1), true), (phone.code(step + 2), false)] {
        let mut next = sshd.shell("alice");
        next.answer(CODE, &code);
        next.answer("$ ", "env; exit");
        let (_, text) = next.finish();
        assert_eq!(text.matches(REPLACED).count(), usize::from(is_told), "{text}");
        assert!(!text.contains(HINT) && !text.contains("WARDKEY_"), "{text}");
    }
}

/// One connection: a right code with a wrong password, and then a key. Only a login that succeeded hands its ticket on.
#[test]
fn a_code_of_a_try_that_failed_counts_in_no_session_by_a_key() {
    let host = site("");
    let early = NUMBERED.replace("auth     requisite pam_unix.so nodelay\n", "");
    let early = early.replace(
        "account  required  pam_wardkey",
        "auth     required  pam_unix.so nodelay\naccount  required  pam_wardkey",
    );
    host.service("sshd", &early);
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let sshd = Sshd::start(&host, "keyboard-interactive publickey", "");
    let key = sshd.authorise_key("alice");
    let order = "PreferredAuthentications=keyboard-interactive,publickey";
    let options = ["-i", &key, "-o", order];
    let outcome = sshd.ssh_with_password("alice", "a guess", &[&alice.recovery_codes[0]], &options);
    assert_eq!(outcome.code(), Some(0), "the key opens: {outcome:?}");
    assert!(sshd.prompts().contains(CODE) && !outcome.stderr.contains(HINT), "{outcome:?}");
    let note = host.read("/run/wardkey/grace/.recovery/alice");
    assert!(note.contains("\"login\"") && !note.contains("\"session\""), "{note}");
}

/// A session in which a recovery code was right, and another one of hers.
fn two_sessions<'w>(host: &'w Host, alice: &Person) -> (Session<'w>, Session<'w>) {
    let uid = host.uid("alice");
    let (mut own, other) = (Session::new(host, uid), Session::new(host, uid));
    assert!(logs_in(&mut own, "login", &alice.recovery_codes[0]).contains(HINT));
    (own, other)
}

#[test]
fn nothing_but_replace_in_that_session_goes_by_the_password() {
    let host = site("");
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let (mut own, mut other) = two_sessions(&host, &alice);
    assert!(!begins(&wardkey(&host, &mut other, "replace", &[PASSWORD])), "another session of hers");
    assert!(!begins(&host.wardkey_as("alice", &["replace", "--json"], &format!("{PASSWORD}\n")).stdout));
    assert!(!begins(&wardkey(&host, &mut own, "replace", &["a guess"])), "without the password");
    for words in ["authenticator add alice tablet", "recovery-codes"] {
        let answer = wardkey(&host, &mut own, words, &[PASSWORD]);
        assert!(answer.contains(r#""kind":"refused""#), "{words}: {answer}");
    }
    assert!(begins(&wardkey(&host, &mut own, "replace", &[PASSWORD])));
    let again = wardkey(&host, &mut own, "replace", &[PASSWORD]);
    assert!(begins(&again), "it may be begun again: {again}");
    let code = begun(&again).code(host.now() / 30);
    let confirmed = wardkey(&host, &mut own, "confirm", &[&code]);
    assert!(confirmed.contains(r#""state":"enrolled""#), "{confirmed}");
    assert!(!begins(&wardkey(&host, &mut own, "replace", &[PASSWORD])), "the new phone has confirmed");
}

#[test]
fn any_other_success_a_reset_and_new_codes_end_it() {
    let later: [fn(&Host, &mut Person); 4] = [
        |host, alice| assert!(host.types("alice", &alice.fresh_code(host)).accepted()),
        |host, alice| {
            host.wardkey(&["check", "alice"], &format!("{}\n", alice.recovery_codes[1])).exits(0);
        },
        |host, _| {
            host.wardkey(&["recovery-codes", "alice", "--json"], "").exits(0);
        },
        |host, _| {
            host.wardkey(&["reset", "alice", "--verified-by", "badge"], "").exits(0);
        },
    ];
    for (number, success) in later.iter().enumerate() {
        let host = site("");
        let mut alice = host.person("alice");
        let _helper = host.start_helper();
        let (mut own, _other) = two_sessions(&host, &alice);
        success(&host, &mut alice);
        assert!(!begins(&wardkey(&host, &mut own, "replace", &[PASSWORD])), "{number}");
    }
}

#[test]
fn an_app_code_a_wrong_password_and_su_leave_nothing() {
    let host = site("");
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let uid = host.uid("alice");
    let mut session = Session::new(&host, uid);
    assert!(!logs_in(&mut session, "login", &alice.fresh_code(&host)).contains(HINT));
    assert!(!begins(&wardkey(&host, &mut session, "replace", &[PASSWORD])));
    assert!(!logs_in(&mut session, "su", &alice.recovery_codes[0]).contains(HINT));
    assert!(!begins(&wardkey(&host, &mut session, "replace", &[PASSWORD])));
    // The code before the password, which is wrong: the application opens no session.
    host.service("early", "auth required pam_wardkey.so\nauth required pam_unix.so nodelay\n");
    let script =
        Script::new("early", "alice").types(CODE, &alice.recovery_codes[1]).types("assword", "guess");
    assert_eq!(session.pam("", &script).result(), PamResult::AuthErr);
    assert!(!begins(&wardkey(&host, &mut session, "replace", &[PASSWORD])));
}

#[test]
fn where_no_session_is_certain_a_second_code_is_asked_and_logged() {
    let host = Host::new();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
    let script = Script::new("login", "alice").types("assword", PASSWORD);
    let script = script.types(CODE, &alice.recovery_codes[0]).doors(&doors);
    let transcript = host.pam(&script);
    assert!(transcript.messages().contains(HINT), "{transcript:?}");
    let log = host.syslog().text();
    assert!(log.contains("`replace` asks for a code: no login session"), "{log}");
    let refused = host.wardkey_as("alice", &["replace", "--json"], &format!("{PASSWORD}\n")).exits(1);
    assert!(!begins(&refused.stdout));
    let input = format!("{PASSWORD}\n{}\n", alice.recovery_codes[1]);
    assert!(begins(&host.wardkey_as("alice", &["replace", "--json"], &input).exits(0).stdout));
}

#[test]
fn where_people_do_not_help_themselves_nobody_is_sent_to_replace() {
    let host = site("language = \"fr\"\n[policy]\nself_service = false\n");
    let alice = host.person("alice");
    let mut session = Session::new(&host, host.uid("alice"));
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
    let script = Script::new("login", "alice")
        .types("assword", PASSWORD)
        .types("Code (appli", &alice.recovery_codes[0]);
    let told = session.pam("", &script.doors(&doors)).messages();
    assert!(told.contains("Code de secours accepté") && !told.contains("wardkey replace"), "{told}");
    assert!(!host.path("/run/wardkey/grace/.recovery").exists());
}

/// login(1) opens the session, and then starts the shell.
#[test]
fn at_the_console_the_same_holds() {
    let host = site("");
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let mut login = Terminal::start(&host, "login", &["alice"]);
    login.answer("assword", PASSWORD);
    login.answer(CODE, &alice.recovery_codes[0]);
    login.expect(HINT);
    login.answer("$ ", &format!("{} replace", host.built("wardkey").display()));
    login.answer("assword", PASSWORD);
    assert!(!login.expect("Code from the app").contains("or a recovery code"));
    login.type_line("\u{3}");
    login.answer("$ ", "exit");
}

/// The ticket of nobody: a text of its form.
const PLANTED: &str = "WARDKEY_TICKET OVERRIDE=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";

/// A person may put what they like into PAM's environment, before our session line too.
#[test]
fn a_ticket_that_a_person_writes_opens_nothing() {
    let host = site("");
    let mut alice = host.person("alice");
    let reads = "session  required  pam_env.so readenv=0 user_readenv=1\nsession  required  pam_wardkey.so\n";
    host.service("login", &NUMBERED.replace("session  required  pam_wardkey.so\n", reads));
    let _helper = host.start_helper();
    host.write("/home/alice/.pam_environment", PLANTED);
    let mut session = Session::new(&host, host.uid("alice"));
    // The message shows that the planted one was taken for a ticket.
    for code in [alice.fresh_code(&host), alice.recovery_codes[0].clone()] {
        assert!(logs_in(&mut session, "login", &code).contains(HINT));
        assert!(!begins(&wardkey(&host, &mut session, "replace", &[PASSWORD])));
    }
    assert!(host.syslog().text().contains("another login came after it"));
    let note = host.read("/run/wardkey/grace/.recovery/alice");
    assert!(note.contains("\"login\"") && !note.contains("\"session\"") && !note.contains("AAAA"), "{note}");
}

/// A login of another account, and a program that goes on as the person there.
#[test]
fn in_a_session_of_somebody_else_a_second_code_is_asked() {
    let host = site("");
    let alice = host.person("alice");
    let bob = host.add_account("bob");
    let _helper = host.start_helper();
    let (_own, _other) = two_sessions(&host, &alice);
    let mut session = Session::new(&host, bob);
    assert!(!begins(&wardkey(&host, &mut session, "replace", &[PASSWORD])));
    assert!(host.syslog().text().contains("no login session: in a login of uid"));
}

/// What can stand in the way of a note, in shell.
const IN_THE_WAY: [(&str, &str); 6] = [
    ("no room", "mount -t tmpfs -o mode=700,nr_inodes=1 none /run/wardkey/grace"),
    ("read-only", "mount -t tmpfs -o mode=700,ro none /run/wardkey/grace"),
    ("another owner", "mkdir -m 700 /run/wardkey/grace/.recovery; chown nobody /run/wardkey/grace/.recovery"),
    ("a link", "mkdir -m 700 /var/theirs; ln -s /var/theirs /run/wardkey/grace/.recovery"),
    ("a file", "touch /run/wardkey/grace/.recovery"),
    ("a directory", "mkdir -p -m 700 /run/wardkey/grace/.recovery/alice"),
];

#[test]
fn where_nothing_can_be_noted_people_log_in_and_type_a_second_code() {
    for (what, line) in IN_THE_WAY {
        let host = site("");
        let alice = host.person("alice");
        let _helper = host.start_helper();
        host.must(&format!("mkdir -p -m 755 /run/wardkey; mkdir -p -m 700 /run/wardkey/grace; {line}"));
        let (mut own, _other) = two_sessions(&host, &alice);
        assert!(!begins(&wardkey(&host, &mut own, "replace", &[PASSWORD])), "{what}");
        let log = host.syslog().text();
        assert!(log.contains("`replace` asks for a code: /run/wardkey/grace"), "{what}: {log}");
        let answer = wardkey(&host, &mut own, "replace", &[PASSWORD, &alice.recovery_codes[1]]);
        assert!(begins(&answer), "{what}: {answer}");
        assert_eq!(host.must("ls /var/theirs 2>/dev/null || true"), "", "{what}");
    }
}
