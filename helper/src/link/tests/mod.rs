//! The link against a verifier that follows a script.

mod papers;
mod scripted;

use super::message::{Brought, Errand};
use super::route::Route;
use super::wait::now;
use papers::{Clinic, RIGHT, Shown, Usage};
use scripted::{Part, Play, Scripted, Seen, part, welcome};
use std::time::Duration;
use wardkey_core::login::{Judgement, OnRecord, Outcome, PamItems, Reply};
use wardkey_core::policy::config::Server;
use wardkey_core::record::question::QuestionId;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;
use wardkey_core::verify::Refusal;
use wardkey_fleet::{Enquiry, Hello, PROTOCOL, Report, Subject, Turned, Welcome};

/// Long enough for any machine where an answer comes.
const LONG: u32 = 60_000;

fn route(clinic: &Clinic) -> Route {
    let hello = || Hello { boot: "b".into(), host: "ward".into(), version: "0".into(), time: Timestamp(0) };
    Route::new(clinic.seat().unwrap(), hello)
}

fn errand(servers: &[&Server], within: u32) -> Errand {
    let enquiry = Enquiry {
        id: QuestionId::random().unwrap(),
        within,
        user: UserName::new(b"roy").unwrap(),
        items: PamItems::default(),
        subject: Subject::Known,
    };
    Errand { servers: servers.iter().map(|server| (*server).clone()).collect(), enquiry }
}

fn known() -> Play {
    Play::Report(Report::Known(OnRecord::NotEnrolled))
}

fn is_known(brought: &Brought) -> bool {
    matches!(brought, Brought::Report(Report::Known(OnRecord::NotEnrolled)))
}

fn why(brought: Brought) -> String {
    match brought {
        Brought::Nothing(why) => why,
        Brought::Report(report) => panic!("brought {report:?}"),
    }
}

/// The ids of the questions that were seen.
fn ids(seen: &[Seen]) -> Vec<QuestionId> {
    let ids = seen.iter().filter_map(|seen| match seen {
        Seen::Asked(asked) => Some(asked.id),
        Seen::Hello(..) => None,
        Seen::Refused(why) => panic!("{why}"),
    });
    ids.collect()
}

#[test]
fn a_connection_stays_for_the_next_question_and_no_date_is_looked_at() {
    let clinic = Clinic::new();
    let verifier = Scripted::begin(clinic.verifier(RIGHT), vec![part(vec![known(), known()])]);
    let route = route(&clinic);
    for _ in 0..2 {
        let brought = route.bring(&errand(&[&verifier.server], LONG));
        assert!(is_known(&brought), "{brought:?}");
    }
    let seen = verifier.seen();
    assert_eq!(ids(&seen).len(), 2);
    let hellos = seen.iter().filter(|seen| matches!(seen, Seen::Hello(hello, _) if hello.host == "ward"));
    assert_eq!(hellos.count(), 1);
}

#[test]
fn one_that_hangs_costs_its_share_and_is_asked_last_afterwards() {
    let clinic = Clinic::new();
    let hanging = Scripted::begin(clinic.verifier(RIGHT), vec![part(vec![Play::Hang])]);
    let answering = Scripted::begin(clinic.verifier(RIGHT), vec![part(vec![known(), known()])]);
    let route = route(&clinic);
    let begun = now();
    let servers = [&hanging.server, &answering.server];
    // The whole is enough for a handshake on a busy machine also in half of it.
    let brought = route.bring(&errand(&servers, 4000));
    assert!(is_known(&brought), "{brought:?}");
    let took = begun.elapsed();
    assert!(took >= Duration::from_millis(2000) && took < Duration::from_millis(4000), "{took:?}");
    let begun = now();
    assert!(is_known(&route.bring(&errand(&servers, 4000))));
    assert!(begun.elapsed() < Duration::from_millis(2000), "the one that answered is asked first");
    let (first, then) = (ids(&hanging.seen()), ids(&answering.seen()));
    assert_eq!(first[..], then[..1], "the same question has the same id wherever it is sent");
}

