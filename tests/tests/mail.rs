//! Codes by mail, through the real helper and a real mail server.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use wardkey_tests::machine::host::{ALONE, AUDIT, CODE, Host, SUPPORT};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::helper::Listening;
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::programs::smtp::{Postfix, code_in, free_port};
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::programs::wardkey::texts;

/// A part of the prompt after the word `email`.
const SENT: &str = "A code was sent to a***@clinic.example";

/// Alice's address.
const ADDRESS: &str = "alice@clinic.example";

/// A host with a mail server and a helper.
struct Clinic<'w> {
    host: &'w Host,
    post: Postfix<'w>,
    _helper: Listening,
}

impl<'w> Clinic<'w> {
    fn open(host: &'w Host, mode: &str, keys: &str) -> Self {
        let post = Postfix::start(host);
        let port = post.port;
        host.configure(&format!(
            "[email]\nmode = \"{mode}\"\nfrom = \"wardkey@clinic.example\"\nport = {port}\n{keys}\n"
        ));
        let helper = host.start_helper();
        Self { host, post, _helper: helper }
    }

    /// Registers Alice's address, with the code of the message; the answer is what `confirm` printed.
    fn register(&self) -> serde_json::Value {
        let count = self.host.mail("alice").len();
        let pending = self.host.json(&["enroll", "alice", "--email", ADDRESS], "");
        assert_eq!((&pending["email"], &pending["email_state"]), (&ADDRESS.into(), &"pending".into()));
        let code = code_in(&self.post.newest("alice", count + 1));
        self.host.json(&["confirm", "alice"], &format!("{code}\n"))
    }

    /// A code of Alice's for a login by `service`, as it arrives in her mailbox; she leaves the second prompt empty.
    fn ask(&self, service: &str) -> String {
        let count = self.host.mail("alice").len();
        let asked = self.host.pam(&Script::new(service, "alice").types(CODE, "email").types(SENT, ""));
        assert_eq!(asked.result(), PamResult::AuthErr, "an empty reply opens nothing");
        code_in(&self.post.newest("alice", count + 1))
    }

    fn types(&self, code: &str) -> Transcript {
        self.host.types("alice", code)
    }
}

/// A host whose Alice has an account.
fn host() -> Host {
    let host = Host::new();
    host.add_account("alice");
    host
}

