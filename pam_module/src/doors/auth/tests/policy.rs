//! Who is asked at all.

use super::*;
use wardkey_core::desk::Right;

const BY_PASSWORD: Mark = Mark::MustEnroll(Right::Password);

/// The mark of a pass that opened just now.
fn by_pass(site: &Fixture, name: &str) -> Mark {
    Mark::MustEnroll(Right::Pass { generation: site.record_of(name).enrolment.generation })
}

fn unasked(config: &str) -> (AuthAnswer, Option<Mark>, String) {
    let site = Fixture::new(config);
    let mut pam = Scripted::new(b"roy").service("sshd");
    let answer = site.auth(&mut pam);
    (answer, pam.mark(), pam.told())
}

#[test]
fn a_person_not_concerned_or_exempt_is_not_asked() {
    let exempt = "[[exempt]]\ngroup = \"staff\"\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2100-01-01";
    for config in ["[policy]\ngroups = [\"guests\"]", exempt, "[policy]\nunenrolled = \"ignore\""] {
        assert_eq!(
            unasked(config),
            (AuthAnswer::Ignore, Some(Mark::Passed(PassedBy::Alone)), String::new()),
            "{config}"
        );
    }
}

#[test]
fn a_rollout_tells_the_days_left_and_then_ends() {
    for service in ["login", "sshd"] {
        let site = Fixture::new("[policy]\nenroll_by = 2023-11-16");
        let mut pam = Scripted::new(b"roy").service(service);
        assert_eq!(site.auth(&mut pam), AuthAnswer::Ignore);
        let told = if service == "sshd" { pam.notice.clone().unwrap_or_default() } else { pam.told() };
        assert!(told.starts_with("In 3 days you will need"), "{told}");
    }
    let site = Fixture::new("[policy]\nenroll_by = 2023-11-01");
    assert_eq!(site.auth(&mut Scripted::new(b"roy").expect(PROMPT, "000000")), AuthAnswer::AuthErr);
}

#[test]
fn a_look_up_that_fails_leaves_the_person_concerned() {
    let site = Fixture::new("[policy]\ngroups = [\"broken\"]");
    let mut pam = Scripted::new(b"roy").expect(PROMPT, "000000");
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert!(
        pam.log().contains("group \"broken\": ETIMEDOUT: Connection timed out: taken as concerned"),
        "{}",
        pam.log()
    );
}

#[test]
fn a_service_that_enrols_leaves_the_mark() {
    assert_eq!(
        unasked("[service.sshd]\nenroll = true"),
        (AuthAnswer::Ignore, Some(BY_PASSWORD), String::new())
    );
}

#[test]
fn a_mark_that_libpam_fails_to_give_back_is_not_wiped() {
    let site = Fixture::new("[service.sshd]\nenroll = true");
    let mut pam = Scripted::new(b"roy").service("sshd");
    pam.forgets = true;
    assert_eq!(site.auth(&mut pam), AuthAnswer::Ignore);
    pam.forgets = false;
    assert_eq!(pam.mark(), Some(BY_PASSWORD));
}

#[test]
fn a_pass_opens_with_the_mark_and_is_safer_than_enrolling_by_password() {
    let site = Fixture::new("[service.login]\nenroll = true");
    let pass = site.pass_for("roy", 1000);
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &pass);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(pam.mark(), Some(by_pass(&site, "roy")));
}

#[test]
fn an_expired_pass_does_not_stand_in_the_way_of_enrolling() {
    let mut site = Fixture::new("[service.login]\nenroll = true");
    site.pass_for("roy", 1000);
    site.now += 7200;
    let mut pam = Scripted::new(b"roy");
    assert_eq!((site.auth(&mut pam), pam.mark()), (AuthAnswer::Ignore, Some(BY_PASSWORD)));
}

#[test]
fn a_record_that_cannot_be_read_is_no_reason_to_ask_less() {
    let exempt = "[[exempt]]\nuser = \"roy\"\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2100-01-01";
    for config in [exempt, "[policy]\ngroups = [\"guests\"]", "[policy]\nunenrolled = \"ignore\""] {
        let site = Fixture::new(config);
        site.enrol_roy();
        std::fs::write(site.path("state/users/roy/enrolment"), "rubbish").unwrap();
        assert_eq!(site.auth(&mut Scripted::new(b"roy").expect(PROMPT, "000000")), AuthAnswer::AuthErr);
    }
}

#[test]
fn an_exemption_that_opens_is_logged_with_who_approved_it() {
    let site = Fixture::new(
        "[[exempt]]\nuser = \"roy\"\nreason = \"kiosk\"\napproved_by = \"Dr Roy\"\nuntil = 2100-01-01",
    );
    let mut pam = Scripted::new(b"roy");
    assert_eq!(site.auth(&mut pam), AuthAnswer::Ignore);
    let line =
        r#"login accepted user=roy service=login reason="no code: exempt until 2100-01-01 by Dr Roy: kiosk""#;
    assert_eq!(pam.log(), line);
    assert!(
        site.audit().contains(r#""result":"accepted","reason":"no code: exempt until"#),
        "{}",
        site.audit()
    );
}

#[test]
fn a_pass_of_someone_enrolled_opens_once_without_the_mark() {
    let site = Fixture::new("");
    site.enrol_roy();
    let pass = site.pass_for("roy", 1000);
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &pass);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(pam.mark(), Some(Mark::Passed(PassedBy::Alone)));
    assert_eq!(site.auth(&mut Scripted::new(b"roy").expect(PROMPT, &pass)), AuthAnswer::AuthErr);
}

#[test]
fn after_a_reset_only_a_pass_opens_whatever_else_says() {
    let exempt = "[[exempt]]\nuser = \"roy\"\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2100-01-01";
    for config in ["", "[policy]\nunenrolled = \"ignore\"", "[service.login]\nenroll = true", exempt] {
        let site = Fixture::new(config);
        let codes = site.enrol_roy();
        site.reset_roy();
        for reply in [code(NOW).as_str(), &codes[0], "000000"] {
            let mut pam = Scripted::new(b"roy").expect(PROMPT, reply);
            assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
            assert!(
                pam.told().contains("was reset. Ask for a one-time pass: your system administrator"),
                "{}",
                pam.told()
            );
        }
        let pass = site.pass_for("roy", 1000);
        let mut pam = Scripted::new(b"roy").expect(PROMPT, &pass);
        assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
        assert_eq!(pam.mark(), Some(by_pass(&site, "roy")));
    }
}

#[test]
fn the_prompt_stays_the_same_while_the_desk_makes_a_pass() {
    // The pass is made between the prompt and its answer: read again, it opens.
    let site = Fixture::new("");
    let mut pam = Scripted::new(b"ann").expect(PROMPT, &site.pass_for("ann", 1001));
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(pam.mark(), Some(by_pass(&site, "ann")));
}
