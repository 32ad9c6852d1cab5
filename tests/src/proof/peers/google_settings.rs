//! The settings of a google-authenticator file: steps, windows, reuse, limits, clocks.

use super::beside::{Beside, GOOGLE, GOOGLE_FILE};
use super::{Behaviour, Here};
use crate::machine::host::{ALONE, Host};
use crate::programs::pam::PamResult::{AuthErr, Success};
use crate::programs::pam::Script;

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        id: "G16",
        theirs: "The code of one step either side of now is accepted, that of two is not; with `STEP_SIZE 60` as well.",
        here: Here::Same("both, each step by somebody who has used no code yet.", edges),
    },
    Behaviour {
        id: "G17",
        theirs: "Without `DISALLOW_REUSE` one code is accepted at three different moments.",
        here: Here::Different("it opens once; there is no setting that lets it open again.", reuse),
    },
    Behaviour {
        id: "G18",
        theirs: "`WINDOW_SIZE 6`: three steps ahead and two behind are accepted, four ahead and three behind are not.",
        here: Here::Different(
            "`window` is the site's, in steps either side, so the number of steps is odd: `window = 3` takes three \
             behind as well. `import` says when a person's window was another one.",
            window_of_six,
        ),
    },
    Behaviour {
        id: "G19",
        theirs: "`DISALLOW_REUSE`: a code is accepted once.",
        here: Here::Same("both.", disallow_reuse),
    },
    Behaviour {
        id: "G20",
        theirs: "After seven further logins the list of used steps holds the last six.",
        here: Here::Different(
            "the last eight accepted steps are kept, and no code up to the newest of them opens. So a code that was \
             skipped is lost, and the file does not grow.",
            no_list,
        ),
    },
    Behaviour {
        id: "G21",
        theirs: "`RATE_LIMIT 4 120`: after four logins the fifth is refused without a prompt; later one is accepted.",
        here: Here::Different(
            "right codes are not counted. Wrong ones make one wait, after the same prompt, and a recovery code still \
             opens.",
            rate_limit,
        ),
    },
    Behaviour {
        id: "G22",
        theirs: "The list of times that `RATE_LIMIT` keeps is cut to four.",
        here: Here::NotApplicable("there is no list: failures are two counters."),
    },
    Behaviour {
        id: "G23",
        theirs: "A line that is not understood (a blank at the end of `RATE_LIMIT`) refuses without a prompt, and the \
                 log says so.",
        here: Here::Different(
            "a record with one byte changed answers every code alike, `PAM_AUTH_ERR` after the same prompt; \
             log and person are told.",
            bad_line,
        ),
    },
    Behaviour {
        id: "G24",
        theirs: "A device that is 1000 steps behind: its third code in a row is accepted, and from then on all.",
        here: Here::Different(
            "none is. Only accepted codes teach drift, a step each, four in all: wrong ones, which anybody can type, \
             move nothing. The person is told how far the clock is off (up to ten minutes).",
            time_skew,
        ),
    },
    Behaviour {
        id: "G25",
        theirs: "With `noskewadj` such codes are refused.",
        here: Here::Same("both.", noskewadj),
    },
    Behaviour {
        id: "G26",
        theirs: "`HOTP_COUNTER`: a right code is accepted, the same one is refused and moves the counter, one further on \
                 is accepted.",
        here: Here::NotApplicable(
            "codes that follow a counter are not taken: `import` leaves such people out and says so. An app's counter \
             runs ahead when somebody looks at it, and a code that was read opens for years.",
        ),
    },
];

fn edges() {
    let edges = [(-2, AuthErr), (-1, Success), (0, Success), (1, Success), (2, AuthErr)];
    Beside::new().each_alone(GOOGLE, &edges);
    Beside::with("[totp]\nwindow = 1\nperiod = 60\n", "\" STEP_SIZE 60\n", 1).each_alone(GOOGLE, &edges);
}

fn reuse() {
    let beside = Beside::new();
    let code = beside.code(1);
    for (moment, ours) in [Success, AuthErr, AuthErr].into_iter().enumerate() {
        assert_eq!(beside.types(GOOGLE, &code), Success, "{moment}");
        assert_eq!(beside.types(ALONE, &code), ours, "{moment}");
        beside.host.advance(30);
    }
}

fn window_of_six() {
    let beside = Beside::with("[totp]\nwindow = 3\n", "\" WINDOW_SIZE 6\n", 1);
    beside.each_alone(GOOGLE, &[(4, AuthErr), (3, Success), (0, Success), (-2, Success), (-4, AuthErr)]);
    beside.restore();
    beside.later();
    beside.walk(GOOGLE, &[(-3, AuthErr, Success)]);
    let printed = imports(&beside.host);
    assert!(printed.contains("window of 6 codes"), "{printed}");
}

