//! One connection: read the question, answer it, end.

use crate::court;
use crate::journal;
use crate::line::Line;
use crate::pam;
use crate::peer::Peer;
use crate::places::{self, Place, Use};
use crate::post;
use nix::unistd::{Uid, User, alarm};
use std::io;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use wardkey_core::config::Config;
use wardkey_core::wire::{Answer, Denial, Question, Request, receive};

/// Seconds to ask in. A question is sent at once: a process whose caller has not finished by then ends.
const TO_ASK: u32 = 2;

/// Seconds that an errand may take with all that a person types.
const FOR_AN_ERRAND: u32 = 300;

/// Serves the connection on standard input.
///
/// # Errors
/// What was wrong, for whoever started this by hand.
pub(crate) fn serve(config: &Config) -> Result<(), String> {
    let (connection, peer) = connection().map_err(|e| format!("standard input is no connection: {e}"))?;
    // Whatever happens, this process ends: nothing here lives longer than a caller waits. Whoever started the listener
    // may have had the signal ignored.
    pam::heed_alarms();
    alarm::set(TO_ASK);
    let mut line = Line(&connection);
    let question = admit(config, peer).and_then(|place| {
        let question = hear(&connection)?;
        let place = if is_errand(&question) { places_for(config, peer, Use::Errand)? } else { place };
        Ok((question, place))
    });
    let answer = match &question {
        Ok((question, _place)) => {
            alarm::set(if is_errand(question) { FOR_AN_ERRAND } else { seconds(config) });
            court::answer(config, &mut line, peer, question)
        }
        Err(denial) => Answer::Denied(denial.clone()),
    };
    // A caller that is gone has lost nothing that it was promised.
    let _ = line.say(&answer);
    if let Ok((question, _place)) = &question {
        // Its caller has the answer already, whatever the mail server does.
        let _ = connection.shutdown(Shutdown::Both);
        post::after(config, question, &answer);
    }
    Ok(())
}

/// Tells a caller that nothing can be answered, if there is one.
pub(crate) fn refuse_all(why: &str) {
    if let Ok((connection, _)) = connection() {
        let _ = Line(&connection).say(&Answer::Denied(Denial::Broken(why.to_owned())));
    }
}

fn connection() -> io::Result<(UnixStream, Peer)> {
    let stdin = io::stdin().as_fd().try_clone_to_owned()?;
    let peer = Peer::of(&stdin)?;
    Ok((UnixStream::from(stdin), peer))
}

fn is_errand(question: &Question) -> bool {
    matches!(question.request, Request::Errand(_))
}

/// The time of a whole answer.
fn seconds(config: &Config) -> u32 {
    u32::try_from(config.helper.deadline.get().as_secs()).unwrap_or(u32::MAX).max(1)
}

/// Whoever has no account has nothing to ask; a user namespace can have thousands of such uids.
fn admit(config: &Config, peer: Peer) -> Result<Option<Place>, Denial> {
    if !peer.is_root() && !matches!(User::from_uid(Uid::from_raw(peer.uid)), Ok(Some(_))) {
        return Err(Denial::NotYou);
    }
    places_for(config, peer, Use::Login)
}

/// A place of the peer's own; root needs none.
fn places_for(config: &Config, peer: Peer, what: Use) -> Result<Option<Place>, Denial> {
    if peer.is_root() {
        return Ok(None);
    }
    let dir = places::beside(&config.helper.socket.path());
    match places::take(&dir, peer.uid, what) {
        Ok(Some(place)) => Ok(Some(place)),
        Ok(None) => Err(Denial::Busy),
        Err(e) => {
            let why = format!("{}: {e}", dir.display());
            journal::failed(&why);
            Err(Denial::Broken(why))
        }
    }
}

fn hear(mut connection: &UnixStream) -> Result<Question, Denial> {
    receive(&mut connection).map_err(|_| Denial::Malformed)
}
