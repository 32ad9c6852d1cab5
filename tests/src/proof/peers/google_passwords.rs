//! Password and code in one entry, or in what an earlier module has asked for.

use super::beside::{Beside, GOOGLE};
use super::{Behaviour, Here};
use crate::machine::host::{CODE, Host};
use crate::people::person::PASSWORD;
use crate::programs::pam::{PamResult, Reply, Script, Transcript};

pub(super) const TABLE: &[Behaviour] = &[
    Behaviour {
        id: "G8",
        theirs: "`forward_pass`: one prompt takes password and code; exactly the password is left for the next module.",
        here: Here::Same("both.", forward_pass),
    },
    Behaviour {
        id: "G9",
        theirs: "`use_first_pass`: the code is the end of the earlier password; nothing is asked, right or wrong.",
        here: Here::Same("both.", use_first_pass),
    },
    Behaviour {
        id: "G10",
        theirs: "`use_first_pass forward_pass`: the same, and the password is left for the next module.",
        here: Here::Same(
            "both. Here the code is taken off without `forward_pass` as well: no module behind can use it.",
            use_first_pass_forwarding,
        ),
    },
    Behaviour {
        id: "G11",
        theirs: "`try_first_pass`, with or without `forward_pass`: a right code at the end of the earlier password is \
                 taken, and nothing is asked.",
        here: Here::Same("both.", try_first_pass),
    },
    Behaviour {
        id: "G12",
        theirs: "`try_first_pass`, no right code at the end: one prompt for the code.",
        here: Here::Same(
            "both. Here the earlier password does not count as an attempt.",
            try_first_pass_asks,
        ),
    },
    Behaviour {
        id: "G13",
        theirs: "`try_first_pass forward_pass`, no right code at the end: one prompt for password and code.",
        here: Here::Different(
            "the earlier entry is the entry: it is refused, and counts. Two prompts for one password would be one \
             more than any locker or greeter with one field can answer.",
            try_first_pass_forwarding_asks,
        ),
    },
    Behaviour {
        id: "G14",
        theirs: "`try_first_pass`, a wrong code at the end, and a program that cannot ask: it is asked twice, and the \
                 login is refused.",
        here: Here::Different(
            "it is asked once, and the answer is `PAM_CONV_ERR`: nobody has typed a code.",
            cannot_ask,
        ),
    },
    Behaviour {
        id: "G15",
        theirs: "Somebody without a file, with `try_first_pass` or `use_first_pass`: refused without a prompt.",
        here: Here::Different(
            "with `use_first_pass` the same; with `try_first_pass` the prompt comes, as it comes to everybody else: it \
             does not tell who is enrolled.",
            no_file,
        ),
    },
];

/// Asks for a password, whatever it is, and leaves it for the next module.
const EARLIER: &str = "auth optional pam_unix.so nodelay\n";
/// Writes down what the next module finds.
const LATER: &str = "auth required pam_exec.so expose_authtok quiet /etc/witness\n";
const THEIRS: &str =
    "auth requisite pam_google_authenticator.so secret=/etc/peers/google user=root ARGUMENTS\n";
const OURS: &str = "auth requisite pam_wardkey.so ARGUMENTS\n";

/// Somebody at both modules with these arguments, behind one that asks for a password, or not.
fn beside(arguments: &str, has_earlier: bool) -> Beside {
    let beside = Beside::new();
    beside.host.write("/etc/witness", "#!/bin/sh\ntr -d '\\0' > /var/witnessed\n");
    beside.host.must("chmod 755 /etc/witness");
    for (service, line) in [("google-mode", THEIRS), ("mode", OURS)] {
        let earlier = if has_earlier { EARLIER } else { "" };
        let line = line.replace("ARGUMENTS", arguments);
        beside.host.service(service, &format!("{earlier}{line}{LATER}"));
    }
    beside
}

fn witnessed(host: &Host) -> String {
    let seen = host.read("/var/witnessed");
    host.must("rm /var/witnessed");
    seen
}

/// Both services, with the prompt of each for a code.
const BOTH: [(&str, &str); 2] = [("google-mode", "erification code"), ("mode", CODE)];

fn enters(beside: &Beside, service: &str, entry: &str) -> Transcript {
    beside.host.pam(&Script::new(service, "alice").types("assword", entry))
}

/// One prompt in all: the right code at the end opens and leaves the password, another does not.
fn takes_the_end(beside: &Beside) {
    let wrong = beside.alice.wrong_code(&beside.host);
    let right = beside.code(0);
    for (service, _) in BOTH {
        assert_eq!(enters(beside, service, &format!("{PASSWORD}{wrong}")).result(), PamResult::AuthErr);
        let login = enters(beside, service, &format!("{PASSWORD}{right}"));
        assert_eq!(login.result(), PamResult::Success, "{service}: {login:#?}");
    }
}

