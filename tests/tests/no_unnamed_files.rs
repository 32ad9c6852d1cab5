//! Where a file cannot be made without a name: FUSE, NFS, older overlayfs, and any place without /proc. The same holds there.

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host, STATE};
use wardkey_tests::machine::interrupt::{changing_calls, kill_at};
use wardkey_tests::machine::missing_calls::MissingCall;
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::proof::outcome::run;
use wardkey_tests::proof::writing_commands::WritingCommand;

use crate::crash_commands::killed_at_every_call;
use crate::io_errors::fails_whole;
use crate::write_order::command_does;

/// Everything that a person and the desk do which makes a file.
fn all_that_writes(host: &Host) {
    host.configure("[service.locker]\nunlock_grace = \"1h\"");
    host.service(
        "locker",
        "auth requisite pam_unix.so nodelay\nauth [success=ok ignore=ignore default=die] pam_wardkey.so\n",
    );
    let mut alice = host.person("alice");
    let code = alice.fresh_code(host);
    assert!(host.types("alice", &code).accepted(), "{}", host.syslog().text());
    assert_eq!(host.types("alice", &code).result(), PamResult::AuthErr, "once more");
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted());
    assert_eq!(host.types("bob", "123456").result(), PamResult::AuthErr, "nobody's code");
    let input = alice.fresh_code(host) + "\n";
    let new = host.json(&["recovery-codes", "alice"], &input);
    let new = wardkey_tests::programs::wardkey::texts(&new["recovery_codes"]);
    assert!(host.types("alice", &new[0]).accepted());
    assert_eq!(host.types("alice", &alice.recovery_codes[1]).result(), PamResult::AuthErr, "of the old set");
    host.add_account("carol");
    host.must("mkdir -m 700 /var/sheets");
    host.json(&["enroll", "carol", "--sheet", "/var/sheets/carol.html"], "");
    assert_eq!(host.must("ls -A /var/sheets"), "carol.html\n");
    let mut seat = Seat::new(host, host.uid("alice"));
    seat.logs_in(&mut alice);
    seat.reopens("alice");
    edits_the_configuration(host);
    assert_eq!(host.files_of("alice"), ["enrolment", "ledger"]);
    for name in ["alice", "carol"] {
        host.wardkey(&["remove", name, "--reason", "left"], "").exits(0);
    }
    let left = host.must(&format!("find {STATE} /etc/wardkey -type f -printf '%P\\n' | sort"));
    assert_eq!(left, "machine\nseal.key\nspare\nwardkey.toml\n");
}

fn edits_the_configuration(host: &Host) {
    host.write("/home/editor", "#!/bin/sh\nsed -i 's/^support.*/support = \"new\"/' \"$1\"\n");
    host.must("chmod 755 /home/editor");
    let mut edit = host.wardkey_command(&["config", "edit"]);
    run(edit.env("EDITOR", "/home/editor"), b"").exits(0);
    assert!(host.read(CONFIG).contains("support = \"new\""));
}

#[test]
fn all_that_writes_does_so_without_unnamed_files_renames_or_proc() {
    for lack in MissingCall::ALL {
        let host = Host::bare();
        host.lack(lack);
        all_that_writes(&host);
    }
}

/// Mounts of a file system that is a process: it ends with them, and keeps the whole host alive until then.
struct Mounts<'w>(&'w Host, [&'static str; 3]);

impl Drop for Mounts<'_> {
    fn drop(&mut self) {
        for place in self.1 {
            self.0.shell(&format!("umount --lazy {place}"));
        }
    }
}

#[test]
fn all_that_writes_does_so_on_real_fuse_overlayfs() {
    let host = Host::bare();
    let mounts = Mounts(&host, [STATE, "/etc/wardkey", "/run/wardkey"]);
    for (number, place) in mounts.1.iter().enumerate() {
        let at = format!("/var/layers/{number}");
        host.must(&format!(
            "mkdir -p {place} {at}/lower {at}/upper {at}/work && chmod 755 {at}/* && \
             fuse-overlayfs -o allow_other,lowerdir={at}/lower,upperdir={at}/upper,workdir={at}/work {place}"
        ));
        let probe = format!("import os; os.open('{place}', os.O_TMPFILE | os.O_WRONLY)");
        let refused = run(host.command("python3").args(["-c", &probe]), b"");
        assert!(refused.stderr.contains("Operation not supported"), "it has unnamed files: {refused:?}");
    }
    host.must(&format!("chmod 700 {STATE}"));
    all_that_writes(&host);
    let mut bob = host.person("bob");
    let _helper = host.start_helper();
    let script = Script::new(ALONE, "bob").types(CODE, bob.fresh_code(&host));
    assert!(host.pam_as("bob", &script).accepted(), "a screen lock: {}", host.syslog().text());
}

