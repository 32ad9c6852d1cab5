//! What a file or a name makes void is said by `config check`, with the line that mends it; what refuses logins ends it with
//! status 3.

use wardkey_tests::outcome::Outcome;
use wardkey_tests::world::{AUDIT, CONFIG, STATE, World};

fn check(world: &World) -> Outcome {
    world.wardkey(&["config", "check"], "")
}

/// The commands that an answer names.
fn cures(said: &str) -> Vec<String> {
    let commands =
        said.lines().filter_map(|line| line.split_once(", then: ").map(|(_, command)| command.trim()));
    commands.map(str::to_owned).collect()
}

fn alice_gets_in(world: &World, code: &str) -> bool {
    world.types("alice", code).accepted()
}

#[test]
fn what_refuses_logins_is_named_and_its_cure_works() {
    let world = World::new();
    let alice = world.person("alice");
    world.add_account("bob");
    let mut codes = alice.recovery_codes.iter();
    for (breaks, place, cure) in [
        (format!("chmod 755 {STATE}"), STATE.to_owned(), "chmod go= "),
        (format!("chown bob {STATE}/users"), format!("{STATE}/users"), "chown root: "),
        (format!("chmod 750 {STATE}/users/alice"), format!("{STATE}/users/alice"), "chmod go= "),
        (
            format!("chmod 644 {STATE}/users/alice/ledger"),
            format!("{STATE}/users/alice/ledger"),
            "chmod go= ",
        ),
        (
            format!("chmod 640 {STATE}/users/alice/enrolment.toml"),
            format!("{STATE}/users/alice/enrolment.toml"),
            "chmod go= ",
        ),
    ] {
        check(&world).exits(0);
        world.must(&breaks);
        let code = codes.next().expect("a code");
        assert!(!alice_gets_in(&world, code), "{breaks}");
        let found = check(&world).exits(3);
        assert!(found.stderr.contains(&format!("logins are refused: {place}: ")), "{breaks}: {found:?}");
        assert_eq!(cures(&found.stderr), [format!("{cure}{place}")], "{found:?}");
        world.must(&cures(&found.stderr)[0]);
        check(&world).exits(0);
        assert!(alice_gets_in(&world, code), "{breaks}");
    }
}

#[test]
fn everything_that_a_restore_got_wrong_is_said_at_once() {
    let world = World::new();
    let _alice = world.person("alice");
    world.must(&format!("chmod -R go+rX {STATE} && chmod 644 /etc/wardkey/seal.key"));
    while let Some(first) = Some(check(&world)).filter(|found| found.code() == Some(3)) {
        let all = cures(&first.stderr);
        assert!(!all.is_empty(), "{first:?}");
        all.iter().for_each(|cure| drop(world.must(cure)));
    }
    let modes = world.must(&format!("find {STATE} /etc/wardkey/seal.key -perm /077"));
    assert_eq!((check(&world).code(), modes.as_str()), (Some(0), ""));
}

#[test]
fn a_state_directory_that_is_a_link_is_called_one() {
    let world = World::new();
    world.must(&format!("mv {STATE} /var/lib/other && ln -s other {STATE}"));
    let found = check(&world).exits(3);
    assert!(found.stderr.contains(&format!("{STATE}: is a symbolic link")), "{found:?}");
    assert!(found.stderr.contains(&format!("readlink -f {STATE}")), "{found:?}");
    let list = world.wardkey(&["list"], "").exits(3);
    assert!(list.stderr.contains(&format!("{STATE}: is a symbolic link")), "{list:?}");
}

#[test]
fn the_sealing_key_that_others_can_read_refuses_too() {
    let world = World::new();
    world.must("chmod 644 /etc/wardkey/seal.key");
    let found = check(&world).exits(3);
    assert!(found.stderr.contains("chmod go= /etc/wardkey/seal.key"), "{found:?}");
    world.must("chmod 600 /etc/wardkey/seal.key && mv /etc/wardkey/seal.key /var/key && ln -s /var/key /etc/wardkey/seal.key");
    let found = check(&world).exits(3);
    assert!(found.stderr.contains("/etc/wardkey/seal.key: is a symbolic link"), "{found:?}");
}

#[test]
fn an_audit_file_that_takes_no_line_is_warned_of() {
    let world = World::new();
    let alice = world.person("alice");
    world.add_account("bob");
    let lines = || world.must(&format!("cat {AUDIT}")).lines().count();
    let before = check(&world).exits(0).stderr;
    for (number, (breaks, cure)) in [
        (format!("chmod 660 {AUDIT}"), format!("chmod go-w {AUDIT}")),
        (format!("chown bob {AUDIT}"), format!("chown root: {AUDIT}")),
    ]
    .iter()
    .enumerate()
    {
        world.must(breaks);
        let found = check(&world).exits(0);
        assert!(found.stderr.contains("audit lines go to syslog only"), "{breaks}: {found:?}");
        assert!(found.stderr.contains(cure), "{breaks}: {found:?}");
        world.must(cure);
        assert_eq!(check(&world).stderr, before);
        let written = lines();
        assert!(alice_gets_in(&world, &alice.recovery_codes[number]));
        assert_eq!(lines(), written + 1);
    }
    for breaks in ["ln -s /var/elsewhere", "mkfifo", "mkdir"] {
        world.must(&format!("touch /var/elsewhere && rm -rf {AUDIT} && {breaks} {AUDIT}"));
        let found = check(&world).exits(0);
        assert!(found.stderr.contains("audit lines go to syslog only"), "{breaks}: {found:?}");
    }
    world.must(&format!("rm -rf {AUDIT}"));
    assert_eq!(check(&world).stderr, before, "one that is missing is made");
}

#[test]
fn names_that_mean_nothing_and_paths_that_cannot_be_are_said() {
    let world = World::with_config("[service.shhd]\nenroll = false\n[service.SSHD]\nenroll = false");
    let found = check(&world).exits(0);
    assert!(found.stderr.contains("[service.shhd]") && !found.stderr.contains("[service.sshd]"), "{found:?}");
    for (length, status) in [(107, 0), (108, 3)] {
        let socket = format!("/run/{}", "x".repeat(length - "/run/".len()));
        world.write(CONFIG, format!("[helper]\nsocket = \"{socket}\"\n"));
        let found = check(&world).exits(status);
        assert_eq!(found.stderr.contains("has 108 bytes"), status == 3, "{found:?}");
    }
}

#[test]
fn directories_that_lockers_and_people_cannot_enter_are_warned_of() {
    let world = World::new();
    let _helper = world.start_helper();
    let before = check(&world).exits(0).stderr;
    for place in ["/etc/wardkey", "/run/wardkey"] {
        world.must(&format!("chmod 700 {place}"));
        let found = check(&world).exits(0);
        assert!(found.stderr.contains(&format!("chmod a+x {place}")), "{found:?}");
        world.must(&format!("chmod 755 {place}"));
        assert_eq!(check(&world).stderr, before);
    }
}

#[test]
fn grace_that_cannot_be_kept_is_warned_of() {
    let world = World::with_config("[service.login]\nunlock_grace = \"1h\"");
    world.must("mkdir -m 755 /run/wardkey && mkdir -m 755 /run/wardkey/grace");
    let found = check(&world).exits(0);
    assert!(found.stderr.contains("chmod go= /run/wardkey/grace"), "{found:?}");
    world.must("chmod 700 /run/wardkey/grace && chmod 777 /run/wardkey");
    let found = check(&world).exits(0);
    assert!(found.stderr.contains("unlock_grace has no effect"), "{found:?}");
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
