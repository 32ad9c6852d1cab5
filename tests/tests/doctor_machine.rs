//! `doctor` on a machine whose clock, disks, key, helper, mail or audit file are not as they should be.

use serde_json::Value;
use wardkey_tests::machine::disk::FileSystem;
use wardkey_tests::machine::host::{AUDIT, CONFIG, Host, STATE};
use wardkey_tests::programs::example;

const UNIT: &str = "/etc/systemd/system/wardkey-helper.service";
const ROTATION: &str = "/etc/logrotate.d/wardkey";
const MACHINE_ID: &str = "/etc/machine-id";

/// Everything that is said of the machine; what its other programs do is another matter.
const OURS: [&str; 21] = [
    "audit-loses-lines",
    "audit-not-rotated",
    "clock-before-build",
    "clock-behind",
    "disk-nearly-full",
    "helper-fails",
    "helper-not-enabled",
    "helper-other-configuration",
    "helper-other-version",
    "helper-outdated",
    "helper-silent",
    "key-with-state",
    "mail-not-sent",
    "mail-password",
    "mounted-noexec",
    "state-in-memory",
    "state-of-another-machine",
    "state-read-only",
    "state-shared",
    "state-went-back",
    "versions-differ",
];

/// Where the helper is; processes of all tests are seen in each.
fn helper_of(test: &str) -> String {
    format!("/home/{test}/wardkey-helper")
}

/// A host whose state has a disk of its own, with a service that asks for a code, and a helper that is installed.
fn host(test: &str) -> Host {
    let host = Host::bare();
    host.mount_new(FileSystem::Ext4, STATE);
    host.write(MACHINE_ID, "3d1219c7c4c5404aaa1f6d2a48adfda4\n");
    host.configure("");
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    example::install(&host, "sudo");
    install(&host, test);
    host.write(UNIT, format!("[Service]\nExecStart={}\n", helper_of(test)));
    host
}

fn install(host: &Host, test: &str) {
    let (built, helper) = (host.built("wardkey-helper"), helper_of(test));
    let built = built.display();
    host.must(&format!("mkdir -p /home/{test}; cp {built} {helper}.new && mv {helper}.new {helper}"));
}

/// What is said of the machine, with these options.
fn found_by(host: &Host, options: &[&str]) -> Vec<String> {
    let outcome = host.wardkey(&[options, &["--json", "doctor"]].concat(), "");
    let answer: Value = outcome.json();
    let findings = answer["findings"].as_array().expect("findings");
    let ids = findings.iter().filter(|finding| finding["where"] != "/var/log/wardkey");
    let ids = ids.map(|finding| finding["id"].as_str().expect("an id").to_owned());
    let mut ids: Vec<String> = ids.filter(|id| OURS.contains(&id.as_str())).collect();
    ids.sort();
    ids
}

fn found(host: &Host) -> Vec<String> {
    found_by(host, &[])
}

#[test]
fn a_sound_machine_raises_no_alarm_and_each_fault_is_named() {
    let host = host("each");
    let _helper = host.start_installed_helper(&helper_of("each"), &[]);
    host.person("alice");
    assert_eq!(found(&host), [""; 0]);
    let rotated = |how: &str| format!("echo '{AUDIT} {{ monthly\n{how} }}' > {ROTATION}");
    for (id, breaks, mends) in [
        ("state-in-memory", format!("mount -t tmpfs -o mode=700 none {STATE}"), format!("umount {STATE}")),
        (
            "state-read-only",
            format!("mount --bind {STATE} {STATE}; mount -o remount,bind,ro {STATE}"),
            format!("umount {STATE}"),
        ),
        ("key-with-state", format!("cp /etc/wardkey/seal.key {STATE}/"), format!("rm {STATE}/seal.key")),
        ("audit-loses-lines", rotated("copytruncate"), format!("rm {ROTATION}")),
        ("audit-not-rotated", format!("truncate -s 101M {AUDIT}"), rotated("nocreate")),
        (
            "versions-differ",
            format!(
                "sed -i s,each,others, {UNIT}; mkdir /home/others; \
                     printf '#!/bin/sh\\necho wardkey-helper 0.0.0\\n' > /home/others/wardkey-helper; \
                     chmod 755 /home/others/wardkey-helper"
            ),
            format!("sed -i s,others,each, {UNIT}"),
        ),
        (
            "mounted-noexec",
            "mount --bind /home/each /home/each; mount -o remount,bind,noexec /home/each".to_owned(),
            "umount /home/each".to_owned(),
        ),
    ] {
        host.must(&breaks);
        assert_eq!(found(&host), [id], "{id}");
        host.must(&mends);
        assert_eq!(found(&host), [""; 0], "{id}: mended");
    }
}

