//! A verifier that does what the test says, and nothing else.

use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use wardkey_core::policy::config::Server;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::wire::{receive, send};
use wardkey_fleet::{Enquiry, Hello, Report, Welcome};

/// What comes next on a connection.
#[derive(Debug, Clone)]
pub(super) enum Play {
    /// It takes a question and answers.
    Report(Report),
    /// It takes a question and goes.
    Leave,
    /// It takes a question and sends these bytes.
    Bytes(Vec<u8>),
    /// It takes a question and says nothing, until the seat goes.
    Hang,
}

/// One connection: how it begins, and what follows. After the last it stays open and is silent.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) welcome: Welcome,
    pub(super) plays: Vec<Play>,
}

/// What it saw.
#[derive(Debug)]
pub(super) enum Seen {
    /// A connection that began, with the certificate that the seat showed.
    Hello(Hello, Vec<u8>),
    /// A question.
    Asked(Enquiry),
    /// A connection that was none.
    Refused(String),
}

pub(super) struct Scripted {
    pub(super) server: Server,
    seen: Receiver<Seen>,
}

pub(super) fn welcome(days: u64) -> Welcome {
    let time = Timestamp(1_800_000_000);
    Welcome::Come { time, until: Timestamp(time.0 + days * 86400) }
}

/// A connection on which these are answered.
pub(super) fn part(plays: Vec<Play>) -> Part {
    Part { welcome: welcome(90), plays }
}

impl Scripted {
    /// Each connection is one of the parts, in their order; one more is refused.
    pub(super) fn begin(config: Arc<ServerConfig>, parts: Vec<Part>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = listener.local_addr().unwrap().to_string().parse().unwrap();
        let (tell, seen) = channel();
        let parts = Arc::new(Mutex::new(parts.into_iter()));
        thread::spawn(move || {
            for tcp in listener.incoming() {
                let part = parts.lock().unwrap().next();
                let Some(part) = part else {
                    let _ = tell.send(Seen::Refused("one connection more than the test says".into()));
                    continue;
                };
                let (tell, config) = (tell.clone(), config.clone());
                thread::spawn(move || {
                    if let Err(e) = play(tcp.unwrap(), config, part, &tell) {
                        let _ = tell.send(Seen::Refused(e.to_string()));
                    }
                });
            }
        });
        Self { server, seen }
    }

    /// What it saw so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.try_iter().collect()
    }
}

fn play(tcp: TcpStream, config: Arc<ServerConfig>, part: Part, tell: &Sender<Seen>) -> std::io::Result<()> {
    let tls = ServerConnection::new(config).map_err(std::io::Error::other)?;
    let mut stream = StreamOwned::new(tls, tcp);
    let hello: Hello = receive(&mut stream)?;
    let shown = stream.conn.peer_certificates().unwrap()[0].to_vec();
    let _ = tell.send(Seen::Hello(hello, shown));
    stream.write_all(&send(&part.welcome)?)?;
    for play in part.plays {
        let asked: Enquiry = receive(&mut stream)?;
        let _ = tell.send(Seen::Asked(asked));
        match play {
            Play::Report(report) => stream.write_all(&send(&report)?)?,
            Play::Leave => return Ok(()),
            Play::Bytes(bytes) => stream.write_all(&bytes)?,
            Play::Hang => break,
        }
    }
    // Nothing more is said; what comes is more than the test says.
    let mut more = [0];
    match stream.read(&mut more) {
        Ok(1) => Err(std::io::Error::other("one question more than the test says")),
        _ => Ok(()),
    }
}
