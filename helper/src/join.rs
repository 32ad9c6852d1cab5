//! How a machine becomes a seat: one question to a verifier, by a process that has nothing to lose. The command that starts it, as
//! root, makes the key and keeps it.

use crate::link::{Deadline, at_one_moment, become_nobody_else, connect, now, provider, resolve};
use nix::unistd::getppid;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, RootCertStore,
    SignatureScheme, StreamOwned,
};
use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::time::Duration;
use wardkey_core::credential::secret::Secret;
use wardkey_core::policy::config::Server;
use wardkey_core::wire::{receive, send};
use wardkey_fleet::{
    Fingerprint, JOINING, Join, JoinErrand, JoinTold, Joined, JoiningToken, NoJoin, VERIFIER,
    fingerprint_of_pem,
};

/// For one server.
const PATIENCE: Duration = Duration::from_secs(10);

/// Does the one errand that stands on the standard input.
///
/// # Errors
/// It cannot become unprivileged, or nobody listens to what came of it.
pub(crate) fn run() -> Result<(), String> {
    become_nobody_else(getppid())?;
    let errand: JoinErrand = receive(&mut io::stdin().lock()).map_err(|e| format!("no errand: {e}"))?;
    let told = send(&bring(&errand)).map_err(|e| e.to_string())?;
    io::stdout().lock().write_all(&told).map_err(|e| e.to_string())
}

/// The first verifier of the token's authority that answers.
fn bring(errand: &JoinErrand) -> JoinTold {
    let token = std::str::from_utf8(errand.token.expose()).ok().and_then(JoiningToken::parse);
    let Some(token) = token else { return JoinTold::Answered(Joined::Turned(NoJoin::Unknown)) };
    let mut why = Vec::new();
    for server in &errand.servers {
        match ask(server, &token, &errand.request) {
            Ok(joined) => return JoinTold::Answered(joined),
            Err(e) => why.push(format!("{server}: {}", words(&e))),
        }
    }
    JoinTold::Nothing(why.join("; "))
}

fn ask(server: &Server, token: &JoiningToken, request: &str) -> io::Result<Joined> {
    let end = now() + PATIENCE;
    let tcp = connect(&resolve(server, end).map_err(io::Error::other)?, end)?;
    let name = ServerName::try_from(VERIFIER).map_err(io::Error::other)?;
    let config = Arc::new(config(token.authority).map_err(io::Error::other)?);
    let tls = ClientConnection::new(config, name).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(tls, Deadline { tcp, end });
    let secret = Secret::new(token.secret.as_bytes().to_vec());
    let join = Join { seat: token.seat.clone(), secret, request: request.to_owned() };
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    if stream.conn.alpn_protocol() != Some(JOINING) {
        return Err(io::Error::other("it speaks another protocol than this version of wardkey"));
    }
    stream.write_all(&send(&join)?)?;
    stream.flush()?;
    let joined: Joined = receive(&mut stream)?;
    let is_ours = match &joined {
        Joined::Come { authority, .. } => fingerprint_of_pem(authority) == Some(token.authority),
        Joined::Turned(_) => true,
    };
    if is_ours { Ok(joined) } else { Err(io::Error::other("it sent another authority than its own")) }
}

fn config(authority: Fingerprint) -> Result<ClientConfig, Error> {
    let mut config = ClientConfig::builder_with_details(provider(), at_one_moment())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Pinned(authority)))
        .with_no_client_auth();
    config.alpn_protocols = vec![JOINING.to_vec()];
    Ok(config)
}

fn words(e: &io::Error) -> String {
    match e.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "does not answer in time".to_owned(),
        ErrorKind::UnexpectedEof => "it closed the connection".to_owned(),
        _ => e.to_string(),
    }
}

/// Believes a verifier of the one authority whose fingerprint the token has, and which it sends behind its own certificate.
#[derive(Debug)]
struct Pinned(Fingerprint);

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        moment: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let authority = others.iter().find(|other| Fingerprint::of(other) == self.0);
        let authority = authority.ok_or(Error::InvalidCertificate(CertificateError::UnknownIssuer))?;
        let mut roots = RootCertStore::empty();
        roots.add(authority.clone().into_owned())?;
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider()).build();
        let verifier = verifier.map_err(|e| Error::General(e.to_string()))?;
        verifier.verify_server_cert(own, &[], name, ocsp, moment)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &provider().signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}
