//! The caller's side: connect, ask, wait no longer than the deadline.

use super::connection::Connection;
use super::question::{Question, Topic};
use super::silence::Silence;
use serde::Serialize;
use std::path::Path;
use std::time::Duration;

/// Where the helper listens, and how long its whole answer may take.
#[derive(Debug, Clone, Copy)]
pub struct Helper<'a> {
    /// Its socket.
    pub socket: &'a Path,
    /// For the whole answer.
    pub deadline: Duration,
}

/// A connection on which more is said than a question and its answer.
pub struct Talk<'a> {
    helper: Helper<'a>,
    connection: Connection,
}

impl<'a> Helper<'a> {
    /// Whether a process of root's takes a connection, within the deadline. Nothing is asked.
    ///
    /// # Errors
    /// [`Silence`].
    pub fn reach(&self) -> Result<(), Silence> {
        Connection::open(self.socket, self.deadline).map(drop)
    }

    /// Asks one question.
    ///
    /// # Errors
    /// [`Silence`].
    pub fn ask<R: Topic>(&self, question: &Question<R>) -> Result<R::Answer, Silence> {
        self.open(question)?.hear()
    }

    /// Asks a question in the course of which the person types something.
    ///
    /// # Errors
    /// [`Silence`].
    pub fn open<R: Topic>(&self, question: &Question<R>) -> Result<Talk<'a>, Silence> {
        let connection = Connection::open(self.socket, self.deadline)?;
        connection.write(question)?;
        Ok(Talk { helper: *self, connection })
    }
}

impl Talk<'_> {
    /// What is answered next.
    ///
    /// # Errors
    /// [`Silence`].
    pub fn hear<A: serde::de::DeserializeOwned>(&mut self) -> Result<A, Silence> {
        self.connection.read()
    }

    /// Says something more; the deadline begins again with it.
    ///
    /// # Errors
    /// [`Silence`].
    pub fn say(&mut self, message: &impl Serialize) -> Result<(), Silence> {
        self.connection.begin_again(self.helper.deadline);
        self.connection.write(message)
    }
}
