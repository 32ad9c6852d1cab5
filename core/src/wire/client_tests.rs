//! Against a helper that answers and goes as it is told.

use super::client::{Helper, Silence};
use super::frame::{receive, send};
use super::kept::Kept;
use super::message::{Answer, Question, Request, Typed, VERSION};
use crate::login::{Ask, Outcome, Scene};
use crate::secret::Secret;
use crate::user::UserName;
use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

fn question(request: Request) -> Question {
    let scene = Scene { service: "locker".into(), rhost: None, tty: None };
    Question {
        version: VERSION,
        config: "/w.toml".into(),
        user: UserName::new(b"alice").unwrap(),
        scene,
        request,
    }
}

fn check() -> Question {
    question(Request::Check(Typed::Separate(Secret::new(b"123456".to_vec()))))
}

fn checked() -> Answer {
    Answer::Checked { outcome: Outcome::Unavailable("the test's".into()), generation: None }
}

/// What the helper does with a connection.
type Serving = fn(&mut UnixStream);

fn hears(stream: &mut UnixStream) {
    let _: Question = receive(stream).unwrap();
}

fn answers(stream: &mut UnixStream, answer: &Answer) {
    hears(stream);
    stream.write_all(&send(answer).unwrap()).unwrap();
}

/// Asks twice, with one connection after the other served so; the answer is the second one's.
fn asks_twice(serving: &'static [Serving]) -> Result<Answer, Silence> {
    let dir = tempfile::tempdir().unwrap();
    let socket: PathBuf = dir.path().join("socket");
    let listener = UnixListener::bind(&socket).unwrap();
    let helper = Helper { socket: &socket, deadline: Duration::from_secs(20) };
    let kept = Kept::default();
    thread::scope(|scope| {
        let server = scope.spawn(move || {
            for serve in serving {
                serve(&mut listener.accept().unwrap().0);
            }
        });
        let asked = helper.ask_on(&kept, &question(Request::Ask)).unwrap();
        assert!(matches!(asked, Answer::Asked(_)));
        let answer = helper.ask_on(&kept, &check());
        server.join().unwrap();
        answer
    })
}

#[test]
fn the_second_question_goes_by_the_same_connection() {
    let answer = asks_twice(&[|stream| {
        answers(stream, &Answer::Asked(Ask::Code));
        answers(stream, &checked());
    }]);
    assert!(matches!(answer, Ok(Answer::Checked { .. })));
}

#[test]
fn where_no_second_question_is_awaited_it_goes_by_another() {
    let answer = asks_twice(&[
        |stream| answers(stream, &Answer::Asked(Ask::Nothing { days_left: None })),
        |stream| answers(stream, &checked()),
    ]);
    assert!(matches!(answer, Ok(Answer::Checked { .. })));
}

#[test]
fn whoever_went_without_reading_it_is_asked_anew() {
    for gone in [(|stream| answers(stream, &Answer::Asked(Ask::Code))) as Serving, |stream| {
        answers(stream, &Answer::Asked(Ask::Code));
        stream.read_exact(&mut [0; 3]).unwrap();
    }] {
        let serving: &'static [Serving] = Box::leak(Box::new([gone, |stream| answers(stream, &checked())]));
        assert!(matches!(asks_twice(serving), Ok(Answer::Checked { .. })));
    }
}

/// It may have judged the code: a second time that would be one that was used.
#[test]
fn whoever_read_it_and_died_is_not_asked_again() {
    let answer = asks_twice(&[|stream| {
        answers(stream, &Answer::Asked(Ask::Code));
        hears(stream);
    }]);
    assert!(matches!(answer, Err(Silence::Broken(_))));
}
