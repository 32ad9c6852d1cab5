//! One connection with a verifier, on which both sides have shown who they are.

use super::tls::Deadline;
use super::wait::{left, now};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Instant;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::wire::{receive, send};
use wardkey_fleet::{Enquiry, Hello, PROTOCOL, Report, Turned, VERIFIER, Welcome};

/// A verifier's word about the seat's certificate: its own clock, and until when that is good.
#[derive(Debug, Clone, Copy)]
pub(super) struct Validity {
    pub(super) time: Timestamp,
    pub(super) until: Timestamp,
}

/// Why there is no report.
#[derive(Debug)]
pub(super) enum NoReport {
    /// Time was up.
    Slow,
    /// The connection broke; another one may not.
    Broken(String),
    /// A verifier answers, and turns this seat away.
    Turned(Turned),
}

/// A connection.
pub(super) struct Connection(StreamOwned<ClientConnection, Deadline>);

impl Connection {
    /// Opens one at one of these addresses, by `end`.
    ///
    /// # Errors
    /// [`NoReport`].
    pub(super) fn open(
        addresses: &[SocketAddr],
        (config, hello): (Arc<ClientConfig>, &Hello),
        end: Instant,
    ) -> Result<(Self, Validity), NoReport> {
        let tcp = connect(addresses, end).map_err(no_report)?;
        let name = ServerName::try_from(VERIFIER).map_err(|e| NoReport::Broken(e.to_string()))?;
        let tls = ClientConnection::new(config, name).map_err(|e| NoReport::Broken(e.to_string()))?;
        let mut stream = StreamOwned::new(tls, Deadline { tcp, end });
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).map_err(no_report)?;
        }
        if stream.conn.alpn_protocol() != Some(PROTOCOL) {
            return Err(NoReport::Broken(
                "it speaks another protocol than this version of wardkey".to_owned(),
            ));
        }
        let mut opened = Self(stream);
        opened.say(hello).map_err(no_report)?;
        match receive(&mut opened.0).map_err(no_report)? {
            Welcome::Come { time, until } => Ok((opened, Validity { time, until })),
            Welcome::Turned(why) => Err(NoReport::Turned(why)),
        }
    }

    /// Asks one question, by `end`.
    ///
    /// # Errors
    /// [`NoReport`].
    pub(super) fn ask(&mut self, enquiry: &Enquiry, end: Instant) -> Result<Report, NoReport> {
        self.0.sock.end = end;
        let within = left(end).ok_or(NoReport::Slow)?;
        let within = u32::try_from(within.as_millis()).unwrap_or(u32::MAX);
        self.say(&Enquiry { within, ..enquiry.clone() }).map_err(no_report)?;
        match receive(&mut self.0).map_err(no_report)? {
            Report::Turned(why) => Err(NoReport::Turned(why)),
            report => Ok(report),
        }
    }

    fn say(&mut self, message: &impl serde::Serialize) -> io::Result<()> {
        self.0.write_all(&send(message)?)?;
        self.0.flush()
    }

    /// Whether it may be asked on again: nothing is to be read between two questions but that it was closed.
    pub(super) fn is_silent(&self) -> bool {
        let mut watched = [PollFd::new(self.0.sock.tcp.as_fd(), PollFlags::POLLIN)];
        !self.0.conn.wants_read() || poll(&mut watched, PollTimeout::ZERO) == Ok(0)
    }
}

/// Each address gets an equal share of what is left.
pub(crate) fn connect(addresses: &[SocketAddr], end: Instant) -> io::Result<TcpStream> {
    let mut why = io::Error::other("its name has no address");
    for (at, address) in addresses.iter().enumerate() {
        let rest = u32::try_from(addresses.len() - at).unwrap_or(u32::MAX);
        let share = left(end).ok_or(ErrorKind::TimedOut)? / rest;
        match TcpStream::connect_timeout(address, share) {
            Ok(tcp) => {
                tcp.set_nodelay(true)?;
                return Ok(tcp);
            }
            Err(e) => why = e,
        }
    }
    if left(end).is_none() && now() >= end { Err(ErrorKind::TimedOut.into()) } else { Err(why) }
}

fn no_report(e: io::Error) -> NoReport {
    match e.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => NoReport::Slow,
        ErrorKind::UnexpectedEof => NoReport::Broken("it closed the connection".to_owned()),
        _ => NoReport::Broken(e.to_string()),
    }
}
