//! What the helper is asked and what it answers: frames that are read are sent the same, and nothing secret is printed.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::io::{ErrorKind, Read};
use wardkey_core::wire::{Answer, MAX_LEN, Question, Reply, Request, receive, send};

/// Bytes of the length before a message.
const HEADER: usize = 4;

pub(super) fn run(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind % 4 {
        0 => framed::<Question>(bytes, question),
        1 => framed::<Answer>(bytes, |_| {}),
        2 => framed::<Reply>(bytes, |reply| assert_eq!(format!("{reply:?}"), "Reply(***)")),
        _ => stream(bytes),
    }
}

/// A body of the right length.
fn framed<T: Serialize + DeserializeOwned + Debug>(body: &[u8], look: fn(&T)) {
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
        read::<Question>(rest);
        read::<Answer>(rest);
        let end = HEADER + u32::from_be_bytes(*header) as usize;
        let Some(next) = rest.get(end..) else { break };
        rest = next;
    }
}

/// Reads one message from the front; what is read is sent alike, and fits.
fn read<T: Serialize + DeserializeOwned + Debug>(frame: &[u8]) -> Option<T> {
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
    // JSON may be written longer than it was read; then it is not sent at all.
    match send(&message) {
        Ok(sent) => {
            assert!(sent.len() <= HEADER + MAX_LEN);
            let again: T = receive(&mut &sent[..]).expect("what is sent can be read");
            assert!(*send(&again).expect("and sent again") == *sent, "{message:?} became {again:?}");
        }
        Err(_) => assert!(taken > MAX_LEN / 8, "a short message could not be sent: {message:?}"),
    }
    Some(message)
}

/// What somebody typed is in no log.
fn question(question: &Question) {
    let shown = format!("{question:?}");
    let typed = match &question.request {
        Request::Check(typed) | Request::CheckFree(typed) | Request::Enter(typed) => typed,
        Request::Action(action) => return assert!(!action.name().is_empty()),
        _ => return,
    };
    let secret = match typed.as_reply() {
        wardkey_core::login::Reply::Separate(typed) | wardkey_core::login::Reply::Combined(typed) => typed,
        wardkey_core::login::Reply::NoCode => return,
    };
    assert!(shown.contains("***"), "{shown}");
    let elsewhere = format!("{:?}{:?}", question.user, question.items);
    if let Ok(secret) = std::str::from_utf8(secret)
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
