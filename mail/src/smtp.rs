//! Mail to a server (RFC 5321), encrypted as the configuration says (RFC 3207, RFC 8314).

use super::message::Letter;
use super::{MailError, MailStep, Progress, Trouble};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, CertificateStore, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use std::error::Error as _;
use std::io;
use wardkey_core::policy::config::{Email, MailTls};
use wardkey_core::system::trusted_file::{self, Readers};
use zeroize::Zeroizing;

/// Largest password file, in bytes.
const MAX_PASSWORD: u64 = 1024;

/// Whose word on a server's certificate counts.
#[derive(Debug, Clone)]
pub(super) enum Trust {
    /// The authorities this machine trusts.
    System,
    /// This one alone (PEM).
    #[cfg_attr(not(test), expect(dead_code, reason = "tests have an authority of their own"))]
    Only(String),
}

/// Hands a letter to the server; the outcome is told before the farewell, which nobody waits for.
pub(super) fn deliver(
    email: &Email,
    letter: &Letter,
    host: &str,
    trust: Trust,
    progress: &Progress,
) -> Result<(), MailError> {
    // Read first: no server need know that it cannot be.
    let credentials = credentials(email)?;
    let mut server = connect(email, host, trust, progress)?;
    if let Some(credentials) = credentials {
        server.at(MailStep::LoggingIn)?;
        let login = server.connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        expect(MailStep::LoggingIn, login, |response| response.has_code(235))?;
    }
    let is_done = |response: &Response| response.code().severity == Severity::PositiveCompletion;
    server.at(MailStep::Sender)?;
    let from = Mail::new(Some(letter.from.clone()), Vec::new());
    expect(MailStep::Sender, server.connection.command(from), is_done)?;
    server.at(MailStep::Recipient)?;
    let to = Rcpt::new(letter.to.clone(), Vec::new());
    expect(MailStep::Recipient, server.connection.command(to), is_done)?;
    server.at(MailStep::Announcing)?;
    expect(MailStep::Announcing, server.connection.command(Data), |response| response.has_code(354))?;
    server.at(MailStep::Delivering)?;
    expect(MailStep::Delivering, server.connection.message(&letter.text), is_done)?;
    progress.end(Ok(()));
    let _ = server.connection.quit();
    Ok(())
}

struct Server<'p> {
    connection: SmtpConnection,
    progress: &'p Progress,
}

impl Server<'_> {
    /// Begins a step; each read and write of it may take what is left of the deadline.
    fn at(&mut self, step: MailStep) -> Result<(), MailError> {
        let left = self.progress.enter(step)?;
        let set = self.connection.set_timeout(Some(left));
        set.map_err(|e| MailError::new(step, Trouble::Broken(e.to_string())))
    }
}

fn connect<'p>(
    email: &Email,
    host: &str,
    trust: Trust,
    progress: &'p Progress,
) -> Result<Server<'p>, MailError> {
    let tls = (email.tls != MailTls::None).then(|| parameters(&email.host, trust)).transpose()?;
    let hello = ClientId::Domain(host.to_owned());
    let at_once = tls.as_ref().filter(|_| email.tls == MailTls::Implicit);
    let step = if at_once.is_some() { MailStep::Encrypting } else { MailStep::Connecting };
    let left = progress.enter(step)?;
    let port = u16::try_from(email.port.get()).unwrap_or_default();
    let connected = SmtpConnection::connect((email.host.as_str(), port), Some(left), &hello, at_once, None);
    let connection = connected.map_err(|e| trouble(step, &e))?;
    let mut server = Server { connection, progress };
    if let Some(tls) = tls.filter(|_| email.tls == MailTls::Starttls) {
        server.at(MailStep::Encrypting)?;
        if !server.connection.can_starttls() {
            return Err(MailError::new(MailStep::Encrypting, Trouble::NoStartTls));
        }
        server.connection.starttls(&tls, &hello).map_err(|e| trouble(MailStep::Encrypting, &e))?;
    }
    Ok(server)
}

fn parameters(host: &str, trust: Trust) -> Result<TlsParameters, MailError> {
    let builder = TlsParameters::builder(host.to_owned());
    let built = match trust {
        Trust::System => builder.build_rustls(),
        Trust::Only(authority) => Certificate::from_pem(authority.as_bytes()).and_then(|authority| {
            builder.certificate_store(CertificateStore::None).add_root_certificate(authority).build_rustls()
        }),
    };
    built.map_err(|e| trouble(MailStep::Encrypting, &e))
}

fn credentials(email: &Email) -> Result<Option<Credentials>, MailError> {
    let (Some(user), Some(file)) = (&email.user, &email.password_file) else { return Ok(None) };
    let failed = |trouble| MailError::new(MailStep::LoggingIn, trouble);
    let read = trusted_file::read(&file.path(), Readers::RootOnly, MAX_PASSWORD);
    let bytes = Zeroizing::new(read.map_err(|e| failed(Trouble::Password(e)))?);
    let text = std::str::from_utf8(&bytes).map_err(|_| failed(Trouble::PasswordNotText))?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    if line.is_empty() || line.contains(['\n', '\r', '\0']) {
        return Err(failed(Trouble::PasswordNotText));
    }
    Ok(Some(Credentials::new(user.clone(), line.to_owned())))
}

/// An answer must be the one that belongs there. Bytes that somebody slipped in before the encryption began would shift
/// every answer by one; then the answer to DATA would pass for the acknowledgement of the delivery.
fn expect(
    step: MailStep,
    answer: Result<Response, Error>,
    is_right: impl Fn(&Response) -> bool,
) -> Result<(), MailError> {
    let response = answer.map_err(|e| trouble(step, &e))?;
    if is_right(&response) {
        return Ok(());
    }
    let first = response.first_line().unwrap_or_default();
    Err(MailError::new(step, Trouble::Answered(format!("{} {first}", response.code()))))
}

fn trouble(step: MailStep, error: &Error) -> MailError {
    let source = error.source();
    let said = source.map_or_else(|| error.to_string(), ToString::to_string);
    let inner = source.and_then(|e| e.downcast_ref::<io::Error>()).and_then(io::Error::get_ref);
    let is_certificate = said.contains("invalid peer certificate");
    let trouble = if let Some(code) = error.status() {
        Trouble::Answered(format!("{code} {said}"))
    } else if error.is_timeout() || is_would_block(error) {
        Trouble::TimedOut
    } else if is_certificate {
        Trouble::Certificate(inner.map_or(said, ToString::to_string))
    } else {
        Trouble::Broken(said)
    };
    MailError::new(step, trouble)
}

/// A read that timed out on a socket reports so.
fn is_would_block(error: &Error) -> bool {
    let io = error.source().and_then(|e| e.downcast_ref::<io::Error>());
    io.is_some_and(|e| matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut))
}
