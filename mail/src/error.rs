//! Why a message was not sent: how far it came, and what happened there.

use std::fmt;
use wardkey_core::printable::is_unprintable;
use wardkey_core::system::trusted_file::Untrusted;

/// Longest answer of a server that is repeated, in characters.
const LONGEST_ANSWER: usize = 200;

/// How far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailStep {
    /// The message itself.
    Composing,
    /// The way to the server, and its greeting.
    Connecting,
    /// Encryption.
    Encrypting,
    /// The login to the server.
    LoggingIn,
    /// MAIL: whom it comes from.
    Sender,
    /// RCPT: whom it is for.
    Recipient,
    /// DATA: whether the text may come.
    Announcing,
    /// The text, and whether the server has taken it.
    Delivering,
    /// The local command.
    Sendmail,
}

/// What happened.
#[derive(Debug)]
pub enum Trouble {
    /// The deadline came first.
    TimedOut,
    /// The server said no, or something else than what belongs here.
    Answered(String),
    /// The connection, or what was said on it, is of no use.
    Broken(String),
    /// The server's certificate is not to be believed.
    Certificate(String),
    /// The server offers no encryption: it cannot, or somebody in between took the offer away.
    NoStartTls,
    /// The password cannot be read.
    Password(Untrusted),
    /// The password is not a line of text.
    PasswordNotText,
    /// The configuration names no sender.
    NoSender,
    /// The local command ended so.
    Ended(String),
}

/// Why a message was not sent.
#[derive(Debug)]
pub struct MailError {
    /// How far it came.
    pub step: MailStep,
    /// What happened.
    pub trouble: Trouble,
}

impl MailError {
    pub(super) const fn new(step: MailStep, trouble: Trouble) -> Self {
        Self { step, trouble }
    }

    /// Whether there was no time left.
    #[cfg(test)]
    pub(crate) const fn is_timeout(&self) -> bool {
        matches!(self.trouble, Trouble::TimedOut)
    }
}

impl fmt::Display for MailStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Composing => "composing the message",
            Self::Connecting => "connecting to the mail server",
            Self::Encrypting => "encrypting the connection to the mail server",
            Self::LoggingIn => "logging in to the mail server",
            Self::Sender => "telling the mail server the sender (MAIL)",
            Self::Recipient => "telling the mail server the recipient (RCPT)",
            Self::Announcing => "announcing the message to the mail server (DATA)",
            Self::Delivering => "handing the message to the mail server",
            Self::Sendmail => "handing the message to sendmail",
        })
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TimedOut => f.write_str("no answer within the deadline"),
            Self::Answered(answer) => write!(f, "it answered {:?}", bounded(answer)),
            Self::Broken(why) => f.write_str(&bounded(why)),
            Self::Certificate(why) => write!(f, "its certificate is not trusted: {}", bounded(why)),
            Self::NoStartTls => f.write_str("it offers no STARTTLS, and [email] tls demands it"),
            Self::Password(untrusted) => untrusted.fmt(f),
            Self::PasswordNotText => f.write_str("the password file is not one line of text"),
            Self::NoSender => f.write_str("[email] from names no sender"),
            Self::Ended(how) => f.write_str(how),
        }
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.trouble)
    }
}

impl std::error::Error for MailError {}

/// What a server says goes into logs: as one short line that drives no terminal.
fn bounded(text: &str) -> String {
    let clean = |c: char| if is_unprintable(c) { ' ' } else { c };
    text.chars().map(clean).take(LONGEST_ANSWER).collect()
}