#[test]
fn a_connection_that_broke_is_opened_again_once_with_the_same_id() {
    let clinic = Clinic::new();
    let parts = vec![part(vec![Play::Leave]), part(vec![known()])];
    let verifier = Scripted::begin(clinic.verifier(RIGHT), parts);
    let brought = route(&clinic).bring(&errand(&[&verifier.server], LONG));
    assert!(is_known(&brought), "{brought:?}");
    let ids = ids(&verifier.seen());
    assert!(ids.len() == 2 && ids[0] == ids[1], "{ids:?}");

    let verifier = Scripted::begin(clinic.verifier(RIGHT), vec![part(vec![Play::Leave]); 2]);
    let why = why(route(&clinic).bring(&errand(&[&verifier.server], LONG)));
    assert!(why.contains("it closed the connection"), "{why}");
    assert_eq!(self::ids(&verifier.seen()).len(), 2, "and not a third time");
}

#[test]
fn a_verifier_that_is_none_of_this_clinic_gets_no_question() {
    let (clinic, other) = (Clinic::new(), Clinic::new());
    let seat = Shown { name: "ward-4.seat.wardkey.invalid", usage: Usage::Client, ..RIGHT };
    let as_client = Shown { usage: Usage::Client, ..RIGHT };
    let newer = Shown { protocol: Some(b"wardkey/2"), ..RIGHT };
    let mute = Shown { protocol: None, ..RIGHT };
    for (config, expected) in [
        (other.verifier(RIGHT), "invalid peer certificate"),
        (clinic.verifier(seat), "invalid peer certificate"),
        (clinic.verifier(as_client), "invalid peer certificate"),
        (clinic.verifier(Shown { name: "verifier.clinic", ..RIGHT }), "invalid peer certificate"),
        (clinic.verifier(newer), "NoApplicationProtocol"),
        (clinic.verifier(mute), "another protocol"),
    ] {
        let verifier = Scripted::begin(config, vec![part(vec![known()])]);
        let why = why(route(&clinic).bring(&errand(&[&verifier.server], LONG)));
        assert!(why.contains(expected), "{why}");
        let is_asked = verifier.seen().iter().any(|seen| matches!(seen, Seen::Asked(_) | Seen::Hello(..)));
        assert!(!is_asked, "{expected}");
    }
}

#[test]
fn what_is_no_answer_to_this_question_is_none() {
    let clinic = Clinic::new();
    let judged =
        Judgement { outcome: Outcome::Refused(Refusal::Wrong), seen: wardkey_core::login::Seen::default() };
    let long = [&u32::MAX.to_be_bytes()[..], b"{}"].concat();
    let garbage = [&9_u32.to_be_bytes()[..], b"no answer"].concat();
    for (play, expected) in [
        (Play::Bytes(long), "invalid data"),
        (Play::Bytes(garbage), "invalid data"),
        (Play::Report(Report::Judged(judged)), "another question"),
        (Play::Report(Report::Turned(Turned::Broken)), "something is broken there"),
    ] {
        let verifier =
            Scripted::begin(clinic.verifier(RIGHT), vec![part(vec![play.clone()]), part(vec![play])]);
        let why = why(route(&clinic).bring(&errand(&[&verifier.server], LONG)));
        assert!(why.contains(expected), "{why}");
    }
}

#[test]
fn a_seat_that_is_turned_away_hears_why_and_asks_nothing() {
    let clinic = Clinic::new();
    for turned in
        [Turned::NoSeat, Turned::Expired, Turned::TwoMachines { one: "a".into(), other: "b".into() }]
    {
        let part = Part { welcome: Welcome::Turned(turned.clone()), plays: Vec::new() };
        let verifier = Scripted::begin(clinic.verifier(RIGHT), vec![part]);
        let why = why(route(&clinic).bring(&errand(&[&verifier.server], LONG)));
        assert!(
            why.contains(&turned.to_string().replace('"', "\\\"")) || why.contains(&turned.to_string()),
            "{why}"
        );
        assert_eq!(ids(&verifier.seen()).len(), 0);
    }
}

