//! The connection while more than one question and answer go over it.

use crate::peer::Peer;
use nix::unistd::alarm;
use pam_client::Answerer;
use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::{DeskAnswer, DeskReply, Wish};
use wardkey_core::topics::AnyAnswer;
use wardkey_core::wire::{Answered, Denial, Detailed, receive, send};

/// How long a peer may take to read what it was sent, which is less than a socket's buffer.
const TO_READ: Duration = Duration::from_secs(2);

/// How long a person may take over one line.
const TO_TYPE: Duration = Duration::from_secs(120);

/// How long over writing down new codes; they have shown who they are before that.
const TO_KEEP: Duration = Duration::from_secs(600);

/// Seconds for what follows: the codes come into force.
const TO_FINISH: u32 = 60;

/// One end of it.
pub(crate) struct Dialogue<'a>(pub(crate) &'a UnixStream);

impl Dialogue<'_> {
    /// Sends an answer, and to a peer that is not root's nothing but its kind of what only the log should have.
    pub(crate) fn answer(&self, peer: Peer, answer: &Result<AnyAnswer, Denial>) -> io::Result<()> {
        let answered = Answered::from(answer.clone());
        self.send(&if peer.is_root() { answered } else { answered.without_details() })
    }

    /// Says something in the middle of an action.
    fn say(&self, word: DeskAnswer) -> io::Result<()> {
        self.send(&Answered::Answered(AnyAnswer::Desk(word)))
    }

    /// Sends one message.
    fn send(&self, answer: &Answered<AnyAnswer>) -> io::Result<()> {
        self.0.set_write_timeout(Some(TO_READ))?;
        let frame = send(answer)?;
        let mut to = self.0;
        to.write_all(&frame)
    }

    /// Asks the person for a line; `None`: they are gone.
    pub(crate) fn wish(&self, wish: Wish) -> Option<Secret> {
        let time = if matches!(wish, Wish::Keep(_)) { TO_KEEP } else { TO_TYPE };
        if time == TO_KEEP {
            alarm::set(u32::try_from(time.as_secs()).unwrap_or(u32::MAX).saturating_add(TO_FINISH));
        }
        self.say(DeskAnswer::Wants(wish)).ok()?;
        self.0.set_read_timeout(Some(time)).ok()?;
        let mut from = self.0;
        receive(&mut from).ok().map(|DeskReply(typed)| typed)
    }
}

impl Answerer for Dialogue<'_> {
    fn reply(&mut self, prompt: &str, is_hidden: bool) -> Option<Secret> {
        self.wish(Wish::Line { prompt: prompt.to_owned(), hidden: is_hidden })
    }

    fn told(&mut self, text: &str, _is_error: bool) {
        let _ = self.say(DeskAnswer::Says(text.to_owned()));
    }
}
