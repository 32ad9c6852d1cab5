//! Zone, language and clock of the person who logs in: none of them changes what is decided or recorded.

use std::fs;

use wardkey_tests::machine::host::{ALONE, CODE, Host, STATE};
use wardkey_tests::people::history::History;
use wardkey_tests::programs::pam::{Event, PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::{Outcome, run};

/// Where a host has locales of its own: a bare machine has none but C's.
const LOCALES: &str = "/var/locale";

const ELSEWHERE: [&[&str]; 4] = [
    &["env", "TZ=Pacific/Kiritimati", "LOCPATH=/var/locale", "LC_ALL=fr_FR.UTF-8"],
    &["env", "TZ=America/Adak", "LOCPATH=/var/locale", "LC_ALL=tr_TR.UTF-8"],
    &["env", "TZ=:/no/such/zone", "LC_ALL=no_such_locale"],
    &["env", "TZ=XXX-99", "LANG=", "LC_ALL=C"],
];

/// Every kind of code.
const CODES: [fn(&History) -> String; 4] = [
    History::next_code,
    |history| history.alice.wrong_code(&history.host),
    |history| history.alice.recovery_codes[3].clone(),
    |history| history.spent_code.clone(),
];

fn under(host: &Host, starter: &[&str], code: &str) -> Outcome {
    let script = Script::new(ALONE, "alice").types(CODE, code);
    run(&mut host.under(starter, &host.pam_command(&[script])), b"").exits(0)
}

/// Makes the locales; they come into force in programs that ask for them, as `pamclient` does.
fn make_locales(host: &Host) {
    host.must(&format!("mkdir {LOCALES}"));
    for name in ["fr_FR", "tr_TR"] {
        host.must(&format!("localedef --inputfile={name} --charmap=UTF-8 {LOCALES}/{name}.UTF-8"));
        let starter = ["env", &format!("LOCPATH={LOCALES}"), &format!("LC_ALL={name}.UTF-8")];
        let login = Transcript::read(&under(host, &starter, "000000").stdout);
        let is_in_force =
            |event: &Event| matches!(event, Event::End { locale, .. } if locale.starts_with(name));
        assert!(login.0.iter().any(is_in_force), "{name} is not in force: {login:?}");
    }
}

/// What the person sees, and what is recorded but for the moment.
fn came_of(history: &History, starter: &[&str], code: &str) -> (PamResult, String, Vec<u8>, String) {
    history.restore();
    let login = Transcript::read(&under(&history.host, starter, code).stdout);
    let enrolment = history.host.path("/var/lib/wardkey/users/alice/enrolment");
    let enrolment = fs::read(enrolment).expect("an enrolment");
    let mut status = history.host.status("alice");
    // To the minute: what is told of moments is in UTC.
    let minute =
        |value: &serde_json::Value| value.as_str().map(|text| text.chars().take(14).collect::<String>());
    let last = minute(&status["last_success"]);
    status["last_success"] = last.into();
    let used = minute(&status["authenticators"][0]["last_used"]);
    status["authenticators"][0]["last_used"] = used.into();
    (login.result(), login.seen(), enrolment, status.to_string())
}

#[test]
fn zone_and_language_change_neither_a_decision_nor_the_record() {
    let history = History::new();
    make_locales(&history.host);
    history.keep();
    for code in CODES {
        let code = code(&history);
        let here = came_of(&history, &["env"], &code);
        for elsewhere in ELSEWHERE {
            assert_eq!(came_of(&history, elsewhere, &code), here, "{elsewhere:?}");
        }
    }
}

// The C library reports errors in the language of its caller; logs are English everywhere.
#[test]
fn zone_and_language_change_nothing_where_a_disk_fails() {
    let history = History::new();
    make_locales(&history.host);
    history.host.make_read_only(STATE);
    let code = history.next_code();
    let came_of = |starter: &[&str]| {
        let mut login = None;
        let lines = history.host.syslog().lines_of(|| {
            login = Some(Transcript::read(&under(&history.host, starter, &code).stdout));
        });
        let login = login.expect("a login");
        // Behind the moment.
        let said = |line: &wardkey_tests::machine::syslog::Line| {
            line.text.split_once("pam_wardkey").map(|it| it.1.to_owned())
        };
        (login.result(), login.seen(), lines.iter().filter_map(said).collect::<Vec<_>>())
    };
    let here = came_of(&["env"]);
    assert!(here.0 == PamResult::AuthErr && here.1.contains("Cannot check codes now"), "{here:?}");
    assert!(here.2.iter().any(|line| line.contains("Read-only file system")), "{here:?}");
    for elsewhere in ELSEWHERE {
        assert_eq!(came_of(elsewhere), here, "{elsewhere:?}");
    }
}

#[test]
fn zone_and_language_change_no_command() {
    let history = History::new();
    make_locales(&history.host);
    let status = |starter: &[&str]| {
        let command = history.host.wardkey_command(&["--json", "status", "alice"]);
        run(&mut history.host.under(starter, &command), b"").exits(0).stdout
    };
    let here = status(&["env"]);
    for elsewhere in ELSEWHERE {
        assert_eq!(status(elsewhere), here, "{elsewhere:?}");
    }
}

// A clock that jumps ahead and is set right again must not lock anybody out for as long as it was ahead.
#[test]
fn a_clock_that_jumped_ahead_and_back_leaves_a_way_in() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.advance(400 * 86_400);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "at the time that the clock shows");
    host.advance(-400 * 86_400);
    let now = host.now() / 30;
    let refused = host.types("alice", &alice.phone.code(now));
    assert_eq!(refused.result(), PamResult::AuthErr, "no code of a time before the last one: {refused:?}");
    let _ = host.syslog().authpriv(&["alice", "clock"]);
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "a recovery code asks no clock");
    let printed = host.json(&["replace", "alice"], "");
    let phone = wardkey_tests::programs::authenticator_app::Authenticator::from_enrolment(&printed);
    let code = phone.code(host.now() / 30);
    host.wardkey(&["--json", "confirm", "alice"], &format!("{code}\n")).exits(0);
    alice.phone = phone;
    let next = alice.phone.code(host.now() / 30 + 1);
    assert!(host.types("alice", &next).accepted(), "and the phone that was enrolled again opens");
}
