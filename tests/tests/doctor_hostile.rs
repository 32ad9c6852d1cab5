//! `doctor` runs as root over whatever others wrote or left: nothing of it steers a terminal, spoils the JSON or holds it up.

use std::os::fd::{AsRawFd, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{AddressFamily, Backlog, SockFlag, SockType, UnixAddr, bind, connect, listen, socket};
use serde_json::Value;
use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::example;
use wardkey_tests::programs::helper::SOCKET;

/// A host with Debian's files and an example that asks for codes.
fn host(tables: &str) -> Host {
    let host = Host::with_config(tables);
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    example::install(&host, "sudo");
    host
}

/// What is found of this name.
fn found(host: &Host, id: &str) -> Vec<Value> {
    let outcome = host.wardkey(&["--json", "doctor"], "");
    let mut answer: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {outcome:?}"));
    let mut findings = answer["findings"].as_array_mut().map(std::mem::take).expect("findings");
    findings.retain(|finding| finding["id"] == id);
    findings
}

#[test]
fn what_files_hold_steers_no_terminal_and_spoils_no_json() {
    let host = host("");
    host.must("mkdir -p /etc/sudoers.d /etc/gdm3");
    host.write("/etc/sudoers", "\u{1b}[2Jbob\u{202e} ALL=(ALL) NOPASSWD: ALL\n@includedir /etc/sudoers.d\n");
    host.must(
        "printf 'eve\\377 ALL=(ALL) NOPASSWD: ALL\\n' > \"$(printf '/etc/sudoers.d/e\\377\\033[31m')\"",
    );
    host.write(
        "/etc/gdm3/daemon.conf",
        "[daemon]\nAutomaticLoginEnable=1\nAutomaticLogin=\u{1b}]0;ward\u{7}\n",
    );
    host.service(
        "login",
        "auth re\u{1b}[2Jquired pam_unix.so\nauth required \u{9b}31m.so\nauth requisite pam_wardkey.so\n",
    );
    host.must("cp /etc/pam.d/sudo \"$(printf '/etc/pam.d/sudo.dpkg-dist')\"");
    host.must("mkfifo \"$(printf '/etc/pam.d/\\033[2J')\"");
    for arguments in [["doctor", "--color", "always"].as_slice(), &["config", "check", "--color", "always"]] {
        let outcome = host.wardkey(arguments, "");
        // Its own colours, of its own heading.
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        let said = ["\u{1b}[1m", "\u{1b}[31m", "\u{1b}[33m", "\u{1b}[0m"]
            .iter()
            .fold(said, |said, own| said.replace(own, ""));
        let is_bare = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!said.contains(is_bare), "{arguments:?}: {said:?}");
    }
    let shown = host.wardkey(&["doctor"], "").stdout;
    for words in ["\\u{1b}[2Jbob\\u{202e}", "\\u{1b}]0;ward\\u{7}", "/etc/sudoers.d/e\u{fffd}\\u{1b}[31m:1"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let unasked = found(&host, "sudo-asks-nothing");
    let places: Vec<_> = unasked.iter().map(|finding| finding["where"].as_str().expect("a place")).collect();
    assert_eq!(places, ["/etc/sudoers:1", "/etc/sudoers.d/e\u{fffd}\u{1b}[31m:1"]);
}

#[test]
fn an_sshd_that_hangs_or_never_ends_its_words_is_not_waited_for() {
    let host = host("");
    example::install(&host, "sshd");
    for (script, words) in [
        ("exec sleep 600", "does not answer"),
        ("exec cat /dev/zero", "does not answer"),
        ("echo \"$HOME\" >&2; exit 1", "in force: \""),
    ] {
        host.write("/var/sshd", format!("#!/bin/sh\n{script}\n"));
        host.must("chmod 755 /var/sshd; mount --bind /var/sshd /usr/sbin/sshd");
        let found = found(&host, "sshd-unreadable");
        let what = found.iter().map(|finding| finding["what"].to_string()).collect::<String>();
        assert!(what.contains(words), "{script}: {what}");
        host.must("umount /usr/sbin/sshd");
    }
}

#[test]
fn a_helper_that_takes_nobody_is_not_waited_for() {
    let host = host("[helper]\ndeadline = \"1s\"\n");
    host.must("mkdir -p /run/wardkey");
    let address = UnixAddr::new(&host.path(SOCKET)).expect("a short path");
    let open =
        || socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_NONBLOCK, None).expect("a socket");
    let helper = open();
    bind(helper.as_raw_fd(), &address).expect("bound");
    listen(&helper, Backlog::new(1).expect("small")).expect("listening");
    let mut waiting: Vec<OwnedFd> = Vec::new();
    let last = loop {
        let caller = open();
        match connect(caller.as_raw_fd(), &address) {
            Ok(()) => waiting.push(caller),
            Err(why) => break why,
        }
    };
    assert_eq!(last, Errno::EAGAIN, "after {}", waiting.len());
    let silent = found(&host, "helper-silent");
    assert!(
        silent.iter().any(|finding| finding["what"].to_string().contains("it takes no connection")),
        "{silent:?}"
    );
}

#[test]
fn a_maze_of_lines_is_named_and_not_walked_to_its_end() {
    let host = host("");
    let modules =
        ["unix", "u2f", "fprintd", "oath", "pkcs11", "howdy", "rootok", "mount", "gnome_keyring", "wardkey"];
    let line = |number: usize| {
        let module = modules[number % modules.len()];
        let control = ["success=1 default=ok", "success=ok default=2", "success=2 default=bad"][number % 3];
        format!("auth [{control}] pam_{module}.so\n")
    };
    host.service("login", &(0..900).map(line).collect::<String>());
    let unknown = found(&host, "too-wide");
    let is_of_login = |finding: &Value| finding["what"].to_string().contains("login");
    assert!(unknown.iter().any(is_of_login), "{unknown:?}");
}
