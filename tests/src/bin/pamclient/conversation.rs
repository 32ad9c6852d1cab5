//! The person at the terminal, by script.

use std::collections::VecDeque;
use std::io::{self, Read, Write};

use wardkey_tests::programs::pam::{Answer, Event, Reply, Script};

/// One line on standard output, at once.
pub(crate) fn tell(event: &Event) {
    let mut line = serde_json::to_string(event).unwrap_or_default();
    line.push('\n');
    let _ = io::stdout().write_all(line.as_bytes());
}

/// What the application hands back to libpam for one message.
pub(crate) enum Response {
    /// This text.
    Text(Vec<u8>),
    /// A null pointer, as for messages that want no answer.
    Null,
    /// The whole conversation fails.
    Failure,
}

/// The rest of the script.
pub(crate) struct Conversation {
    answers: VecDeque<Answer>,
    barrier: bool,
}

impl Conversation {
    pub(crate) fn new(script: &Script) -> Self {
        Self { answers: script.answers.iter().cloned().collect(), barrier: script.barrier }
    }

    /// Answers a prompt.
    pub(crate) fn prompt(&mut self, text: String, echo: bool) -> Response {
        tell(&Event::Prompt { text: text.clone(), echo });
        self.wait_at_barrier();
        let Some(answer) = self.answers.pop_front() else {
            tell(&Event::Unscripted { what: format!("unexpected prompt {text:?}") });
            return Response::Failure;
        };
        if !text.contains(&answer.expect) {
            tell(&Event::Unscripted { what: format!("prompt {text:?} instead of {:?}", answer.expect) });
            return Response::Failure;
        }
        match answer.reply {
            Reply::Types(typed) => Response::Text(typed),
            Reply::Reads => Response::Text(next_line()),
            Reply::Nothing => Response::Null,
            Reply::Leaves => Response::Failure,
        }
    }

    /// Tells of every prompt that did not come.
    pub(crate) fn finish(&self) {
        for answer in &self.answers {
            tell(&Event::Unscripted { what: format!("no prompt {:?} came", answer.expect) });
        }
    }

    fn wait_at_barrier(&mut self) {
        if std::mem::take(&mut self.barrier) {
            tell(&Event::Waiting);
            let _ = io::stdin().read_to_end(&mut Vec::new());
        }
    }
}

/// What follows it is the next prompt's.
fn next_line() -> Vec<u8> {
    let mut line = String::new();
    let _ = io::stdin().read_line(&mut line);
    line.trim_end().as_bytes().to_owned()
}
