//! Mail: what is sent, and the sending of it under one deadline however a server behaves. The helper uses it, which judges.
//!
//! A thread sends, and the caller waits no longer than its deadline. A timeout of the connection alone would
//! not do: each byte of a server that drips restarts it, and the look-up of the server's name has none. A thread
//! that is given up goes on until its own timeout or until this process ends.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at files from outside"))]

mod error;
mod message;
mod sendmail;
mod smtp;

pub use error::{MailError, MailStep, Trouble};
pub use message::{LetterPurpose, Message, Occasion};

use smtp::Trust;
use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use wardkey_core::policy::config::{Email, MailTransport};

/// Where every mail system puts the command that takes mail from programs.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// Sends a message, or says why not, before the deadline. By SMTP, a yes means that the server has taken it; by
/// sendmail, that it is queued. Neither means that it was delivered.
///
/// # Errors
/// [`MailError`].
pub fn send(config: &Email, message: &Message, deadline: Instant) -> Result<(), MailError> {
    send_by(config, message, deadline, (Trust::System, Path::new(SENDMAIL)))
}

/// The same with other authorities and another sendmail, for tests.
fn send_by(
    config: &Email,
    message: &Message,
    deadline: Instant,
    (trust, sendmail): (Trust, &Path),
) -> Result<(), MailError> {
    let sender = config.sender().ok_or(MailError::new(MailStep::Composing, Trouble::NoSender))?;
    let letter =
        message.compose(&sender).map_err(|e| MailError::new(MailStep::Composing, Trouble::Broken(e)))?;
    match config.transport {
        MailTransport::Smtp => {
            let config = config.clone();
            let host = host_name();
            watched(deadline, move |progress| smtp::deliver(&config, &letter, &host, trust, progress))
        }
        MailTransport::Sendmail => sendmail::queue(sendmail, &letter, deadline),
    }
}

/// What a sending thread tells: how far it is, and how it ended.
struct Progress {
    step: Arc<Mutex<MailStep>>,
    deadline: Instant,
    ended: SyncSender<Result<(), MailError>>,
}

impl Progress {
    /// Notes what is done next; the answer is the time left for it.
    fn enter(&self, step: MailStep) -> Result<Duration, MailError> {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = step;
        let left = time_left(self.deadline);
        if left.is_zero() { Err(MailError::new(step, Trouble::TimedOut)) } else { Ok(left) }
    }

    /// Says the outcome; the thread may go on with what nobody waits for.
    fn end(&self, outcome: Result<(), MailError>) {
        let _ = self.ended.try_send(outcome);
    }
}

fn watched(
    deadline: Instant,
    send: impl FnOnce(&Progress) -> Result<(), MailError> + Send + 'static,
) -> Result<(), MailError> {
    let (ended, outcome) = sync_channel(1);
    let step = Arc::new(Mutex::new(MailStep::Connecting));
    let progress = Progress { step: Arc::clone(&step), deadline, ended };
    let started = thread::Builder::new().name("mail".into()).spawn(move || {
        let outcome = send(&progress);
        progress.end(outcome);
    });
    started.map_err(|e| MailError::new(MailStep::Composing, Trouble::Broken(e.to_string())))?;
    let trouble = match outcome.recv_timeout(time_left(deadline)) {
        Ok(outcome) => return outcome,
        Err(RecvTimeoutError::Timeout) => Trouble::TimedOut,
        Err(RecvTimeoutError::Disconnected) => Trouble::Broken("the sending thread ended".into()),
    };
    Err(MailError::new(*step.lock().unwrap_or_else(PoisonError::into_inner), trouble))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a deadline is held against this clock, and nothing is decided by it"
)]
fn time_left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// This machine's name, as messages and servers are told.
#[must_use]
pub fn host_name() -> String {
    let is_plain = |name: &String| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
    };
    wardkey_core::system::host_name::own().filter(is_plain).unwrap_or_else(|| "localhost".into())
}

#[cfg(test)]
mod tests;
