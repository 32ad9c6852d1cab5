//! Whom wardkey concerns, and who logs in how: groups, exemptions, rollout, reset and pass.

use wardkey_tests::machine::world::{ALONE, CODE, SUPPORT, World};
use wardkey_tests::programs::pam::Door::{Account, Auth, ExpiredPassword, OpenSession};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Reply, Script, Transcript};
use wardkey_tests::proof::outcome::run;

/// The prompt of an enrolment where there is no terminal.
const FIRST_CODE: &str = "to an authenticator app";

/// A login in which no prompt comes.
fn unasked(world: &World, name: &str) -> Transcript {
    world.pam(&Script::new(ALONE, name).doors(&[Auth, Account]))
}

fn exemption(what: &str, until: &str) -> String {
    format!("[[exempt]]\n{what}\nreason = \"display\"\napproved_by = \"Dr Roy\"\nuntil = {until}\n")
}

// Row: S1-3
#[test]
fn everyone_is_asked_by_default() {
    let world = World::new();
    world.add_account("bob");
    assert_eq!(world.types("bob", "123456").result(), PamResult::AuthErr);
}

// Row: S1-3
#[test]
fn only_members_of_the_named_groups_are_asked() {
    let world = World::with_config("[policy]\ngroups = [\"staff2\"]\n");
    let (mut alice, _) = (world.person("alice"), world.add_account("bob"));
    world.append("/etc/group", "staff2:x:5000:alice");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted());
    assert_eq!(unasked(&world, "bob").results(), [IGNORED, PamResult::Success]);
}

#[test]
fn a_group_that_does_not_exist_concerns_everyone_and_exempts_nobody() {
    let world = World::new();
    world.add_account("bob");
    let tables = format!(
        "[policy]\ngroups = [\"nobody-made-it\"]\n{}",
        exemption("group = \"nor-this\"", "2099-01-01")
    );
    world.write(wardkey_tests::machine::world::CONFIG, format!("support = \"x\"\n{tables}"));
    assert_eq!(world.types("bob", "123456").result(), PamResult::AuthErr);
    let _ = world.syslog().authpriv(&["nobody-made-it"]);
    world.wardkey(&["config", "check"], "").exits(3);
}

/// A caller of `su` can leave a directory look-up too few descriptors, and glibc then reports half an answer.
#[test]
fn a_look_up_short_of_descriptors_leaves_the_person_concerned() {
    let world = World::with_config("[policy]\ngroups = [\"staff2\"]\n");
    world.add_account("bob");
    world.append("/etc/group", "staff2:x:5000:alice");
    assert_eq!(unasked(&world, "bob").results(), [IGNORED, PamResult::Success]);
    let asked = Script::new(ALONE, "bob").types(CODE, "123456");
    let mut starved = world.under(&["prlimit", "--nofile=14"], &world.pam_command(&[asked]));
    let transcript = Transcript::read(&run(&mut starved, b"").exits(0).stdout);
    assert_eq!(transcript.result(), PamResult::AuthErr, "{}", transcript.seen());
    let _ = world.syslog().authpriv(&["staff2", "taken as concerned"]);
}

// Row: S1-3
#[test]
fn an_exemption_holds_while_all_its_keys_do() {
    let display = exemption("user = \"display\"\nnetwork = \"192.0.2.0/24\"", "2099-12-31");
    let past = exemption("user = \"old\"", "2020-01-31");
    let always = exemption("user = \"kiosk\"", "2099-12-31");
    let world = World::with_config(&format!("{display}{past}{always}"));
    for name in ["display", "old", "bob", "kiosk"] {
        world.add_account(name);
    }
    let from = |name: &str, host: &str, asked: bool| {
        let script = Script::new(ALONE, name).from(host);
        let script = if asked { script.types(CODE, "123456") } else { script };
        world.pam(&script).result()
    };
    assert_eq!(from("display", "192.0.2.7", false), IGNORED);
    assert_eq!(from("display", "::ffff:192.0.2.7", false), IGNORED);
    for host in ["198.51.100.1", "display.example", "127.0.0.1", "::1"] {
        assert_eq!(from("display", host, true), PamResult::AuthErr, "{host}");
    }
    assert_eq!(world.types("display", "123456").result(), PamResult::AuthErr, "no host");
    assert_eq!(from("bob", "192.0.2.7", true), PamResult::AuthErr, "another person");
    assert_eq!(from("old", "192.0.2.7", true), PamResult::AuthErr, "past");
    assert_eq!(unasked(&world, "kiosk").results(), [IGNORED, PamResult::Success]);
    assert!(!world.status("kiosk")["exempt"].is_null());
    assert!(world.status("old")["exempt"].is_null());
}

