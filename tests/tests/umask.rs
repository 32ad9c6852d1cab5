//! Root's umask is 077, as guides to hardening want it: what is meant for everybody is for everybody all the same.

use wardkey_tests::machine::host::{ALONE, CODE, Host, STATE};
use wardkey_tests::machine::interrupt::{changing_calls, kill_at};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::people::seat::Seat;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::pam::{Door, Script};
use wardkey_tests::proof::outcome::{Outcome, run};

const STRICT: [&str; 4] = ["sh", "-c", "umask 077; exec \"$@\"", "sh"];

fn strictly(host: &Host, arguments: &[&str], input: &str) -> Outcome {
    let mut command = host.under(&STRICT, &host.wardkey_command(arguments));
    command.env("EDITOR", "/home/editor");
    run(&mut command, input.as_bytes())
}

fn modes(host: &Host) -> String {
    host.must(
        "stat -c '%a %n' /etc/wardkey /etc/wardkey/* /run/wardkey /run/wardkey/helper.sock /var/log/wardkey",
    )
}

/// Configuration, key, state, enrolment, helper: all of it made by such a root. Then a locker and the person's command.
#[test]
fn from_a_clean_machine_to_a_lock_screen() {
    let host = Host::bare();
    host.write("/home/editor", "#!/bin/sh\nprintf 'support = \"x\"\\n[totp]\\nwindow = 5\\n' >\"$1\"\n");
    host.must("chmod 755 /home/editor && rm -rf /etc/wardkey /run/wardkey /var/log/wardkey");
    host.add_account("alice");
    strictly(&host, &["config", "edit"], "").exits(0);
    strictly(&host, &["init"], "").exits(0);
    let phone =
        Authenticator::from_enrolment(&strictly(&host, &["--json", "enroll", "alice"], "").exits(0).json());
    let code = phone.code(host.now() / phone.period);
    strictly(&host, &["--json", "confirm", "alice"], &(code + "\n")).exits(0);
    let _helper = host.start_helper_by(&STRICT);
    assert_eq!(
        modes(&host),
        "755 /etc/wardkey\n600 /etc/wardkey/seal.key\n644 /etc/wardkey/wardkey.toml\n755 /run/wardkey\n\
         666 /run/wardkey/helper.sock\n750 /var/log/wardkey\n"
    );
    let next = phone.code(host.now() / phone.period + 1);
    let unlock = host.pam_as("alice", &Script::new(ALONE, "alice").types(CODE, next));
    assert!(unlock.accepted(), "{unlock:#?}\n{}", host.syslog().text());
    host.wardkey_as("alice", &["status"], "").exits(0);
}

/// What was made and not yet opened to everybody is opened by the next who needs it.
#[test]
fn init_may_be_killed_before_it_opens_what_it_made() {
    let host = Host::bare();
    host.add_account("alice");
    let clean = format!("rm -rf {STATE} /etc/wardkey /var/log/wardkey");
    let init = || host.under(&STRICT, &host.wardkey_command(&["init"]));
    host.must(&clean);
    let (outcome, calls) = changing_calls(&host, &init(), b"");
    outcome.exits(0);
    let modes = || host.must(&format!("stat -c '%a %n' {STATE} /etc/wardkey"));
    let right = modes();
    let opened: Vec<_> = calls.iter().filter(|call| call.name == "fchmod").collect();
    assert!(opened.len() >= 3, "{calls:#?}");
    for call in opened {
        host.must(&clean);
        assert_ne!(kill_at(&init(), call, b"").code(), Some(0), "{}", call.line);
        strictly(&host, &["init"], "").exits(0);
        assert_eq!(modes(), right, "{}", call.line);
        host.wardkey(&["config", "check"], "").exits(0);
    }
}

/// A login before the helper began makes the directory of its socket.
#[test]
fn the_first_to_make_the_run_directory_may_be_a_login() {
    let host = Host::with_config("[service.locker]\nunlock_grace = \"1h\"");
    let mut alice = host.person("alice");
    host.must("rm -rf /run/wardkey");
    let code = alice.fresh_code(&host);
    let script = Script::new("login", "alice").types("assword", PASSWORD).types(CODE, code);
    let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
    Seat::new(&host, host.uid("alice")).started_by("umask 077; ", &script.doors(&doors));
    assert_eq!(
        host.must("stat -c '%a %n' /run/wardkey /run/wardkey/grace"),
        "755 /run/wardkey\n700 /run/wardkey/grace\n"
    );
}

/// A directory that is missing above it, too.
#[test]
fn what_is_missing_above_is_made_for_everybody_as_well() {
    let host = Host::bare();
    host.write(
        "/home/editor",
        "#!/bin/sh\n[ -s \"$1\" ] && echo '[store]' >\"$1\" && echo 'path = \"/srv/a/b/state\"' >>\"$1\"\n",
    );
    host.must("chmod 755 /home/editor && mount -t tmpfs -o mode=755 none /srv");
    strictly(&host, &["config", "edit"], "").exits(0);
    strictly(&host, &["init"], "").exits(0);
    assert_eq!(
        host.must("stat -c '%a %n' /srv/a /srv/a/b /srv/a/b/state"),
        "755 /srv/a\n755 /srv/a/b\n700 /srv/a/b/state\n"
    );
}
