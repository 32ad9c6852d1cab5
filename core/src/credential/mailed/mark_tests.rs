//! Codes issued, compared, spent, and how many may be sent.

use super::*;
use proptest::prelude::*;

const NOW: Timestamp = Timestamp(1_800_000_000);
const TEN: Duration = Duration::from_secs(600);

fn roy() -> UserName {
    UserName::new(b"roy").unwrap()
}

fn to(user: &UserName) -> Recipient<'_> {
    Recipient { user, generation: 4, address: 9 }
}

fn typed(code: &MailedCode) -> OtpCode {
    OtpCode::parse(code.expose().as_bytes()).unwrap()
}

#[test]
fn a_code_is_right_once_and_in_its_time() {
    let user = roy();
    let (mut mark, code) = MailMark::default().issue(&to(&user), TEN, NOW).unwrap();
    let at = |mark: &MailMark, now| mark.compare(&to(&user), &typed(&code), now);
    assert_eq!(at(&mark, NOW), Newest::Right);
    assert_eq!(at(&mark, NOW.plus(TEN)), Newest::Right);
    assert_eq!(at(&mark, Timestamp(NOW.0 + 601)), Newest::Expired);
    assert_eq!(at(&mark, Timestamp(NOW.0 - 1)), Newest::Expired, "no clock set back makes it live longer");
    mark.spend();
    assert_eq!(at(&mark, NOW), Newest::Used);
    let other = OtpCode::parse(if code.expose() == "00000000" { b"00000001" } else { b"00000000" }).unwrap();
    assert_eq!(mark.compare(&to(&user), &other, NOW), Newest::NonePending);
}

#[test]
fn a_code_is_bound_to_person_generation_and_address() {
    let (roy, ann) = (roy(), UserName::new(b"ann").unwrap());
    let (mark, code) = MailMark::default().issue(&to(&roy), TEN, NOW).unwrap();
    for other in [
        Recipient { user: &ann, ..to(&roy) },
        Recipient { generation: 5, ..to(&roy) },
        Recipient { address: 8, ..to(&roy) },
    ] {
        let found = mark.compare(&other, &typed(&code), NOW);
        assert!(matches!(found, Newest::Wrong | Newest::NonePending), "{other:?}");
    }
}

#[test]
fn only_the_newest_is_right() {
    let user = roy();
    let (mark, first) = MailMark::default().issue(&to(&user), TEN, NOW).unwrap();
    let (mark, second) = mark.issue(&to(&user), TEN, NOW).unwrap();
    if first.expose() != second.expose() {
        assert_eq!(mark.compare(&to(&user), &typed(&first), NOW), Newest::Wrong);
    }
    assert_eq!(mark.compare(&to(&user), &typed(&second), NOW), Newest::Right);
    assert_eq!(mark.serial, 2);
}

#[test]
fn three_are_sent_in_a_quarter_of_an_hour() {
    let user = roy();
    let mut mark = MailMark::default();
    for i in 0..3 {
        assert_eq!(mark.wait_until(Timestamp(NOW.0 + i)), None);
        mark = mark.issue(&to(&user), TEN, Timestamp(NOW.0 + i * 60)).unwrap().0;
    }
    assert_eq!(mark.wait_until(Timestamp(NOW.0 + 180)), Some(Timestamp(NOW.0 + 900)));
    assert_eq!(mark.wait_until(Timestamp(NOW.0 + 899)), Some(Timestamp(NOW.0 + 900)));
    assert_eq!(mark.wait_until(Timestamp(NOW.0 + 900)), None);
    mark = mark.issue(&to(&user), TEN, Timestamp(NOW.0 + 900)).unwrap().0;
    assert_eq!(mark.wait_until(Timestamp(NOW.0 + 901)), Some(Timestamp(NOW.0 + 960)));
    mark.spend();
    assert!(mark.wait_until(Timestamp(NOW.0 + 901)).is_some(), "a success resets nothing");
}

#[test]
fn a_clock_set_back_neither_bars_for_years_nor_frees_the_sends() {
    let user = roy();
    let mut mark = MailMark::default();
    for _ in 0..3 {
        mark = mark.issue(&to(&user), TEN, NOW).unwrap().0;
    }
    assert_eq!(mark.wait_until(Timestamp(5)), None);
    for _ in 0..3 {
        mark = mark.issue(&to(&user), TEN, Timestamp(5)).unwrap().0;
    }
    assert_eq!(mark.wait_until(Timestamp(6)), Some(Timestamp(905)));
}

proptest! {
    #[test]
    fn no_quarter_of_an_hour_sees_a_fourth(gaps in proptest::collection::vec(0u64..700, 1..40)) {
        let user = roy();
        let (mut mark, mut now, mut sent) = (MailMark::default(), NOW.0, Vec::new());
        for gap in gaps {
            now += gap;
            if mark.wait_until(Timestamp(now)).is_none() {
                mark = mark.issue(&to(&user), TEN, Timestamp(now)).unwrap().0;
                sent.push(now);
            }
        }
        prop_assert!(sent.windows(4).all(|four| four[3] - four[0] >= 900));
    }

    #[test]
    fn a_mark_is_read_back(numbers in any::<[u64; 13]>()) {
        prop_assert_eq!(MailMark::from_numbers(numbers).numbers(), numbers);
    }
}
