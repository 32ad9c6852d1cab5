//! Which seats there are, and which certificate of each is in force. It is looked at for each question.

use crate::authority::{Authority, Made, NoCertificate};
use crate::certificate::SeatCertificate;
use crate::clinic::{SEATS, TOKENS};
use crate::files::{FleetError, FleetFiles};
use crate::hello::Turned;
use crate::joining::{Join, NoJoin};
use crate::seat::{Seat, Twins};
use crate::seat_name::SeatName;
use crate::token::{JoiningToken, KeptToken};
use std::time::Duration;
use wardkey_core::record::question::SeatNumber;
use wardkey_core::system::clock::Timestamp;

/// The registry's files.
#[derive(Debug, Clone)]
pub struct Registry(pub FleetFiles);

/// A token that was not used yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenToken {
    /// For which seat.
    pub seat: SeatName,
    /// Until when.
    pub until: Timestamp,
}

impl Registry {
    /// One seat, removed or not; `None`: there never was one of that name.
    ///
    /// # Errors
    /// [`FleetError`].
    pub fn seat(&self, name: &SeatName) -> Result<Option<Seat>, FleetError> {
        self.0.value(SEATS, name.as_str())
    }

    /// All seats, removed or not, by name.
    ///
    /// # Errors
    /// [`FleetError`].
    pub fn seats(&self) -> Result<Vec<Seat>, FleetError> {
        let names = self.0.names(SEATS)?;
        let seats = names.iter().filter_map(|name| SeatName::new(name).ok()).map(|name| self.seat(&name));
        seats.filter_map(Result::transpose).collect()
    }

    /// Tokens that were not used yet, also those past their end.
    ///
    /// # Errors
    /// [`FleetError`].
    pub fn tokens(&self) -> Result<Vec<OpenToken>, FleetError> {
        let mut open = Vec::new();
        for seat in self.0.names(TOKENS)?.iter().filter_map(|name| SeatName::new(name).ok()) {
            if let Some(KeptToken { until, used: None, .. }) = self.0.value(TOKENS, seat.as_str())? {
                open.push(OpenToken { seat, until });
            }
        }
        Ok(open)
    }

    /// Keeps what is kept of a token, in the place of an earlier one for the same seat.
    ///
    /// # Errors
    /// [`FleetError`].
    pub fn keep(
        &self,
        token: &JoiningToken,
        now: Timestamp,
        life: Duration,
    ) -> Result<Timestamp, FleetError> {
        let until = now.plus(life);
        self.0.alone(|| self.0.put(TOKENS, token.seat.as_str(), &KeptToken::of(token, until)))?;
        Ok(until)
    }

    /// Makes a machine a seat. The token is used up on disk before there is a certificate.
    ///
    /// # Errors
    /// [`NoJoin`], or what is broken.
    pub fn join(
        &self,
        authority: &Authority,
        join: &Join,
        now: Timestamp,
    ) -> Result<Result<Made, NoJoin>, FleetError> {
        self.0.alone(|| {
            let kept = match self.opens(join, now)? {
                Ok(kept) => kept,
                Err(why) => return Ok(Err(why)),
            };
            let made = match authority.seat(&join.seat, &join.request, None, now) {
                Ok(made) => made,
                Err(NoCertificate::NoRequest | NoCertificate::OtherKey) => return Ok(Err(NoJoin::Malformed)),
                Err(NoCertificate::NoAuthority(_)) => return Ok(Err(NoJoin::Broken)),
            };
            let (number, joins) = self.place_of(&join.seat)?;
            self.0.put(TOKENS, join.seat.as_str(), &kept.used_at(now))?;
            let seat = Seat {
                name: join.seat.clone(),
                number,
                joined: now,
                joins,
                removed: None,
                certificate: made.fingerprint,
                ends: made.ends,
                next: None,
                twins: None,
            };
            self.put(&seat)?;
            Ok(Ok(made))
        })
    }

    fn opens(&self, join: &Join, now: Timestamp) -> Result<Result<KeptToken, NoJoin>, FleetError> {
        let secret = String::from_utf8_lossy(join.secret.expose());
        let kept: Option<KeptToken> = self.0.value(TOKENS, join.seat.as_str())?;
        Ok(match kept.filter(|kept| kept.is(&join.seat, &secret)) {
            None => Err(NoJoin::Unknown),
            Some(KeptToken { used: Some(_), .. }) => Err(NoJoin::Used),
            Some(kept) if now > kept.until => Err(NoJoin::Late),
            Some(kept) => Ok(kept),
        })
    }

