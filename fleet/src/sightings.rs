//! When, from where and with which boots a seat was seen.

use crate::clinic::SEEN;
use crate::files::FleetError;
use crate::hello::{Hello, Turned};
use crate::registry::Registry;
use crate::seat::{Boot, Seat, Sighting, Twins};
use wardkey_core::printable::escaped;
use wardkey_core::system::clock::Timestamp;

/// How many boots are remembered.
const BOOTS: usize = 64;

/// Between two writes of what is only shown, in seconds.
const LAZILY: u64 = 60;

impl Hello {
    /// Whether it has bounds, and nothing that is no text of one line.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        let plain = |text: &str, longest: usize| {
            !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_graphic())
        };
        plain(&self.boot, 64) && plain(&self.host, 255) && plain(&self.version, 64)
    }
}

impl Registry {
    /// What was seen of a seat since it joined.
    ///
    /// # Errors
    /// [`FleetError`].
    pub fn sighting(&self, seat: &Seat) -> Result<Sighting, FleetError> {
        let new = Sighting { joins: seat.joins, ..Sighting::default() };
        let kept: Option<Sighting> = self.0.value(SEEN, seat.name.as_str())?;
        Ok(kept.filter(|kept| kept.joins == seat.joins).unwrap_or(new))
    }

    /// A connection of this seat begins. A boot that comes back after another took its place means that two machines take
    /// turns. Beside the answer: why it could not be written down, which on a full disk keeps nobody out.
    ///
    /// # Errors
    /// What was seen of it cannot be read.
    pub fn greet(
        &self,
        seat: &Seat,
        hello: &Hello,
        at: (&str, Timestamp),
    ) -> Result<(Result<(), Turned>, Option<FleetError>), FleetError> {
        let before = self.sighting(seat)?;
        let after = seen_again(&before, hello, at);
        if after.as_ref().is_ok_and(|after| !is_due(&before, after)) {
            return Ok((Ok(()), None));
        }
        let answer = after.map(drop).map_err(|Twins { one, other }| Turned::TwoMachines { one, other });
        // Looked at again: somebody else may have come meanwhile.
        let written = self.0.alone(|| match seen_again(&self.sighting(seat)?, hello, at) {
            Ok(after) => self.0.put(SEEN, seat.name.as_str(), &after),
            Err(twins) => self.note_twins(&seat.name, twins),
        });
        Ok((answer, written.err()))
    }

    /// The seat asked; it is written down once a minute, and at once where it asks about more people than a seat does.
    ///
    /// # Errors
    /// [`FleetError`].
    pub fn asked(&self, seat: &Seat, now: Timestamp, is_hurried: bool) -> Result<(), FleetError> {
        let before = self.sighting(seat)?;
        let is_old = |then: Timestamp| now.since(then).as_secs() >= LAZILY;
        let is_due = is_old(before.last_seen) || is_hurried && before.hurried.is_none_or(is_old);
        if !is_due {
            return Ok(());
        }
        self.0.alone(|| {
            let before = self.sighting(seat)?;
            let hurried = if is_hurried { Some(now) } else { before.hurried };
            self.0.put(SEEN, seat.name.as_str(), &Sighting { last_seen: now, hurried, ..before })
        })
    }
}

/// What is known of a seat once it has come with this greeting; or the two machines that have its key.
fn seen_again(
    before: &Sighting,
    hello: &Hello,
    (address, now): (&str, Timestamp),
) -> Result<Sighting, Twins> {
    let machine = escaped(&format!("{} ({address})", hello.host));
    let mut boots = before.boots.clone();
    if boots.last().is_none_or(|boot| boot.id != hello.boot) {
        if boots.iter().any(|boot| boot.id == hello.boot) {
            let other = boots.last().map(|boot| boot.machine.clone()).unwrap_or_default();
            return Err(Twins { one: machine, other });
        }
        boots.push(Boot { id: hello.boot.clone(), machine });
        boots.drain(..boots.len().saturating_sub(BOOTS));
    }
    Ok(Sighting {
        last_seen: now,
        version: hello.version.clone(),
        host: hello.host.clone(),
        address: address.to_owned(),
        clock_offset: ahead(hello.time, now),
        boots,
        ..before.clone()
    })
}

/// Whether this is written down now.
fn is_due(before: &Sighting, after: &Sighting) -> bool {
    after.boots != before.boots
        || after.version != before.version
        || after.last_seen.since(before.last_seen).as_secs() >= LAZILY
}

/// By how many seconds a clock is ahead.
fn ahead(theirs: Timestamp, ours: Timestamp) -> i64 {
    let seconds = |span: std::time::Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    seconds(theirs.since(ours)).saturating_sub(seconds(ours.since(theirs)))
}