// Row: S2-5
// Row: S2-7
// Row: S2-8
// Row: S2-9
#[test]
fn mail_as_a_factor_from_the_first_code_to_a_login() {
    let host = host();
    let clinic = Clinic::open(&host, "factor", "");
    let enrolled = clinic.register();
    assert_eq!(
        (&enrolled["state"], &enrolled["email"]),
        (&"enrolled".into(), &ADDRESS.into()),
        "{enrolled:#}"
    );
    let recovery = texts(&enrolled["recovery_codes"]);
    assert_eq!(recovery.len(), 5);
    let status = host.status("alice");
    assert_eq!((&status["state"], &status["email"]), (&"enrolled".into(), &ADDRESS.into()), "{status:#}");
    let code = clinic.ask(ALONE);
    assert!(clinic.types(&code).accepted());
    assert_eq!(clinic.types(&code).result(), PamResult::AuthErr, "each opens once");
    assert!(clinic.types(&recovery[0]).accepted(), "the same recovery codes for both methods");
    let message = clinic.post.newest("alice", 2);
    for words in
        ["Subject: Code for your login to", "Clinic staff will never ask you for it", "10 minutes", SUPPORT]
    {
        let flat = message.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{words}: {message}");
    }
    let audit = host.read(AUDIT);
    assert!(audit.contains(r#""method":"mailed code""#), "which it was: {audit}");
    assert!(audit.contains("to a***@clinic.example") && !audit.contains(&code), "{audit}");
    assert!(!host.syslog().text().contains(&code));
}

#[test]
fn as_a_recovery_code_it_stands_beside_the_phone_by_sendmail_too() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "transport = \"sendmail\"");
    let registered = clinic.register();
    assert_eq!(texts(&registered["recovery_codes"]).len(), 0, "{registered:#}");
    let code = clinic.ask(ALONE);
    assert!(
        clinic.types(&alice.fresh_code(&host)).accepted(),
        "a pending code changes nothing for the phone"
    );
    assert!(clinic.types(&code).accepted());
    assert!(host.read(AUDIT).contains(r#""method":"mailed recovery code""#));
    let second =
        host.pam(&Script::new(ALONE, "alice").types(CODE, " EMAIL ").types(SENT, &alice.recovery_codes[0]));
    assert!(second.accepted(), "any code will do at the second prompt: {second:#?}");
}

// Row: S2-3
#[test]
fn services_that_deny_it_neither_send_nor_accept() {
    let host = Host::new();
    host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    let code = clinic.ask(ALONE);
    host.service("sudo", "auth required pam_wardkey.so\n");
    let sudo = |typed: &str| host.pam(&Script::new("sudo", "alice").types(CODE, typed));
    let prompted = sudo("email");
    assert_eq!(prompted.result(), PamResult::AuthErr, "no second prompt: {prompted:#?}");
    assert!(!prompted.prompts().contains("email"), "{prompted:#?}");
    assert_eq!(sudo(&code).result(), PamResult::AuthErr);
    assert_eq!(host.mail("alice").len(), 2, "nothing was sent");
    assert!(clinic.types(&code).accepted());
}

/// Each is a way to root: sudo and su are another service when they are asked for a login shell.
#[test]
fn unless_the_site_says_otherwise_mail_makes_nobody_root() {
    let host = Host::new();
    host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    let code = clinic.ask(ALONE);
    for service in ["sudo", "sudo-i", "su", "su-l", "polkit-1"] {
        host.service(service, "auth required pam_wardkey.so\n");
        let prompted = host.pam(&Script::new(service, "alice").types(CODE, "email"));
        assert_eq!(prompted.result(), PamResult::AuthErr, "{service}: {prompted:#?}");
        assert!(!prompted.prompts().contains("email"), "{service}: {prompted:#?}");
    }
    assert_eq!(host.pam(&Script::new("sudo-i", "alice").types(CODE, &code)).result(), PamResult::AuthErr);
    assert_eq!(host.mail("alice").len(), 2, "nothing was sent");
    assert!(clinic.types(&code).accepted());
}

// Row: S2-8
#[test]
fn three_are_sent_in_a_quarter_of_an_hour_by_whatever_process() {
    let host = Host::new();
    host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    let first = clinic.ask(ALONE);
    let second = clinic.ask(ALONE);
    assert_eq!(clinic.types(&first).result(), PamResult::AuthErr, "only the newest");
    let again = host.pam(
        &Script::new(ALONE, "alice").types(CODE, "email").types("No code sent: too many requests", &second),
    );
    assert!(again.accepted(), "the newest works on: {again:#?}");
    let fourth = host.wardkey(&["--json", "enroll", "alice", "--email", ADDRESS], "").exits(1).json();
    assert!(fourth["error"]["message"].as_str().is_some_and(|m| m.contains("Three codes")), "{fourth:#}");
    assert_eq!(host.mail("alice").len(), 3);
}

#[test]
fn wrong_ones_wait_and_a_new_message_resets_nothing() {
    let host = Host::new();
    host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"\n");
    clinic.register();
    let code = clinic.ask(ALONE);
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    assert_eq!(clinic.types(wrong).result(), PamResult::AuthErr);
    assert!(clinic.types(&code).waits());
    let status = host.status("alice");
    assert!(status["wait_until"]["mailed"].is_string(), "{status:#}");
    assert!(status["wait_until"]["authenticator"].is_null(), "{status:#}");
    let asked = host.pam(&Script::new(ALONE, "alice").types(CODE, "email").types("No code sent", &code));
    assert!(asked.waits(), "{asked:#?}");
    assert_eq!(host.mail("alice").len(), 2);
}

#[test]
fn in_one_entry_with_the_password() {
    let host = Host::new();
    host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    host.service("locker", "auth required pam_wardkey.so forward_pass\n");
    let code = clinic.ask(ALONE);
    let script = Script::new("locker", "alice").types("Password, then your code", format!("secret{code}"));
    assert!(host.pam(&script).accepted());
    let asked = Script::new("locker", "alice").types("Password, then", "email").types(SENT, "secret");
    assert_eq!(host.pam(&asked).result(), PamResult::AuthErr);
    let code = code_in(&clinic.post.newest("alice", 3));
    let script = Script::new("locker", "alice").types("Password, then your code", format!("secret{code}"));
    assert!(host.pam(&script).accepted());
}

#[test]
fn a_persons_own_program_asks_for_its_own_mail_alone() {
    let host = Host::new();
    host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    let asked = host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, "email").types(SENT, ""));
    assert_eq!(asked.result(), PamResult::AuthErr);
    let code = code_in(&clinic.post.newest("alice", 2));
    assert!(host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, &code)).accepted());
}

#[test]
fn a_person_without_address_is_told_what_somebody_unknown_is_told() {
    let host = Host::new();
    host.person("alice");
    let _clinic = Clinic::open(&host, "recovery", "");
    let told = ["alice", "nobody-at-all"].map(|name| {
        let script = Script::new(ALONE, name).types(CODE, "email").types("No code can be mailed", "12345678");
        let transcript = host.pam(&script);
        assert_eq!(transcript.result(), PamResult::AuthErr);
        transcript.seen()
    });
    assert_eq!(told[0], told[1]);
}

