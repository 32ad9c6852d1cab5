//! A seat as the verifier meets it: TLS by rustls, with what `fleet join` would have. Codes are typed by tests.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wardkey_core::credential::secret::Secret;
use wardkey_core::login::{Outcome, PamItems, Reply};
use wardkey_core::record::question::QuestionId;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;
use wardkey_core::wire;
use wardkey_fleet::{
    Enquiry, Hello, JOINING, Join, Joined, JoiningToken, PROTOCOL, Report, SeatName, Subject, VERIFIER,
    Welcome, new_seat_key,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a seat has of its own.
#[derive(Clone)]
pub struct Identity {
    /// Its certificate, as PEM.
    pub certificate: String,
    /// Its key, as PEM.
    pub key: String,
}

/// Where the verifier is, and the authority that the seat believes.
#[derive(Clone)]
pub struct Server {
    /// The address.
    pub address: SocketAddr,
    /// The authority's certificate, as PEM.
    pub authority: String,
}

/// A connection under TLS.
pub struct Connection(pub StreamOwned<ClientConnection, TcpStream>);

impl Server {
    /// Begins a connection with these protocols; its handshake is done by the first bytes.
    ///
    /// # Panics
    /// If the certificates are none.
    ///
    /// # Errors
    /// Nobody listens.
    pub fn connect(&self, identity: Option<&Identity>, protocols: &[&[u8]]) -> io::Result<Connection> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.authority.as_bytes()).expect("PEM")).expect("a root");
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots);
        let mut config = match identity {
            None => builder.with_no_client_auth(),
            Some(Identity { certificate, key }) => {
                let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).expect("PEM")];
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).expect("PEM");
                builder.with_client_auth_cert(chain, key).expect("a certificate")
            }
        };
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        let name = ServerName::try_from(VERIFIER).expect("a name");
        let tls = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
        let stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Connection(StreamOwned::new(tls, stream)))
    }

    /// A seat's connection up to its welcome.
    ///
    /// # Errors
    /// The handshake failed, or nothing was answered.
    pub fn greet(&self, identity: &Identity, boot: &str) -> io::Result<(Connection, Welcome)> {
        let mut connection = self.connect(Some(identity), &[PROTOCOL])?;
        let hello = Hello {
            boot: boot.to_owned(),
            host: "ward3".to_owned(),
            version: "0.1.0".to_owned(),
            time: Timestamp(1_000_000_000),
        };
        let welcome = connection.ask(&hello)?;
        Ok((connection, welcome))
    }

    /// A seat's connection that may ask.
    ///
    /// # Panics
    /// If it may not.
    #[must_use]
    pub fn welcomed(&self, identity: &Identity) -> Connection {
        let (connection, welcome) = self.greet(identity, "boot-1").expect("an answer");
        assert!(matches!(welcome, Welcome::Come { .. }), "{welcome:?}");
        connection
    }

    /// Becomes a seat with this token, as `fleet join` does; for another name, if one is given.
    ///
    /// # Panics
    /// If the token is none, or nothing is answered.
    #[must_use]
    pub fn join(&self, token: &str, instead: Option<&str>) -> (Joined, String) {
        let token = JoiningToken::parse(token).expect("a token");
        let (key, request) = new_seat_key().expect("a key");
        let seat = instead.map_or(token.seat, |name| SeatName::new(name).expect("a name"));
        let join = Join { seat, secret: Secret::new(token.secret.as_bytes().to_vec()), request };
        let mut connection = self.connect(None, &[JOINING]).expect("a connection");
        (connection.ask(&join).expect("an answer"), key.to_string())
    }
}

impl Connection {
    /// Sends bytes as they are.
    ///
    /// # Errors
    /// Nobody takes them.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)?;
        self.0.flush()
    }

    /// Reads one message.
    ///
    /// # Errors
    /// None came.
    pub fn hear<T: DeserializeOwned>(&mut self) -> io::Result<T> {
        wire::receive(&mut self.0)
    }

    /// Sends a message and reads the next.
    ///
    /// # Errors
    /// None came.
    pub fn ask<T: DeserializeOwned>(&mut self, message: &impl Serialize) -> io::Result<T> {
        self.send(&wire::send(message)?)?;
        self.hear()
    }

    /// Whether the other side ends it, having said nothing.
    #[must_use]
    pub fn ends_in_silence(&mut self) -> bool {
        let mut byte = [0];
        !matches!(self.0.read(&mut byte), Ok(1))
    }

    /// Asks about somebody in the service `sshd`.
    ///
    /// # Panics
    /// If nothing is answered.
    pub fn enquire(&mut self, user: &str, subject: Subject) -> Report {
        self.ask(&enquiry(user, subject)).expect("a report")
    }

    /// What a code comes to, and who typed it where it counts.
    ///
    /// # Panics
    /// If it is not judged.
    pub fn code(&mut self, user: &str, uid: u32, code: &str) -> Outcome {
        match self.enquire(user, typed(uid, code)) {
            Report::Judged(judgement) => judgement.outcome,
            other => panic!("{other:?}"),
        }
    }
}

/// A question with an id of its own.
///
/// # Panics
/// Without randomness, or if the name is none.
#[must_use]
pub fn enquiry(user: &str, subject: Subject) -> Enquiry {
    Enquiry {
        id: QuestionId::random().expect("randomness"),
        within: 20_000,
        user: UserName::new(user.as_bytes()).expect("a name"),
        items: PamItems { service: "sshd".to_owned(), rhost: Some("192.0.2.9".to_owned()), tty: None },
        subject,
    }
}

/// A code that was typed at a separate prompt.
#[must_use]
pub fn typed(uid: u32, code: &str) -> Subject {
    let reply = Reply::Separate(Secret::new(code.as_bytes().to_vec()));
    Subject::Code { uid, reply, counts: true, place: Ok(()) }
}
