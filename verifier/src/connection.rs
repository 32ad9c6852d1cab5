//! One connection: the handshake, and by which protocol it goes on.

use crate::door::House;
use crate::limits::Stranger;
use crate::tls::Protocol;
use crate::{join, log, seat};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::server::TlsStream;
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_fleet::SeatCertificate;

/// For the whole handshake.
const HANDSHAKE: Duration = Duration::from_secs(5);

/// Answers one connection to its end.
pub(crate) async fn answer(house: Arc<House>, stream: TcpStream, from: SocketAddr, stranger: Stranger) {
    let _ = stream.set_nodelay(true);
    match timeout(HANDSHAKE, shake_hands(&house, stream)).await {
        Ok(Ok(Some((stream, Protocol::Seat)))) => {
            let certificate = stream.get_ref().1.peer_certificates().and_then(<[_]>::first);
            if let Some(certificate) = certificate.and_then(|der| SeatCertificate::read(der)) {
                seat::answer(house, stream, certificate, from, stranger).await;
            }
        }
        Ok(Ok(Some((stream, Protocol::Joining)))) => join::answer(house, stream, from, stranger).await,
        Ok(Ok(Some((_, Protocol::Other)) | None)) => refused(&house, from, "asks for no protocol of ours"),
        // A stranger that says nothing is a scanner, or a network that failed.
        Ok(Err(e)) if e.kind() == io::ErrorKind::InvalidData => refused(&house, from, &e.to_string()),
        Ok(Err(_)) | Err(_) => {}
    }
}

async fn shake_hands(
    house: &House,
    stream: TcpStream,
) -> io::Result<Option<(TlsStream<TcpStream>, Protocol)>> {
    let start = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let Some(protocol) = Protocol::of(&start.client_hello()) else { return Ok(None) };
    let config = if protocol == Protocol::Joining { &house.tls.joining } else { &house.tls.seats };
    let stream = start.into_stream(Arc::clone(config)).await?;
    Ok(Some((stream, protocol)))
}

/// Says in the log who was not let in, and why; few such lines a minute.
fn refused(house: &House, from: SocketAddr, why: &str) {
    if let Some(count) = house.quiet.one_more(SystemClock.now()) {
        let times = if count > 1 { format!(" count={count}") } else { String::new() };
        log::warn(&format!("{from} is not answered: {}{times}", wardkey_core::printable::escaped(why)));
    }
}
