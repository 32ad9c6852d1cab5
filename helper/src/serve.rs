//! One connection: read the question, answer it, end.

use crate::court;
use crate::journal;
use crate::line::Line;
use crate::peer::Peer;
use crate::places;
use crate::post;
use nix::unistd::alarm;
use std::io;
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;
use wardkey_core::config::Config;
use wardkey_core::wire::{Answer, Denial, Question, Request, receive};

/// A question is sent at once: whoever does not finish it in this time is not waited for.
const TO_ASK: Duration = Duration::from_secs(2);

/// Seconds that an errand may take with all that a person types.
const FOR_AN_ERRAND: u32 = 300;

/// Serves the connection on standard input.
///
/// # Errors
/// What was wrong, for whoever started this by hand.
pub(crate) fn serve(config: &Config) -> Result<(), String> {
    let (connection, peer) = connection().map_err(|e| format!("standard input is no connection: {e}"))?;
    // Whatever happens, this process ends: nothing here lives longer than a caller waits.
    alarm::set(u32::try_from(config.helper.deadline.get().as_secs()).unwrap_or(u32::MAX).max(1));
    let place = if peer.is_root() { Ok(None) } else { take_place(config, peer).map(Some) };
    let mut line = Line(&connection);
    let question = place.and_then(|place| hear(&connection).map(|question| (question, place)));
    let answer = match &question {
        Ok((question, _place)) => {
            if matches!(question.request, Request::Errand(_)) {
                alarm::set(FOR_AN_ERRAND);
            }
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

fn take_place(config: &Config, peer: Peer) -> Result<places::Place, Denial> {
    let dir = places::beside(&config.helper.socket.path());
    match places::take(&dir, peer.uid) {
        Ok(Some(place)) => Ok(place),
        Ok(None) => Err(Denial::Busy),
        Err(e) => {
            let why = format!("{}: {e}", dir.display());
            journal::failed(&why);
            Err(Denial::Broken(why))
        }
    }
}

fn hear(connection: &UnixStream) -> Result<Question, Denial> {
    let limited = connection.set_read_timeout(Some(TO_ASK));
    let mut from = connection;
    limited.and_then(|()| receive(&mut from)).map_err(|_| Denial::Malformed)
}
