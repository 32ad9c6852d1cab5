//! A real sshd, by OpenSSH's client and by a client library.

use serde_json::json;
use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::proof::outcome::Outcome;

const INTERACTIVE: &str = "keyboard-interactive";
const KEY_FIRST: &str = "publickey,keyboard-interactive";

fn in_as_alice(outcome: &Outcome) -> bool {
    assert_eq!(outcome.code() == Some(0), outcome.stdout == "alice\n", "{outcome:?}");
    outcome.code() == Some(0)
}

/// The same story whatever comes before the code; `options` are ssh's, `key` is paramiko's.
fn tells_right_from_wrong(host: &Host, sshd: &Sshd, alice: &mut Person, options: &[&str], key: Option<&str>) {
    let ssh = |code: &str| in_as_alice(&sshd.ssh("alice", &[code], options));
    let paramiko = |code: &str| sshd.paramiko("alice", &[code], &json!({ "key": key }))["accepted"] == 1;

    let (first, second) = (alice.fresh_code(host), alice.fresh_code(host));
    assert!(ssh(&first), "{}", sshd.prompts());
    assert!(sshd.prompts().contains(CODE), "{}", sshd.prompts());
    assert!(!ssh(&first), "replayed");
    assert!(!paramiko(&first), "replayed by another client");
    assert!(paramiko(&second));
    assert!(!ssh(&alice.wrong_code(host)), "wrong");
    assert!(!paramiko(&alice.wrong_code(host)), "wrong");
    assert!(!ssh("123 45"), "malformed");
    assert!(ssh(&alice.recovery_codes[0]), "{}", sshd.prompts());
    assert!(!ssh(&alice.recovery_codes[0]), "a recovery code once more");
    assert!(!paramiko(&alice.recovery_codes[0]), "a recovery code once more");
    assert!(paramiko(&alice.recovery_codes[1]));
}

// Row: S1-1
// Row: S1-17
// Row: S2-14
#[test]
fn keyboard_interactive_asks_for_password_and_code() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    tells_right_from_wrong(&host, &sshd, &mut alice, &[], None);
}

// Row: S1-2
#[test]
fn a_key_alone_opens_nothing_where_the_code_is_asked_for_too() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, KEY_FIRST, "");
    let key = sshd.authorise_key("alice");
    assert!(!in_as_alice(&sshd.ssh("alice", &[], &["-i", &key, "-o", "PreferredAuthentications=publickey"])));
    let code = alice.fresh_code(&host);
    assert!(!in_as_alice(&sshd.ssh("alice", &[&code], &[])), "a code without the key");
    tells_right_from_wrong(&host, &sshd, &mut alice, &["-i", &key], Some(&key));
}

#[test]
fn a_second_try_in_one_connection_may_be_right() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let (wrong, right) = (alice.wrong_code(&host), alice.fresh_code(&host));
    assert!(in_as_alice(&sshd.ssh("alice", &[&wrong, &right], &[])));
}

/// What is said is an instruction, of which the client shows ASCII alone, in any locale.
#[test]
fn a_wrong_and_a_used_code_read_the_same_in_any_locale() {
    for (language, support, said) in [
        ("en", "IT, ext. 5", "Wait for the app's next code and try again. Help: IT, ext. 5."),
        (
            "fr",
            "la réception",
            "Attendez le prochain code de l'application et recommencez. Aide : la reception.",
        ),
    ] {
        let host = Host::new();
        host.write(
            CONFIG,
            format!("language = \"{language}\"\nsupport = \"{support}\"\n[totp]\nwindow = 5\n"),
        );
        let prompt = if language == "en" { "Code (app or recovery): " } else { "Code (appli ou secours) : " };
        let types = |code: &str| host.pam(&Script::new(ALONE, "alice").types(prompt, code));
        let mut alice = host.person("alice");
        let sshd = Sshd::start(&host, INTERACTIVE, "");
        let (code, recovery) = (alice.fresh_code(&host), alice.recovery_codes[0].clone());
        assert!(types(&code).accepted() && types(&recovery).accepted());
        let wrong = alice.wrong_code(&host);
        for (locale, refused) in
            [("C.UTF-8", &code), ("C", &code), ("C.UTF-8", &recovery), ("C.UTF-8", &wrong), ("C", &wrong)]
        {
            let mut terminal = sshd.terminal_in(locale, "alice");
            terminal.answer(prompt, refused);
            let (_, text) = terminal.finish();
            assert!(text.contains(said) && !text.contains('\\'), "{locale}, {refused}: {text}");
        }
    }
}

/// sshd shows twice in a shell what a module says after the last prompt.
#[test]
fn what_is_said_of_a_login_that_succeeds_stands_there_once() {
    let host = Host::with_config("language = \"fr\"\n");
    let alice = host.person("alice");
    let types = |code: &str| host.pam(&Script::new(ALONE, "alice").types("Code (appli", code));
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    (0..5).for_each(|_| drop(types(&alice.wrong_code(&host))));
    let mut terminal = sshd.shell("alice");
    terminal.answer("Code (appli", &alice.recovery_codes[0]);
    terminal.answer("$ ", "env; exit");
    let (_, text) = terminal.finish();
    let codes = "Code de secours accepté ; il ne servira plus. Il reste 4 codes de secours.";
    for said in ["5 codes erronés ont été essayés", codes] {
        assert_eq!(text.matches(said).count(), 1, "{said}: {text}");
    }
    assert!(!text.contains("WARDKEY_"), "{text}");
}

