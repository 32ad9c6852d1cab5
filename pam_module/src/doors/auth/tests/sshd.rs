//! What sshd gets to show, and when.

use super::*;
use std::fs;

#[test]
fn through_sshd_every_code_that_opens_nothing_reads_the_same() {
    for (language, said) in [
        ("en", "Wait for the app's next code and try again. Help: Reception, 5."),
        ("fr", "Attendez le prochain code de l'application et recommencez. Aide : Reception, 5."),
    ] {
        let site = Fixture::new(&format!("language = \"{language}\"\nsupport = \"Réception, 5\""));
        let codes = site.enrol_roy();
        for right in [&code(NOW), &codes[0]] {
            assert_eq!(site.auth(&mut Scripted::new(b"roy").expect("Code (app", right)), AuthAnswer::Success);
        }
        for refused in [&code(NOW), &codes[0], "000000", "0ABC-DEFG-HJKM-NPQR", "nonsense"] {
            let mut pam = Scripted::new(b"roy").service("sshd").expect("Code (app", refused);
            assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
            assert_eq!(pam.told(), said);
        }
    }
}

/// What OpenSSH's client gets with a refusal it shows as `\303\251`, in any locale.
#[test]
fn a_refusal_through_sshd_is_ascii() {
    let site = Fixture::new("language = \"fr\"");
    site.enrol_roy();
    let told = |pam: &mut Scripted| {
        assert_eq!(site.auth(pam), AuthAnswer::AuthErr);
        pam.told()
    };
    for _ in 0..5 {
        told(&mut Scripted::new(b"roy").expect("Code", "000000"));
    }
    let waiting = told(&mut Scripted::new(b"roy").service("sshd").expect("Code", "000000"));
    assert!(waiting.starts_with("Trop de codes errones. Reessayez dans"), "{waiting}");
    assert!(told(&mut Scripted::new(b"roy").expect("Code", "000000")).contains("Réessayez"));
    fs::remove_file(site.path("seal.key")).unwrap();
    let broken = told(&mut Scripted::new(b"ann").service("sshd").expect("Code", "000000"));
    assert!(broken.is_ascii() && broken.starts_with("Verification impossible"), "{broken}");
}

/// sshd shows what comes after the last prompt before the session, and in it once more.
#[test]
fn through_sshd_what_is_said_of_a_success_waits_for_the_session() {
    let site = Fixture::new("");
    let codes = site.enrol_roy();
    for _ in 0..5 {
        assert_eq!(site.auth(&mut Scripted::new(b"roy").expect(PROMPT, "000000")), AuthAnswer::AuthErr);
    }
    let mut pam = Scripted::new(b"roy").service("sshd").expect(PROMPT, &codes[0]);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(pam.told(), "");
    let opened = |pam: &mut Scripted| crate::doors::session::open_session(pam, &site, &[], false);
    assert_eq!(opened(&mut pam), crate::answer::SessionAnswer::Success);
    let told = pam.told();
    assert!(told.starts_with("5 wrong codes were tried since your last login."), "{told}");
    assert!(
        told.ends_with(" Recovery code accepted; it will not work again. 4 recovery codes left."),
        "{told}"
    );
    assert_eq!(opened(&mut pam), crate::answer::SessionAnswer::Success);
    assert_eq!(pam.told(), told, "once");
}

#[test]
fn through_sshd_nobody_hears_how_far_their_clock_is_off() {
    let mut site = Fixture::new("");
    site.enrol_roy();
    let far = |site: &Fixture, now: u64, service: &str| {
        let mut pam = Scripted::new(b"roy").service(service).expect(PROMPT, &code(now + 300));
        assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
        pam.told()
    };
    let wrong = far(&site, NOW, "sshd");
    site.now += 30;
    assert_eq!(far(&site, NOW + 30, "sshd"), wrong);
    site.now += 30;
    assert_ne!(far(&site, NOW + 60, "login"), wrong, "at the machine itself it is said");
}
