//! Where a file cannot be made without a name: FUSE, NFS, older overlayfs, and any place without /proc. The same holds there.

use wardkey_tests::machine::interrupt::{changing_calls, kill_at};
use wardkey_tests::machine::lack::Lack;
use wardkey_tests::machine::world::{ALONE, CODE, CONFIG, STATE, World};
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::proof::outcome::run;
use wardkey_tests::proof::writing::Writing;

use crate::crash_commands::killed_at_every_call;
use crate::io_errors::fails_whole;
use crate::write_order::command_does;

/// Everything that a person and the desk do which makes a file.
fn all_that_writes(world: &World) {
    world.configure("[service.locker]\nunlock_grace = \"1h\"");
    world.service(
        "locker",
        "auth requisite pam_unix.so nodelay\nauth [success=ok ignore=ignore default=die] pam_wardkey.so\n",
    );
    let mut alice = world.person("alice");
    let code = alice.fresh_code(world);
    assert!(world.types("alice", &code).accepted(), "{}", world.syslog().text());
    assert_eq!(world.types("alice", &code).result(), PamResult::AuthErr, "once more");
    assert!(world.types("alice", &alice.recovery_codes[0]).accepted());
    assert_eq!(world.types("bob", "123456").result(), PamResult::AuthErr, "nobody's code");
    let input = alice.fresh_code(world) + "\n";
    let new = world.json(&["recovery-codes", "alice"], &input);
    let new = wardkey_tests::programs::cli::texts(&new["recovery_codes"]);
    assert!(world.types("alice", &new[0]).accepted());
    assert_eq!(world.types("alice", &alice.recovery_codes[1]).result(), PamResult::AuthErr, "of the old set");
    world.add_account("carol");
    world.must("mkdir -m 700 /var/sheets");
    world.json(&["enroll", "carol", "--sheet", "/var/sheets/carol.html"], "");
    assert_eq!(world.must("ls -A /var/sheets"), "carol.html\n");
    let mut seat = Seat::new(world, world.uid("alice"));
    seat.logs_in(&mut alice);
    seat.reopens("alice");
    edits_the_configuration(world);
    assert_eq!(world.files_of("alice"), ["enrolment.toml", "ledger"]);
    for name in ["alice", "carol"] {
        world.wardkey(&["remove", name, "--reason", "left"], "").exits(0);
    }
    let left = world.must(&format!("find {STATE} /etc/wardkey -type f -printf '%P\\n' | sort"));
    assert_eq!(left, "seal.key\nspare\nwardkey.toml\n");
}

fn edits_the_configuration(world: &World) {
    world.write("/home/editor", "#!/bin/sh\nsed -i 's/^support.*/support = \"new\"/' \"$1\"\n");
    world.must("chmod 755 /home/editor");
    let mut edit = world.wardkey_command(&["config", "edit"]);
    run(edit.env("EDITOR", "/home/editor"), b"").exits(0);
    assert!(world.read(CONFIG).contains("support = \"new\""));
}

#[test]
fn all_that_writes_does_so_without_unnamed_files_renames_or_proc() {
    for lack in Lack::ALL {
        let world = World::bare();
        world.lack(lack);
        all_that_writes(&world);
    }
}

/// Mounts of a file system that is a process: it ends with them, and keeps the whole world alive until then.
struct Mounts<'w>(&'w World, [&'static str; 3]);

impl Drop for Mounts<'_> {
    fn drop(&mut self) {
        for place in self.1 {
            self.0.shell(&format!("umount --lazy {place}"));
        }
    }
}

#[test]
fn all_that_writes_does_so_on_real_fuse_overlayfs() {
    let world = World::bare();
    let mounts = Mounts(&world, [STATE, "/etc/wardkey", "/run/wardkey"]);
    for (number, place) in mounts.1.iter().enumerate() {
        let at = format!("/var/layers/{number}");
        world.must(&format!(
            "mkdir -p {place} {at}/lower {at}/upper {at}/work && chmod 755 {at}/* && \
             fuse-overlayfs -o allow_other,lowerdir={at}/lower,upperdir={at}/upper,workdir={at}/work {place}"
        ));
        let probe = format!("import os; os.open('{place}', os.O_TMPFILE | os.O_WRONLY)");
        let refused = run(world.command("python3").args(["-c", &probe]), b"");
        assert!(refused.stderr.contains("Operation not supported"), "it has unnamed files: {refused:?}");
    }
    world.must(&format!("chmod 700 {STATE}"));
    all_that_writes(&world);
    let mut bob = world.person("bob");
    let _helper = world.start_helper();
    let script = Script::new(ALONE, "bob").types(CODE, bob.fresh_code(&world));
    assert!(world.pam_as("bob", &script).accepted(), "a screen lock: {}", world.syslog().text());
}