/// What is left is said, and what it costs to be without.
#[test]
fn a_disk_that_is_nearly_full_is_told_with_what_is_left() {
    let host = host("full");
    host.fill(STATE);
    let outcome = host.wardkey(&["doctor"], "");
    let told = format!("Warning [disk-nearly-full] {STATE}: the disk of {STATE} has 0 MiB left");
    assert!(outcome.stdout.contains(&told), "{outcome:?}");
}

#[test]
fn a_helper_that_is_old_stopped_or_anothers_is_told() {
    let host = host("old");
    assert_eq!(found(&host), ["helper-silent"]);
    let helper = host.start_installed_helper(&helper_of("old"), &[]);
    assert_eq!(found(&host), [""; 0]);
    install(&host, "old");
    assert_eq!(found(&host), ["helper-outdated"]);
    host.write("/etc/wardkey/other.toml", host.read(CONFIG));
    let other = found_by(&host, &["--config", "/etc/wardkey/other.toml"]);
    assert_eq!(other, ["helper-other-configuration", "helper-outdated"]);
    helper.signal(&host, "STOP");
    assert_eq!(found(&host), ["helper-fails", "helper-outdated"]);
    helper.signal(&host, "CONT");
    drop(helper);
    assert_eq!(found(&host), ["helper-silent"]);
}

#[test]
fn a_clock_that_stands_before_what_was_seen_is_told() {
    let host = host("clock");
    let _helper = host.start_installed_helper(&helper_of("clock"), &[]);
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    assert!(host.types("alice", &code).accepted());
    assert_eq!(found(&host), [""; 0]);
    host.advance(-3600);
    assert_eq!(found(&host), ["clock-behind"]);
    host.advance(-3600 * 24 * 366 * 20);
    assert_eq!(found(&host), ["clock-before-build"]);
}

#[test]
fn a_copied_state_is_told_until_init_notes_this_machine() {
    let host = host("copied");
    let _helper = host.start_installed_helper(&helper_of("copied"), &[]);
    let here = "4d1219c7c4c5404aaa1f6d2a48adfda4\n";
    assert!(!host.read(&format!("{STATE}/machine")).contains("3d1219c7"), "the id itself is not kept");
    host.write(MACHINE_ID, here);
    assert_eq!(found(&host), ["state-of-another-machine"]);
    host.wardkey(&["init"], "").exits(0);
    assert_eq!(found(&host), ["state-of-another-machine"], "init replaces nothing");
    let outcome = host.wardkey(&["doctor"], "");
    let remedy = format!("rm {STATE}/machine && wardkey init");
    assert!(outcome.stdout.contains(&remedy), "{outcome:?}");
    host.must(&format!("rm {STATE}/machine"));
    assert_eq!(found(&host), [""; 0], "nothing is known");
    host.wardkey(&["init"], "").exits(0);
    host.write(MACHINE_ID, here);
    assert_eq!(found(&host), [""; 0]);
}

#[test]
fn mail_that_would_not_be_sent_is_told() {
    let host = host("mail");
    let _helper = host.start_installed_helper(&helper_of("mail"), &[]);
    let password = "/etc/wardkey/smtp.password";
    let email = format!(
        "[email]\nmode = \"recovery\"\nfrom = \"w@clinic.example\"\nport = 9\nuser = \"w\"\npassword_file = \"{password}\"\n"
    );
    host.configure(&email);
    assert_eq!(found(&host), ["mail-not-sent", "mail-password"]);
    host.must(&format!("echo secret > {password}; chmod 644 {password}"));
    assert_eq!(found(&host), ["mail-not-sent", "mail-password"]);
    host.must(&format!("chmod 600 {password}"));
    assert_eq!(found(&host), ["mail-not-sent"]);
    host.configure(&email.replace("recovery", "off"));
    assert_eq!(found(&host), [""; 0]);
}