// Row: S1-24
#[test]
fn a_change_is_told_to_the_registered_address() {
    let host = Host::new();
    host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    host.json(&["reset", "alice", "--verified-by", "badge"], "");
    let notice = clinic.post.newest("alice", 2);
    assert!(notice.contains("It was reset") && notice.contains(SUPPORT), "{notice}");
    assert_eq!(host.status("alice")["email"], serde_json::Value::Null, "a reset voids the address");
}

#[test]
fn a_replaced_phone_is_told_to_the_registered_address() {
    let host = Host::new();
    let alice = host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    let input = format!("{PASSWORD}\n{}\n", alice.recovery_codes[0]);
    let begun = host.wardkey_as("alice", &["replace", "--json"], &input).exits(0).json();
    let code = Authenticator::from_enrolment(&begun).code(host.now() / 30);
    host.wardkey_as("alice", &["confirm", "--json"], &format!("{code}\n")).exits(0);
    let notice = clinic.post.newest("alice", 2);
    assert!(notice.contains("took the place of the old one") && notice.contains(SUPPORT), "{notice}");
}

#[test]
fn an_address_counts_only_once_its_own_code_was_shown() {
    let host = host();
    let clinic = Clinic::open(&host, "factor", "");
    host.json(&["enroll", "alice", "--email", ADDRESS], "");
    assert_eq!(host.state("alice"), "pending");
    let code = code_in(&clinic.post.newest("alice", 1));
    assert_eq!(clinic.types(&code).result(), PamResult::AuthErr, "it opens no login");
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    host.wardkey(&["--json", "confirm", "alice"], &format!("{wrong}\n")).exits(1);
    host.json(&["confirm", "alice"], &format!("{code}\n"));
    host.wardkey(&["--json", "confirm", "alice"], &format!("{code}\n")).exits(1);
    assert_eq!(host.state("alice"), "enrolled");
}

#[test]
fn at_a_terminal_the_code_is_asked_at_once_and_the_old_address_told() {
    let host = Host::new();
    host.person("alice");
    host.add_account("carol");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    let command = host.built("wardkey");
    let new = "carol@clinic.example";
    let mut terminal =
        Terminal::start(&host, command.to_str().expect("a plain path"), &["enroll", "alice", "--email", new]);
    terminal.expect("Code from the message (8 digits):");
    let code = code_in(&clinic.post.newest("carol", 1));
    let wrong = if code == "00000000" { "00000001" } else { "00000000" };
    terminal.type_line(wrong);
    terminal.expect("The code is wrong.");
    terminal.answer("Code from the message (8 digits):", &code);
    let (status, text) = terminal.finish();
    assert!(
        status.success() && text.contains("carol@clinic.example is the registered address of alice"),
        "{text}"
    );
    assert!(!text.contains("recovery codes. Each opens"), "those there stay: {text}");
    assert_eq!(host.status("alice")["email"], new);
    let notice = clinic.post.newest("alice", 2);
    assert!(notice.contains("no longer go to this address"), "{notice}");
}

// Row: S2-8
#[test]
fn a_server_that_is_down_or_hangs_delays_no_login_beyond_the_deadline() {
    let host = Host::new();
    let alice = host.person("alice");
    let clinic = Clinic::open(&host, "recovery", "");
    clinic.register();
    let hanging = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let ports = [free_port(), hanging.local_addr().expect("its number").port()];
    for (port, recovery) in ports.into_iter().zip(&alice.recovery_codes) {
        host.configure(&format!(
            "[email]\nmode = \"recovery\"\nfrom = \"wardkey@clinic.example\"\nport = {port}\n[helper]\ndeadline = \"3s\"\n"
        ));
        let begun = Instant::now();
        let login = host
            .pam(&Script::new(ALONE, "alice").types(CODE, "email").types("could not be mailed", recovery));
        assert!(login.accepted(), "another code still opens: {login:#?}");
        // Without a deadline of its own it would wait for the kernel's, two minutes.
        assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    }
    let _ = host.syslog().authpriv(&["connecting to the mail server: no answer within the deadline"]);
}

#[test]
fn without_a_helper_the_login_says_that_nothing_was_mailed() {
    let host = Host::new();
    let alice = host.person("alice");
    host.configure("[email]\nmode = \"recovery\"\nfrom = \"wardkey@clinic.example\"\n");
    let login = host.pam(
        &Script::new(ALONE, "alice")
            .types(CODE, "email")
            .types("could not be mailed", &alice.recovery_codes[0]),
    );
    assert!(login.accepted(), "{login:#?}");
    let refused = host.wardkey(&["--json", "enroll", "alice", "--email", ADDRESS], "").exits(3).json();
    assert!(refused["error"]["hint"].as_str().is_some_and(|h| h.contains("wardkey-helper")), "{refused:#}");
}
