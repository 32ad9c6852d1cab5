//! A verifier that says what a test says, over real TLS. What the test does not say it does not answer, and the test fails.

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::{fmt::Debug, io::Write};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{Acceptor, WebPkiClientVerifier};
use rustls::version::TLS13;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use wardkey_core::system::clock::Timestamp;
use wardkey_core::wire::{receive, send};
use wardkey_fleet::{
    Authority, Enquiry, Fingerprint, Founded, Hello, JOINING, Join, Joined, JoiningToken, NoJoin, PROTOCOL,
    Report, SEAT_LIFE, SeatName, Welcome,
};

use crate::machine::host::{CONFIG, Host, SUPPORT};

/// The seat of every test.
pub const SEAT: &str = "ward-3";

/// What is answered to a question; `None`: nothing, for as long as the seat waits.
pub type Answers = dyn Fn(&Enquiry) -> Option<Report> + Send + Sync;

/// It runs to the end of the test.
pub struct ScriptedVerifier {
    shared: Arc<Shared>,
    /// Where it answers.
    pub port: u16,
    /// By which a machine becomes its seat.
    pub token: JoiningToken,
}

struct Shared {
    papers: Founded,
    seats: Arc<ServerConfig>,
    joining: Arc<ServerConfig>,
    answers: Box<Answers>,
    token: JoiningToken,
    asked: Mutex<Vec<Enquiry>>,
    is_joined: Mutex<bool>,
    odd: Mutex<Vec<String>>,
}

impl ScriptedVerifier {
    /// Begins to answer.
    ///
    /// # Panics
    /// If it cannot.
    pub fn start(answers: impl Fn(&Enquiry) -> Option<Report> + Send + Sync + 'static) -> Self {
        let papers = Authority::found().expect("an authority");
        let authority = certificate(&papers.authority);
        let token = JoiningToken::random(SeatName::new(SEAT).expect("a name"), Fingerprint::of(&authority));
        let token = token.expect("randomness");
        let shared = Arc::new(Shared {
            seats: config(&papers, PROTOCOL, true),
            joining: config(&papers, JOINING, false),
            papers,
            answers: Box::new(answers),
            token: token.clone(),
            asked: Mutex::default(),
            is_joined: Mutex::default(),
            odd: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its port").port();
        let own = shared.clone();
        thread::spawn(move || {
            for tcp in listener.incoming().map_while(Result::ok) {
                let own = own.clone();
                thread::spawn(move || own.serve(tcp));
            }
        });
        Self { shared, port, token }
    }

    /// What was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Enquiry> {
        locked(&self.shared.asked).clone()
    }

    /// Makes the host a seat of it, by the command.
    ///
    /// # Panics
    /// If it does not become one.
    pub fn is_joined_by(&self, host: &Host, tables: &str) {
        make_ready(host, self.port, tables);
        host.wardkey(&["fleet", "join"], &format!("{}\n", *self.token.printed())).exits(0);
    }
}

/// A machine that could become a seat: the link's user, and a configuration that names the verifier.
pub fn make_ready(host: &Host, port: u16, tables: &str) {
    if !host.read("/etc/passwd").contains("\nwardkey:") {
        host.append("/etc/passwd", "wardkey:x:990:990::/nonexistent:/usr/sbin/nologin");
        host.append("/etc/group", "wardkey:x:990:");
    }
    let store = format!("[store]\nkind = \"verifier\"\nservers = [\"127.0.0.1:{port}\"]\n");
    host.write(CONFIG, format!("support = \"{SUPPORT}\"\n{tables}\n{store}"));
}

impl Drop for ScriptedVerifier {
    fn drop(&mut self) {
        let odd = locked(&self.shared.odd);
        assert!(odd.is_empty() || thread::panicking(), "more than the test says: {odd:#?}");
    }
}

impl Shared {
    fn serve(&self, mut tcp: TcpStream) {
        let mut acceptor = Acceptor::default();
        let accepted = loop {
            match acceptor.read_tls(&mut tcp) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            match acceptor.accept() {
                Ok(Some(accepted)) => break accepted,
                Ok(None) => {}
                Err(_) => return,
            }
        };
        let joins = accepted.client_hello().alpn().is_some_and(|mut names| names.any(|name| name == JOINING));
        let config = if joins { self.joining.clone() } else { self.seats.clone() };
        let Ok(connection) = accepted.into_connection(config) else { return };
        let stream = StreamOwned::new(connection, tcp);
        // A seat may go at any moment.
        let _ = if joins { self.join(stream) } else { self.seat(stream) };
    }

    fn join(&self, mut stream: StreamOwned<ServerConnection, TcpStream>) -> std::io::Result<()> {
        let join: Join = receive(&mut stream)?;
        let is_it = join.seat == self.token.seat && join.secret.expose() == self.token.secret.as_bytes();
        let was_joined = std::mem::replace(&mut *locked(&self.is_joined), is_it);
        let joined = match (is_it, was_joined) {
            (true, false) => self.certify(&join),
            (true, true) => Joined::Turned(NoJoin::Used),
            (false, _) => Joined::Turned(NoJoin::Unknown),
        };
        stream.write_all(&send(&joined)?)
    }

    fn certify(&self, join: &Join) -> Joined {
        let authority = Authority::of_key(&self.papers.authority_key).expect("its key");
        let now = Timestamp(crate::programs::authenticator_app::now());
        let made = authority.seat(&join.seat, &join.request, None, now).expect("a certificate");
        Joined::Come { certificate: made.pem, authority: self.papers.authority.clone() }
    }

    fn seat(&self, mut stream: StreamOwned<ServerConnection, TcpStream>) -> std::io::Result<()> {
        let _: Hello = receive(&mut stream)?;
        let time = Timestamp(crate::programs::authenticator_app::now());
        stream.write_all(&send(&Welcome::Come { time, until: time.plus(SEAT_LIFE) })?)?;
        loop {
            let enquiry: Enquiry = receive(&mut stream)?;
            locked(&self.asked).push(enquiry.clone());
            match (self.answers)(&enquiry) {
                Some(report) => stream.write_all(&send(&report)?)?,
                None => {
                    let more: Result<Enquiry, _> = receive(&mut stream);
                    return self.is_odd(&more);
                }
            }
        }
    }

    /// After a question that is not answered nothing comes.
    fn is_odd(&self, more: &std::io::Result<impl Debug>) -> std::io::Result<()> {
        if more.is_ok() {
            locked(&self.odd).push(format!("{more:?}"));
        }
        Ok(())
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn certificate(pem: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate")
}

fn config(papers: &Founded, protocol: &[u8], wants_seats: bool) -> Arc<ServerConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(certificate(&papers.authority)).expect("the authority");
    let builder = ServerConfig::builder_with_provider(provider.clone()).with_protocol_versions(&[&TLS13]);
    let builder = builder.expect("TLS 1.3");
    let builder = if wants_seats {
        let seats = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
        builder.with_client_cert_verifier(seats.expect("a look at seats"))
    } else {
        builder.with_no_client_auth()
    };
    let chain = vec![certificate(&papers.verifier), certificate(&papers.authority)];
    let key = PrivateKeyDer::from_pem_slice(papers.verifier_key.as_bytes()).expect("a key");
    let mut config = builder.with_single_cert(chain, key).expect("papers");
    config.alpn_protocols = vec![protocol.to_vec()];
    Arc::new(config)
}
