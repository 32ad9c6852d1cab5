//! How a seat speaks TLS: version 1.3 alone, with the clinic's authority and nobody else's, and without a look at any date.

use super::wait::left;
use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use wardkey_fleet::PROTOCOL;

/// The moment against which certificates are held, in seconds since 1970 (2026-01-01): those of an authority and its verifiers have no
/// end.
const MOMENT: u64 = 1_767_225_600;

/// Always the same moment: a seat whose clock says 1970 connects as any other.
#[derive(Debug)]
struct OneMoment;

impl TimeProvider for OneMoment {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(MOMENT)))
    }
}

/// The moment against which certificates are held.
pub(crate) fn at_one_moment() -> Arc<dyn TimeProvider> {
    Arc::new(OneMoment)
}

/// What computes.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// By the seat's key and certificate, to verifiers of this authority.
///
/// # Errors
/// They do not belong together.
pub(super) fn as_a_seat(
    authority: Vec<CertificateDer<'static>>,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
) -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    for certificate in authority {
        roots.add(certificate)?;
    }
    let mut config = ClientConfig::builder_with_details(provider(), at_one_moment())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)?;
    config.alpn_protocols = vec![PROTOCOL.to_vec()];
    // Each connection shows again who is at either end.
    config.resumption = Resumption::disabled();
    Ok(config)
}

/// A connection on which each call gets what is left until a moment.
#[derive(Debug)]
pub(crate) struct Deadline {
    /// The connection.
    pub(crate) tcp: TcpStream,
    /// The moment.
    pub(crate) end: Instant,
}

impl Deadline {
    fn left(&self) -> io::Result<Option<Duration>> {
        left(self.end).map(Some).ok_or_else(|| ErrorKind::TimedOut.into())
    }
}

impl Read for Deadline {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.set_read_timeout(self.left()?)?;
        self.tcp.read(buffer)
    }
}

impl Write for Deadline {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tcp.set_write_timeout(self.left()?)?;
        self.tcp.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}