/// A directory that looks as the machine does, but for /proc.
const JAIL: &str = "mount --bind / /mnt && for place in dev etc home run var; do \
    mount --rbind /$place /mnt/$place; done && [ ! -e /mnt/proc/self ] && exec chroot /mnt \"$@\"";

#[test]
fn a_chroot_without_proc_enrols_and_opens() {
    let world = World::new();
    world.add_account("alice");
    let starter = ["unshare", "--mount", "--propagation", "private", "sh", "-ec", JAIL, "sh"];
    let jailed = |arguments: &[&str], input: &str| {
        let command = world.wardkey_command(&[&["--json"], arguments].concat());
        run(&mut world.under(&starter, &command), input.as_bytes()).exits(0).json()
    };
    world.must(&format!("rm -r {STATE} /etc/wardkey/seal.key"));
    let made = jailed(&["init"], "")["made"].to_string();
    assert!(made.contains("seal.key") && made.contains("spare"), "{made}");
    let phone =
        wardkey_tests::programs::generator::Authenticator::from_enrolment(&jailed(&["enroll", "alice"], ""));
    let code = phone.code(world.now() / phone.period) + "\n";
    assert_eq!(jailed(&["confirm", "alice"], &code)["state"], "enrolled");
    let pass = jailed(&["pass", "alice", "--verified-by", "passport"], "")["pass"].clone();
    let script = Script::new(ALONE, "alice").types(CODE, pass.as_str().expect("a pass"));
    let login = run(&mut world.under(&starter, &world.pam_command(&[script])), b"").exits(0);
    assert!(wardkey_tests::programs::pam::Transcript::read(&login.stdout).accepted(), "{login:?}");
    assert_eq!(world.files_of("alice"), ["enrolment.toml", "ledger"]);
}

#[test]
fn commands_may_be_killed_anywhere_without_unnamed_files() {
    killed_at_every_call(&Writing::enroll().lacking(Lack::UnnamedAndRenames));
    killed_at_every_call(&Writing::enroll().lacking(Lack::Proc));
    killed_at_every_call(&Writing::recovery_codes().lacking(Lack::Unnamed));
}

#[test]
fn a_disk_that_fails_leaves_the_record_whole_without_unnamed_files() {
    fails_whole(&Writing::enroll().lacking(Lack::UnnamedAndRenames));
    fails_whole(&Writing::recovery_codes().lacking(Lack::Unnamed));
}

#[test]
fn what_is_written_is_on_the_disk_in_order_without_unnamed_files() {
    for lack in Lack::ALL {
        command_does(&Writing::enroll().lacking(lack), true, &["mkdir", "link", "link", "rename"]);
        command_does(&Writing::confirm().lacking(lack), false, &["block", "link", "rename"]);
        command_does(&Writing::reset().lacking(lack), true, &["link", "rename"]);
    }
}

/// What has been half made goes when it is made again; what has been made stays.
#[test]
fn init_may_be_killed_anywhere_without_unnamed_files() {
    for lack in [Lack::Unnamed, Lack::UnnamedAndRenames] {
        let world = World::new();
        world.lack(lack);
        let clean = format!("rm -rf {STATE} && find /etc/wardkey ! -name wardkey.toml -type f -delete");
        world.must(&clean);
        let (outcome, calls) = changing_calls(&world, &world.wardkey_command(&["init"]), b"");
        outcome.exits(0);
        for call in calls {
            world.must(&clean);
            let _ = kill_at(&world.wardkey_command(&["init"]), &call, b"");
            let key = world.shell("cat /etc/wardkey/seal.key").stdout;
            world.wardkey(&["init"], "").exits(0);
            let now = world.read("/etc/wardkey/seal.key");
            assert!(key.is_empty() || key == now, "another key: {}", call.line);
            world.wardkey(&["config", "check"], "").exits(0);
            let all = world.must(&format!("find {STATE} /etc/wardkey -type f -printf '%P %n\\n' | sort"));
            assert_eq!(all, "seal.key 1\nspare 1\nwardkey.toml 1\n", "{}", call.line);
        }
    }
}