/// What `import` says of alice's file, for somebody who is not enrolled.
fn imports(host: &Host) -> String {
    host.add_account("bobby");
    let words = ["import", "google-authenticator", GOOGLE_FILE, "--user", "bobby"];
    host.json(&words, "")["left_out"].to_string()
}

fn disallow_reuse() {
    let beside = Beside::with("[totp]\nwindow = 1\n", "\" DISALLOW_REUSE\n", 1);
    beside.walk(GOOGLE, &[(0, Success, Success), (0, AuthErr, AuthErr)]);
}

fn no_list() {
    let beside = Beside::with("[totp]\nwindow = 5\n", "\" DISALLOW_REUSE\n\" WINDOW_SIZE 11\n", 1);
    let size = |host: &Host| host.must("stat -c %s /var/lib/wardkey/users/alice/ledger");
    let before = size(&beside.host);
    let ahead = [-2, -1, 0, 1, 2, 3, 4].map(|step| (step, Success, Success));
    beside.walk(GOOGLE, &ahead);
    beside.walk(GOOGLE, &ahead.map(|(step, ..)| (step, AuthErr, AuthErr)));
    assert_eq!(size(&beside.host), before);
    beside.restore();
    beside.later();
    beside.walk(GOOGLE, &[(1, Success, Success), (0, Success, AuthErr)]);
}

fn rate_limit() {
    let beside = Beside::with("[totp]\nwindow = 1\n", "\" RATE_LIMIT 4 120\n", 1);
    for _ in 0..4 {
        assert_eq!(beside.types(GOOGLE, &beside.code(0)), Success);
    }
    assert_eq!(beside.host.pam(&Script::new(GOOGLE, "alice")).result(), AuthErr, "without a prompt");
    for _ in 0..6 {
        assert_eq!(beside.types(ALONE, &beside.code(0)), Success);
        beside.host.advance(30);
    }
    assert_eq!(beside.types(GOOGLE, &beside.code(0)), Success, "later");
    let wrong = beside.alice.wrong_code(&beside.host);
    for _ in 0..5 {
        assert_eq!(beside.types(ALONE, &wrong), AuthErr);
    }
    let waits = beside.login(ALONE, &beside.code(0));
    assert!(waits.result() == AuthErr && waits.messages().contains("Too many wrong codes"), "{waits:#?}");
    assert_eq!(beside.types(ALONE, &beside.alice.recovery_codes[0]), Success);
}

fn bad_line() {
    let beside = Beside::with("[totp]\nwindow = 1\n", "\" RATE_LIMIT 4 120 \n", 1);
    let told = beside.host.syslog().lines_of(|| {
        assert_eq!(beside.host.pam(&Script::new(GOOGLE, "alice")).result(), AuthErr);
    });
    assert!(told.iter().any(|line| line.text.contains("RATE_LIMIT")), "{told:#?}");
    beside.host.must("printf ' ' >> /var/lib/wardkey/users/alice/enrolment");
    for code in [beside.code(0), beside.alice.wrong_code(&beside.host)] {
        let told = beside.host.syslog().lines_of(|| {
            let login = beside.login(ALONE, &code);
            assert!(login.cannot_check(), "{code}: {login:#?}");
        });
        assert!(told.iter().any(|line| line.is_authpriv_with(&["enrolment"])), "{told:#?}");
    }
}

fn time_skew() {
    let beside = Beside::new();
    for theirs in [AuthErr, AuthErr, Success, Success] {
        beside.walk(GOOGLE, &[(-1000, theirs, AuthErr)]);
        beside.host.advance(30);
    }
    // Drift that is learned: a step with each login, and no further than four.
    beside.restore();
    let ahead = [(1, Success), (2, Success), (3, Success), (4, Success), (5, Success), (6, AuthErr)];
    for (offset, ours) in ahead {
        beside.later();
        assert_eq!(beside.types(ALONE, &beside.code(offset)), ours, "{offset}");
    }
    let mut told = String::new();
    for offset in [-12, -12] {
        beside.later();
        told = beside.login(ALONE, &beside.code(offset)).messages();
    }
    assert!(told.contains("min off"), "{told}");
}

fn noskewadj() {
    let beside = Beside::new();
    beside.google_service(GOOGLE, "noskewadj");
    for _ in 0..4 {
        beside.walk(GOOGLE, &[(-1000, AuthErr, AuthErr)]);
        beside.host.advance(30);
    }
}
