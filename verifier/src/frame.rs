//! One message at a time from a connection, each in a bounded time.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, ErrorKind};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;
use wardkey_core::wire;
use zeroize::Zeroizing;

/// For the bytes of a message, once the first has come.
const PATIENCE: Duration = Duration::from_secs(5);

/// For the first byte of the next question of a seat that has nothing to ask.
const IDLE: Duration = Duration::from_secs(600);

/// What came.
pub(crate) enum Heard<T> {
    /// A message.
    Message(T),
    /// Something else; whatever follows cannot be read.
    Malformed,
    /// Nothing more, or not in time.
    Silence,
}

/// Reads the first message of a connection.
pub(crate) async fn first<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> Heard<T> {
    receive(from, PATIENCE).await
}

/// Reads the next message of a seat that may have nothing to ask for a while.
pub(crate) async fn next<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin)) -> Heard<T> {
    receive(from, IDLE).await
}

async fn receive<T: DeserializeOwned>(from: &mut (impl AsyncRead + Unpin), patience: Duration) -> Heard<T> {
    let mut header = [0; 4];
    match timeout(patience, from.read(&mut header[..1])).await {
        Ok(Ok(1)) => {}
        _ => return Heard::Silence,
    }
    match timeout(PATIENCE, rest(from, &mut header)).await {
        // The parser's words may quote what it read.
        Ok(Ok(body)) => serde_json::from_slice(&body).map_or(Heard::Malformed, Heard::Message),
        Ok(Err(e)) if e.kind() == ErrorKind::InvalidData => Heard::Malformed,
        Ok(Err(_)) | Err(_) => Heard::Silence,
    }
}

async fn rest(from: &mut (impl AsyncRead + Unpin), header: &mut [u8; 4]) -> io::Result<Zeroizing<Vec<u8>>> {
    from.read_exact(&mut header[1..]).await?;
    let len = usize::try_from(u32::from_be_bytes(*header)).unwrap_or(usize::MAX);
    if len > wire::MAX_LEN {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut body = Zeroizing::new(vec![0; len]);
    from.read_exact(&mut body).await?;
    Ok(body)
}

/// Sends one; `false`: nobody takes it.
pub(crate) async fn send(to: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> bool {
    let Ok(frame) = wire::send(message) else { return false };
    let write = async {
        to.write_all(&frame).await?;
        to.flush().await
    };
    matches!(timeout(PATIENCE, write).await, Ok(Ok(())))
}
