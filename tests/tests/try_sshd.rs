//! `try` of sshd: a real one on this machine, by its own configuration, and a real client.

use wardkey_tests::machine::host::{AUDIT, CODE, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::documents::read;

const EXAMPLE: &str = "config/sshd_config.d/00-wardkey.conf";

/// A host as a site has it: Debian's `sshd_config`, our drop-in, our service.
fn host(lines: &str) -> Host {
    let host = Host::new();
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    example::install(&host, "sshd");
    host.must("rm -f /etc/ssh/sshd_config.d/*; ssh-keygen -q -A");
    host.write(
        "/etc/ssh/sshd_config",
        format!("Include /etc/ssh/sshd_config.d/*.conf\nPort 1\nUsePAM yes\n{lines}"),
    );
    host.write("/etc/ssh/sshd_config.d/00-wardkey.conf", read(EXAMPLE).expect(EXAMPLE));
    host
}

fn start(host: &Host) -> Terminal {
    let wardkey = host.built("wardkey");
    Terminal::start(host, wardkey.to_str().expect("plain"), &["try", "alice", "--service", "sshd"])
}

/// The status, and everything on the screen.
fn attempt(host: &Host, code: &str) -> (Option<i32>, String) {
    let mut terminal = start(host);
    terminal.answer("assword: ", PASSWORD);
    terminal.answer(CODE, code);
    let (status, text) = terminal.finish();
    (status.code(), text)
}

#[test]
fn it_ends_as_a_login_there_ends() {
    let host = host("Match Address 10.0.0.0/8\n  MaxAuthTries 2\nMatch User alice\n  MaxAuthTries 3\n");
    host.configure(
        "[[exempt]]\nnetwork = \"10.0.0.0/8\"\nreason = \"ward\"\napproved_by = \"Dr Roy\"\nuntil = 2099-01-31\n",
    );
    let mut alice = host.person("alice");
    let real = Sshd::start(&host, "keyboard-interactive", "");
    for is_right in [false, true] {
        let mut code = || if is_right { alice.fresh_code(&host) } else { alice.wrong_code(&host) };
        assert_eq!(real.ssh("alice", &[&code()], &[]).code() == Some(0), is_right);
        let (status, text) = attempt(&host, &code());
        assert_eq!(status, Some(if is_right { 0 } else { 1 }), "{text}\n{}", host.syslog().text());
        let end =
            if is_right { "alice gets in through sshd." } else { "alice does not get in through sshd." };
        let spent = if is_right { "Cost: one code of" } else { "a wrong code was counted" };
        for part in [
            end,
            spent,
            "opens a session",
            "Not tried: Match Address 10.0.0.0/8.",
            "Not tried: the exemption of 10.0.0.0/8.",
        ] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        assert!(!text.contains("Match User"), "{text}");
    }
    let used = alice.used_code();
    assert_eq!(attempt(&host, &used).0, Some(1), "a replayed code");
    assert!(host.read(AUDIT).contains("\"event\":\"try\",\"user\":\"alice\",\"service\":\"sshd\""));
}

#[test]
fn what_sshd_keeps_from_a_try_is_said() {
    for (lines, part, status) in [
        ("AuthenticationMethods publickey,keyboard-interactive\n", "asks for a key before it asks PAM", 1),
        ("NoSuchKeyword yes\n", "does not say what is in force", 3),
    ] {
        let host = host(lines);
        host.must("rm /etc/ssh/sshd_config.d/*");
        host.person("alice");
        let (ended, text) = start(&host).finish();
        assert!(text.contains(part), "{text}");
        assert_eq!(ended.code(), Some(status), "{text}");
    }
}

#[test]
fn an_account_without_a_shell_does_not_get_in() {
    let host = host("");
    let mut alice = host.person("alice");
    host.must("sed -i '/^alice:/s,/bin/sh,/usr/sbin/nologin,' /etc/passwd");
    let (status, text) = attempt(&host, &alice.fresh_code(&host));
    assert_eq!(status, Some(1), "{text}");
    assert!(text.contains("the session ended with status 1") && text.contains("Cost: one code of"), "{text}");
}

#[test]
fn ctrl_c_ends_client_and_server_and_gives_the_terminal_back() {
    let host = host("");
    host.person("alice");
    let wardkey = host.built("wardkey");
    let line = format!("trap : INT; {} try alice --service sshd; stty; echo end-$?", wardkey.display());
    let mut terminal = Terminal::start(&host, "sh", &["-c", &line]);
    terminal.expect("assword: ");
    terminal.is_hidden();
    terminal.type_line("\u{3}");
    let after = terminal.expect("end-");
    assert!(!after.contains("-echo"), "{after}");
}
