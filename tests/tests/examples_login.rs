//! The PAM examples that are shipped, logged in with: by their own programs, or by ours where those cannot run here.

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::Door::{Account, Auth};
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::outcome::Outcome;

const WRONG_PASSWORD: &str = "not the password";
/// Of Debian's own files.
const SU_LOGIN: &str = "session optional pam_keyinit.so force revoke\n@include su\n";

fn opens_to_right_codes_only(program: ConsoleProgram, name: &str) {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    example::install(&host, name);
    host.service("su-l", SU_LOGIN);
    let mut alice = host.person("alice");
    let right = alice.fresh_code(&host);
    for (code, opens) in [(alice.wrong_code(&host), false), (right.clone(), true), (right, false)] {
        let entry = program.attempt(&host, "alice", &code);
        assert_eq!(entry.accepted, opens, "{name}: {}\n{}", entry.text, host.syslog().text());
    }
}

#[test]
fn the_example_of_login() {
    opens_to_right_codes_only(ConsoleProgram::Login, "login");
}

#[test]
fn the_example_of_su() {
    opens_to_right_codes_only(ConsoleProgram::Su, "su");
}

#[test]
fn the_example_of_sudo() {
    opens_to_right_codes_only(ConsoleProgram::Sudo, "sudo");
}

/// sudo asks another service for a login shell: the file of `sudo` itself refuses everybody here.
#[test]
fn the_example_of_sudo_for_a_login_shell() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    example::install(&host, "sudo-i");
    host.service("sudo", "auth required pam_deny.so\naccount required pam_deny.so\n");
    let mut alice = host.person("alice");
    let right = alice.fresh_code(&host);
    for (code, opens) in [(alice.wrong_code(&host), false), (right.clone(), true), (right, false)] {
        let command = "exec sudo -k -i sh -c 'echo in-$(id -un)'";
        let user = ["--reuid=alice", "--regid=alice", "--init-groups", "sh", "-c", command];
        let mut terminal = Terminal::start(&host, "setpriv", &user);
        terminal.answer("[sudo] password for", PASSWORD);
        terminal.answer(CODE, &code);
        let (_, text) = terminal.finish();
        assert_eq!(text.contains("in-root"), opens, "{text}");
    }
}

#[test]
fn a_key_and_a_code_open_ssh_without_a_password() {
    let host = Host::new();
    let without_password = example::text("sshd").replace("@include common-auth", "#@include common-auth");
    host.service("sshd", &without_password);
    let mut alice = host.person("alice");
    let right = alice.fresh_code(&host);
    let sshd = Sshd::start(&host, "publickey,keyboard-interactive", "");
    let key = sshd.authorise_key("alice");
    let opens = |outcome: &Outcome| outcome.code() == Some(0) && outcome.stdout.trim() == "alice";
    assert!(!opens(&sshd.ssh("alice", &[&right], &[])), "a code without the key");
    assert!(!opens(&sshd.ssh("alice", &[&alice.wrong_code(&host)], &["-i", &key])), "a wrong code");
    assert!(opens(&sshd.ssh("alice", &[&right], &["-i", &key])), "{}", host.syslog().text());
    assert!(!sshd.prompts().contains("assword"), "{}", sshd.prompts());
}

#[test]
fn the_example_of_sshd() {
    let host = Host::new();
    example::install(&host, "sshd");
    let mut alice = host.person("alice");
    let right = alice.fresh_code(&host);
    let sshd = Sshd::start(&host, "keyboard-interactive", "");
    let opens = |outcome: &Outcome| outcome.code() == Some(0) && outcome.stdout.trim() == "alice";
    assert!(!opens(&sshd.ssh("alice", &[&alice.wrong_code(&host)], &[])), "a wrong code");
    assert!(!opens(&sshd.ssh_with_password("alice", WRONG_PASSWORD, &[&right], &[])), "a wrong password");
    let entry = sshd.ssh("alice", &[&right], &[]);
    assert!(opens(&entry), "a right code: {entry:?}\n{}", host.syslog().text());
    assert!(!opens(&sshd.ssh("alice", &[&right], &[])), "a replayed code");
}

/// Every example by our own PAM application, with Debian's own `common-` files; but for su, which lets root in unasked,
/// and for the end of common-auth, which is no service.
#[test]
fn every_example_by_libpam() {
    let host = Host::new();
    let mut alice = host.person("alice");
    for name in example::names().into_iter().filter(|name| !["common-auth", "su"].contains(&name.as_str())) {
        example::install(&host, &name);
        let combined = example::text(&name).contains("pam_wardkey.so forward_pass");
        let logs_in = |password: &str, code: &str| login(&host, &name, combined, password, code);
        let right = alice.fresh_code(&host);
        let wrong = alice.wrong_code(&host);
        assert_ne!(logs_in(PASSWORD, &wrong)[0], PamResult::Success, "{name}: a wrong code");
        // In one entry the code is looked at first and is then spent, whatever the password.
        let spare = if combined { alice.fresh_code(&host) } else { right.clone() };
        assert_ne!(logs_in(WRONG_PASSWORD, &spare)[0], PamResult::Success, "{name}: a wrong password");
        let right = if combined { alice.fresh_code(&host) } else { right };
        let results = logs_in(PASSWORD, &right);
        assert_eq!(results, [PamResult::Success; 2], "{name}: {}", host.syslog().text());
        assert_ne!(logs_in(PASSWORD, &right)[0], PamResult::Success, "{name}: a replayed code");
        forgets(&host, &mut alice);
    }
}

fn login(host: &Host, name: &str, combined: bool, password: &str, code: &str) -> Vec<PamResult> {
    let script = Script::new(name, "alice").doors(&[Auth, Account]);
    let script = match (combined, password) {
        (true, _) => script.types("Password, then your code", format!("{password}{code}")),
        (false, WRONG_PASSWORD) => script.types("assword", password),
        (false, _) => script.types("assword", password).types(CODE, code),
    };
    host.pam(&script).results().to_vec()
}

/// Codes run ahead of the clock when they are typed this fast: some minutes later.
fn forgets(host: &Host, alice: &mut Person) {
    host.wardkey(&["unlock", "alice"], "").exits(0);
    host.advance(120);
    alice.last_step = alice.last_step.max(alice.step(host));
}
