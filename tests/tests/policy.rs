//! Whom wardkey concerns, and who logs in how: groups, exemptions, rollout, reset and pass.

use wardkey_tests::machine::host::{ALONE, CODE, Host, SUPPORT};
use wardkey_tests::programs::pam::Door::{Account, Auth, ExpiredPassword, OpenSession};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Reply, Script, Transcript};
use wardkey_tests::proof::outcome::run;

/// The prompt of an enrolment where there is no terminal.
const FIRST_CODE: &str = "to an authenticator app";

/// A login in which no prompt comes.
fn unasked(host: &Host, name: &str) -> Transcript {
    host.pam(&Script::new(ALONE, name).doors(&[Auth, Account]))
}

fn exemption(what: &str, until: &str) -> String {
    format!("[[exempt]]\n{what}\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = {until}\n")
}

// Row: S1-3
#[test]
fn everyone_is_asked_by_default() {
    let host = Host::new();
    host.add_account("bob");
    assert_eq!(host.types("bob", "123456").result(), PamResult::AuthErr);
}

// Row: S1-3
#[test]
fn only_members_of_the_named_groups_are_asked() {
    let host = Host::with_config("[policy]\ngroups = [\"staff2\"]\n");
    let (mut alice, _) = (host.person("alice"), host.add_account("bob"));
    host.append("/etc/group", "staff2:x:5000:alice");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
    assert_eq!(unasked(&host, "bob").results(), [IGNORED, PamResult::Success]);
}

#[test]
fn a_group_that_does_not_exist_concerns_everyone_and_exempts_nobody() {
    let host = Host::new();
    host.add_account("bob");
    let tables = format!(
        "[policy]\ngroups = [\"nobody-made-it\"]\n{}",
        exemption("group = \"nor-this\"", "2099-01-01")
    );
    host.write(wardkey_tests::machine::host::CONFIG, format!("support = \"x\"\n{tables}"));
    assert_eq!(host.types("bob", "123456").result(), PamResult::AuthErr);
    let _ = host.syslog().authpriv(&["nobody-made-it"]);
    host.wardkey(&["config", "check"], "").exits(3);
}

/// A caller of `su` can leave a directory look-up too few descriptors, and glibc then reports half an answer.
#[test]
fn a_look_up_short_of_descriptors_leaves_the_person_concerned() {
    let host = Host::with_config("[policy]\ngroups = [\"staff2\"]\n");
    host.add_account("bob");
    host.append("/etc/group", "staff2:x:5000:alice");
    assert_eq!(unasked(&host, "bob").results(), [IGNORED, PamResult::Success]);
    let asked = Script::new(ALONE, "bob").types(CODE, "123456");
    let mut starved = host.under(&["prlimit", "--nofile=14"], &host.pam_command(&[asked]));
    let transcript = Transcript::read(&run(&mut starved, b"").exits(0).stdout);
    assert_eq!(transcript.result(), PamResult::AuthErr, "{}", transcript.seen());
    let _ = host.syslog().authpriv(&["staff2", "taken as concerned"]);
}

// Row: S1-3
#[test]
fn an_exemption_holds_while_all_its_keys_do() {
    let display = exemption("user = \"display\"\nnetwork = \"192.0.2.0/24\"", "2099-12-31");
    let past = exemption("user = \"old\"", "2020-01-31");
    let always = exemption("user = \"kiosk\"", "2099-12-31");
    let host = Host::with_config(&format!("{display}{past}{always}"));
    for name in ["display", "old", "bob", "kiosk"] {
        host.add_account(name);
    }
    let from = |name: &str, rhost: &str, asked: bool| {
        let script = Script::new(ALONE, name).from(rhost);
        let script = if asked { script.types(CODE, "123456") } else { script };
        host.pam(&script).result()
    };
    assert_eq!(from("display", "192.0.2.7", false), IGNORED);
    assert_eq!(from("display", "::ffff:192.0.2.7", false), IGNORED);
    for rhost in ["198.51.100.1", "display.example", "127.0.0.1", "::1"] {
        assert_eq!(from("display", rhost, true), PamResult::AuthErr, "{rhost}");
    }
    assert_eq!(host.types("display", "123456").result(), PamResult::AuthErr, "no rhost");
    assert_eq!(from("bob", "192.0.2.7", true), PamResult::AuthErr, "another person");
    assert_eq!(from("old", "192.0.2.7", true), PamResult::AuthErr, "past");
    assert_eq!(unasked(&host, "kiosk").results(), [IGNORED, PamResult::Success]);
    assert!(!host.status("kiosk")["exempt"].is_null());
    assert!(host.status("old")["exempt"].is_null());
}

