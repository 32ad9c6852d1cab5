//! What liboath does with its users file.

use super::beside::{Beside, OATH, OATH_FILE};
use super::{Behaviour, Here};
use crate::machine::host::{ALONE, Host, STATE};
use crate::programs::authenticator_app::Authenticator;
use crate::programs::pam::PamResult::{AuthErr, Success};

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        id: "O9",
        theirs: "A users file that is not there is an error.",
        here: Here::Different(
            "without a record nobody is enrolled: the same prompt, and refused as with a wrong code. What is damaged \
             or cannot be read refuses every code, and says that codes cannot be checked.",
            no_file,
        ),
    },
    Behaviour {
        id: "O10",
        theirs: "A refused code leaves the file as it is.",
        here: Here::Different(
            "a wrong code is counted, in the ledger, since guessing must get slower; the record of who someone is \
             stays untouched by every login.",
            refused,
        ),
    },
    Behaviour {
        id: "O11",
        theirs: "An accepted code replaces the file by a new one.",
        here: Here::Different(
            "the ledger is written in place, in turn into two blocks with checksums: a full disk locks nobody out, and \
             a kill leaves no second file.",
            accepted,
        ),
    },
    Behaviour {
        id: "O12",
        theirs: "A replayed code leaves the file as it is, and the time of the last login is told.",
        here: Here::Different(
            "a replayed code counts for nothing but costs a write of the ledger, as a wrong one does, so that its time \
             tells nothing; `status` has the time of the last login.",
            replayed,
        ),
    },
    Behaviour {
        id: "O13",
        theirs: "The code of the next step: refused with a window of 0, accepted with 1.",
        here: Here::Same("both.", windows),
    },
    Behaviour {
        id: "O14",
        theirs: "The last code and the one before it are refused as replayed.",
        here: Here::Same("both.", last_and_previous),
    },
    Behaviour {
        id: "O15",
        theirs: "A code beyond the window is refused; within a wider one it is accepted, and then an older one is not.",
        here: Here::Same("both.", beyond),
    },
    Behaviour {
        id: "O16",
        theirs: "Somebody with up to five lines: the code of any of them is accepted, each used up by itself; a wrong one \
                 is refused.",
        here: Here::Same("both, with five time-based lines, imported here.", five_lines),
    },
    Behaviour {
        id: "O17",
        theirs: "`+` takes any password; each line has its own, and none goes with another's code.",
        here: Here::NotApplicable(
            "no password is kept here; the account's is checked by pam_unix, and is one for all devices.",
        ),
    },
    Behaviour {
        id: "O18",
        theirs: "A line of the same user that is commented out is not written to (CVE-2013-7322).",
        here: Here::Same("`import` passes it over, and never writes to the file.", commented_out),
    },
    Behaviour {
        id: "O19",
        theirs: "Where the new file or the lock is a symbolic link, the login is refused, its target is untouched, no \
                 lock is left and the code is not used up (CVE-2024-47191).",
        here: Here::Same(
            "with links in the place of the ledger and of the new record; only root can put them there.",
            links,
        ),
    },
];

const LEDGER: &str = "/var/lib/wardkey/users/alice/ledger";
const ENROLMENT: &str = "/var/lib/wardkey/users/alice/enrolment";

/// Which file it is, and what it says.
fn look(host: &Host, file: &str) -> (String, String) {
    (host.must(&format!("stat -c %i {file}")), host.must(&format!("sha256sum {file}")))
}

fn no_file() {
    let beside = Beside::new();
    beside.host.must(&format!("rm {OATH_FILE}"));
    assert_ne!(beside.types(OATH, &beside.code(0)), Success);
    let wrong = beside.login(ALONE, &beside.alice.wrong_code(&beside.host));
    beside.host.must(&format!("rm -r {STATE}/users/alice"));
    let login = beside.login(ALONE, &beside.code(0));
    assert_eq!((login.result(), login.seen()), (AuthErr, wrong.seen()));
}

fn refused() {
    let beside = Beside::new();
    let files = [OATH_FILE, ENROLMENT, LEDGER];
    let before = files.map(|file| look(&beside.host, file));
    let wrong = beside.alice.wrong_code(&beside.host);
    for service in [OATH, ALONE] {
        assert_eq!(beside.types(service, &wrong), AuthErr);
    }
    let after = files.map(|file| look(&beside.host, file));
    assert_eq!(after[..2], before[..2]);
    assert_eq!(after[2].0, before[2].0);
    assert_ne!(after[2].1, before[2].1, "a failure is counted");
}

fn accepted() {
    let beside = Beside::new();
    let files = [OATH_FILE, LEDGER, ENROLMENT];
    let before = files.map(|file| look(&beside.host, file));
    beside.walk(OATH, &[(0, Success, Success)]);
    let after = files.map(|file| look(&beside.host, file));
    assert_ne!(after[0].0, before[0].0, "theirs is another file");
    assert_eq!(after[1].0, before[1].0, "ours is the same");
    assert_ne!(after[1].1, before[1].1);
    assert_eq!(after[2], before[2]);
}

