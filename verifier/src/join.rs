//! A machine that becomes a seat: one question with a joining token, and nothing else.

use crate::audit::{self, Happened};
use crate::door::House;
use crate::frame::{self, Heard};
use crate::limits::Stranger;
use crate::log;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio_rustls::server::TlsStream;
use wardkey_core::audit::AuditResult;
use wardkey_core::login::PamItems;
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::syslog::Severity;
use wardkey_fleet::{Join, Joined, NoJoin};

/// Answers it. It counts as a stranger to the end.
pub(crate) async fn answer(
    house: Arc<House>,
    mut stream: TlsStream<TcpStream>,
    from: SocketAddr,
    _: Stranger,
) {
    let joined = match frame::first(&mut stream).await {
        Heard::Message(join) => {
            let address = from.ip().to_canonical().to_string();
            let judged = spawn_blocking(move || joined(&house, &join, &address)).await;
            judged.unwrap_or(Joined::Turned(NoJoin::Broken))
        }
        Heard::Malformed => Joined::Turned(NoJoin::Malformed),
        Heard::Silence => return,
    };
    frame::send(&mut stream, &joined).await;
    let _ = stream.shutdown().await;
}

fn joined(house: &House, join: &Join, address: &str) -> Joined {
    let now = SystemClock.now();
    let made = house.registry.join(&house.clinic.authority, join, now);
    let (joined, result, reason) = match made {
        Ok(Ok(made)) => {
            let authority = house.clinic.authority_pem.clone();
            (
                Joined::Come { certificate: made.pem, authority },
                AuditResult::Done,
                made.fingerprint.to_string(),
            )
        }
        Ok(Err(why)) => (Joined::Turned(why), AuditResult::Refused, why.name().to_owned()),
        Err(why) => (Joined::Turned(NoJoin::Broken), AuditResult::Failed, why.to_string()),
    };
    let count = match result {
        AuditResult::Refused => house.quiet.one_more(now),
        _ => Some(1),
    };
    let config = house.settings.now().map_err(|why| log::failed(&why));
    if let (Some(count), Ok(config)) = (count, config) {
        let items = PamItems { rhost: Some(address.to_owned()), ..PamItems::default() };
        let reason = Some(reason.as_str());
        let what = Happened {
            event: "fleet join",
            user: None,
            items: Some(&items),
            method: None,
            result,
            reason,
            count,
        };
        audit::write(&config, join.seat.as_str(), Severity::Warning, &what);
    }
    joined
}
