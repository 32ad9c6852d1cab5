//! State and configuration that are not what they should be: refused with file and reason, and left as they are.

use std::fs;

use wardkey_tests::machine::host::{ALONE, CONFIG, Host, STATE, SUPPORT};
use wardkey_tests::programs::pam::{PamResult, Script};

const LEDGER: &str = "/var/lib/wardkey/users/alice/ledger";
const ENROLMENT: &str = "/var/lib/wardkey/users/alice/enrolment";
const SEALING_KEY: &str = "/etc/wardkey/seal.key";

/// What can happen to any file, in shell; `$f` is the file.
const UNTRUSTED: &[(&str, &str)] = &[
    ("another owner", "chown nobody $f"),
    ("writable by the group", "chmod 620 $f"),
    ("writable by all", "chmod 666 $f"),
    ("a symbolic link", "mv $f /var/real && ln -s /var/real $f"),
    ("a fifo", "rm $f && mkfifo -m 600 $f"),
    ("a directory", "rm $f && mkdir -m 600 $f"),
    ("a device", "rm $f && mknod -m 600 $f c 1 5"),
    ("too large", "truncate -s 2G $f"),
    ("a second name", "ln $f $(dirname $(dirname $f))/second"),
];

/// What can happen to what an enrolment says.
const CHANGED: &[(&str, &str)] = &[
    ("empty", "truncate -s 0 $f"),
    ("cut short", "truncate -s 70 $f"),
    ("without its last byte", "truncate -s -1 $f"),
    ("a byte more", "printf x >> $f"),
    ("text", "printf 'version = 1\n' > $f"),
    ("zeroes", "head -c 700 /dev/zero > $f"),
];

/// What can happen to what a file of text says.
const UNREADABLE: &[(&str, &str)] = &[
    ("cut short", "truncate -s 70 $f"),
    ("not text", "printf '\\377\\376' >> $f"),
    ("no TOML", "echo '[[[' >> $f"),
    ("an unknown key", "sed -i '1i surprise = 1' $f"),
];

/// What stands at `path`: kind, owner, mode, links, size, and content where there is any.
fn look(host: &Host, path: &str) -> String {
    host.must(&format!(
        "stat -c '%F %u %a %h %s %Y' {path}; test ! -f {path} || head -c 1000000 {path} | sha256sum; ls {STATE}/users/*"
    ))
}

/// Harms `path`; then `check` sees what a login makes of it.
fn harm(host: &Host, path: &str, line: &str, check: impl FnOnce()) {
    host.must(&format!("rm -rf /var/kept /var/real && cp -a {path} /var/kept && f={path} && {line}"));
    let before = look(host, path);
    check();
    assert_eq!(look(host, path), before, "{path}: {line}: it is left as it is");
    host.must(&format!("rm -rf {path} {STATE}/users/second /etc/second /second && cp -a /var/kept {path}"));
}

/// A harmed state answers every code alike, and says which file it is.
fn state_cannot_be_checked(path: &str, harms: &[(&str, &str)]) {
    let host = Host::new();
    let mut alice = host.person("alice");
    for (what, line) in harms {
        harm(&host, path, line, || {
            let seen_before = host.syslog().lines().len();
            let right = host.types("alice", &alice.fresh_code(&host));
            alice.last_step -= 1;
            let wrong = host.types("alice", &alice.wrong_code(&host));
            assert_eq!((right.result(), right.cannot_check()), (PamResult::AuthErr, true), "{path}: {what}");
            assert_eq!((wrong.result(), wrong.seen()), (right.result(), right.seen()), "{path}: {what}");
            assert!(right.seen().contains(SUPPORT), "{path}: {what}: {right:#?}");
            let said = host.syslog().lines().split_off(seen_before);
            assert!(said.iter().any(|line| line.is_authpriv_with(&[path])), "{what}: {said:#?}");
            let status = host.wardkey(&["--json", "status", "alice"], "").exits(3);
            assert!(status.stdout.contains(path), "{path}: {what}: {status:?}");
        });
    }
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "and whole again it opens");
}

#[test]
fn an_enrolment_that_cannot_be_trusted_is_refused_and_left() {
    state_cannot_be_checked(ENROLMENT, UNTRUSTED);
}

#[test]
fn an_enrolment_that_cannot_be_read_is_refused_and_left() {
    state_cannot_be_checked(ENROLMENT, CHANGED);
}

#[test]
fn an_enrolment_of_a_newer_version_is_refused_and_left() {
    // The number stands behind the words that such a file begins with.
    let put = "printf '\\017' | dd of=$f bs=1 seek=18 conv=notrunc status=none";
    let newer: &[_] =
        &[("a newer version", put), ("with more in it", &format!("{put} && printf more >> $f"))];
    state_cannot_be_checked(ENROLMENT, newer);
    let host = Host::new();
    host.person("alice");
    host.must(&format!("f={ENROLMENT} && {put}"));
    let status = host.wardkey(&["status", "alice"], "").exits(3);
    assert!(status.stderr.contains("was written by a newer version of wardkey"), "{status:?}");
}

#[test]
fn an_enrolment_of_somebody_else_is_refused_and_left() {
    state_cannot_be_checked(ENROLMENT, &[("another name", "LC_ALL=C sed -i 's/alice/boris/' $f")]);
}

#[test]
fn a_ledger_that_cannot_be_trusted_is_refused_and_left() {
    state_cannot_be_checked(LEDGER, UNTRUSTED);
}

