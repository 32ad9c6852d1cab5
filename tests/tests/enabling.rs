//! `enable` and `disable` on files of its own: killed anywhere, on full and read-only disks, beside somebody who edits.

use std::collections::BTreeMap;

use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::machine::interrupt::{Call, changing_calls, fail_at, kill_at};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::proof::outcome::Outcome;

/// What is switched on; i3lock follows, since its file includes `login`.
const ENABLE: [&str; 5] = ["enable", "login", "sudo", "polkit-1", "--no-revert"];
const DISABLE: [&str; 2] = ["disable", "--all"];

/// Debian's files, as its packages bring them.
const STOCK: [(&str, &str); 4] = [
    (
        "login",
        "auth optional pam_faildelay.so delay=3000000\n@include common-auth\n@include common-account\n@include common-session\n@include common-password\n",
    ),
    (
        "sudo",
        "session required pam_limits.so\n@include common-auth\n@include common-account\n@include common-session-noninteractive\n",
    ),
    ("i3lock", "# Debian's own\nauth include login\n"),
    (
        "polkit-1",
        "@include common-auth\n@include common-account\n@include common-password\nsession required pam_permit.so\n",
    ),
];

/// A host with Debian's files, and somebody enrolled who can become root.
pub(crate) fn host() -> Host {
    let host = Host::new();
    example::COMMON.iter().chain(&STOCK).for_each(|(name, text)| host.service(name, text));
    for name in ["sshd", "su", "su-l", "separate", "alone"] {
        host.shell(&format!("rm /etc/pam.d/{name}")).exits(0);
    }
    host.append("/etc/group", "sudo:x:27:alice");
    host.install_module();
    host
}

/// Every file of PAM's and what it holds.
pub(crate) fn files(host: &Host) -> BTreeMap<String, String> {
    let names = host.shell("ls -A /etc/pam.d").exits(0).stdout;
    names.lines().map(|name| (name.to_owned(), host.read(&format!("/etc/pam.d/{name}")))).collect()
}

fn restore(host: &Host, before: &BTreeMap<String, String>) {
    host.shell("rm -rf /etc/pam.d /var/lib/wardkey/enabled; mkdir -m 755 /etc/pam.d").exits(0);
    before.iter().for_each(|(name, text)| host.service(name, text));
}

fn lines_of_ours(files: &BTreeMap<String, String>) -> Vec<&str> {
    let ours = files.iter().filter(|(_, text)| text.contains("pam_wardkey.so"));
    ours.map(|(name, _)| name.as_str()).filter(|name| *name != "wardkey").collect()
}

#[test]
fn what_is_switched_on_asks_and_what_is_switched_off_is_as_it_was() {
    let host = host();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    host.wardkey(&ENABLE, "").exits(0);
    assert_eq!(lines_of_ours(&files(&host)), ["i3lock", "login", "polkit-1", "sudo", "swaylock"]);
    for service in ["login", "sudo", "polkit-1"] {
        let script = || Script::new(service, "alice").types("assword: ", PASSWORD);
        assert!(!host.pam(&script().types(CODE, "000000")).accepted(), "{service}");
    }
    let code = &alice.recovery_codes[0];
    let right = Script::new("login", "alice").types("assword: ", PASSWORD).types(CODE, code);
    assert!(host.pam(&right).accepted());
    host.wardkey(&DISABLE, "").exits(0);
    assert_eq!(files(&host), before);
    assert!(host.pam(&Script::new("login", "alice").types("assword: ", PASSWORD)).accepted());
}

/// After a kill nobody is locked out, and one command puts everything back, or goes on.
#[test]
fn enable_and_disable_may_be_killed_anywhere() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    let enable = host.wardkey_command(&ENABLE);
    let (outcome, calls) = changing_calls(&host, &enable, b"");
    outcome.exits(0);
    let on = files(&host);
    assert!(calls.len() > 30, "{calls:?}");
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        restore(&host, &before);
        assert_ne!(kill_at(&enable, call, b"").code(), Some(0), "not killed at {}", call.line);
        host.wardkey(&DISABLE, "").exits(0);
        assert_eq!(files(&host), before, "killed at {}", call.line);
        host.wardkey(&ENABLE, "").exits(0);
        assert_eq!(files(&host), on, "killed at {}", call.line);
    }
    let disable = host.wardkey_command(&DISABLE);
    let (outcome, calls) = changing_calls(&host, &disable, b"");
    outcome.exits(0);
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        restore(&host, &before);
        host.wardkey(&ENABLE, "").exits(0);
        assert_ne!(kill_at(&disable, call, b"").code(), Some(0), "not killed at {}", call.line);
        host.wardkey(&DISABLE, "").exits(0);
        assert_eq!(files(&host), before, "killed at {}", call.line);
    }
}

/// What cannot be written changes nothing, or is put back whole, and says so.
#[test]
fn enable_on_a_failing_disk_leaves_every_file_as_it_was() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let before = files(&host);
    let enable = host.wardkey_command(&ENABLE);
    let (outcome, calls) = changing_calls(&host, &enable, b"");
    outcome.exits(0);
    let on = files(&host);
    let of_files = |call: &&Call| {
        ["/etc/pam.d", "journal"].iter().any(|part| call.line.contains(part)) && !call.line.contains("pipe:")
    };
    for call in calls.iter().filter(of_files) {
        restore(&host, &before);
        let outcome = fail_at(&enable, call, "ENOSPC", b"");
        let now = files(&host);
        let is_whole = if outcome.code() == Some(0) { now == on } else { now == before };
        assert!(is_whole, "{}: {outcome:?}\n{now:?}", call.line);
    }
}

pub(crate) fn refuses(host: &Host, arguments: &[&str], words: &str) -> Outcome {
    let before = files(host);
    let outcome = host.wardkey(arguments, "");
    assert!([Some(1), Some(2), Some(3)].contains(&outcome.code()), "{outcome:?}");
    assert!(outcome.stderr.contains(words), "{outcome:?}");
    assert_eq!(files(host), before);
    outcome
}

#[test]
fn what_would_lock_somebody_out_is_not_switched_on() {
    let host = host();
    refuses(&host, &["enable", "login"], "systemd does not run this machine");
    refuses(&host, &ENABLE, "nobody who can become root is enrolled");
    refuses(&host, &["enable", "login", "--print"], "nobody who can become root is enrolled");
    let _alice = host.person("alice");
    refuses(&host, &["enable", "login", "--no-revert"], "helper");
    let _helper = host.start_helper();
    refuses(&host, &["enable", "logn", "--no-revert"], "logn");
    refuses(&host, &["enable", "--no-revert"], "no service is named");
    refuses(&host, &["disable", "login"], "login was not switched on");
    host.service("sudo", "auth sufficient pam_unix.so\nauth required pam_deny.so\n");
    refuses(&host, &["enable", "sudo", "--no-revert"], "no place for wardkey's line is proven");
}

#[test]
fn what_somebody_edits_while_it_is_on_stays() {
    let host = host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let mut before = files(&host);
    host.wardkey(&ENABLE, "").exits(0);
    let edited = format!("{}# a note\n", host.read("/etc/pam.d/sudo"));
    host.service("sudo", &edited);
    host.wardkey(&DISABLE, "").exits(0);
    before.entry("sudo".to_owned()).and_modify(|text| text.push_str("# a note\n"));
    assert_eq!(files(&host), before);
}