#[test]
fn a_certificate_near_its_end_is_renewed_written_and_shown() {
    let clinic = Clinic::new();
    let renewed = clinic.seat_certificate();
    let renewing = Play::Report(Report::Renewed(renewed.clone()));
    let parts = vec![Part { welcome: welcome(29), plays: vec![renewing] }, part(vec![known(), known()])];
    let verifier = Scripted::begin(clinic.verifier(RIGHT), parts);
    let route = route(&clinic);
    let errand = errand(&[&verifier.server], LONG);
    assert!(is_known(&route.bring(&errand)));
    let path = clinic.dir.path().join("seat/seat.crt");
    assert_eq!(std::fs::read_to_string(path).unwrap(), renewed);
    assert!(is_known(&route.bring(&errand)));
    let seen = verifier.seen();
    assert_eq!(ids(&seen).len(), 3);
    let shown: Vec<&Vec<u8>> = seen
        .iter()
        .filter_map(|seen| if let Seen::Hello(_, shown) = seen { Some(shown) } else { None })
        .collect();
    assert!(shown.len() == 2 && shown[0] != shown[1], "the new one is shown from the next connection on");
    let is_renewal = |seen: &&Seen| matches!(seen, Seen::Asked(Enquiry { subject: Subject::Renewal(_), .. }));
    assert_eq!(seen.iter().filter(is_renewal).count(), 1);
}

#[test]
fn a_certificate_of_another_key_is_not_taken() {
    let (clinic, other) = (Clinic::new(), Clinic::new());
    let before = std::fs::read(clinic.dir.path().join("seat/seat.crt")).unwrap();
    let plays = vec![Play::Report(Report::Renewed(other.seat_certificate())), known()];
    let verifier = Scripted::begin(clinic.verifier(RIGHT), vec![Part { welcome: welcome(1), plays }]);
    assert!(is_known(&route(&clinic).bring(&errand(&[&verifier.server], LONG))), "the old one goes on");
    assert_eq!(std::fs::read(clinic.dir.path().join("seat/seat.crt")).unwrap(), before);
}

#[test]
fn papers_that_do_not_belong_together_are_said_so() {
    let (clinic, other) = (Clinic::new(), Clinic::new());
    std::fs::write(clinic.dir.path().join("seat/seat.crt"), other.seat_certificate()).unwrap();
    let why = clinic.seat().err().unwrap();
    assert!(why.contains("are not one seat's") && why.contains("wardkey fleet join"), "{why}");
    std::fs::remove_file(clinic.dir.path().join("seat/seat.crt")).unwrap();
    let why = clinic.seat().err().unwrap();
    assert!(why.contains("seat.crt") && why.contains("wardkey fleet join"), "{why}");
}

#[test]
fn a_reply_is_asked_as_it_was_typed() {
    let clinic = Clinic::new();
    let outcome = Outcome::Refused(Refusal::Wrong);
    let judged = Judgement { outcome, seen: wardkey_core::login::Seen::default() };
    let verifier =
        Scripted::begin(clinic.verifier(RIGHT), vec![part(vec![Play::Report(Report::Judged(judged))])]);
    let mut errand = errand(&[&verifier.server], LONG);
    let typed = wardkey_core::credential::secret::Secret::new(b"pw123456".to_vec());
    errand.enquiry.subject = Subject::Nobody(Reply::Combined(typed.clone()));
    let brought = route(&clinic).bring(&errand);
    assert!(matches!(brought, Brought::Report(Report::Judged(_))), "{brought:?}");
    let seen = verifier.seen();
    let is_it = |seen: &Seen| matches!(seen, Seen::Asked(Enquiry { subject: Subject::Nobody(Reply::Combined(it)), .. }) if *it == typed);
    assert!(seen.iter().any(is_it), "{seen:?}");
    assert_eq!(PROTOCOL, b"wardkey/1");
}
