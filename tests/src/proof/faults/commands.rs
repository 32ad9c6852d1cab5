//! The paths of the command, as root at the desk.

use super::path::{Deed, Plan, Typed, Whose};
use crate::people::history::History;
use crate::programs::authenticator_app::Authenticator;

/// What makes one plan.
type Make = fn() -> Plan;

/// A command about alice: each word of its name.
fn at_the_desk(name: &'static str, prepare: fn() -> History) -> Plan {
    Plan {
        name,
        user: "alice",
        deed: Deed::Command,
        whose: Whose::Its,
        with_helper: false,
        prepare,
        code: |_| String::new(),
        command: |_, _| unreachable!("each has its own"),
        typed: Typed::Lines(|code| format!("{code}\n")),
    }
}

macro_rules! command {
    ($prepare:expr, $code:expr, $name:literal: $($word:literal)+) => {
        || Plan {
            code: $code,
            command: |history, _| history.host.wardkey_command(&["--json", $($word),+]),
            ..at_the_desk(concat!("wardkey ", $name), $prepare)
        }
    };
}

/// Every command that reads or writes a record, and those about the configuration.
pub(super) fn commands() -> Vec<Make> {
    vec![
        command!(not_enrolled, |_| String::new(), "enroll": "enroll" "alice"),
        command!(pending, History::next_code, "confirm": "confirm" "alice"),
        command!(History::new, |_| String::new(), "replace": "replace" "alice"),
        command!(History::new, |_| String::new(), "authenticator add": "authenticator" "add" "alice" "tablet"),
        command!(two_phones, |_| String::new(), "authenticator remove": "authenticator" "remove" "alice" "tablet"),
        command!(History::new, |_| String::new(), "recovery-codes": "recovery-codes" "alice"),
        command!(History::new, |_| String::new(), "reset": "reset" "alice" "--verified-by" "passport"),
        command!(History::new, |_| String::new(), "pass": "pass" "alice" "--verified-by" "passport"),
        command!(History::new, |_| String::new(), "emergency": "emergency" "alice" "--count" "1" "--reason" "envelope"),
        command!(waiting, |_| String::new(), "unlock": "unlock" "alice"),
        command!(History::new, |_| String::new(), "remove": "remove" "alice" "--reason" "left"),
        command!(History::new, History::next_code, "check": "check" "alice"),
        command!(History::new, |_| String::new(), "status": "status" "alice"),
        command!(History::new, |_| String::new(), "list": "list"),
        command!(History::new, |_| String::new(), "config check": "config" "check"),
        command!(without_a_key, |_| String::new(), "init": "init"),
    ]
}

fn not_enrolled() -> History {
    let history = History::new();
    history.host.wardkey(&["remove", "alice", "--reason", "starts over"], "").exits(0);
    history
}

fn pending() -> History {
    let mut history = not_enrolled();
    let printed = history.host.json(&["enroll", "alice"], "");
    history.alice.phone = Authenticator::from_enrolment(&printed);
    history
}

fn two_phones() -> History {
    let history = History::new();
    let printed = history.host.json(&["authenticator", "add", "alice", "tablet"], "");
    let tablet = Authenticator::from_enrolment(&printed);
    let code = tablet.code(history.alice.step(&history.host));
    history.host.json(&["confirm", "alice"], &(code + "\n"));
    history
}

/// Alice waits for hours.
fn waiting() -> History {
    let history = History::new();
    history.host.configure("[throttle]\nfirst_wait = \"10h\"\nlongest_wait = \"10h\"\n");
    for _ in 0..6 {
        history.host.types("alice", &history.alice.wrong_code(&history.host));
    }
    history
}

/// Nothing but people's accounts: as before `init`.
fn without_a_key() -> History {
    let history = History::new();
    history.host.must("rm -rf /var/lib/wardkey /etc/wardkey/seal.key");
    history
}