// Row: S2-3
#[test]
fn unless_the_site_says_otherwise_the_app_is_the_only_method() {
    let host = Host::new();
    host.add_account("bob");
    let mail = host.wardkey(&["--json", "enroll", "bob", "--email", "bob@clinic.example"], "");
    assert!(matches!(mail.code(), Some(1 | 2)), "{mail:?}");
    assert_eq!(host.state("bob"), "not-enrolled");
    let printed = host.json(&["enroll", "bob"], "");
    assert_eq!(printed["authenticator"]["kind"], "totp");
    let mut alice = host.person("alice");
    let before = host.status("alice");
    assert!(before["email"].is_null());
    assert_eq!(host.types("alice", "email").result(), PamResult::AuthErr, "and no second prompt");
    assert_eq!(host.status("alice"), before, "it counts for nothing");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
}

// Row: S2-1
#[test]
fn a_site_may_leave_the_unenrolled_alone() {
    let host = Host::with_config("[policy]\nunenrolled = \"ignore\"\n");
    let mut alice = host.person("alice");
    host.add_account("bob");
    assert_eq!(unasked(&host, "bob").results(), [IGNORED, PamResult::Success]);
    assert_eq!(host.types("alice", &alice.wrong_code(&host)).result(), PamResult::AuthErr);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
}

// Row: S1-3
#[test]
fn until_the_rollout_the_unenrolled_read_how_many_days_are_left() {
    let day = |offset: i64| {
        let seconds =
            wardkey_tests::programs::authenticator_app::now().saturating_add_signed(offset * 86_400);
        Host::bare().must(&format!("date -u -d @{seconds} +%F")).trim().to_owned()
    };
    let host = Host::with_config(&format!("[policy]\nenroll_by = {}\n", day(3)));
    host.add_account("bob");
    let login = unasked(&host, "bob");
    assert_eq!(login.results(), [IGNORED, PamResult::Success]);
    assert!(login.messages().contains("In 4 days"), "{login:#?}");
    let silent = host.pam(&Script::new(ALONE, "bob").silent());
    assert_eq!((silent.result(), silent.messages().as_str()), (IGNORED, ""));
    host.advance(3 * 86_400);
    assert_eq!(unasked(&host, "bob").results()[0], IGNORED, "on the day itself");
    host.advance(86_400);
    assert_eq!(host.types("bob", "123456").result(), PamResult::AuthErr, "the day after");
}

// Row: S1-20
// Row: S1-24
#[test]
fn after_a_reset_only_a_pass_opens_and_leads_into_enrolment() {
    let host = Host::with_config("[policy]\nunenrolled = \"ignore\"\n");
    let mut alice = host.person("alice");
    host.wardkey(&["reset", "alice", "--verified-by", "passport", "--reason", "lost phone"], "").exits(0);
    assert_eq!(host.state("alice"), "must-enroll");
    for code in [alice.fresh_code(&host), alice.recovery_codes[0].clone()] {
        let refused = host.types("alice", &code);
        assert_eq!(refused.result(), PamResult::AuthErr, "everything before is void");
        assert!(refused.seen().contains(SUPPORT), "whom to call: {refused:#?}");
    }
    let pass = host.pass("alice");
    let doors = [Auth, Account, ExpiredPassword, OpenSession];
    let script = Script::new(ALONE, "alice").types(CODE, &pass).replies(FIRST_CODE, Reply::Leaves);
    let login = host.pam(&script.doors(&doors));
    let results = login.results();
    assert_eq!(results[..2], [PamResult::Success, PamResult::NewAuthtokReqd]);
    assert!(login.messages().contains("Your second factor was reset."), "they hear of it: {login:#?}");
    assert_eq!(results[2], PamResult::AuthtokErr, "a person who leaves is not enrolled");
    assert_eq!(results[3], PamResult::SessionErr, "and without that there is no session");
}

