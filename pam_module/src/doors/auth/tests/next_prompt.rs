//! What a refusal wants said stands in the next prompt of the same transaction, for programs that show nothing else.

use super::*;

const WAIT: &str = "Too many wrong codes. Wait 30 seconds, type a recovery code, or this code and the next. Code (app or recovery): ";

#[test]
fn a_refusal_speaks_in_the_next_prompt_of_the_transaction() {
    let site = Fixture::new("");
    site.enrol_roy();
    assert_eq!(asked(&site, &code(NOW)), AuthAnswer::Success);
    let mut pam = Scripted::new(b"roy")
        .expect("Code (app", &code(NOW))
        .expect("The last code was already used. Wait for the next one. Code (app or recovery): ", "000000")
        .expect("The last code was not accepted. Help: your system administrator. Code", "000000");
    for _ in 0..3 {
        assert_eq!(site.auth_with(&mut pam, &[], true), AuthAnswer::AuthErr);
    }
    assert_eq!(pam.told(), "", "PAM_SILENT: prompts only");
}

#[test]
fn what_one_person_was_told_is_not_told_to_the_next() {
    let site = Fixture::new("");
    site.enrol_roy();
    site.reset_roy();
    let mut pam = Scripted::new(b"roy").expect(PROMPT, "000000").expect(PROMPT, "000000");
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    pam.user = b"ann".to_vec();
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert_eq!(pam.prompts[1], PROMPT);
}

/// What the prompts say while these codes are typed in one transaction.
fn prompts(site: &Fixture, name: &[u8], typed: &[&str]) -> Vec<String> {
    let pam = Scripted::new(name);
    let mut pam = typed.iter().fold(pam, |pam, code| pam.expect(PROMPT, code));
    for _ in typed {
        assert_eq!(site.auth_with(&mut pam, &[], true), AuthAnswer::AuthErr);
    }
    std::mem::take(&mut pam.prompts)
}

#[test]
fn the_code_that_begins_a_wait_is_answered_with_it() {
    let site = Fixture::new("");
    site.enrol_roy();
    let asked = prompts(&site, b"roy", &["000000"; 7]);
    assert!(asked[4].starts_with("The last code was not accepted."), "{asked:?}");
    assert_eq!(asked[5..], [WAIT, WAIT], "the fifth began it, and the sixth met it");
}

/// Nor through what is not said yet: up to the code that begins a wait everybody reads the same.
#[test]
fn nobody_is_told_apart_before_a_wait_begins() {
    let site = Fixture::new("");
    site.enrol_roy();
    let far = code(NOW + 300);
    for typed in [["000000"; 5], ["000000", &far, "000000", "000000", &far]] {
        site.unlock_roy();
        let [roy, ann, nobody] =
            [&b"roy"[..], b"ann", b"nobody-here"].map(|name| prompts(&site, name, &typed));
        assert!(roy == ann && roy == nobody, "{roy:?} {ann:?} {nobody:?}");
    }
}

#[test]
fn a_code_of_another_time_that_begins_a_wait_says_so_too() {
    let mut site = Fixture::new("");
    site.enrol_roy();
    let said = |site: &Fixture, last: &str| {
        site.unlock_roy();
        prompts(site, b"roy", &["000000", "000000", "000000", "000000", last, "000000"]).pop().unwrap()
    };
    let (far, wrong) = (said(&site, &code(NOW + 300)), said(&site, "000000"));
    assert_eq!((far.as_str(), wrong.as_str()), (WAIT, WAIT), "one alone proves nothing about clocks");
    site.unlock_roy();
    prompts(&site, b"roy", &["000000", "000000", "000000", &code(NOW + 300)]);
    site.now += 30;
    let sure = prompts(&site, b"roy", &[&code(NOW + 330), "000000"]).pop().unwrap();
    assert!(sure.starts_with("Codes are about 5 min off"), "{sure}");
    assert!(sure.ends_with(WAIT), "{sure}");
}

#[test]
fn a_wait_that_is_over_is_not_spoken_of() {
    let mut site = Fixture::new("");
    site.enrol_roy();
    for (later, asked) in [(29, WAIT), (30, PROMPT)] {
        site.unlock_roy();
        let mut pam = (0..6).fold(Scripted::new(b"roy"), |pam, _| pam.expect(PROMPT, "000000"));
        for _ in 0..5 {
            assert_eq!(site.auth_with(&mut pam, &[], true), AuthAnswer::AuthErr);
        }
        site.now += later;
        assert_eq!(site.auth_with(&mut pam, &[], true), AuthAnswer::AuthErr);
        assert_eq!(pam.prompts.last().map(String::as_str), Some(asked), "{later}");
    }
}

#[test]
fn behind_a_password_and_for_recovery_codes_it_is_the_same() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy");
    for part in
        ["Password", "last code", "last code", "last code", "last code", "after the password. Password"]
    {
        pam = pam.expect(part, "pw000000");
    }
    for _ in 0..6 {
        assert_eq!(site.auth_with(&mut pam, &["forward_pass"], true), AuthAnswer::AuthErr);
    }
    let asked = prompts(&site, b"roy", &["0ABC-DEFG-HJKM-NPQR"; 6]);
    assert!(asked[5].starts_with("Too many wrong codes. Try again in 30 seconds"), "{asked:?}");
}

#[test]
fn the_code_that_disables_is_answered_with_that() {
    let site = Fixture::new("[throttle]\nfree_tries = 2\ndisable_after = 3");
    site.enrol_roy();
    let asked = prompts(&site, b"roy", &["000000"; 3]);
    assert!(asked[2].starts_with("Too many wrong codes."), "{asked:?}");
    let mut site = site;
    site.now += 3600;
    let asked = prompts(&site, b"roy", &["000000"; 2]);
    assert!(asked[1].starts_with("Authenticator codes are disabled after too many wrong ones."), "{asked:?}");
}