fn replayed() {
    let beside = Beside::new();
    beside.walk(OATH, &[(0, Success, Success)]);
    let files = [OATH_FILE, LEDGER, ENROLMENT];
    let before = files.map(|file| look(&beside.host, file));
    beside.walk(OATH, &[(0, AuthErr, AuthErr)]);
    let after = files.map(|file| look(&beside.host, file));
    assert_eq!((&after[0], &after[1].0, &after[2]), (&before[0], &before[1].0, &before[2]));
    assert_ne!(after[1].1, before[1].1, "written as a wrong code is, so that time tells nothing");
    let status = beside.host.status("alice");
    assert!(status["wait_until"]["authenticator"].is_null(), "{status:#}");
    assert!(status["authenticators"][0]["last_used"].is_string(), "{status:#}");
}

fn windows() {
    for (window, result) in [(0, AuthErr), (1, Success)] {
        let beside = Beside::with(&format!("[totp]\nwindow = {window}\n"), "", window);
        beside.each_alone(OATH, &[(0, Success), (1, result)]);
    }
}

fn last_and_previous() {
    let beside = Beside::new();
    beside.walk(OATH, &[(1, Success, Success), (1, AuthErr, AuthErr), (0, AuthErr, AuthErr)]);
}

fn beyond() {
    Beside::new().walk(OATH, &[(4, AuthErr, AuthErr)]);
    let wide = Beside::with("[totp]\nwindow = 5\n", "", 5);
    wide.walk(OATH, &[(4, Success, Success), (2, AuthErr, AuthErr)]);
}

fn five_lines() {
    let beside = Beside::new();
    let host = &beside.host;
    host.wardkey(&["remove", "alice", "--reason", "comes again"], "").exits(0);
    let devices: Vec<Authenticator> = (1..=5)
        .map(|number| {
            let secret = host.must(&format!("printf 1234567890123456789{number} | base32"));
            Authenticator { secret: secret.trim().into(), ..beside.alice.phone.clone() }
        })
        .collect();
    let line = |device: &Authenticator| format!("HOTP/T30/6 alice - {}\n", beside.hex(&device.secret));
    beside.writes_oath(&devices.iter().map(line).collect::<String>());
    host.json(&["import", "oath", OATH_FILE], "");
    beside.later();
    let both = |code: &str| [beside.types(OATH, code), beside.types(ALONE, code)];
    for number in [1, 3, 4, 0, 2] {
        let code = devices[number].code(beside.alice.step(host));
        assert_eq!(both(&code), [Success; 2], "device {number}");
        assert_eq!(both(&code), [AuthErr; 2], "device {number} once more");
    }
    beside.later();
    assert_eq!(both(&devices[1].code(beside.alice.step(host))), [Success; 2], "another one of the second");
    assert_eq!(both(&devices[1].code(beside.alice.step(host) - 5)), [AuthErr; 2], "an old one");
}

fn commented_out() {
    let beside = Beside::new();
    let host = &beside.host;
    host.wardkey(&["remove", "alice", "--reason", "comes again"], "").exits(0);
    let hex = beside.hex(&beside.alice.phone.secret);
    let other = "3132333435363738393031323334353637383930";
    beside.writes_oath(&format!("#HOTP/T30/6 alice - {other}\nHOTP/T30/6 alice - {hex}\n"));
    let before = look(host, OATH_FILE);
    let printed = host.json(&["import", "oath", OATH_FILE], "");
    assert_eq!(printed["imported"].as_array().map(Vec::len), Some(1), "{printed:#}");
    beside.later();
    assert_eq!(beside.types(ALONE, &beside.code(0)), Success);
    assert_eq!(look(host, OATH_FILE), before);
}

fn links() {
    let beside = Beside::new();
    let host = &beside.host;
    host.write("/var/target", "as it was\n");
    let target = look(host, "/var/target");
    host.must(&format!("mv {LEDGER} /var/ledger && ln -s /var/target {LEDGER}"));
    assert!(beside.login(ALONE, &beside.code(0)).cannot_check());
    assert_eq!(look(host, "/var/target"), target);
    host.must(&format!("rm {LEDGER} && mv /var/ledger {LEDGER}"));
    assert_eq!(beside.types(ALONE, &beside.code(0)), Success, "the code was not used up");
    host.must(&format!("ln -s /var/target {STATE}/users/alice/.enrolment.new"));
    host.json(&["recovery-codes", "alice"], "");
    assert_eq!(look(host, "/var/target"), target);
    assert_eq!(host.files_of("alice"), ["enrolment", "ledger"]);
}