/// A directory that looks as the machine does, but for /proc.
const JAIL: &str = "mount --bind / /mnt && for place in dev etc home run var; do \
    mount --rbind /$place /mnt/$place; done && [ ! -e /mnt/proc/self ] && exec chroot /mnt \"$@\"";

#[test]
fn a_chroot_without_proc_enrols_and_opens() {
    let host = Host::new();
    host.add_account("alice");
    let starter = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", JAIL, "sh"];
    let jailed = |arguments: &[&str], input: &str| {
        let command = host.wardkey_command(&[&["--json"], arguments].concat());
        run(&mut host.under(&starter, &command), input.as_bytes()).exits(0).json()
    };
    host.must(&format!("rm -r {STATE} /etc/wardkey/seal.key"));
    let made = jailed(&["init"], "")["made"].to_string();
    assert!(made.contains("seal.key") && made.contains("spare"), "{made}");
    let phone = wardkey_tests::programs::authenticator_app::Authenticator::from_enrolment(&jailed(
        &["enroll", "alice"],
        "",
    ));
    let code = phone.code(host.now() / phone.period) + "\n";
    assert_eq!(jailed(&["confirm", "alice"], &code)["state"], "enrolled");
    let pass = jailed(&["pass", "alice", "--verified-by", "passport"], "")["pass"].clone();
    let script = Script::new(ALONE, "alice").types(CODE, pass.as_str().expect("a pass"));
    let login = run(&mut host.under(&starter, &host.pam_command(&[script])), b"").exits(0);
    assert!(wardkey_tests::programs::pam::Transcript::read(&login.stdout).accepted(), "{login:?}");
    assert_eq!(host.files_of("alice"), ["enrolment", "ledger"]);
}

#[test]
fn commands_may_be_killed_anywhere_without_unnamed_files() {
    killed_at_every_call(&WritingCommand::enroll().lacking(MissingCall::UnnamedAndRenames));
    killed_at_every_call(&WritingCommand::enroll().lacking(MissingCall::Proc));
    killed_at_every_call(&WritingCommand::recovery_codes().lacking(MissingCall::Unnamed));
}

#[test]
fn a_disk_that_fails_leaves_the_record_whole_without_unnamed_files() {
    fails_whole(&WritingCommand::enroll().lacking(MissingCall::UnnamedAndRenames));
    fails_whole(&WritingCommand::recovery_codes().lacking(MissingCall::Unnamed));
}

#[test]
fn what_is_written_is_on_the_disk_in_order_without_unnamed_files() {
    for lack in MissingCall::ALL {
        command_does(&WritingCommand::enroll().lacking(lack), true, &["mkdir", "link", "link", "rename"]);
        command_does(&WritingCommand::confirm().lacking(lack), false, &["block", "link", "rename"]);
        command_does(&WritingCommand::reset().lacking(lack), true, &["link", "rename"]);
    }
}

/// What has been half made goes when it is made again; what has been made stays.
#[test]
fn init_may_be_killed_anywhere_without_unnamed_files() {
    for lack in [MissingCall::Unnamed, MissingCall::UnnamedAndRenames] {
        let host = Host::new();
        host.lack(lack);
        let clean = format!("rm -rf {STATE} && find /etc/wardkey ! -name wardkey.toml -type f -delete");
        host.must(&clean);
        let (outcome, calls) = changing_calls(&host, &host.wardkey_command(&["init"]), b"");
        outcome.exits(0);
        for call in calls.iter().filter(|call| call.may_leave_another_state()) {
            host.must(&clean);
            let _ = kill_at(&host.wardkey_command(&["init"]), call, b"");
            let key = host.shell("cat /etc/wardkey/seal.key").stdout;
            host.wardkey(&["init"], "").exits(0);
            let now = host.read("/etc/wardkey/seal.key");
            assert!(key.is_empty() || key == now, "another key: {}", call.line);
            host.wardkey(&["config", "check"], "").exits(0);
            let all = host.must(&format!("find {STATE} /etc/wardkey -type f -printf '%P %n\\n' | sort"));
            assert_eq!(all, "machine 1\nseal.key 1\nspare 1\nwardkey.toml 1\n", "{}", call.line);
        }
    }
}
