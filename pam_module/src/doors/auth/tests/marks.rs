//! What `auth` leaves for the doors that follow it.

use super::*;

#[test]
fn start_forgets_an_earlier_try_and_asks_nothing() {
    let site = Fixture::new("");
    site.enrol_roy();
    let machine = Machine { accounts: &site, clock: &Timestamp(NOW) };
    let mut pam = Scripted::new(b"roy").expect(PROMPT, "000000").expect(PROMPT, &code(NOW));
    for answer in [AuthAnswer::AuthErr, AuthAnswer::Success] {
        assert_eq!(site.auth(&mut pam), answer);
        assert_eq!(authenticate(&mut pam, &machine, &["start"], false), AuthAnswer::Ignore);
        assert_eq!(pam.mark(), None);
    }
    pam.marks = Some(0);
    assert_eq!(authenticate(&mut pam, &machine, &["start"], false), AuthAnswer::ServiceErr);
    assert!(pam.log().contains("`start` has no effect"), "{}", pam.log());
    let mut pam = Scripted::new(b"roy");
    assert_eq!(authenticate(&mut pam, &machine, &["start", "debug"], false), AuthAnswer::ServiceErr);
    assert_eq!(pam.mark(), Some(Mark::Refused), "it may stand where our own line should");
}

/// Whatever went wrong, what follows in this transaction must know that this was no yes.
#[test]
fn every_way_to_fail_leaves_a_refusal_under_the_accounts_name() {
    let site = Fixture::new("");
    site.enrol_roy();
    let roy = Whose::Account(account("roy", 1000).name);
    for mut pam in [
        Scripted::new(b"Roy").expect(PROMPT, "000000"),
        Scripted::new(b"Roy").expect(PROMPT, ""),
        Scripted::new(b"Roy").expect_and_hang_up(PROMPT),
    ] {
        pam.set_mark(Mark::Passed(PassedBy::Alone), &roy).unwrap();
        assert_ne!(site.auth(&mut pam), AuthAnswer::Success);
        assert_eq!(pam.left(), [Left { mark: Mark::Refused, whose: roy.clone() }]);
    }
    for (name, whose) in [(&b"roy"[..], roy), (b"hunter2", Whose::Nobody), (b"down", Whose::Unsure)] {
        let mut pam = Scripted::new(name);
        assert_eq!(site.auth_with(&mut pam, &["nullok"], false), AuthAnswer::ServiceErr);
        assert_eq!(pam.left(), [Left { mark: Mark::Refused, whose }]);
    }
}
