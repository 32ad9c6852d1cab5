//! Separate entry: one prompt, one reply, one answer.

use super::*;
use crate::mark::PassedBy;
use crate::transaction::Caller;
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_right_code_opens_once() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &code(NOW));
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(
        (pam.mark(), pam.told(), pam.delayed),
        (Some(Mark::Passed(PassedBy::Alone)), String::new(), false)
    );
    assert!(
        pam.log().contains("login accepted user=roy service=login method=authenticator"),
        "{}",
        pam.log()
    );

    let mut pam = Scripted::new(b"roy").expect(PROMPT, &code(NOW));
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert_eq!(pam.told(), "That code was already used. Wait for the next one.");
    assert_eq!((pam.mark(), pam.delayed), (Some(Mark::Refused), true));
}

#[test]
fn a_recovery_code_opens_once_and_says_how_many_are_left() {
    let site = Fixture::new("");
    let codes = site.enrol_roy();
    for (i, left) in
        ["4 recovery codes left.", "3 recovery codes left.", "2 recovery codes left. Ask"].iter().enumerate()
    {
        let mut pam = Scripted::new(b"roy").expect(PROMPT, &codes[i].to_lowercase().replace('-', " "));
        assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
        assert!(pam.told().contains(left), "{}", pam.told());
    }
    let mut again = Scripted::new(b"roy").expect(PROMPT, &codes[0]);
    assert_eq!(site.auth(&mut again), AuthAnswer::AuthErr);
    let told = "That code was already used. Take another from your list, or a code from the app.";
    assert_eq!(again.told(), told, "none of that kind comes by itself");
    assert_eq!(site.audit().lines().filter(|l| l.contains(r#""method":"recovery""#)).count(), 3);
}

#[test]
fn nobody_learns_who_exists() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut seen = Vec::new();
    for name in [&b"roy"[..], b"ann", b"nobody-here", b"../x", b"-x", b"", b"\xff\xfe", &[b'a'; 300]] {
        for reply in ["000000", "0ABC-DEFG-HJKM-NPQR", "nonsense", ""] {
            let mut pam = Scripted::new(name).expect(PROMPT, reply);
            assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
            seen.push((pam.prompts.clone(), pam.told()));
        }
    }
    assert!(seen.iter().all(|s| *s == seen[0]), "{seen:?}");
    assert_eq!(fs::read_dir(site.path("state/users")).unwrap().count(), 1, "no file for anyone but roy");
}

#[test]
fn what_is_no_attempt_counts_for_nothing() {
    let site = Fixture::new("");
    site.enrol_roy();
    for reply in ["", "nonsense", "12345", "\u{8}\n\r\u{7f}INCORRECT"] {
        assert_eq!(asked(&site, reply), AuthAnswer::AuthErr);
    }
    for service in ["login", "sshd"] {
        let mut pam = Scripted::new(b"roy").service(service).authtok("123456").expect(PROMPT, "123456");
        assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
        assert_eq!(pam.log().contains("set `KbdInteractiveAuthentication yes`"), service == "sshd");
    }
    let mut pam = Scripted::new(b"roy").expect_and_hang_up(PROMPT);
    assert_eq!(site.auth(&mut pam), AuthAnswer::ConvErr);
    assert!(site.record().ledger.tallies.iter().all(|t| t.failures == 0));
}

#[test]
fn waiting_is_said_with_its_end_and_a_recovery_code_ends_it() {
    let mut site = Fixture::new("support = \"IT, ext. 204\"");
    let codes = site.enrol_roy();
    for _ in 0..5 {
        assert_eq!(asked(&site, "000000"), AuthAnswer::AuthErr);
    }
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &code(NOW));
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert_eq!(
        pam.told(),
        "Too many wrong codes. Try again in 30 seconds, or use a recovery code, or: note this code, wait for the next, and \
         type both, one behind the other."
    );
    assert_eq!(asked(&site, &codes[0]), AuthAnswer::Success);
    assert_eq!(asked(&site, &code(NOW)), AuthAnswer::Success);
    for _ in 0..5 {
        assert_eq!(asked(&site, "000000"), AuthAnswer::AuthErr);
    }
    site.now += 30;
    assert_eq!(asked(&site, &code(NOW + 30)), AuthAnswer::Success);
}

#[test]
fn without_the_sealing_key_nobody_learns_who_is_enrolled() {
    let site = Fixture::new("");
    site.enrol_roy();
    fs::remove_file(site.path("seal.key")).unwrap();
    for name in [&b"roy"[..], b"ann", b"nobody-here"] {
        assert_eq!(site.auth(&mut Scripted::new(name).expect(PROMPT, "000000")), AuthAnswer::AuthErr);
    }
}

#[test]
fn a_broken_record_answers_right_and_wrong_alike() {
    let site = Fixture::new("support = \"IT, ext. 204\"");
    let codes = site.enrol_roy();
    fs::write(site.path("state/users/roy/ledger"), b"rubbish").unwrap();
    let mut seen = Vec::new();
    for reply in [code(NOW).as_str(), "000000", &codes[0], "0ABC-DEFG-HJKM-NPQR", ""] {
        let mut pam = Scripted::new(b"roy").expect(PROMPT, reply);
        assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
        assert!(
            pam.log().contains("state/users/roy/ledger") && pam.log().contains("is damaged"),
            "{}",
            pam.log()
        );
        seen.push((pam.told(), pam.delayed));
    }
    assert!(
        seen.iter().all(|s| *s == seen[0] && s.0 == "Cannot check codes now. Help: IT, ext. 204."),
        "{seen:?}"
    );
    assert_eq!(fs::read(site.path("state/users/roy/ledger")).unwrap(), b"rubbish");
}

#[test]
fn without_the_sealing_key_single_use_codes_still_open() {
    let site = Fixture::new("");
    let codes = site.enrol_roy();
    fs::remove_file(site.path("seal.key")).unwrap();
    for reply in [code(NOW).as_str(), "000000"] {
        let mut pam = Scripted::new(b"roy").expect(PROMPT, reply);
        assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
        assert!(pam.log().contains("seal.key"), "{}", pam.log());
    }
    assert_eq!(asked(&site, &codes[0]), AuthAnswer::Success);
}

#[test]
fn a_configuration_that_is_not_believed_refuses_before_the_prompt() {
    let site = Fixture::new("");
    site.enrol_roy();
    fs::set_permissions(site.path("w.toml"), fs::Permissions::from_mode(0o666)).unwrap();
    let mut pam = Scripted::new(b"roy");
    assert_eq!(site.auth(&mut pam), AuthAnswer::ServiceErr);
    assert!(pam.log().contains("w.toml: has mode 0666"), "{}", pam.log());
    assert_eq!(pam.told(), "Cannot check codes now. Help: your system administrator.");
    let mut pam = Scripted::new(b"roy");
    assert_eq!(site.auth_with(&mut pam, &["nullok"], false), AuthAnswer::ServiceErr);
    assert!(pam.log().contains("unknown argument `nullok`"));
    let site = Fixture::new("support = \"IT, ext. 204\"");
    let mut pam = Scripted::new(b"roy");
    assert_eq!(site.auth_with(&mut pam, &["nullok"], false), AuthAnswer::ServiceErr);
    assert_eq!(pam.told(), "Cannot check codes now. Help: IT, ext. 204.", "the file can be read");
}

#[test]
fn an_audit_file_that_cannot_be_written_changes_nothing_but_syslog() {
    let site = Fixture::new("");
    site.enrol_roy();
    fs::create_dir(site.path("audit.jsonl")).unwrap();
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &code(NOW));
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert!(pam.log().contains("the audit file cannot be written"), "{}", pam.log());
}

