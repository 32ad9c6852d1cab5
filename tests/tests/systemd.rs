//! Under systemd: the shipped units, and a helper that is given its socket.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::programs::smtp::{Postfix, code_in};
use wardkey_tests::proof::outcome::run;

const UNITS: [(&str, &str); 2] = [
    ("wardkey-helper.socket", include_str!("../../packaging/systemd/wardkey-helper.socket")),
    ("wardkey-helper.service", include_str!("../../packaging/systemd/wardkey-helper.service")),
];

#[test]
fn a_socket_that_systemd_gives_is_served() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _activator = host.activate_helper(&[]);
    let code = alice.fresh_code(&host);
    let script = Script::new(ALONE, "alice").types(CODE, &code);
    assert!(host.pam_as("alice", &script).accepted(), "{}", host.syslog().text());
    assert!(!host.pam_as("alice", &script).accepted(), "once");
}

/// A host with mail, grace and an enrolled person.
fn clinic<'w>(host: &'w Host, transport: &str) -> (Postfix<'w>, Person) {
    let post = Postfix::start(host);
    let port = post.port;
    host.configure(&format!(
        "[email]\nmode = \"recovery\"\nfrom = \"wardkey@clinic.example\"\nport = {port}\n\
         transport = \"{transport}\"\n[service.alone]\nunlock_grace = \"1h\"\n"
    ));
    let alice = host.person("alice");
    (post, alice)
}

/// Every way through the helper: codes of each kind, right and wrong, mail, and actions with the login password.
fn go_every_way(host: &Host, post: &Postfix<'_>, alice: &mut Person) {
    let types = |reply: &str| host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, reply));
    assert!(types(&alice.fresh_code(host)).accepted(), "{}", host.syslog().text());
    assert!(types(&alice.recovery_codes[0]).accepted(), "{}", host.syslog().text());
    host.json(&["enroll", "alice", "--email", "alice@clinic.example"], "");
    let code = code_in(&post.newest("alice", 1));
    host.json(&["confirm", "alice"], &format!("{code}\n"));
    let asks = Script::new(ALONE, "alice").types(CODE, "email").types("A code was sent", "");
    assert_eq!(host.pam_as("alice", &asks).result(), PamResult::AuthErr, "nothing typed");
    assert!(types(&code_in(&post.newest("alice", 2))).accepted(), "{}", host.syslog().text());
    let proof = format!("{PASSWORD}\n{}\n", alice.fresh_code(host));
    host.wardkey_as("alice", &["recovery-codes", "--json"], &proof).exits(0);
    let proof = format!("{PASSWORD}\n{}\n", alice.fresh_code(host));
    host.wardkey_as("alice", &["authenticator", "add", "alice", "tablet", "--json"], &proof).exits(0);
    host.wardkey_as("alice", &["status", "--json"], "").exits(0);
    let wrong = format!("not that\n{}\n", alice.fresh_code(host));
    host.wardkey_as("alice", &["recovery-codes", "--json"], &wrong).exits(1);
    assert!(!types(&alice.wrong_code(host)).accepted());
}

/// The values of a key of the service.
fn values(key: &str) -> impl Iterator<Item = &str> {
    UNITS[1].1.lines().filter_map(move |line| line.strip_prefix(key)?.strip_prefix('='))
}

/// The system calls of systemd's sets, those that a set names by another included.
fn members(sets: &BTreeMap<String, Vec<String>>, name: &str) -> BTreeSet<String> {
    match sets.get(name) {
        Some(inner) => inner.iter().flat_map(|name| members(sets, name)).collect(),
        None => BTreeSet::from([name.to_owned()]),
    }
}