// Row: S1-2
#[test]
fn a_ledger_that_cannot_be_read_is_refused_and_left() {
    let harms: &[_] = &[
        ("empty", "truncate -s 0 $f"),
        ("cut short", "truncate -s 4096 $f"),
        ("zeroes", "head -c 8192 /dev/zero > $f"),
    ];
    state_cannot_be_checked(LEDGER, harms);
}

/// What it wrote last may be in either block, and this version would write over it.
#[test]
fn a_ledger_with_one_block_of_a_newer_version_is_refused_and_left() {
    let put =
        |block: u32| format!("printf '\\011' | dd of=$f bs=1 seek={} conv=notrunc status=none", block + 8);
    let (first, second) = (put(0), put(4096));
    let newer: &[_] = &[("the first", &*first), ("the second", &*second)];
    state_cannot_be_checked(LEDGER, newer);
    let host = Host::new();
    host.person("alice");
    host.must(&format!("f={LEDGER} && {second}"));
    let status = host.wardkey(&["status", "alice"], "").exits(3);
    assert!(status.stderr.contains("was written by a newer version of wardkey"), "{status:?}");
}

/// Turns one bit of the host's ledger in the block that starts at `block`.
fn flip(host: &Host, block: usize, offset: usize) {
    let path = host.path(LEDGER);
    let mut bytes = fs::read(&path).expect("a ledger");
    bytes[block + offset] ^= 0x10;
    fs::write(&path, bytes).expect("written in place");
}

#[test]
fn one_turned_bit_in_each_block_is_damage_and_in_one_block_is_none() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let whole = fs::read(host.path(LEDGER)).expect("a ledger");
    let restore = || fs::write(host.path(LEDGER), &whole).expect("written in place");
    for offset in [0, 9, 40, 200] {
        flip(&host, 0, offset);
        flip(&host, 4096, offset);
        let harmed = fs::read(host.path(LEDGER)).expect("a ledger");
        let login = host.types("alice", &alice.fresh_code(&host));
        alice.last_step -= 1;
        assert_eq!(
            (login.result(), login.cannot_check()),
            (PamResult::AuthErr, true),
            "both blocks at {offset}"
        );
        assert_eq!(fs::read(host.path(LEDGER)).expect("a ledger"), harmed, "left as it is");
        restore();
    }
    for block in [0, 4096] {
        flip(&host, block, 20);
        host.advance(60);
        let login = host.types("alice", &alice.fresh_code(&host));
        assert!(login.accepted(), "the block at {block}: {}", host.syslog().text());
        restore();
    }
}

#[test]
fn a_missing_ledger_is_damage_and_is_not_made_anew() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.must(&format!("rm {LEDGER}"));
    assert!(host.types("alice", &alice.fresh_code(&host)).cannot_check());
    assert_eq!(host.files_of("alice"), ["enrolment"]);
    let _ = host.syslog().authpriv(&[LEDGER]);
}

// Row: S1-2
#[test]
fn a_configuration_that_cannot_be_trusted_or_read_refuses_every_login() {
    let host = Host::new();
    let mut alice = host.person("alice");
    for (what, line) in UNTRUSTED.iter().chain(UNREADABLE) {
        // Cut short, a text may still be TOML; the end of a quoted text is missing at this length.
        // And a link is read where nobody but root could change it.
        let line = match *what {
            "cut short" => "truncate -s 15 $f",
            "a symbolic link" => "mv $f /var/real && ln -s /var/real $f && chown -h nobody $f",
            _ => line,
        };
        harm(&host, CONFIG, line, || {
            let said = host.syslog().lines_of(|| {
                let login = host.pam(&Script::new(ALONE, "alice"));
                assert_eq!(login.result(), PamResult::ServiceErr, "{what}");
            });
            assert!(said.iter().any(|line| line.is_authpriv_with(&[CONFIG])), "{what}: {said:#?}");
            host.wardkey(&["status", "alice"], "").exits(3);
        });
    }
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "and whole again it opens");
}

#[test]
fn without_the_sealing_key_single_use_codes_still_open() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let foreign = "head -c $(stat -c %s $f) /dev/urandom > /var/foreign && cat /var/foreign > $f";
    let mut codes = alice.recovery_codes.clone().into_iter();
    for line in ["rm $f && ln -s /nowhere $f", "chmod 644 $f", foreign] {
        harm(&host, SEALING_KEY, line, || {
            let right = host.types("alice", &alice.fresh_code(&host));
            alice.last_step -= 1;
            assert_eq!((right.result(), right.cannot_check()), (PamResult::AuthErr, true), "{line}");
            assert!(right.seen().contains(SUPPORT), "{line}: {right:#?}");
            let wrong = host.types("alice", &alice.wrong_code(&host));
            assert_eq!((wrong.result(), wrong.seen()), (right.result(), right.seen()), "{line}");
            assert!(host.types("alice", &codes.next().expect("a code")).accepted(), "{line}");
        });
    }
    host.must(&format!("mv {SEALING_KEY} /var/lost"));
    assert!(host.types("alice", &alice.fresh_code(&host)).cannot_check());
    alice.last_step -= 1;
    assert!(host.types("alice", &codes.next().expect("a code")).accepted());
    host.must(&format!("test ! -e {SEALING_KEY} && mv /var/lost {SEALING_KEY}"));
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
}