// Row: S2-3
#[test]
fn unless_the_site_says_otherwise_the_app_is_the_only_method() {
    let world = World::new();
    world.add_account("bob");
    let mail = world.wardkey(&["--json", "enroll", "bob", "--email", "bob@clinic.example"], "");
    assert!(matches!(mail.code(), Some(1 | 2)), "{mail:?}");
    assert_eq!(world.state("bob"), "not-enrolled");
    let printed = world.json(&["enroll", "bob"], "");
    assert_eq!(printed["authenticator"]["kind"], "totp");
    let mut alice = world.person("alice");
    let before = world.status("alice");
    assert!(before["email"].is_null());
    assert_eq!(world.types("alice", "email").result(), PamResult::AuthErr, "and no second prompt");
    assert_eq!(world.status("alice"), before, "it counts for nothing");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted());
}

// Row: S2-1
#[test]
fn a_site_may_leave_the_unenrolled_alone() {
    let world = World::with_config("[policy]\nunenrolled = \"ignore\"\n");
    let mut alice = world.person("alice");
    world.add_account("bob");
    assert_eq!(unasked(&world, "bob").results(), [IGNORED, PamResult::Success]);
    assert_eq!(world.types("alice", &alice.wrong_code(&world)).result(), PamResult::AuthErr);
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted());
}

// Row: S1-3
#[test]
fn until_the_day_of_the_rollout_the_unenrolled_read_how_many_days_are_left() {
    let day = |offset: i64| {
        let seconds = wardkey_tests::programs::generator::now().saturating_add_signed(offset * 86_400);
        World::bare().must(&format!("date -u -d @{seconds} +%F")).trim().to_owned()
    };
    let world = World::with_config(&format!("[policy]\nenroll_by = {}\n", day(3)));
    world.add_account("bob");
    let login = unasked(&world, "bob");
    assert_eq!(login.results(), [IGNORED, PamResult::Success]);
    assert!(login.messages().contains("In 4 days"), "{login:#?}");
    let silent = world.pam(&Script::new(ALONE, "bob").silent());
    assert_eq!((silent.result(), silent.messages().as_str()), (IGNORED, ""));
    world.advance(3 * 86_400);
    assert_eq!(unasked(&world, "bob").results()[0], IGNORED, "on the day itself");
    world.advance(86_400);
    assert_eq!(world.types("bob", "123456").result(), PamResult::AuthErr, "the day after");
}

// Row: S1-20
// Row: S1-24
#[test]
fn after_a_reset_only_a_pass_opens_and_leads_into_enrolment() {
    let world = World::with_config("[policy]\nunenrolled = \"ignore\"\n");
    let mut alice = world.person("alice");
    world.wardkey(&["reset", "alice", "--verified-by", "passport", "--reason", "lost phone"], "").exits(0);
    assert_eq!(world.state("alice"), "must-enroll");
    for code in [alice.fresh_code(&world), alice.recovery_codes[0].clone()] {
        let refused = world.types("alice", &code);
        assert_eq!(refused.result(), PamResult::AuthErr, "everything before is void");
        assert!(refused.seen().contains(SUPPORT), "whom to call: {refused:#?}");
    }
    let pass = world.pass("alice");
    let doors = [Auth, Account, ExpiredPassword, OpenSession];
    let script = Script::new(ALONE, "alice").types(CODE, &pass).replies(FIRST_CODE, Reply::Leaves);
    let login = world.pam(&script.doors(&doors));
    let results = login.results();
    assert_eq!(results[..2], [PamResult::Success, PamResult::NewAuthtokReqd]);
    assert!(login.messages().contains("Your second factor was reset."), "they hear of it: {login:#?}");
    assert_eq!(results[2], PamResult::AuthtokErr, "whoever leaves is not enrolled");
    assert_eq!(results[3], PamResult::SessionErr, "and without that there is no session");
}