/// What the service's filter lets through, as systemd reads it: the first line allows, later ones take away.
fn allowed() -> BTreeSet<String> {
    let listed =
        run(Command::new("systemd-analyze").args(["--no-pager", "syscall-filter"]), b"").exits(0).stdout;
    let mut sets: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut current = None;
    for line in listed.lines() {
        if line.starts_with('@') {
            current = Some(line.to_owned());
        } else if let (Some(set), Some(name)) = (&current, line.strip_prefix("    ")) {
            if !name.starts_with('#') {
                sets.entry(set.clone()).or_default().push(name.to_owned());
            }
        } else if !line.trim().is_empty() {
            current = None;
        }
    }
    let mut allowed = BTreeSet::new();
    for line in values("SystemCallFilter") {
        let (taken, names) = line.strip_prefix('~').map_or((false, line), |names| (true, names));
        for call in names.split(' ').flat_map(|name| members(&sets, name)) {
            if taken {
                allowed.remove(&call)
            } else {
                allowed.insert(call)
            };
        }
    }
    // systemd never takes these away.
    allowed.extend(members(&sets, "@default"));
    allowed
}

#[test]
fn the_units_filter_lets_every_system_call_of_the_helper_through() {
    let host = Host::new();
    let (post, mut alice) = clinic(&host, "smtp");
    host.shell("mkdir /run/trace").exits(0);
    // As a grandchild, so that the helper has the number that it is told.
    let _helper = host.activate_helper(&["/usr/bin/strace", "-D", "-ff", "-qq", "-o", "/run/trace/of"]);
    go_every_way(&host, &post, &mut alice);
    let traces = host.shell("cat /run/trace/of.*").exits(0).stdout;
    let is_name = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let made: BTreeSet<&str> =
        traces.lines().filter_map(|line| Some(line.split_once('(')?.0)).filter(is_name).collect();
    for call in ["accept4", "close_range", "connect", "fdatasync", "mlockall", "clone3", "prctl"] {
        assert!(made.contains(call), "the trace has no {call}: {made:?}");
    }
    let allowed = allowed();
    assert!(!allowed.contains("mount") && !allowed.contains("setrlimit"), "the filter was not read");
    let refused: Vec<_> = made.iter().filter(|call| !allowed.contains(**call)).collect();
    assert!(refused.is_empty(), "the service would refuse {refused:?}");
}

#[test]
fn the_units_capabilities_are_enough_for_everything() {
    let capabilities: Vec<String> = values("CapabilityBoundingSet")
        .flat_map(|line| line.split(' '))
        .map(|name| name.replace("CAP_", "+").to_lowercase())
        .collect();
    let bounds = format!("-all,{}", capabilities.join(","));
    let starter =
        ["/usr/bin/setpriv", "--no-new-privs", "--bounding-set", &bounds, "--inh-caps", "-all", "--"];
    for transport in ["smtp", "sendmail"] {
        let host = Host::new();
        let (post, mut alice) = clinic(&host, transport);
        let _activator = host.activate_helper(&starter);
        go_every_way(&host, &post, &mut alice);
    }
}

#[test]
fn the_units_are_as_tight_as_we_say() {
    let host = Host::new();
    host.write("/home/wardkey-helper.service", UNITS[1].1.replace("@HELPER@", "/bin/true"));
    let unit = host.path("/home/wardkey-helper.service");
    let mut command = Command::new("systemd-analyze");
    // 25, of 100; other versions of systemd count a little otherwise.
    command.args(["--no-pager", "security", "--offline=yes", "--threshold=27"]).arg(unit);
    run(&mut command, b"").exits(0);
}

#[test]
fn the_shipped_units_are_sound() {
    let host = Host::new();
    let helper = host.built("wardkey-helper");
    for (name, unit) in UNITS {
        let unit = unit.replace("@HELPER@", helper.to_str().expect("a plain path"));
        // The manual pages are not installed here.
        let unit: String = unit
            .lines()
            .filter(|line| !line.starts_with("Documentation="))
            .map(|line| format!("{line}\n"))
            .collect();
        host.write(&format!("/home/{name}"), unit);
    }
    let socket = host.path("/home/wardkey-helper.socket");
    let verified = run(Command::new("systemd-analyze").arg("verify").arg(socket), b"").exits(0);
    assert_eq!(verified.stderr, "", "{verified:?}");
}
