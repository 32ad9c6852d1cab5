//! The seat's certificate is renewed over the connection that it opened.

use super::connection::{Connection, Validity};
use super::identity::Identity;
use super::route::lock;
use super::wait::left;
use crate::log;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use wardkey_core::login::PamItems;
use wardkey_core::record::question::QuestionId;
use wardkey_core::system::syslog::{Line, Severity};
use wardkey_core::user::UserName;
use wardkey_fleet::{Enquiry, Report, SEAT_LIFE, Subject, renewal_request};

/// How much of the time that is left the renewal may take: somebody waits for an answer.
const SHARE: u32 = 2;

/// Whether less than a third of its life is left, by the verifier's clock.
pub(super) fn is_due(Validity { time, until }: Validity) -> bool {
    until.since(time) < SEAT_LIFE / 3
}

/// Has the certificate renewed. Whatever goes wrong, the old one goes on, and the next connection tries again.
pub(super) fn renew(connection: &mut Connection, identity: &Mutex<Identity>, end: Instant) -> bool {
    let renewed = ask(connection, identity, end).and_then(|pem| lock(identity).renew(&pem));
    let line = match &renewed {
        Ok(()) => Line::new(Severity::Info, "link: this seat's certificate is renewed"),
        Err(why) => {
            Line::new(Severity::Warning, format!("link: this seat's certificate is not renewed: {why}"))
        }
    };
    log::write(&[line]);
    renewed.is_ok()
}

fn ask(connection: &mut Connection, identity: &Mutex<Identity>, end: Instant) -> Result<String, String> {
    let request = renewal_request(&lock(identity).key()?).map_err(|e| e.to_string())?;
    let user = UserName::new(b"wardkey").map_err(|e| e.to_string())?;
    let id = QuestionId::random().map_err(|e| e.to_string())?;
    let subject = Subject::Renewal(request);
    let enquiry = Enquiry { id, within: 0, user, items: PamItems::default(), subject };
    let share = left(end).unwrap_or(Duration::ZERO) / SHARE;
    match connection.ask(&enquiry, end.checked_sub(share).unwrap_or(end)) {
        Ok(Report::Renewed(pem)) => Ok(pem),
        Ok(_) => Err("the verifier answered another question".to_owned()),
        Err(why) => Err(format!("{why:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::system::clock::Timestamp;

    #[test]
    fn it_is_due_at_two_thirds_of_its_life() {
        let (day, time) = (86400, Timestamp(1_800_000_000));
        let of = |days: u64| Validity { time, until: Timestamp(time.0 + days * day) };
        assert!(!is_due(of(90)) && !is_due(of(30)) && is_due(of(29)) && is_due(of(0)));
    }
}
