//! A connection of a seat: its greeting, and its questions one after the other.

use crate::answer::{self, Asked};
use crate::door::House;
use crate::frame::{self, Heard};
use crate::limits::{Measure, Stranger};
use crate::{audit, believe, log};
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};
use tokio_rustls::server::TlsStream;
use wardkey_core::audit::AuditResult;
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::syslog::Severity;
use wardkey_fleet::{Enquiry, Hello, Report, Seat, SeatCertificate, Turned, Welcome};

/// Longest that a seat may wait for an answer: the longest deadline of a helper is far below.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Answers it to its end.
pub(crate) async fn answer(
    house: Arc<House>,
    mut stream: TlsStream<TcpStream>,
    certificate: SeatCertificate,
    from: SocketAddr,
    stranger: Stranger,
) {
    let certificate = Arc::new(certificate);
    let seat = known(&house, &certificate).await;
    let measure = seat.as_ref().ok().map(|seat| house.measures.of(seat.number));
    let place = measure.as_ref().and_then(|measure| measure.connect());
    let welcomed = match (seat, &measure, &place) {
        (Ok(seat), Some(_), Some(_)) => {
            // It is a stranger no longer: it has a place of its own.
            drop(stranger);
            greet(&house, &mut stream, seat, from).await
        }
        (Ok(_), ..) => Err(Turned::Busy),
        (Err(turned), ..) => Err(turned),
    };
    let welcome = match &welcomed {
        Ok(_) => Welcome::Come { time: SystemClock.now(), until: certificate.ends },
        Err(turned) => {
            turned_away(&house, &certificate, measure.as_deref(), turned).await;
            Welcome::Turned(turned.clone())
        }
    };
    if frame::send(&mut stream, &welcome).await
        && let (Ok(_), Some(measure)) = (welcomed, measure)
    {
        questions(&house, &mut stream, &certificate, &measure).await;
    }
    let _ = stream.shutdown().await;
}

/// The seat of this certificate, if it may ask.
async fn known(house: &Arc<House>, certificate: &Arc<SeatCertificate>) -> Result<Seat, Turned> {
    let (house, certificate) = (Arc::clone(house), Arc::clone(certificate));
    let found = spawn_blocking(move || house.registry.in_force(&certificate, SystemClock.now())).await;
    match found {
        Ok(Ok(found)) => found,
        Ok(Err(why)) => Err(broken(&why.to_string())),
        Err(why) => Err(broken(&why.to_string())),
    }
}

fn broken(why: &str) -> Turned {
    log::failed(why);
    Turned::Broken
}

async fn greet(
    house: &Arc<House>,
    stream: &mut TlsStream<TcpStream>,
    seat: Seat,
    from: SocketAddr,
) -> Result<(), Turned> {
    let hello: Hello = match frame::first(stream).await {
        Heard::Message(hello) => hello,
        Heard::Malformed | Heard::Silence => return Err(Turned::Malformed),
    };
    if !hello.is_plain() {
        return Err(Turned::Malformed);
    }
    let (house, address) = (Arc::clone(house), from.ip().to_canonical().to_string());
    let greeted =
        spawn_blocking(move || house.registry.greet(&seat, &hello, (&address, SystemClock.now()))).await;
    match greeted {
        Ok(Ok((greeted, unwritten))) => {
            if let Some(why) = unwritten {
                log::warn(&format!("it is not written down that a seat came: {why}"));
            }
            greeted
        }
        Ok(Err(why)) => Err(broken(&why.to_string())),
        Err(why) => Err(broken(&why.to_string())),
    }
}

/// Says in the audit which seat is not answered, and why; few such lines a minute.
async fn turned_away(
    house: &Arc<House>,
    certificate: &Arc<SeatCertificate>,
    measure: Option<&Measure>,
    turned: &Turned,
) {
    let quiet = measure.map_or(&house.quiet, |measure| &measure.quiet);
    let Some(count) = quiet.one_more(SystemClock.now()) else { return };
    let (house, certificate, reason) = (Arc::clone(house), Arc::clone(certificate), turned.to_string());
    let written = spawn_blocking(move || match house.settings.now() {
        Ok(config) => {
            let what = audit::Happened {
                event: "seat",
                user: None,
                items: None,
                method: None,
                result: AuditResult::Refused,
                reason: Some(&reason),
                count,
            };
            audit::write(&config, certificate.name.as_str(), Severity::Warning, &what);
        }
        Err(why) => log::failed(&why),
    });
    let _ = written.await;
}

/// Answers its questions, each after the one before.
async fn questions(
    house: &Arc<House>,
    stream: &mut TlsStream<TcpStream>,
    certificate: &Arc<SeatCertificate>,
    measure: &Arc<Measure>,
) {
    loop {
        let enquiry: Enquiry = match frame::next(stream).await {
            Heard::Message(enquiry) => enquiry,
            Heard::Malformed => {
                frame::send(stream, &Report::Turned(Turned::Malformed)).await;
                return;
            }
            Heard::Silence => return,
        };
        if !believe::is_bounded(&enquiry.items) {
            frame::send(stream, &Report::Turned(Turned::Malformed)).await;
            return;
        }
        let report = report(house, certificate, measure, enquiry).await;
        if !frame::send(stream, &report).await {
            return;
        }
    }
}

async fn report(
    house: &Arc<House>,
    certificate: &Arc<SeatCertificate>,
    measure: &Arc<Measure>,
    enquiry: Enquiry,
) -> Report {
    let now = Instant::now();
    if !measure.may_ask(now) {
        return Report::Turned(Turned::Busy);
    }
    let until = now + Duration::from_millis(enquiry.within.into()).min(LONGEST_WAIT);
    let wait = measure.people.lock().unwrap_or_else(PoisonError::into_inner).wait(&enquiry.user, now);
    if let Some(wait) = wait {
        if now + wait >= until {
            return Report::Turned(Turned::Busy);
        }
        sleep(wait).await;
    }
    let Ok(place) = Arc::clone(&measure.judged).acquire_owned().await else {
        return Report::Turned(Turned::Broken);
    };
    let asked = Asked {
        house: Arc::clone(house),
        certificate: Arc::clone(certificate),
        measure: Arc::clone(measure),
        enquiry,
        until,
        is_hurried: wait.is_some(),
    };
    let judged = spawn_blocking(move || {
        let report = answer::answer(&asked);
        drop(place);
        report
    });
    judged.await.unwrap_or_else(|why| Report::Turned(broken(&why.to_string())))
}
