//! The caller's side: connect, ask, wait no longer than the deadline.

use super::line::Line;
use super::message::{Answer, Denial, Question, Reply, Wish};
use crate::credential::secret::Secret;
use crate::system::os_error::English;
use nix::errno::Errno;
use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Whoever sits before the command.
pub trait Person {
    /// Types a line; `None`: they are gone.
    fn reply(&mut self, wish: &Wish) -> Option<Secret>;

    /// Reads a text.
    fn told(&mut self, text: &str);
}

/// Where the helper listens, and how long its whole answer may take.
#[derive(Debug, Clone, Copy)]
pub struct Helper<'a> {
    /// Its socket.
    pub socket: &'a Path,
    /// For the whole answer.
    pub deadline: Duration,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Silence {
    /// Nobody listens there.
    NotThere(Errno),
    /// Whoever listens there is not root.
    NotRoot,
    /// It did not answer in time.
    Slow,
    /// It will not.
    Denied(Denial),
    /// The person typed nothing more.
    Left,
    /// The connection broke, or what came was no answer.
    Broken(io::Error),
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(e) => write!(f, "the helper does not listen: {}", e.desc()),
            Self::NotRoot => f.write_str("the helper's socket is not root's"),
            Self::Slow => f.write_str("the helper did not answer in time"),
            Self::Denied(denial) => write!(f, "the helper will not: {denial}"),
            Self::Left => f.write_str("nothing was typed"),
            Self::Broken(e) => write!(f, "the helper did not answer: {}", English(e)),
        }
    }
}

impl Helper<'_> {
    /// Asks one question.
    ///
    /// # Errors
    /// [`Silence`]; [`Answer::Denied`] is one.
    pub fn ask(&self, question: &Question) -> Result<Answer, Silence> {
        let mut line = Line::open(self)?;
        line.write(question)?;
        line.read()
    }

    /// Asks a question in the course of which the person types something. The deadline begins anew after each line.
    ///
    /// # Errors
    /// [`Silence`]; [`Silence::Left`] when the person typed nothing more.
    pub fn ask_with(&self, question: &Question, person: &mut dyn Person) -> Result<Answer, Silence> {
        let mut line = Line::open(self)?;
        line.write(question)?;
        loop {
            match line.read()? {
                Answer::Says(text) => person.told(&text),
                Answer::Wants(wish) => {
                    let typed = person.reply(&wish).ok_or(Silence::Left)?;
                    line.begin_anew(self.deadline);
                    line.write(&Reply(typed))?;
                }
                answer => return Ok(answer),
            }
        }
    }
}
