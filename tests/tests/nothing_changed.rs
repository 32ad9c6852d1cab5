//! "Nothing was changed" is said by the command that knows it, and by no other.

use std::process::Child;

use wardkey_tests::machine::host::{CONFIG, Host, STATE};
use wardkey_tests::programs::smtp::{Postfix, code_in};
use wardkey_tests::programs::terminal::Terminal;

/// A process that holds somebody's record; it ends with the value.
struct Holder(Child);

impl Holder {
    fn of(host: &Host, name: &str) -> Self {
        let ledger = format!("{STATE}/users/{name}/ledger");
        let holder =
            host.command("flock").args(["--close", &ledger, "-c", "exec sleep 600"]).spawn().expect("flock");
        host.must(&format!("until ! flock --nonblock {ledger} true; do :; done"));
        Self(holder)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn at_a_terminal(host: &Host, arguments: &[&str]) -> Terminal {
    Terminal::start(host, host.built("wardkey").to_str().expect("a plain path"), arguments)
}

/// A person who types a code while the record is held is told what waits, not that there is nothing.
#[test]
fn a_first_code_that_cannot_be_tried_leaves_an_authenticator_that_waits() {
    let host = Host::new();
    host.add_account("news");
    let _alice = host.person("alice");
    for (name, command, state) in [("news", "enroll", "pending"), ("alice", "replace", "enrolled")] {
        let mut terminal = at_a_terminal(&host, &[command, name]);
        terminal.expect("Code from the app:");
        let holder = Holder::of(&host, name);
        terminal.type_line("123456");
        let (status, shown) = terminal.finish();
        assert_eq!(status.code(), Some(3), "{shown}");
        assert!(shown.contains("has held it for too long"), "{shown}");
        assert!(!shown.contains("Nothing was changed"), "{shown}");
        assert!(shown.contains("stays pending for 24 hours"), "{shown}");
        let begun = host.wardkey(&[command, name], "").exits(3);
        assert!(begun.stderr.contains("Nothing was changed"), "at the first step it is certain: {begun:?}");
        drop(holder);
        assert_eq!(host.state(name), state);
        assert!(host.wardkey(&["status", name], "").stdout.contains("its first code"));
    }
}

#[test]
fn a_mailed_code_that_cannot_be_tried_leaves_an_address_that_waits() {
    let host = Host::new();
    let _alice = host.person("alice");
    let post = Postfix::start(&host);
    let port = post.port;
    let from = "wardkey@clinic.example";
    host.configure(&format!("[email]\nmode = \"factor\"\nfrom = \"{from}\"\nport = {port}\n"));
    let _helper = host.start_helper();
    let mut terminal = at_a_terminal(&host, &["enroll", "alice", "--email", "alice@clinic.example"]);
    terminal.expect("Code from the message");
    let code = code_in(&post.newest("alice", 1));
    let holder = Holder::of(&host, "alice");
    terminal.type_line(&code);
    let (status, shown) = terminal.finish();
    assert_eq!(status.code(), Some(3), "{shown}");
    assert!(!shown.contains("Nothing was changed"), "{shown}");
    assert!(shown.contains("wardkey confirm alice before it expires"), "{shown}");
    drop(holder);
    host.json(&["confirm", "alice"], &format!("{code}\n"));
}

#[test]
fn a_command_that_made_something_does_not_say_that_nothing_was_changed() {
    let host = Host::bare();
    host.must("mount -t tmpfs -o nr_inodes=3,mode=755 none /mnt");
    host.write(CONFIG, "[store]\npath = \"/mnt/state\"\n");
    let failed = host.wardkey(&["init"], "").exits(3);
    assert!(!failed.stderr.contains("Nothing was changed"), "{failed:?}");
    assert!(failed.stderr.contains("Make room on that disk."), "{failed:?}");
    assert!(
        failed.stderr.contains("Made before that, and may stay: /mnt/state, /mnt/state/users."),
        "{failed:?}"
    );
}
