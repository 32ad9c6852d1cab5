//! The paths: logins, enrolment in a login, the helper and its callers, commands.

use std::process::Command;

use super::path::{Deed, Path, Plan, Typed, Whose};
use crate::machine::host::{ALONE, CODE};
use crate::people::history::History;
use crate::people::person::PASSWORD;
use crate::programs::authenticator_app::{Authenticator, now};
use crate::programs::pam::Door::{Account, Auth, CloseSession, ExpiredPassword, OpenSession, SetCred};
use crate::programs::pam::PamResult::{AuthErr, NewAuthtokReqd, Success};
use crate::programs::pam::{IGNORED, PamResult, Reply, Script};

/// What starts a program as the person herself.
const AS_ALICE: [&str; 4] = ["setpriv", "--reuid=alice", "--regid=alice", "--init-groups"];

/// A path that is not prepared yet.
#[derive(Clone, Copy)]
pub struct Make(fn() -> Plan);

impl Make {
    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0().name
    }

    /// Prepares it, and goes it once without a fault.
    #[must_use]
    pub fn path(self) -> Path {
        Path::new(self.0())
    }
}

/// Every path.
#[must_use]
pub fn all() -> Vec<Make> {
    [logins(), helpers(), super::commands::commands()].concat().into_iter().map(Make).collect()
}

/// A login of alice by one code.
fn login(name: &'static str, code: fn(&History) -> String, result: PamResult) -> Plan {
    Plan {
        name,
        user: "alice",
        deed: Deed::Login(vec![result]),
        whose: Whose::Its,
        with_helper: false,
        prepare: History::new,
        code,
        command: |history, code| history.host.pam_command(&[Script::new(ALONE, "alice").types(CODE, code)]),
        typed: Typed::Lines(|_| String::new()),
    }
}

fn logins() -> Vec<fn() -> Plan> {
    vec![
        || login("login: right code", History::next_code, Success),
        || login("login: wrong code", |history| history.alice.wrong_code(&history.host), AuthErr),
        || login("login: recovery code", |history| history.alice.recovery_codes[2].clone(), Success),
        || Plan {
            deed: Deed::Login(vec![Success; 5]),
            command: |history, code| {
                let script = Script::new("separate", "alice").types("assword", PASSWORD).types(CODE, code);
                let doors = [Auth, Account, SetCred, OpenSession, CloseSession];
                history.host.pam_command(&[script.doors(&doors)])
            },
            ..login("login: password and code", History::next_code, Success)
        },
        || Plan {
            deed: Deed::Login(vec![Success]),
            prepare: combined,
            command: |history, code| {
                let script = Script::new("combined", "alice").types("", PASSWORD.to_owned() + code);
                history.host.pam_command(&[script])
            },
            ..login("login: combined entry", History::next_code, Success)
        },
        || Plan {
            deed: Deed::Login(vec![Success, Success, IGNORED]),
            prepare: locker,
            command: |history, code| {
                let first = Script::new("locker", "alice").types(CODE, code).doors(&[Auth, SetCred]);
                let second = Script::new("locker", "alice");
                let session = ["sh", "-c", "echo 3000 >/proc/self/loginuid && exec \"$@\"", "sh"];
                history.host.under(&session, &history.host.pam_command(&[first, second]))
            },
            ..login("login: code, then grace", History::next_code, Success)
        },
        || Plan {
            user: "bob",
            deed: Deed::Login(vec![Success, NewAuthtokReqd, Success, Success]),
            prepare: newcomer,
            code: |_| String::new(),
            command: |history, _| {
                let script = Script::new("login", "bob").types("assword", PASSWORD);
                let script = script.replies("Code from the app", Reply::Reads).types("saved", "saved");
                let doors = [Auth, Account, ExpiredPassword, OpenSession];
                history.host.pam_command(&[script.doors(&doors)])
            },
            typed: Typed::Answers(|_, _, line| key_in(line).map(|phone| phone.code(now() / 30))),
            ..login("login: enrolment", History::next_code, Success)
        },
    ]
}

fn combined() -> History {
    let history = History::new();
    let module = "pam_wardkey.so forward_pass";
    history.host.service(
        "combined",
        &format!("auth required {module}\nauth required pam_unix.so try_first_pass nodelay\n"),
    );
    history
}

fn locker() -> History {
    let history = History::new();
    history.host.configure("[service.locker]\nunlock_grace = \"12h\"\n");
    history.host.service_alone("locker", "");
    history
}

fn newcomer() -> History {
    let history = History::new();
    history.host.configure("[service.login]\nenroll = true\n");
    history.host.add_account("bob");
    history
}

/// The phone that has scanned the key in a prompt for the first code.
pub(super) fn key_in(line: &str) -> Option<Authenticator> {
    // As JSON writes the end of a line.
    let line = line.replace("\\n", " ");
    let groups = line.split(|c: char| !c.is_ascii_alphanumeric());
    let is_group =
        |word: &&str| word.len() == 4 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    let secret: String = groups.filter(is_group).collect();
    let is_asked = line.contains("Code from the app") && secret.len() == 32;
    is_asked.then(|| Authenticator { secret, algorithm: "SHA1".into(), digits: 6, period: 30 })
}

fn helpers() -> Vec<fn() -> Plan> {
    vec![
        || Plan { whose: Whose::Its, ..question("question: the caller") },
        || question("question: the helper"),
        || Plan { whose: Whose::Its, ..action("action: the caller") },
        || action("action: the helper"),
    ]
}

/// A person's own program checks a code.
fn question(name: &'static str) -> Plan {
    Plan {
        whose: Whose::TheHelpers,
        with_helper: true,
        command: |history, _| {
            let script = Script::new(ALONE, "alice").replies(CODE, Reply::Reads);
            as_alice(history, &history.host.pam_command(&[script]))
        },
        typed: Typed::Answers(|_, code, line| line.contains(CODE).then(|| code.to_owned())),
        ..login(name, History::next_code, Success)
    }
}

/// A person makes new recovery codes.
fn action(name: &'static str) -> Plan {
    Plan {
        deed: Deed::Command,
        command: |history, _| as_alice(history, &history.host.wardkey_command(&["--json", "recovery-codes"])),
        typed: Typed::Lines(|code| format!("{PASSWORD}\n{code}\n")),
        ..question(name)
    }
}

fn as_alice(history: &History, command: &Command) -> Command {
    history.host.under(&AS_ALICE, command)
}
