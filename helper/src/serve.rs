//! One connection: read a question, answer it.

use crate::answer;
use crate::dialogue::Dialogue;
use crate::listen::Part;
use crate::log;
use crate::mail_requests;
use crate::peer::Peer;
use crate::quota;
use crate::socket;
use nix::unistd::{Uid, User, alarm};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use wardkey_core::policy::config::{Config, Source};
use wardkey_core::system::turns;
use wardkey_core::topics::AnyRequest;
use wardkey_core::wire::{Denial, Question, receive_question};

/// Seconds to ask in. A question is sent at once: a process whose caller has not finished by then ends.
const TO_ASK: u32 = 2;

/// Seconds that an action may take with all that a person types.
const FOR_AN_ACTION: u32 = 300;

/// Serves a connection, by the configuration as it is now.
///
/// # Errors
/// What was wrong.
pub(crate) fn serve(settings: &mut Source, part: &Part) -> Result<(), String> {
    let stream = &part.connection;
    let peer = Peer::of(stream).map_err(|e| format!("this is not a connection: {e}"))?;
    // Whatever happens, this process ends: nothing here lives longer than a caller waits.
    alarm::set(TO_ASK);
    let config_path = settings.path();
    let config = settings.now().map_err(|e| refuse(stream, peer, &e.to_string()))?;
    let socket = config.helper.socket.path();
    socket::is_the_configured(stream, &socket).map_err(|e| refuse(stream, peer, &e))?;
    take_turns(quota::beside(&socket), part.counted_for);
    let connection = Connection { config, config_path, stream, peer, door: part.door.as_ref() };
    match connection.hear() {
        Ok(question) => connection.answer(question),
        Err(denial) => {
            let _ = Dialogue(stream).answer(peer, &Err(denial));
        }
    }
    Ok(())
}

/// Nothing can be answered: the log hears why, and so does a caller who is root.
fn refuse(stream: &UnixStream, peer: Peer, why: &str) -> String {
    log::failed(why);
    let _ = Dialogue(stream).answer(peer, &Err(Denial::Broken(why.to_owned())));
    why.to_owned()
}

/// Argon2id runs in no more memory than there is for this service, no matter who asks.
fn take_turns(dir: PathBuf, uid: u32) {
    turns::wait_by(move || match quota::for_a_run(&dir, uid) {
        Ok(permit) => Ok(Box::new(permit)),
        Err(e) => Err(format!("{}: {e}", dir.display())),
    });
}

struct Connection<'a> {
    config: &'a Config,
    config_path: PathBuf,
    stream: &'a UnixStream,
    peer: Peer,
    door: Option<&'a OwnedFd>,
}

impl Connection<'_> {
    /// The question. A uid without an account has nothing to ask; a user namespace can have thousands of them.
    fn hear(&self) -> Result<Question<AnyRequest>, Denial> {
        let peer = self.peer;
        let mut from = self.stream;
        let question = receive_question(&mut from)?;
        // The caller was in time; a directory that is slow to say who they are must not cost them the answer.
        alarm::set(self.seconds());
        if !peer.is_root() && !matches!(User::from_uid(Uid::from_raw(peer.uid)), Ok(Some(_))) {
            return Err(Denial::NotYou);
        }
        answer::by_this_configuration(self.config, &self.config_path, peer, &question)?;
        Ok(question)
    }

    fn answer(&self, mut question: Question<AnyRequest>) {
        if question.request.is_long() {
            alarm::set(FOR_AN_ACTION);
        }
        let mut dialogue = Dialogue(self.stream);
        let answer = answer::answer((self.config, self.door), &mut dialogue, self.peer, &mut question);
        // A caller that is gone has lost nothing that it was promised; and it waits for no mail server.
        let _ = dialogue.answer(self.peer, &answer);
        let _ = self.stream.shutdown(Shutdown::Both);
        mail_requests::after(self.config, &question, &answer);
    }

    /// The time of a whole answer.
    fn seconds(&self) -> u32 {
        u32::try_from(self.config.helper.deadline.get().as_secs()).unwrap_or(u32::MAX).max(1)
    }
}
