//! Logins at `pam_oath`.

use super::beside::{Beside, OATH, OATH_FILE};
use super::{Behaviour, Here};
use crate::machine::host::{ALONE, CODE};
use crate::people::person::PASSWORD;
use crate::programs::pam::PamResult::{AuthErr, Success, UserUnknown};
use crate::programs::pam::Script;
use crate::proof::outcome::run;

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        id: "O1",
        theirs: "Called without a handle, the module does not crash.",
        here: Here::Same("both, each loaded into a program of its own.", null_handle),
    },
    Behaviour {
        id: "O2",
        theirs: "A text, a code that is too short and a wrong code are refused (`PAM_AUTH_ERR`).",
        here: Here::Same("both.", no_codes),
    },
    Behaviour {
        id: "O3",
        theirs: "The right code is accepted; replayed it is refused.",
        here: Here::Same("both.", once),
    },
    Behaviour {
        id: "O4",
        theirs: "Time-based: a code ahead within the window is accepted, then earlier ones are refused, later ones \
                 accepted.",
        here: Here::Same("both, with five steps ahead.", ahead),
    },
    Behaviour {
        id: "O5",
        theirs: "Counter-based: a code further on within the window is accepted, an older one is refused.",
        here: Here::NotApplicable(
            "codes that follow a counter are not taken; `import` leaves such lines out and says so.",
        ),
    },
    Behaviour {
        id: "O6",
        theirs: "A user with a password in the file needs it before the code; the code alone, or with another one, is \
                 refused.",
        here: Here::Different(
            "there is no second password: it is the account's, which pam_unix checks. `forward_pass` before it takes \
             both in one entry, with the same outcomes. `import` says which people had one.",
            password,
        ),
    },
    Behaviour {
        id: "O7",
        theirs: "A user who is not in the file is refused without a prompt (`PAM_USER_UNKNOWN`).",
        here: Here::Different(
            "the same prompt and the same `PAM_AUTH_ERR` as for a wrong code: neither tells who is enrolled. A stack \
             with `user_unknown=ignore` lets nobody by here; the configuration says whom wardkey concerns.",
            unlisted,
        ),
    },
    Behaviour {
        id: "O8",
        theirs: "After all logins the file has the expected text.",
        here: Here::NotApplicable(
            "the record is of another form; what a login may write is tested by itself (`once`, `disks`).",
        ),
    },
];

/// Calls every door of a module without a handle.
const LOADS: &str = "\
import ctypes, sys
module = ctypes.CDLL(sys.argv[1])
for door in ['authenticate', 'setcred', 'acct_mgmt', 'open_session', 'close_session', 'chauthtok']:
    call = getattr(module, 'pam_sm_' + door, None)
    print(door, call and call(None, 0, 0, None))
";

fn null_handle() {
    let beside = Beside::new();
    let theirs = beside.host.must("find /lib /usr/lib -name pam_oath.so 2>/dev/null | head -n 1");
    let ours = beside.host.built("libpam_wardkey.so");
    for module in [theirs.trim(), ours.to_str().expect("a plain path")] {
        let mut python = beside.host.command("/usr/bin/python3");
        let outcome = run(python.args(["-c", LOADS, module]), b"").exits(0);
        assert!(
            outcome.stdout.contains("authenticate") && !outcome.stdout.contains("authenticate 0"),
            "{outcome:?}"
        );
    }
}

fn no_codes() {
    let beside = Beside::new();
    for typed in ["incorrectpassword", "bad", &beside.code(0)[..5], &beside.alice.wrong_code(&beside.host)] {
        for service in [OATH, ALONE] {
            assert_eq!(beside.types(service, typed), AuthErr, "{service}: {typed}");
        }
    }
}

fn once() {
    Beside::new().walk(OATH, &[(0, Success, Success), (0, AuthErr, AuthErr)]);
}

fn ahead() {
    let beside = Beside::with("[totp]\nwindow = 5\n", "", 5);
    let story = [(1, Success), (1, AuthErr), (0, AuthErr), (4, Success), (2, AuthErr), (5, Success)];
    beside.walk(OATH, &story.map(|(step, result)| (step, result, result)));
}

fn password() {
    let beside = Beside::new();
    let hex = beside.hex(&beside.alice.phone.secret);
    beside.writes_oath(&format!("HOTP/T30/6 alice pw {hex}\n"));
    beside.host.service(
        "both",
        "auth requisite pam_wardkey.so forward_pass\nauth required pam_unix.so use_first_pass nodelay\n",
    );
    let ours = |entry: &str| beside.host.pam(&Script::new("both", "alice").types("assword", entry)).result();
    for (theirs, password, result) in
        [("bad", "another password", AuthErr), ("", "", AuthErr), ("pw", PASSWORD, Success)]
    {
        beside.later();
        let code = beside.code(0);
        assert_eq!(beside.types(OATH, &format!("{theirs}{code}")), result, "{theirs}");
        assert_eq!(ours(&format!("{password}{code}")), result, "{password}");
    }
    beside.host.add_account("bobby");
    beside.writes_oath(&format!("HOTP/T30/6 bobby pw {hex}\n"));
    let printed = beside.host.json(&["import", "oath", OATH_FILE], "");
    assert!(printed["left_out"].to_string().contains("its PIN"), "{printed:#}");
}

fn unlisted() {
    let beside = Beside::new();
    beside.host.add_account("bobby");
    lets_by_who_is_unknown_to_theirs_alone(&beside);
    assert_eq!(beside.host.pam(&Script::new(OATH, "bobby")).result(), UserUnknown, "without a prompt");
    let wrong = beside.login(ALONE, &beside.alice.wrong_code(&beside.host));
    for name in ["bobby", "nobody-here"] {
        let login = beside.host.types(name, "123456");
        assert_eq!((login.result(), login.seen()), (AuthErr, wrong.seen()), "{name}");
    }
}

fn lets_by_who_is_unknown_to_theirs_alone(beside: &Beside) {
    let theirs = format!("pam_oath.so usersfile={OATH_FILE} window=1 digits=6");
    for (service, module) in [("oath-by", &*theirs), ("by", "pam_wardkey.so")] {
        let stack = format!(
            "auth [success=ok user_unknown=ignore default=die] {module}\nauth required pam_permit.so\n"
        );
        beside.host.service(service, &stack);
    }
    assert_eq!(beside.host.pam(&Script::new("oath-by", "bobby")).result(), Success);
    assert_eq!(beside.host.pam(&Script::new("by", "bobby").types(CODE, "123456")).result(), AuthErr);
}