/// The word of a login that succeeded must not go on into the person's programs.
#[test]
fn without_our_session_line_a_notice_is_told_and_gets_into_no_environment() {
    let host = Host::new();
    let alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    host.must("sed -i '/^session.*pam_wardkey/d' /etc/pam.d/sshd");
    let mut terminal = sshd.shell("alice");
    terminal.answer("Code (app", &alice.recovery_codes[0]);
    terminal.answer("$ ", "env; exit");
    let (_, text) = terminal.finish();
    assert_eq!(text.matches("Recovery code accepted; it will not work again. 4").count(), 1, "{text}");
    assert!(!text.contains("WARDKEY_NOTICE"), "{text}");
}

/// What sshd does not show is lost with it; how many codes are left is said with the next one.
#[test]
fn a_notice_that_sshd_does_not_show_leaves_nothing_behind() {
    let host = Host::new();
    let alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    host.must("touch ~alice/.hushlogin");
    let mut quiet = sshd.shell("alice");
    quiet.answer("Code (app", &alice.recovery_codes[0]);
    quiet.answer("$ ", "env; exit");
    let (_, text) = quiet.finish();
    assert!(!text.contains("4 recovery codes left") && !text.contains("WARDKEY_NOTICE"), "{text}");
    host.must("rm ~alice/.hushlogin");
    // A module behind ours refuses a login whose code is spent by then.
    host.must("echo 'account required pam_deny.so' >>/etc/pam.d/sshd");
    let refused = sshd.ssh("alice", &[&alice.recovery_codes[1]], &[]);
    assert!(!in_as_alice(&refused) && !refused.stderr.contains("accepted"), "{refused:?}");
    host.must("sed -i '/^account required pam_deny.so/d' /etc/pam.d/sshd");
    let mut terminal = sshd.shell("alice");
    terminal.answer("Code (app", &alice.recovery_codes[2]);
    terminal.answer("$ ", "exit");
    let (_, text) = terminal.finish();
    assert!(text.contains("2 recovery codes left"), "{text}");
}

/// A password shaped like a code: it must not be taken for a guess.
const PASSWORD_LIKE_A_CODE: &str = "493021";

#[test]
fn the_password_method_neither_opens_nor_counts() {
    let host = Host::new();
    host.add_account_with_password("alice", PASSWORD_LIKE_A_CODE);
    let mut alice = host.enrol("alice");
    let sshd = Sshd::start(&host, "password", "PasswordAuthentication yes\n");
    let before = host.status("alice");
    for _ in 0..7 {
        let outcome = sshd.ssh_with_password("alice", PASSWORD_LIKE_A_CODE, &[], &[]);
        assert!(!in_as_alice(&outcome), "{outcome:?}");
    }
    assert_eq!(host.status("alice"), before);
    let _ = host.syslog().authpriv(&["was the password", "set `KbdInteractiveAuthentication yes`"]);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "no waiting");
}

#[test]
fn sixteen_sessions_with_one_code_let_exactly_one_in() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for round in 0..2 {
        let code = alice.fresh_code(&host);
        let result = sshd.paramiko("alice", &[&code], &json!({ "sessions": 16 }));
        assert_eq!(result["accepted"], 1, "round {round}: {result}");
    }
    let result = sshd.paramiko("alice", &[&alice.recovery_codes[0]], &json!({ "sessions": 16 }));
    assert_eq!(result["accepted"], 1, "a recovery code: {result}");
}

#[test]
fn a_client_that_hangs_up_leaves_no_damage() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let before = host.status("alice");
    for _ in 0..5 {
        let code = alice.fresh_code(&host);
        let result = sshd.paramiko("alice", &[&code], &json!({ "leave": true }));
        assert_eq!(result["accepted"], 0, "{result}");
        alice.last_step -= 1; // it was never sent
    }
    assert_eq!(host.status("alice"), before);
    assert_eq!(host.files_of("alice"), ["enrolment", "ledger"]);
    assert!(in_as_alice(&sshd.ssh("alice", &[&alice.fresh_code(&host)], &[])));
}

#[test]
fn one_not_enrolled_reads_the_same_as_a_wrong_code() {
    let host = Host::new();
    let alice = host.person("alice");
    host.add_account("bob");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    assert!(!in_as_alice(&sshd.ssh("alice", &[&alice.wrong_code(&host)], &[])));
    let of_alice = sshd.prompts().replace("alice@", "NAME@");
    assert_eq!(sshd.ssh("bob", &["123456"], &[]).code(), Some(255));
    assert_eq!(sshd.prompts().replace("bob@", "NAME@"), of_alice);
}
