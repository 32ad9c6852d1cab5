//! `fleet status`

use super::{failed, registry, verifier};
use crate::commands::{Command, Ended};
use crate::context::Context;
use crate::failure::Failure;
use crate::text::{Text, local};
use comfy_table::{Table, presets};
use serde::Serialize;
use std::ffi::OsStr;
use wardkey_core::system::clock::Timestamp;
use wardkey_fleet::{OpenToken, Seat, Sighting, authority_fingerprint};

/// A clock that is so many seconds off is named.
const OFF: u64 = 30;

/// A certificate that ends within so many seconds is named: it should have been renewed a month before its end.
const SOON: u64 = 14 * 86400;

/// Show the verifier and its seats: version, last seen, clock, end of the certificate, and what was noticed
#[derive(Debug, clap::Args)]
pub(crate) struct FleetStatus {}

#[derive(Serialize)]
struct Answer {
    listen: String,
    authority: String,
    seats: Vec<Row>,
    tokens: Vec<Token>,
}

#[derive(Serialize)]
struct Token {
    seat: String,
    expires: Timestamp,
}

#[derive(Serialize)]
struct Row {
    seat: String,
    number: u32,
    state: &'static str,
    joined: Timestamp,
    certificate_ends: Timestamp,
    last_seen: Option<Timestamp>,
    version: Option<String>,
    host: Option<String>,
    address: Option<String>,
    clock_offset: Option<i64>,
    noticed: Vec<Noticed>,
}

/// What is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "id", rename_all = "kebab-case")]
enum Noticed {
    TwoMachines { one: String, other: String },
    ManyPeople { at: Timestamp },
    ClockOff,
    CertificateEnded,
    CertificateEndsSoon,
}

impl Noticed {
    fn words(&self, text: &Text, seat: &str) -> String {
        match self {
            Self::TwoMachines { one, other } => text.seat_has_twins(seat, one, other),
            Self::ManyPeople { at } => text.seat_is_hurried(seat, &local(*at)),
            Self::ClockOff => text.seat_clock_is_off(seat),
            Self::CertificateEnded => text.seat_is_past_its_end(seat),
            Self::CertificateEndsSoon => text.seat_ends_soon(seat),
        }
    }
}

fn noticed(seat: &Seat, seen: Option<&Sighting>, now: Timestamp) -> Vec<Noticed> {
    if seat.removed.is_some() {
        return Vec::new();
    }
    let ends = seat.next.map_or(seat.ends, |(_, ends)| ends);
    let twins = seat.twins.clone().map(|t| Noticed::TwoMachines { one: t.one, other: t.other });
    let hurried = seen.and_then(|seen| seen.hurried).map(|at| Noticed::ManyPeople { at });
    let is_off = seen.is_some_and(|seen| seen.clock_offset.unsigned_abs() > OFF);
    let end = match ends.since(now).as_secs() {
        0 => Some(Noticed::CertificateEnded),
        left if left < SOON => Some(Noticed::CertificateEndsSoon),
        _ => None,
    };
    [twins, hurried, is_off.then_some(Noticed::ClockOff), end].into_iter().flatten().collect()
}

impl Row {
    fn of(seat: &Seat, seen: Option<Sighting>, now: Timestamp) -> Self {
        let noticed = noticed(seat, seen.as_ref(), now);
        Self {
            seat: seat.name.to_string(),
            number: seat.number.0,
            state: if seat.removed.is_some() { "removed" } else { "joined" },
            joined: seat.joined,
            certificate_ends: seat.next.map_or(seat.ends, |(_, ends)| ends),
            last_seen: seen.as_ref().map(|seen| seen.last_seen),
            clock_offset: seen.as_ref().map(|seen| seen.clock_offset),
            version: seen.as_ref().map(|seen| seen.version.clone()),
            host: seen.as_ref().map(|seen| seen.host.clone()),
            address: seen.map(|seen| seen.address),
            noticed,
        }
    }
}

