//! What `auth` leaves for the doors that follow it.

use super::*;

#[test]
fn start_forgets_an_earlier_try_and_asks_nothing() {
    let site = Site::new("");
    site.enrol_roy();
    let machine = Machine { accounts: &site, clock: &Timestamp(NOW) };
    let mut host = Scripted::new(b"roy").expect(PROMPT, "000000").expect(PROMPT, &code(NOW));
    for answer in [Answer::AuthErr, Answer::Success] {
        assert_eq!(site.auth(&mut host), answer);
        assert_eq!(authenticate(&mut host, &machine, &["start"], false), Answer::Ignore);
        assert_eq!(host.mark(), None);
    }
    host.marks = Some(0);
    assert_eq!(authenticate(&mut host, &machine, &["start"], false), Answer::ServiceErr);
    assert!(host.log().contains("`start` has no effect"), "{}", host.log());
    let mut host = Scripted::new(b"roy");
    assert_eq!(authenticate(&mut host, &machine, &["start", "debug"], false), Answer::ServiceErr);
    assert_eq!(host.mark(), Some(Mark::Refused), "it may stand where our own line should");
}

/// Whatever went wrong, what follows in this transaction must know that this was no yes.
#[test]
fn every_way_to_fail_leaves_a_refusal_under_the_accounts_name() {
    let site = Site::new("");
    site.enrol_roy();
    let roy = Whose::Account(account("roy", 1000).name);
    for mut host in [
        Scripted::new(b"Roy").expect(PROMPT, "000000"),
        Scripted::new(b"Roy").expect(PROMPT, ""),
        Scripted::new(b"Roy").expect_and_hang_up(PROMPT),
    ] {
        host.set_mark(Mark::Passed(Passage::Alone), &roy).unwrap();
        assert_ne!(site.auth(&mut host), Answer::Success);
        assert_eq!(host.left(), [Left { mark: Mark::Refused, whose: roy.clone() }]);
    }
    for (name, whose) in [(&b"roy"[..], roy), (b"hunter2", Whose::Nobody), (b"down", Whose::Unsure)] {
        let mut host = Scripted::new(name);
        assert_eq!(site.auth_with(&mut host, &["nullok"], false), Answer::ServiceErr);
        assert_eq!(host.left(), [Left { mark: Mark::Refused, whose }]);
    }
}
