//! What the helper is asked and what it answers: frames that are read are sent the same, and nothing secret is printed.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::io::{ErrorKind, Read};
use wardkey_core::desk::{DeskAnswer, DeskReply, DeskRequest, DeskWork};
use wardkey_core::login::{self, Reply, Step};
use wardkey_core::topics::AnyRequest;
use wardkey_core::wire::{Answered, MAX_LEN, Question, Topic, receive, send};

/// Bytes of the length before a message.
const HEADER: usize = 4;

pub(super) fn run(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind % 6 {
        0 => framed::<Question<AnyRequest>>(bytes, question),
        1 => framed::<Answered<login::Answer>>(bytes, sent_alike),
        2 => framed::<Answered<DeskAnswer>>(bytes, sent_alike),
        3 => framed::<DeskReply>(bytes, |reply| {
            assert_eq!(format!("{reply:?}"), "DeskReply(***)");
            sent_alike(reply);
        }),
        _ => stream(bytes),
    }
}

/// A body of the right length.
fn framed<T: DeserializeOwned + Debug>(body: &[u8], look: fn(&T)) {
    let len = u32::try_from(body.len()).expect("libFuzzer's inputs are small");
    let frame = [&len.to_be_bytes()[..], body].concat();
    if let Some(message) = read::<T>(&frame) {
        look(&message);
    }
}

/// What the peer sends, one frame after another, with whatever lengths it claims.
fn stream(bytes: &[u8]) {
    let mut rest = bytes;
    while let Some(header) = rest.first_chunk::<HEADER>() {
        if let Some(asked) = read::<Question<AnyRequest>>(rest) {
            question(&asked);
        }
        read::<Answered<login::Answer>>(rest);
        read::<Answered<DeskAnswer>>(rest);
        let end = HEADER + u32::from_be_bytes(*header) as usize;
        let Some(next) = rest.get(end..) else { break };
        rest = next;
    }
}

/// Reads one message from the front, and no byte of the next.
fn read<T: DeserializeOwned + Debug>(frame: &[u8]) -> Option<T> {
    let claimed = frame.first_chunk::<HEADER>().map(|header| u32::from_be_bytes(*header) as usize);
    let mut from = Metered { left: frame, most: 0 };
    let message = match receive::<T>(&mut from) {
        Ok(message) => message,
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::InvalidData | ErrorKind::UnexpectedEof), "{error}");
            assert!(from.most <= MAX_LEN.max(HEADER), "room for {} bytes was made", from.most);
            return None;
        }
    };
    let taken = frame.len() - from.left.len();
    assert_eq!(Some(taken), claimed.map(|len| len + HEADER), "another message's bytes were taken");
    assert!(taken <= HEADER + MAX_LEN);
    Some(message)
}

/// What was read is sent alike, and fits. JSON may be written longer than it was read; then it is not sent at all.
fn sent_alike<T: Serialize + DeserializeOwned + Debug>(message: &T) {
    let Ok(sent) = send(message) else { return };
    assert!(sent.len() <= HEADER + MAX_LEN);
    let again: T = receive(&mut &sent[..]).expect("what is sent can be read");
    assert!(*send(&again).expect("and sent again") == *sent, "{message:?} became {again:?}");
}

/// A question is sent by its topic and read as one of all.
fn asked_alike<R: Topic + Clone>(question: &Question<AnyRequest>, request: &R) {
    let (version, config, user) = (question.version, question.config.clone(), question.user.clone());
    let Ok(sent) = send(&Question { version, config, user, request: request.clone() }) else { return };
    let again: Question<AnyRequest> = receive(&mut &sent[..]).expect("what is sent can be read");
    assert_eq!(format!("{again:?}"), format!("{question:?}"));
}

/// What somebody typed is in no log.
fn question(question: &Question<AnyRequest>) {
    match &question.request {
        AnyRequest::Login(request) => {
            asked_alike(question, request);
            step(question, &request.step);
        }
        AnyRequest::Desk(request) => {
            asked_alike::<DeskRequest>(question, request);
            if let DeskWork::Action(action) = &request.work {
                assert!(!action.name().is_empty());
            }
        }
    }
}

fn step(question: &Question<AnyRequest>, step: &Step) {
    let (Step::Check(reply) | Step::CheckFree(reply) | Step::Enter(reply)) = step else { return };
    let (Reply::Separate(secret) | Reply::Combined(secret)) = reply else { return };
    let shown = format!("{question:?}");
    assert!(shown.contains("***"), "{shown}");
    let elsewhere = format!("{:?}{:?}", question.user, question.request.items());
    if let Ok(secret) = std::str::from_utf8(secret.expose())
        && secret.len() >= 24
        && !elsewhere.contains(secret)
    {
        assert!(!shown.contains(secret), "{shown}");
    }
}

/// A stream that says how much was wanted of it at once.
struct Metered<'a> {
    left: &'a [u8],
    most: usize,
}

impl Read for Metered<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.most = self.most.max(into.len());
        self.left.read(into)
    }
}
