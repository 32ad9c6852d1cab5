//! A configuration that is a link, as on NixOS: read where nobody but root could change the link or what it leads to.

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::proof::outcome::run;

/// /etc/wardkey/wardkey.toml -> /etc/static/wardkey/wardkey.toml, /etc/static -> /var/store/hash-etc/etc, and there a link to
/// a file that has a second name, as Nix gives to files that are alike.
const LINKED: &str = "mkdir -p /var/store/hash-etc/etc/wardkey && chmod 1775 /var/store && chgrp bob /var/store && \
    mv /etc/wardkey/wardkey.toml /var/store/hash-toml && ln /var/store/hash-toml /var/store/links && \
    ln -s ../../../hash-toml /var/store/hash-etc/etc/wardkey/wardkey.toml && \
    ln -s /var/store/hash-etc/etc /etc/static && ln -s /etc/static/wardkey/wardkey.toml /etc/wardkey/wardkey.toml";

fn host() -> Host {
    let host = Host::new();
    host.add_account("bob");
    host.must(LINKED);
    host
}

/// Nobody is asked for anything by a configuration that does not load.
fn refuses(host: &Host) -> bool {
    host.pam(&Script::new(ALONE, "alice")).result() == PamResult::ServiceErr
}

#[test]
fn a_link_of_roots_all_the_way_is_read_by_all() {
    let host = host();
    let mut alice = host.person("alice");
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "{}", host.syslog().text());
    host.wardkey(&["config", "check"], "").exits(0);
    let _helper = host.start_helper();
    let script = Script::new(ALONE, "alice").types(CODE, alice.fresh_code(&host));
    assert!(host.pam_as("alice", &script).accepted(), "{}", host.syslog().text());
    assert!(host.wardkey_as("alice", &["status"], "").exits(0).stdout.contains("ON"));
}

#[test]
fn a_link_that_somebody_else_could_change_is_refused_by_name() {
    for (breaks, place, cure) in [
        ("chown -h bob /etc/static", "/etc/static", "chown -h root /etc/static"),
        ("chown -h bob /etc/wardkey/wardkey.toml", CONFIG, "chown -h root /etc/wardkey/wardkey.toml"),
        ("chmod 775 /var/store", "/var/store", "chmod go-w /var/store"),
        ("chown bob /var/store/hash-etc", "/var/store/hash-etc", "chown root /var/store/hash-etc"),
        ("chown bob /var/store/hash-toml", "/var/store/hash-toml", "chown root /var/store/hash-toml"),
        ("chmod 666 /var/store/hash-toml", "/var/store/hash-toml", "chmod go-w /var/store/hash-toml"),
    ] {
        let host = host();
        let alice = host.person("alice");
        host.must(breaks);
        assert!(refuses(&host), "{breaks}");
        assert!(host.syslog().text().contains(&format!("{place}: ")), "{breaks}: {}", host.syslog().text());
        let found = host.wardkey(&["config", "check"], "").exits(3);
        assert!(found.stderr.contains(&format!("{place}: ")) && found.stderr.contains(cure), "{found:?}");
        host.must(cure);
        assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "{breaks}");
    }
}

/// A directory such as /tmp must stay as it is.
#[test]
fn a_link_through_a_directory_for_everybody_is_to_be_led_elsewhere() {
    let host = host();
    host.must("chmod 1777 /var/store");
    assert!(refuses(&host));
    let found = host.wardkey(&["config", "check"], "").exits(3);
    assert!(
        found.stderr.contains("let the link avoid that directory") && !found.stderr.contains("chmod"),
        "{found:?}"
    );
}

#[test]
fn a_link_that_leads_nowhere_does_not_mean_the_defaults() {
    let host = host();
    host.person("alice");
    host.must("rm /var/store/hash-toml /var/store/links");
    assert!(refuses(&host));
    let found = host.wardkey(&["config", "check"], "").exits(3);
    assert!(found.stderr.contains("/var/store/hash-toml is missing"), "{found:?}");
}

#[test]
fn a_link_is_not_edited_away() {
    let host = host();
    let mut edit = host.wardkey_command(&["config", "edit"]);
    let refused = run(edit.env("EDITOR", "true"), b"").exits(3);
    assert!(refused.stderr.contains("is a symbolic link"), "{refused:?}");
    assert!(refused.stderr.contains("readlink -f /etc/wardkey/wardkey.toml"), "{refused:?}");
    host.must("[ -L /etc/wardkey/wardkey.toml ]");
}
