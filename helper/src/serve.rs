//! One connection: read a question, answer it, and one more where the first only said that a code is asked.

use crate::court;
use crate::journal;
use crate::line::Line;
use crate::peer::Peer;
use crate::places::{self, Place, Use};
use crate::post;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::{Uid, User, alarm};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use wardkey_core::config::{Config, Source};
use wardkey_core::login::Ask;
use wardkey_core::wire::{Answer, Denial, Question, Request, receive_question};

/// Seconds to ask in. A question is sent at once: a process whose caller has not finished by then ends.
pub(crate) const TO_ASK: u32 = 2;

/// Milliseconds in which a person may type the code that they were asked for; whoever takes longer is connected anew.
const TO_TYPE: u16 = 60_000;

/// Seconds that an errand may take with all that a person types.
const FOR_AN_ERRAND: u32 = 300;

/// Serves a connection, by the configuration as it is now.
///
/// # Errors
/// What was wrong, for whoever started this by hand.
pub(crate) fn serve(settings: &mut Source, stream: &UnixStream) -> Result<(), String> {
    let peer = Peer::of(stream).map_err(|e| format!("this is no connection: {e}"))?;
    // Whatever happens, this process ends: nothing here lives longer than a caller waits.
    alarm::set(TO_ASK);
    let connection = Connection::open(settings, stream, peer)?;
    let served = connection.round(connection.admit());
    if !served.as_ref().is_some_and(Served::leads_on) {
        connection.end(served.as_ref());
        return Ok(());
    }
    drop(served);
    if let Some(place) = connection.wait_for_another() {
        // A minute may have passed.
        let connection = Connection::open(settings, stream, peer)?;
        connection.end(connection.round(Ok(Some(place))).as_ref());
    }
    Ok(())
}

/// Nothing can be answered: the log hears why, and so does a caller who is root.
fn refuse(stream: &UnixStream, peer: Peer, why: &str) -> String {
    journal::failed(why);
    let _ = Line(stream).answer(peer, &Answer::Denied(Denial::Broken(why.to_owned())));
    why.to_owned()
}

struct Connection<'a> {
    config: &'a Config,
    config_path: PathBuf,
    stream: &'a UnixStream,
    peer: Peer,
}

/// What was asked and answered, with the place that it took.
struct Served {
    question: Question,
    answer: Answer,
    _place: Option<Held>,
}

/// A place of the peer's own, and for whoever waits one of all.
type Held = (Place, Option<Place>);

impl Served {
    /// Whether the same caller will ask once more, with what a person types.
    fn leads_on(&self) -> bool {
        matches!(self.answer, Answer::Asked(Ask::Code))
    }
}

impl<'a> Connection<'a> {
    fn open(settings: &'a mut Source, stream: &'a UnixStream, peer: Peer) -> Result<Self, String> {
        let config_path = settings.path();
        let config = settings.now().map_err(|e| refuse(stream, peer, &e.to_string()))?;
        Ok(Self { config, config_path, stream, peer })
    }

    /// The caller has the answer already, whatever the mail server does.
    fn end(&self, served: Option<&Served>) {
        if let Some(Served { question, answer, .. }) = served {
            let _ = self.stream.shutdown(Shutdown::Both);
            post::after(self.config, question, answer);
        }
    }

    fn round(&self, place: Result<Option<Held>, Denial>) -> Option<Served> {
        let mut line = Line(self.stream);
        let heard = place.and_then(|place| {
            let question = self.hear()?;
            let place = if is_errand(&question) { self.place(Use::Errand)? } else { place };
            Ok((question, place))
        });
        match heard {
            Ok((question, place)) => {
                alarm::set(if is_errand(&question) { FOR_AN_ERRAND } else { self.seconds() });
                let answer = court::answer(self.config, &mut line, self.peer, &question);
                // A caller that is gone has lost nothing that it was promised.
                let _ = line.answer(self.peer, &answer);
                Some(Served { question, answer, _place: place })
            }
            Err(denial) => {
                let _ = line.answer(self.peer, &Answer::Denied(denial));
                None
            }
        }
    }

    /// Waits for another question while a person types. The places of those who ask are not for those who wait, and root's
    /// programs need one for that too: anyone can leave a prompt of su standing.
    fn wait_for_another(&self) -> Option<Held> {
        let dir = places::beside(&self.config.helper.socket.path());
        let own = places::take(&dir, self.peer.uid, Use::Waiting).ok()??;
        let of_all = places::take_of_all(&dir).ok()??;
        alarm::cancel();
        let mut watched = [PollFd::new(self.stream.as_fd(), PollFlags::POLLIN)];
        let spoke = poll(&mut watched, PollTimeout::from(TO_TYPE)) == Ok(1);
        alarm::set(TO_ASK);
        spoke.then_some((own, Some(of_all)))
    }

    /// Whoever has no account has nothing to ask; a user namespace can have thousands of such uids.
    fn admit(&self) -> Result<Option<Held>, Denial> {
        let peer = self.peer;
        if !peer.is_root() && !matches!(User::from_uid(Uid::from_raw(peer.uid)), Ok(Some(_))) {
            return Err(Denial::NotYou);
        }
        self.place(Use::Login)
    }

    /// A place of the peer's own; root needs none.
    fn place(&self, what: Use) -> Result<Option<Held>, Denial> {
        if self.peer.is_root() {
            return Ok(None);
        }
        let dir = places::beside(&self.config.helper.socket.path());
        match places::take(&dir, self.peer.uid, what) {
            Ok(Some(place)) => Ok(Some((place, None))),
            Ok(None) => Err(Denial::Busy),
            Err(e) => {
                let why = format!("{}: {e}", dir.display());
                journal::failed(&why);
                Err(Denial::Broken(why))
            }
        }
    }

    fn hear(&self) -> Result<Question, Denial> {
        let mut from = self.stream;
        let question = receive_question(&mut from)?;
        court::for_this_court(&self.config_path, self.peer, &question)?;
        Ok(question)
    }

    /// The time of a whole answer.
    fn seconds(&self) -> u32 {
        u32::try_from(self.config.helper.deadline.get().as_secs()).unwrap_or(u32::MAX).max(1)
    }
}

fn is_errand(question: &Question) -> bool {
    matches!(question.request, Request::Errand(_))
}