impl Command for FleetStatus {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let registry = registry(context)?;
        let broken = |e| failed(text, &e);
        let now = context.now();
        let mut seats = Vec::new();
        for seat in registry.seats().map_err(broken)? {
            let seen = registry.sighting(&seat).map_err(broken)?;
            seats.push(Row::of(&seat, Some(seen).filter(|seen| !seen.boots.is_empty()), now));
        }
        let tokens = registry.tokens().map_err(broken)?.into_iter().filter(|token| token.until >= now);
        let answer = Answer {
            listen: verifier(context)?.listen.to_string(),
            authority: authority_fingerprint(&registry.0).map_err(broken)?.to_string(),
            seats,
            tokens: tokens
                .map(|OpenToken { seat, until }| Token { seat: seat.into(), expires: until })
                .collect(),
        };
        context.console.answer(&answer, || in_words(text, &answer));
        let about = |row: &Row| row.noticed.iter().map(|n| n.words(text, &row.seat)).collect::<Vec<_>>();
        context.warn_all(&answer.seats.iter().flat_map(about).collect::<Vec<_>>());
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

fn in_words(text: &Text, answer: &Answer) -> String {
    let mut lines = vec![text.verifier_listens(&answer.listen), text.authority_is(&answer.authority)];
    if answer.seats.is_empty() {
        lines.push(text.no_seats());
    } else {
        lines.push(String::new());
        lines.push(table(text, &answer.seats));
    }
    lines.extend(answer.tokens.iter().map(|token| text.token_is_open(&token.seat, &local(token.expires))));
    lines.join("\n")
}

fn table(text: &Text, rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        text.column_seat(),
        text.column_state(),
        text.column_version(),
        text.column_last_seen(),
        text.column_clock(),
        text.column_ends(),
    ]);
    for row in rows {
        let state = if row.state == "removed" { text.seat_state_removed() } else { text.seat_state_joined() };
        table.add_row([
            row.seat.clone(),
            state,
            row.version.clone().unwrap_or_default(),
            row.last_seen.map_or_else(|| text.never(), local),
            row.clock_offset.map(|offset| format!("{offset:+} s")).unwrap_or_default(),
            local(row.certificate_ends),
        ]);
    }
    let shown = table.to_string();
    shown.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::record::question::SeatNumber;
    use wardkey_fleet::{Fingerprint, SeatName, Twins};

    const NOW: Timestamp = Timestamp(1_800_000_000);

    fn seat() -> Seat {
        Seat {
            name: SeatName::new("ward-3").unwrap(),
            number: SeatNumber(1),
            joined: NOW,
            joins: 1,
            removed: None,
            certificate: Fingerprint::of(b"x"),
            ends: Timestamp(NOW.0 + 60 * 86400),
            next: None,
            twins: None,
        }
    }

    #[test]
    fn what_is_noticed_is_named_and_a_sound_seat_has_nothing() {
        let seen = Sighting { clock_offset: -30, ..Sighting::default() };
        assert_eq!(noticed(&seat(), Some(&seen), NOW), []);
        let of = |seat: &Seat| noticed(seat, None, NOW);
        assert_eq!(of(&Seat { ends: NOW, ..seat() }), [Noticed::CertificateEnded]);
        assert_eq!(of(&Seat { ends: Timestamp(NOW.0 + 60), ..seat() }), [Noticed::CertificateEndsSoon]);
        let twins = Some(Twins { one: "a".into(), other: "b".into() });
        assert_eq!(of(&Seat { twins, ..seat() }).len(), 1);
        assert_eq!(of(&Seat { ends: NOW, removed: Some(NOW), ..seat() }), []);
        let off = Sighting { clock_offset: -31, hurried: Some(NOW), ..Sighting::default() };
        assert_eq!(noticed(&seat(), Some(&off), NOW), [Noticed::ManyPeople { at: NOW }, Noticed::ClockOff]);
    }
}