#[test]
fn a_directory_that_does_not_answer_lets_nobody_in() {
    let site = Fixture::new("");
    let mut pam = Scripted::new(b"down").expect(PROMPT, "000000");
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert!(pam.log().contains("ETIMEDOUT"));
}

#[test]
fn two_spellings_of_a_name_are_one_record() {
    let site = Fixture::new("");
    site.enrol_roy();
    assert_eq!(site.auth(&mut Scripted::new(b"Roy").expect(PROMPT, &code(NOW))), AuthAnswer::Success);
    assert_eq!(asked(&site, &code(NOW)), AuthAnswer::AuthErr);
}

#[test]
fn a_persons_own_program_is_refused_cleanly_without_the_helper() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy");
    pam.caller = Caller::Ordinary;
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert!(pam.told().starts_with("Cannot check codes now."));
    assert!(pam.log().contains("the helper does not listen"));
    assert!(pam.log().contains("systemctl enable --now wardkey-helper.socket"));
}

#[test]
fn an_earlier_yes_does_not_outlive_a_retry() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &code(NOW)).expect(PROMPT, "000000");
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert_eq!(pam.mark(), Some(Mark::Refused));
}

#[test]
fn a_clock_set_back_is_said_and_does_not_refuse() {
    let mut site = Fixture::new("");
    let codes = site.enrol_roy();
    assert_eq!(asked(&site, &code(NOW)), AuthAnswer::Success);
    site.now = 0;
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &codes[0]);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert!(pam.log().contains("the clock is 1700000000 s behind the last login of roy"), "{}", pam.log());
}

#[test]
fn french_is_spoken_where_it_is_configured() {
    let site = Fixture::new("language = \"fr\"");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy").expect("Code (appli ou secours) : ", "000000");
    assert_eq!(site.auth(&mut pam), AuthAnswer::AuthErr);
    assert!(pam.told().contains("votre administrateur système"));
}

#[test]
fn a_transaction_that_keeps_no_mark_lets_nobody_in() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy");
    pam.marks = Some(0);
    assert_eq!(site.auth(&mut pam), AuthAnswer::ServiceErr, "nobody is even asked");
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &code(NOW));
    pam.marks = Some(1);
    assert_eq!(site.auth(&mut pam), AuthAnswer::ServiceErr);
    assert_eq!(pam.mark(), Some(Mark::Refused));
}

#[test]
fn a_configuration_that_does_not_load_is_told_unless_nothing_may_be() {
    let site = Fixture::new("nonsense");
    for silent in [false, true] {
        let mut pam = Scripted::new(b"roy");
        assert_eq!(site.auth_with(&mut pam, &[], silent), AuthAnswer::ServiceErr);
        assert_eq!((pam.told().is_empty(), pam.log().is_empty()), (silent, false));
    }
}

#[test]
fn debug_says_what_is_asked_and_of_whom() {
    let (site, ignoring) = (Fixture::new(""), Fixture::new("[policy]\nunenrolled = \"ignore\""));
    site.enrol_roy();
    let enrolling = Fixture::new("[service.login]\nenroll = true");
    for (site, words, said) in [
        (&site, &["debug"][..], "\"roy\": a code is needed, separate entry"),
        (&site, &["debug", "forward_pass"], "\"roy\": a code is needed, combined entry"),
        (&ignoring, &["debug"], "\"roy\": no code is needed, separate entry"),
        (&enrolling, &["debug"], "\"roy\": must enrol in this login, separate entry"),
    ] {
        let mut pam = Scripted::new(b"roy");
        if said.contains("a code") {
            pam = pam.expect("", "000000");
        }
        let _ = site.auth_with(&mut pam, words, false);
        assert!(
            pam.logged.contains(&(crate::transaction::Priority::Debug, said.to_owned())),
            "{}",
            pam.log()
        );
    }
}
