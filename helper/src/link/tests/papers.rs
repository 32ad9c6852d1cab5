//! Keys and certificates of a clinic that only one test has.

use super::super::identity::{Identity, Places};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use wardkey_core::policy::config::Config;
use wardkey_fleet::{PROTOCOL, VERIFIER};

/// The authority, and a directory with the papers of one seat.
pub(super) struct Clinic {
    authority: CertifiedIssuer<'static, KeyPair>,
    pub(super) seat_key: KeyPair,
    pub(super) dir: tempfile::TempDir,
}

/// What a verifier shows.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) name: &'static str,
    pub(super) usage: Usage,
    pub(super) protocol: Option<&'static [u8]>,
}

/// For what a certificate is.
#[derive(Clone, Copy)]
pub(super) enum Usage {
    Server,
    Client,
}

pub(super) const RIGHT: Shown = Shown { name: VERIFIER, usage: Usage::Server, protocol: Some(PROTOCOL) };

impl Clinic {
    pub(super) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let clinic =
            Self { authority, seat_key: KeyPair::generate().unwrap(), dir: tempfile::tempdir().unwrap() };
        clinic.put("seat.key", &clinic.seat_key.serialize_pem());
        clinic.put("authority.crt", &clinic.authority.pem());
        fs::create_dir(clinic.dir.path().join("seat")).unwrap();
        clinic.put("seat/seat.crt", &clinic.seat_certificate());
        clinic
    }

    fn put(&self, name: &str, content: &str) {
        let path = self.dir.path().join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// A new certificate for the seat's key, as PEM.
    pub(super) fn seat_certificate(&self) -> String {
        let mut params = CertificateParams::new(vec!["ward-3.seat.wardkey.invalid".to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.signed_by(&self.seat_key, &self.authority).unwrap().pem()
    }

    /// The seat as its link has it.
    pub(super) fn seat(&self) -> Result<Identity, String> {
        let dir = self.dir.path();
        let text = format!(
            "[store]\nkind = \"verifier\"\nservers = [\"v:1\"]\npath = {dir:?}\nseat_key = {:?}\nauthority = {:?}\n",
            dir.join("seat.key"),
            dir.join("authority.crt")
        );
        let config = Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap();
        Places::of(&config.store).read().and_then(Identity::new)
    }

    /// A verifier of this clinic. Its certificate is good around the one moment alone, which is over on every machine.
    pub(super) fn verifier(&self, shown: Shown) -> Arc<ServerConfig> {
        let mut params = CertificateParams::new(vec![shown.name.to_owned()]).unwrap();
        params.not_before = date_time_ymd(2025, 12, 31);
        params.not_after = date_time_ymd(2026, 1, 2);
        params.extended_key_usages = vec![match shown.usage {
            Usage::Server => ExtendedKeyUsagePurpose::ServerAuth,
            Usage::Client => ExtendedKeyUsagePurpose::ClientAuth,
        }];
        let key = KeyPair::generate().unwrap();
        let own: CertificateDer<'static> = params.signed_by(&key, &self.authority).unwrap().der().clone();
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.der().clone()).unwrap();
        let provider = super::super::tls::provider();
        let seats =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_client_cert_verifier(seats)
            .with_single_cert(vec![own], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())))
            .unwrap();
        config.alpn_protocols = shown.protocol.iter().map(|name| name.to_vec()).collect();
        Arc::new(config)
    }
}
