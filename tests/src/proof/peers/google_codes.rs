//! Codes that are right, wrong or none, and people without a file.

use super::beside::{Beside, GOOGLE};
use super::{Behaviour, Here};
use crate::machine::host::ALONE;
use crate::programs::pam::{IGNORED, PamResult, Script};

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        id: "G1",
        theirs: "A wrong code of six digits is refused (`PAM_AUTH_ERR`) after one prompt.",
        here: Here::Same("both.", wrong_code),
    },
    Behaviour {
        id: "G2",
        theirs: "The right code is accepted after one prompt.",
        here: Here::Same("both.", right_code),
    },
    Behaviour {
        id: "G3",
        theirs: "The right code with a digit too few, or filled up with noughts to seven or eight, is refused.",
        here: Here::Same(
            "both. Only the digits that this person's authenticators have are a code.",
            other_lengths,
        ),
    },
    Behaviour {
        id: "G4",
        theirs: "An empty reply is refused.",
        here: Here::Same("both. Here it does not count as an attempt.", blank),
    },
    Behaviour {
        id: "G5",
        theirs: "Somebody without a file is asked once and refused.",
        here: Here::Same("both, with somebody who is not enrolled.", no_file),
    },
    Behaviour {
        id: "G6",
        theirs: "With `nullok`, somebody without a file is not asked (`PAM_IGNORE`).",
        here: Here::Different(
            "`unenrolled = \"ignore\"` in wardkey.toml does that, for every service, or `enroll_by` until a day. \
             The argument `nullok` is refused as unknown: nobody is left out by a word in one PAM file.",
            nullok,
        ),
    },
    Behaviour {
        id: "G7",
        theirs: "An unknown scratch code is refused; a listed one is accepted, and refused when it comes again.",
        here: Here::Same("both, with a recovery code here: 16 characters instead of eight digits.", scratch),
    },
];

fn wrong_code() {
    let beside = Beside::new();
    let wrong = beside.alice.wrong_code(&beside.host);
    for service in [GOOGLE, ALONE] {
        assert_eq!(beside.types(service, &wrong), PamResult::AuthErr, "{service}");
    }
}

fn right_code() {
    Beside::new().walk(GOOGLE, &[(0, PamResult::Success, PamResult::Success)]);
}

fn other_lengths() {
    let beside = Beside::new();
    let code = beside.code(0);
    for other in [code[1..].to_owned(), format!("0{code}"), format!("00{code}")] {
        for service in [GOOGLE, ALONE] {
            assert_eq!(beside.types(service, &other), PamResult::AuthErr, "{service}: {other}");
        }
    }
    beside.walk(GOOGLE, &[(0, PamResult::Success, PamResult::Success)]);
}

fn blank() {
    let beside = Beside::new();
    for service in [GOOGLE, ALONE, ALONE, ALONE, ALONE, ALONE, ALONE] {
        assert_eq!(beside.types(service, ""), PamResult::AuthErr, "{service}");
    }
    assert_eq!(beside.types(ALONE, &beside.code(0)), PamResult::Success, "no waiting");
}

fn no_file() {
    let beside = Beside::new();
    beside.host.must("rm /etc/peers/google");
    beside.host.add_account("bobby");
    assert_eq!(beside.types(GOOGLE, "123456"), PamResult::AuthErr);
    assert_eq!(beside.host.types("bobby", "123456").result(), PamResult::AuthErr);
}

fn nullok() {
    let beside = Beside::with("[policy]\nunenrolled = \"ignore\"\n[totp]\nwindow = 1\n", "", 1);
    let host = &beside.host;
    beside.host.must("rm /etc/peers/google");
    beside.google_service("google-nullok", "nullok");
    host.service_alone("nullok", "nullok");
    host.add_account("bobby");
    let unasked = |service: &str, name: &str| host.pam(&Script::new(service, name)).result();
    assert_eq!(unasked("google-nullok", "alice"), IGNORED);
    assert_eq!(unasked(ALONE, "bobby"), IGNORED, "by the configuration");
    assert_eq!(unasked("nullok", "bobby"), PamResult::ServiceErr, "by the argument");
    assert_eq!(unasked("nullok", "alice"), PamResult::ServiceErr);
}

fn scratch() {
    let beside = Beside::with("[totp]\nwindow = 1\n", "12345678\n", 1);
    let listed = &beside.alice.recovery_codes[0];
    let story = [
        ("87654321", beside.alice.wrong_recovery_code(), PamResult::AuthErr),
        ("12345678", listed.clone(), PamResult::Success),
        ("12345678", listed.clone(), PamResult::AuthErr),
    ];
    for (theirs, ours, result) in story {
        assert_eq!(beside.types(GOOGLE, theirs), result, "{theirs}");
        assert_eq!(beside.types(ALONE, &ours), result, "{ours}");
    }
}
