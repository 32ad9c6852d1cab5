//! "Nothing was changed" is said by the command that knows it, and by no other.

use std::process::Child;

use wardkey_tests::machine::world::{CONFIG, STATE, World};
use wardkey_tests::programs::smtp::{Postfix, code_in};
use wardkey_tests::programs::terminal::Terminal;

/// A process that holds somebody's record; it ends with the value.
struct Holder(Child);

impl Holder {
    fn of(world: &World, name: &str) -> Self {
        let ledger = format!("{STATE}/users/{name}/ledger");
        let holder =
            world.command("flock").args(["--close", &ledger, "-c", "exec sleep 600"]).spawn().expect("flock");
        world.must(&format!("until ! flock --nonblock {ledger} true; do :; done"));
        Self(holder)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn at_a_terminal(world: &World, arguments: &[&str]) -> Terminal {
    Terminal::start(world, world.built("wardkey").to_str().expect("a plain path"), arguments)
}

/// A person who types a code while the record is held is told what waits, not that there is nothing.
#[test]
fn a_first_code_that_cannot_be_tried_leaves_an_authenticator_that_waits() {
    let world = World::new();
    world.add_account("news");
    let _alice = world.person("alice");
    for (name, command, state) in [("news", "enroll", "pending"), ("alice", "replace", "enrolled")] {
        let mut terminal = at_a_terminal(&world, &[command, name]);
        terminal.expect("Code from the app:");
        let holder = Holder::of(&world, name);
        terminal.type_line("123456");
        let (status, shown) = terminal.finish();
        assert_eq!(status.code(), Some(3), "{shown}");
        assert!(shown.contains("has held it for too long"), "{shown}");
        assert!(!shown.contains("Nothing was changed"), "{shown}");
        assert!(shown.contains("stays pending for 24 hours"), "{shown}");
        let begun = world.wardkey(&[command, name], "").exits(3);
        assert!(begun.stderr.contains("Nothing was changed"), "at the first step it is certain: {begun:?}");
        drop(holder);
        assert_eq!(world.state(name), state);
        assert!(world.wardkey(&["status", name], "").stdout.contains("its first code"));
    }
}

#[test]
fn a_mailed_code_that_cannot_be_tried_leaves_an_address_that_waits() {
    let world = World::new();
    let _alice = world.person("alice");
    let post = Postfix::start(&world);
    let port = post.port;
    let from = "wardkey@clinic.example";
    world.configure(&format!("[email]\nmode = \"factor\"\nfrom = \"{from}\"\nport = {port}\n"));
    let _helper = world.start_helper();
    let mut terminal = at_a_terminal(&world, &["enroll", "alice", "--email", "alice@clinic.example"]);
    terminal.expect("Code from the message");
    let code = code_in(&post.newest("alice", 1));
    let holder = Holder::of(&world, "alice");
    terminal.type_line(&code);
    let (status, shown) = terminal.finish();
    assert_eq!(status.code(), Some(3), "{shown}");
    assert!(!shown.contains("Nothing was changed"), "{shown}");
    assert!(shown.contains("wardkey confirm alice, while the code lives"), "{shown}");
    drop(holder);
    world.json(&["confirm", "alice"], &format!("{code}\n"));
}

#[test]
fn a_command_that_made_something_does_not_say_that_nothing_was_changed() {
    let world = World::bare();
    world.must("mount -t tmpfs -o nr_inodes=3,mode=755 none /mnt");
    world.write(CONFIG, "[store]\npath = \"/mnt/state\"\n");
    let failed = world.wardkey(&["init"], "").exits(3);
    assert!(!failed.stderr.contains("Nothing was changed"), "{failed:?}");
    assert!(failed.stderr.contains("Make room on that disk."), "{failed:?}");
    assert!(
        failed.stderr.contains("Made before that, and it may stay: /mnt/state, /mnt/state/users."),
        "{failed:?}"
    );
}
