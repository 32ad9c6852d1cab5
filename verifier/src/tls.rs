//! TLS 1.3 with a certificate of the clinic's authority at both ends; and, under another protocol name, without one of the
//! machine that joins.

use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::client::danger::HandshakeSignatureValid;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject};
use tokio_rustls::rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use tokio_rustls::rustls::server::{ClientHello, NoServerSessionStorage, WebPkiClientVerifier};
use tokio_rustls::rustls::version::TLS13;
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, Error, RootCertStore, ServerConfig,
    SignatureScheme,
};
use wardkey_fleet::{Clinic, JOINING, PROTOCOL, SeatCertificate};

/// Which protocol a connection asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// A seat's.
    Seat,
    /// That of a machine that joins.
    Joining,
    /// None of ours, perhaps of another version.
    Other,
}

impl Protocol {
    /// What the first message of the handshake asks for (RFC 7301).
    pub(crate) fn of(hello: &ClientHello<'_>) -> Option<Self> {
        let names: Vec<&[u8]> = hello.alpn()?.collect();
        Some(match &names[..] {
            [name] if *name == JOINING => Self::Joining,
            names if names.contains(&PROTOCOL) => Self::Seat,
            _ => Self::Other,
        })
    }
}

/// How each is answered.
pub(crate) struct Tls {
    /// A seat; and a client that asks for what we do not speak, to hear that.
    pub(crate) seats: Arc<ServerConfig>,
    /// A machine that joins.
    pub(crate) joining: Arc<ServerConfig>,
}

impl Tls {
    /// With the keys of this clinic.
    pub(crate) fn new(clinic: &Clinic) -> Result<Self, String> {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from(clinic.authority_certificate.clone());
        roots.add(authority.clone()).map_err(in_words)?;
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|e| format!("the authority's certificate: {e}"))?;
        // The authority's goes along: a machine that joins knows its fingerprint alone.
        let chain = vec![CertificateDer::from(clinic.certificate.clone()), authority];
        let config = |verifier: Option<Arc<dyn ClientCertVerifier>>, protocol: &[u8]| {
            let key = PrivateKeyDer::from_pem_slice(clinic.key.as_bytes())
                .map_err(|e| format!("the verifier's key: {e}"))?;
            let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
                .with_protocol_versions(&[&TLS13])
                .map_err(in_words)?;
            let builder = match verifier {
                Some(verifier) => builder.with_client_cert_verifier(verifier),
                None => builder.with_no_client_auth(),
            };
            let mut config = builder.with_single_cert(chain.clone(), key).map_err(in_words)?;
            config.alpn_protocols = vec![protocol.to_vec()];
            // No connection is another's continuation: each shows its certificate.
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
            Ok::<_, String>(Arc::new(config))
        };
        Ok(Self {
            seats: config(Some(Arc::new(Seats(verifier))), PROTOCOL)?,
            joining: config(None, JOINING)?,
        })
    }
}

fn in_words(error: Error) -> String {
    format!("TLS: {error}")
}

/// Certificates of seats, of this authority. Whether one is past its end is told to the seat, once it has proven that it is
/// its own; until then it is looked at in its first second.
#[derive(Debug)]
struct Seats(Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for Seats {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let seat = SeatCertificate::read(end_entity)
            .ok_or(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))?;
        let first = UnixTime::since_unix_epoch(Duration::from_secs(seat.begins.0));
        self.0.verify_client_cert(end_entity, intermediates, first)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