#[test]
fn a_pass_of_somebody_enrolled_opens_one_login_and_ends_in_time() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let pass = host.pass("alice");
    let login = host.pam(&Script::new(ALONE, "alice").types(CODE, &pass).doors(&[Auth, Account]));
    assert_eq!(login.results(), [PamResult::Success; 2]);
    assert_eq!(host.types("alice", &pass).result(), PamResult::AuthErr);
    let late = host.pass("alice");
    host.advance(3601);
    assert_eq!(host.types("alice", &late).result(), PamResult::AuthErr, "an hour later");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
}

#[test]
fn an_emergency_code_opens_once_and_sounds_the_alarm() {
    let host = Host::new();
    host.person("alice");
    let printed = host.json(&["emergency", "alice", "--count", "2", "--reason", "envelope"], "");
    let codes = wardkey_tests::programs::wardkey::texts(&printed["codes"]);
    assert_eq!(codes.len(), 2);
    assert!(host.types("alice", &codes[0]).accepted());
    assert_eq!(host.syslog().authpriv(&["alice", "emergency", "accepted"]).severity, 1, "alert");
    assert_eq!(host.types("alice", &codes[0]).result(), PamResult::AuthErr);
    assert!(host.types("alice", &codes[1]).accepted());
}

#[test]
fn an_account_under_another_uid_is_refused() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.must("sed -i 's/^alice:x:[0-9]*:/alice:x:4999:/' /etc/passwd");
    assert_eq!(host.types("alice", &alice.fresh_code(&host)).result(), PamResult::AuthErr);
    let _ = host.syslog().authpriv(&["alice", "uid"]);
}

#[test]
fn a_pass_of_somebody_never_enrolled_opens_until_they_are() {
    let host = Host::new();
    host.add_account("bob");
    let pass = host.pass("bob");
    let doors = [Auth, Account, OpenSession];
    let script = Script::new(ALONE, "bob").types(CODE, &pass).doors(&doors);
    for round in 0..5 {
        let results = host.pam(&script).results();
        assert_eq!(
            results,
            [PamResult::Success, PamResult::NewAuthtokReqd, PamResult::SessionErr],
            "{round}"
        );
    }
    assert_eq!(host.types("bob", &pass).result(), PamResult::AuthErr, "the sixth time");
    let pass = host.pass("bob");
    assert!(host.types("bob", &pass).accepted());
    let mut bob = host.enrol("bob");
    assert_eq!(host.types("bob", &pass).result(), PamResult::AuthErr, "once enrolled");
    assert!(host.types("bob", &bob.fresh_code(&host)).accepted());
}

// Row: S1-3
#[test]
fn where_people_enrol_at_login_the_unenrolled_get_no_session_without() {
    let host = Host::with_config("[service.alone]\nenroll = true\n");
    host.add_account("bob");
    let doors = [Auth, Account, ExpiredPassword, OpenSession];
    let script = (0..5).fold(Script::new(ALONE, "bob"), |script, _| script.types(FIRST_CODE, "no code"));
    let login = host.pam(&script.doors(&doors));
    let expected = [IGNORED, PamResult::NewAuthtokReqd, PamResult::AuthtokErr, PamResult::SessionErr];
    assert_eq!(login.results(), expected);
    assert!(login.messages().contains(SUPPORT), "{login:#?}");
    host.service_alone("elsewhere", "");
    let elsewhere = host.pam(&Script::new("elsewhere", "bob").types(CODE, "123456"));
    assert_eq!(elsewhere.result(), PamResult::AuthErr, "only that service is opted in");
}