fn leaves_the_password(arguments: &str, has_earlier: bool) {
    let beside = beside(arguments, has_earlier);
    let code = beside.code(0);
    for (service, _) in BOTH {
        let login = enters(&beside, service, &format!("{PASSWORD}{code}"));
        assert_eq!(login.result(), PamResult::Success, "{service}: {login:#?}");
        assert_eq!(witnessed(&beside.host), PASSWORD, "{service}");
    }
}

fn forward_pass() {
    takes_the_end(&beside("forward_pass", false));
    leaves_the_password("forward_pass", false);
}

fn use_first_pass() {
    takes_the_end(&beside("use_first_pass", true));
}

fn use_first_pass_forwarding() {
    takes_the_end(&beside("use_first_pass forward_pass", true));
    leaves_the_password("use_first_pass forward_pass", true);
    let beside = beside("use_first_pass", true);
    let entry = format!("{PASSWORD}{}", beside.code(0));
    for ((service, _), left) in BOTH.iter().zip([&*entry, PASSWORD]) {
        assert_eq!(enters(&beside, service, &entry).result(), PamResult::Success, "{service}");
        assert_eq!(witnessed(&beside.host), left, "{service}");
    }
}

fn try_first_pass() {
    for arguments in ["try_first_pass", "try_first_pass forward_pass"] {
        let beside = beside(arguments, true);
        let entry = format!("{PASSWORD}{}", beside.code(0));
        for (service, _) in BOTH {
            let login = enters(&beside, service, &entry);
            assert_eq!(login.result(), PamResult::Success, "{service} {arguments}: {login:#?}");
        }
    }
    leaves_the_password("try_first_pass forward_pass", true);
}

/// More wrong codes than are free: a person who has typed so many waits.
const MANY: usize = 6;

fn try_first_pass_asks() {
    let beside = beside("try_first_pass", true);
    let (wrong, right) = (beside.alice.wrong_code(&beside.host), beside.code(0));
    for _ in 0..MANY {
        let leaves = Script::new("mode", "alice").types("assword", "0123456789").replies(CODE, Reply::Leaves);
        assert_eq!(
            beside.host.pam(&leaves).result(),
            PamResult::ConvErr,
            "the password does not count as an attempt"
        );
    }
    for (service, prompt) in BOTH {
        for (code, result) in [(&wrong, PamResult::AuthErr), (&right, PamResult::Success)] {
            let script = Script::new(service, "alice").types("assword", "0123456789").types(prompt, code);
            assert_eq!(beside.host.pam(&script).result(), result, "{service}");
        }
    }
}

fn try_first_pass_forwarding_asks() {
    let beside = beside("try_first_pass forward_pass", true);
    let entry = format!("{PASSWORD}{}", beside.code(0));
    let first = Script::new("google-mode", "alice").types("assword", "0123456789");
    assert_eq!(beside.host.pam(&first.types("verification code", &entry)).result(), PamResult::Success);
    assert_eq!(
        enters(&beside, "mode", "0123456789").result(),
        PamResult::AuthErr,
        "nothing further is asked"
    );
    assert_eq!(enters(&beside, "mode", &entry).result(), PamResult::Success);
    for _ in 0..MANY {
        assert_ne!(enters(&beside, "mode", "0123456789").result(), PamResult::Success);
    }
    let unspent = format!("{PASSWORD}{}", beside.code(1));
    assert!(enters(&beside, "mode", &unspent).waits(), "each of them counts");
}

fn cannot_ask() {
    let beside = beside("try_first_pass", true);
    let entry = format!("{PASSWORD}{}", beside.alice.wrong_code(&beside.host));
    let leaves = |service: &str, prompts: &[&str]| {
        let script = Script::new(service, "alice").types("assword", &entry);
        let script = prompts.iter().fold(script, |script, prompt| script.replies(prompt, Reply::Leaves));
        beside.host.pam(&script).result()
    };
    assert_eq!(leaves("google-mode", &["erification code"; 2]), PamResult::AuthErr);
    assert_eq!(leaves("mode", &[CODE]), PamResult::ConvErr);
}

fn no_file() {
    for (arguments, asks) in [("try_first_pass", true), ("use_first_pass", false)] {
        let beside = beside(arguments, true);
        beside.host.must("rm /etc/peers/google");
        beside.host.add_account("bobby");
        let entry = format!("{PASSWORD}123456");
        assert_eq!(enters(&beside, "google-mode", &entry).result(), PamResult::AuthErr, "{GOOGLE}");
        let script = Script::new("mode", "bobby").types("assword", &entry);
        let script = if asks { script.types(CODE, "123456") } else { script };
        assert_eq!(beside.host.pam(&script).result(), PamResult::AuthErr, "{arguments}");
    }
}
