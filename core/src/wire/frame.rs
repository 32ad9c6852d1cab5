//! One message on a stream: four bytes of length, most significant first, and so many bytes of JSON.

use super::denial::Denial;
use super::question::{Question, VERSION};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{self, ErrorKind, Read};
use zeroize::Zeroizing;

/// Largest message, in bytes: many times the longest reply of a conversation (`PAM_MAX_RESP_SIZE`, 512), and enough for
/// a full set of recovery codes.
pub const MAX_LEN: usize = 16 * 1024;

const HEADER: usize = 4;

/// A message as the bytes that are sent.
///
/// # Errors
/// It is longer than [`MAX_LEN`].
pub fn send(message: &impl Serialize) -> io::Result<Zeroizing<Vec<u8>>> {
    // In full from the start: a vector that grows would leave copies of what it held.
    let mut frame = Zeroizing::new(Vec::with_capacity(HEADER + MAX_LEN));
    frame.extend_from_slice(&[0; HEADER]);
    let mut room = Bounded(&mut frame);
    serde_json::to_writer(&mut room, message)?;
    let len = u32::try_from(frame.len() - HEADER).map_err(|_| ErrorKind::InvalidInput)?;
    if let Some(header) = frame.first_chunk_mut::<HEADER>() {
        *header = len.to_be_bytes();
    }
    Ok(frame)
}

/// Reads one message; what it cannot be is an error of [`ErrorKind::InvalidData`].
///
/// # Errors
/// What the stream said, or that it was no message.
pub fn receive<T: DeserializeOwned>(from: &mut impl Read) -> io::Result<T> {
    // The parser's words may quote what it read.
    serde_json::from_slice(&body(from)?).map_err(|_| ErrorKind::InvalidData.into())
}

/// Reads a question. One of another version is told from one that is none: its caller, a screen locker that has run since
/// before an update perhaps, hears which.
///
/// # Errors
/// [`Denial::Version`], [`Denial::Malformed`].
pub fn receive_question<R: DeserializeOwned>(from: &mut impl Read) -> Result<Question<R>, Denial> {
    /// All that every version has.
    #[derive(Deserialize)]
    struct AnyVersion {
        version: u32,
    }
    let body = body(from).map_err(|_| Denial::Malformed)?;
    match serde_json::from_slice::<Question<R>>(&body) {
        Ok(question) if question.version == VERSION => Ok(question),
        _ => match serde_json::from_slice(&body) {
            Ok(AnyVersion { version }) if version != VERSION => Err(Denial::Version),
            _ => Err(Denial::Malformed),
        },
    }
}

fn body(from: &mut impl Read) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut header = [0; HEADER];
    from.read_exact(&mut header)?;
    let len = usize::try_from(u32::from_be_bytes(header)).unwrap_or(usize::MAX);
    if len > MAX_LEN {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut body = Zeroizing::new(vec![0; len]);
    from.read_exact(&mut body)?;
    Ok(body)
}

/// Takes no more than a message may have.
struct Bounded<'a>(&'a mut Vec<u8>);

impl io::Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > HEADER + MAX_LEN {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::secret::Secret;
    use crate::user::UserName;
    use crate::wire::Topic;
    use proptest::prelude::*;

    /// What is asked in these tests: something typed.
    #[derive(Serialize)]
    struct Reply(Secret);

    impl Topic for Reply {
        const NAME: &'static str = "typed";
        type Answer = ();
    }

    /// What is read there: one of all topics.
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Any {
        Typed(Secret),
        Ask,
    }

    fn question(reply: Vec<u8>) -> Question<Reply> {
        Question {
            version: VERSION,
            config: "/etc/wardkey/wardkey.toml".into(),
            user: UserName::new(b"CLINIC\\roy").unwrap(),
            request: Reply(Secret::new(reply)),
        }
    }

    fn read(bytes: &[u8]) -> io::Result<Question<Any>> {
        receive(&mut &bytes[..])
    }

    #[test]
    fn a_message_comes_as_it_went() {
        let reply = b"p\xc3\xa4ss\0\xff \"123456".to_vec();
        let back = read(&send(&question(reply.clone())).unwrap()).unwrap();
        assert_eq!(back.user, question(Vec::new()).user);
        let Any::Typed(typed) = back.request else { panic!("another request") };
        assert_eq!(typed.expose(), reply);
    }

    #[test]
    fn what_is_too_long_is_neither_sent_nor_read() {
        assert!(send(&question(vec![b'a'; MAX_LEN])).is_err());
        let mut huge = u32::MAX.to_be_bytes().to_vec();
        huge.extend_from_slice(b"{}");
        assert_eq!(read(&huge).unwrap_err().kind(), ErrorKind::InvalidData);
    }

    #[test]
    fn half_a_message_is_none() {
        let whole = send(&question(b"x".to_vec())).unwrap();
        for cut in [0, 3, 4, whole.len() - 1] {
            assert_eq!(read(&whole[..cut]).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        }
    }

    #[test]
    fn a_key_too_many_is_no_message() {
        let whole = r#"{"version":4,"config":"/w.toml","user":"roy","request":"ask"}"#;
        assert!(read(&framed(whole)).is_ok());
        let more = whole.replace('}', r#","uid":0}"#);
        assert_eq!(read(&framed(&more)).unwrap_err().kind(), ErrorKind::InvalidData);
    }

    #[test]
    fn a_question_of_another_version_is_told_from_none() {
        let hear = |text: &str| receive_question::<Any>(&mut &framed(text)[..]).map(|question| question.user);
        let ours = r#"{"version":4,"config":"/w.toml","user":"roy","request":"ask"}"#;
        assert_eq!(hear(ours), Ok(UserName::new(b"roy").unwrap()));
        let before = r#"{"version":1,"user":"roy","request":"ask"}"#;
        let after = r#"{"version":5,"request":{"ask":[]},"more":{"version":5}}"#;
        for other in [before, after, &ours.replace(":4", ":5")] {
            assert_eq!(hear(other), Err(Denial::Version), "{other}");
        }
        let none = [r#"{"version":4}"#, r#"{"version":"1"}"#, r#"{"user":"roy"}"#, "[]", "", "{"];
        for text in none.into_iter().chain([&*ours.replace("ask", "tell"), &*ours.replace("config", "path")])
        {
            assert_eq!(hear(text), Err(Denial::Malformed), "{text}");
        }
    }

    fn framed(text: &str) -> Vec<u8> {
        let mut frame = u32::try_from(text.len()).unwrap().to_be_bytes().to_vec();
        frame.extend_from_slice(text.as_bytes());
        frame
    }

    proptest! {
        #[test]
        fn nothing_that_is_read_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
            let mut framed = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
            framed.extend_from_slice(&bytes);
            let _ = read(&framed);
        }
    }
}