    /// A seat that joins again keeps its number; one that was removed is another seat.
    fn place_of(&self, name: &SeatName) -> Result<(SeatNumber, u32), FleetError> {
        let seats = self.seats()?;
        let before = seats.iter().find(|seat| seat.name == *name);
        let highest = seats.iter().map(|seat| seat.number.0).max().unwrap_or(SeatNumber::VERIFIER.0);
        let same = before.filter(|seat| seat.removed.is_none());
        let number = same.map_or(SeatNumber(highest + 1), |seat| seat.number);
        Ok((number, before.map_or(1, |seat| seat.joins + 1)))
    }

    fn put(&self, seat: &Seat) -> Result<(), FleetError> {
        self.0.put(SEATS, seat.name.as_str(), seat)
    }

    /// The seat that comes with this certificate, if it may ask now.
    ///
    /// # Errors
    /// Why it may not; or what is broken.
    pub fn in_force(
        &self,
        certificate: &SeatCertificate,
        now: Timestamp,
    ) -> Result<Result<Seat, Turned>, FleetError> {
        let seat = match judged(self.seat(&certificate.name)?, certificate, now) {
            Ok(seat) => seat,
            Err(turned) => return Ok(Err(turned)),
        };
        if seat.certificate == certificate.fingerprint {
            return Ok(Ok(seat));
        }
        // It has come with the new one: the old one is void from now on.
        self.0.alone(|| {
            let seat = match judged(self.seat(&certificate.name)?, certificate, now) {
                Ok(seat) => seat,
                Err(turned) => return Ok(Err(turned)),
            };
            let seat = match seat.next {
                Some((fingerprint, ends)) if fingerprint == certificate.fingerprint => {
                    let seat = Seat { certificate: fingerprint, ends, next: None, ..seat };
                    self.put(&seat)?;
                    seat
                }
                _ => seat,
            };
            Ok(Ok(seat))
        })
    }

    /// Another certificate for the key of this one, which stays in force until the seat comes with the new one.
    ///
    /// # Errors
    /// Why there is none; or what is broken.
    pub fn renew(
        &self,
        authority: &Authority,
        certificate: &SeatCertificate,
        request: &str,
        now: Timestamp,
    ) -> Result<Result<Made, Turned>, FleetError> {
        self.0.alone(|| {
            let seat = match judged(self.seat(&certificate.name)?, certificate, now) {
                Ok(seat) => seat,
                Err(turned) => return Ok(Err(turned)),
            };
            let made = match authority.seat(&seat.name, request, Some(&certificate.key), now) {
                Ok(made) => made,
                Err(NoCertificate::NoRequest | NoCertificate::OtherKey) => return Ok(Err(Turned::Malformed)),
                Err(NoCertificate::NoAuthority(_)) => return Ok(Err(Turned::Broken)),
            };
            self.put(&Seat { next: Some((made.fingerprint, made.ends)), ..seat })?;
            Ok(Ok(made))
        })
    }

    /// Removes a seat: it is answered no further question. `false`: there is none of that name.
    ///
    /// # Errors
    /// [`FleetError`].
    pub fn remove(&self, name: &SeatName, now: Timestamp) -> Result<bool, FleetError> {
        self.0.alone(|| {
            // Who has a token for it must not bring it back.
            if let Some(kept @ KeptToken { used: None, .. }) = self.0.value(TOKENS, name.as_str())? {
                self.0.put(TOKENS, name.as_str(), &kept.used_at(now))?;
            }
            match self.seat(name)?.filter(|seat| seat.removed.is_none()) {
                None => Ok(false),
                Some(seat) => self.put(&Seat { removed: Some(now), ..seat }).map(|()| true),
            }
        })
    }

    /// Notes that two machines have a seat's key: it is not answered until it joins again.
    pub(crate) fn note_twins(&self, name: &SeatName, twins: Twins) -> Result<(), FleetError> {
        match self.seat(name)? {
            Some(seat) if seat.twins.is_none() => self.put(&Seat { twins: Some(twins), ..seat }),
            _ => Ok(()),
        }
    }
}

fn judged(seat: Option<Seat>, certificate: &SeatCertificate, now: Timestamp) -> Result<Seat, Turned> {
    let seat = seat.filter(|seat| seat.removed.is_none()).ok_or(Turned::NoSeat)?;
    let is_next = seat.next.is_some_and(|(fingerprint, _)| fingerprint == certificate.fingerprint);
    if seat.certificate != certificate.fingerprint && !is_next {
        return Err(Turned::Superseded);
    }
    if let Some(Twins { one, other }) = seat.twins {
        return Err(Turned::TwoMachines { one, other });
    }
    if now > certificate.ends { Err(Turned::Expired) } else { Ok(seat) }
}

#[cfg(test)]
#[path = "registry_tests.rs"]
mod tests;
