//! Two versions of the module in one stack, as an update leaves them behind: neither takes what the other kept for its own, and what
//! one refused stays refused.

use std::fs;

use wardkey_tests::machine::built::Built;
use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::programs::pam::Door::{Account, Auth, OpenSession};
use wardkey_tests::programs::pam::{PamResult, Script};

/// How a name in libpam's data begins.
const NAMED: &[u8] = concat!("pam_wardkey_mark ", env!("CARGO_PKG_VERSION"), " ").as_bytes();

const OTHER: &str = "/etc/wardkey/pam_other.so";

/// The module as if it had been built from other sources.
fn of_another_build() -> Vec<u8> {
    let mut module = fs::read(Built::find().module).expect("the module");
    let found =
        module.windows(NAMED.len()).position(|part| part == NAMED).expect("a name that carries the build");
    let start = found + NAMED.len();
    let build = module[start..start + 16].to_vec();
    assert!(build.iter().all(u8::is_ascii_hexdigit), "{build:?}");
    let places: Vec<usize> = (0..module.len() - 16).filter(|at| module[*at..*at + 16] == build[..]).collect();
    for at in places {
        module[at..at + 16].copy_from_slice(b"feedfeedfeedfeed");
    }
    module
}

fn host() -> Host {
    let host = Host::with_config("[service.login]\nenroll = true\n");
    host.write(OTHER, of_another_build());
    host
}

/// One of them asks, the other has the doors that follow.
fn stacks(host: &Host) -> [(&'static str, &'static str); 2] {
    let both = [("pam_wardkey.so", OTHER), (OTHER, "pam_wardkey.so")];
    for (asks, follows) in both {
        let stack = format!(
            "auth [success=ok default=ignore] {asks}\nauth required pam_permit.so\n\
             account required {follows}\naccount required pam_permit.so\n\
             session required {follows}\nsession required pam_permit.so\n"
        );
        host.service(if asks == OTHER { "su" } else { "login" }, &stack);
    }
    [("login", "this build asks"), ("su", "another asks")]
}

fn by(service: &str, name: &str, code: &str, doors: &[wardkey_tests::programs::pam::Door]) -> Script {
    Script::new(service, name).types(CODE, code).doors(doors)
}

#[test]
fn a_refusal_by_one_build_holds_in_another() {
    let host = host();
    let mut alice = host.person("alice");
    for (service, what) in stacks(&host) {
        let wrong = alice.wrong_code(&host);
        let refused = host.pam(&by(service, "alice", &wrong, &[Auth, Account]));
        assert_eq!(refused.results(), [PamResult::Success, PamResult::PermDenied], "{what}: {refused:#?}");
        let refused = host.pam(&by(service, "alice", &wrong, &[Auth, OpenSession]));
        assert_eq!(refused.results(), [PamResult::Success, PamResult::SessionErr], "{what}: {refused:#?}");
        let code = alice.fresh_code(&host);
        let opened = host.pam(&by(service, "alice", &code, &[Auth, Account, OpenSession]));
        assert_eq!(opened.results(), [PamResult::Success; 3], "{what}: {opened:#?}");
    }
}

#[test]
fn an_enrolment_due_by_one_build_is_due_in_another() {
    let host = host();
    host.add_account("bob");
    stacks(&host);
    let due = host.pam(&Script::new("login", "bob").doors(&[Auth, Account]));
    assert_eq!(due.results(), [PamResult::Success, PamResult::NewAuthtokReqd], "{due:#?}");
    let due = host.pam(&Script::new("login", "bob").doors(&[Auth, OpenSession]));
    assert_eq!(due.results(), [PamResult::Success, PamResult::SessionErr], "{due:#?}");
}

/// What one build kept is not there for the other: it answers as if `auth` had been none of its affair.
#[test]
fn neither_reads_what_the_other_kept() {
    let host = host();
    let mut alice = host.person("alice");
    for (asks, follows, expected) in [
        ("pam_wardkey.so", "pam_wardkey.so", PamResult::Success),
        ("pam_wardkey.so", OTHER, PamResult::AuthErr),
        (OTHER, "pam_wardkey.so", PamResult::AuthErr),
    ] {
        // A yes that it finds jumps over the refusal.
        host.service(
            "su",
            &format!(
                "auth required {asks}\naccount [success=1 default=ignore] {follows}\naccount required pam_deny.so\n\
                 account required pam_permit.so\n"
            ),
        );
        let code = alice.fresh_code(&host);
        let seen = host.pam(&by("su", "alice", &code, &[Auth, Account]));
        assert_eq!(seen.results(), [PamResult::Success, expected], "{asks}, {follows}: {seen:#?}");
    }
}