#[test]
fn a_pass_of_somebody_enrolled_opens_one_login_and_ends_in_time() {
    let world = World::new();
    let mut alice = world.person("alice");
    let pass = world.pass("alice");
    let login = world.pam(&Script::new(ALONE, "alice").types(CODE, &pass).doors(&[Auth, Account]));
    assert_eq!(login.results(), [PamResult::Success; 2]);
    assert_eq!(world.types("alice", &pass).result(), PamResult::AuthErr);
    let late = world.pass("alice");
    world.advance(3601);
    assert_eq!(world.types("alice", &late).result(), PamResult::AuthErr, "an hour later");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted());
}

#[test]
fn an_emergency_code_opens_once_and_sounds_the_alarm() {
    let world = World::new();
    world.person("alice");
    let printed = world.json(&["emergency", "alice", "--count", "2", "--reason", "envelope"], "");
    let codes = wardkey_tests::programs::cli::texts(&printed["codes"]);
    assert_eq!(codes.len(), 2);
    assert!(world.types("alice", &codes[0]).accepted());
    assert_eq!(world.syslog().authpriv(&["alice", "emergency", "accepted"]).severity, 1, "alert");
    assert_eq!(world.types("alice", &codes[0]).result(), PamResult::AuthErr);
    assert!(world.types("alice", &codes[1]).accepted());
}

#[test]
fn an_account_under_another_uid_is_refused() {
    let world = World::new();
    let mut alice = world.person("alice");
    world.must("sed -i 's/^alice:x:[0-9]*:/alice:x:4999:/' /etc/passwd");
    assert_eq!(world.types("alice", &alice.fresh_code(&world)).result(), PamResult::AuthErr);
    let _ = world.syslog().authpriv(&["alice", "uid"]);
}

#[test]
fn a_pass_of_somebody_never_enrolled_opens_until_they_are() {
    let world = World::new();
    world.add_account("bob");
    let pass = world.pass("bob");
    let doors = [Auth, Account, OpenSession];
    let script = Script::new(ALONE, "bob").types(CODE, &pass).doors(&doors);
    for round in 0..5 {
        let results = world.pam(&script).results();
        assert_eq!(
            results,
            [PamResult::Success, PamResult::NewAuthtokReqd, PamResult::SessionErr],
            "{round}"
        );
    }
    assert_eq!(world.types("bob", &pass).result(), PamResult::AuthErr, "the sixth time");
    let pass = world.pass("bob");
    assert!(world.types("bob", &pass).accepted());
    let mut bob = world.enrol("bob");
    assert_eq!(world.types("bob", &pass).result(), PamResult::AuthErr, "once enrolled");
    assert!(world.types("bob", &bob.fresh_code(&world)).accepted());
}

// Row: S1-3
#[test]
fn where_people_enrol_at_login_the_unenrolled_get_no_session_without() {
    let world = World::with_config("[service.alone]\nenroll = true\n");
    world.add_account("bob");
    let doors = [Auth, Account, ExpiredPassword, OpenSession];
    let script = (0..5).fold(Script::new(ALONE, "bob"), |script, _| script.types(FIRST_CODE, "no code"));
    let login = world.pam(&script.doors(&doors));
    let expected = [IGNORED, PamResult::NewAuthtokReqd, PamResult::AuthtokErr, PamResult::SessionErr];
    assert_eq!(login.results(), expected);
    assert!(login.messages().contains(SUPPORT), "{login:#?}");
    world.service_alone("elsewhere", "");
    let elsewhere = world.pam(&Script::new("elsewhere", "bob").types(CODE, "123456"));
    assert_eq!(elsewhere.result(), PamResult::AuthErr, "only that service is opted in");
}
