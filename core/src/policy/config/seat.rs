//! What only a seat's configuration may have, and what it may not: codes are judged by the verifier's own file there.

use super::layer::Layer;
use super::origins::Origins;
use super::sections::Store;
use super::{Config, StoreKind};
use crate::invalid_value::InvalidValue;

/// Most servers.
const MOST: usize = 9;

/// Sections by which a verifier judges.
const OF_A_VERIFIER: [&str; 5] = ["totp", "recovery", "throttle", "email", "seal"];

impl Store {
    /// Whether a section says anything here.
    #[must_use]
    pub fn has_section(&self, name: &str) -> bool {
        !self.is_seat() || !OF_A_VERIFIER.contains(&name)
    }
}

/// What is wrong about `[store]`, and with which key.
pub(super) fn check(store: &Store) -> Result<(), (&'static str, InvalidValue)> {
    let Store { kind, servers, seat_key, authority, .. } = store;
    let wrong = |key, why| Err((key, why));
    match kind {
        StoreKind::Etcd => wrong("kind", InvalidValue::NoSharedStore),
        StoreKind::Verifier if servers.is_empty() => wrong("kind", InvalidValue::NoServers),
        StoreKind::Verifier if servers.len() > MOST || has_twins(servers) => {
            wrong("servers", InvalidValue::NoServers)
        }
        StoreKind::Files if !servers.is_empty() => wrong("servers", InvalidValue::OfASeat),
        StoreKind::Files if seat_key.is_some() => wrong("seat_key", InvalidValue::OfASeat),
        StoreKind::Files if authority.is_some() => wrong("authority", InvalidValue::OfASeat),
        StoreKind::Files | StoreKind::Verifier => Ok(()),
    }
}

fn has_twins<T: PartialEq>(list: &[T]) -> bool {
    list.iter().enumerate().any(|(at, one)| list.iter().skip(at + 1).any(|other| other == one))
}

/// A section that has no effect at a seat must not look as if it had one. Which sections there are is not in a configuration
/// that was read; most files do not so much as name one of these.
pub(super) fn check_sections(config: &Config, files: &[Layer]) -> Result<(), (Vec<String>, InvalidValue)> {
    if !config.store.is_seat() {
        return Ok(());
    }
    let is_named =
        |section: &&str| files.iter().any(|file| file.text().is_none_or(|text| text.contains(section)));
    if !OF_A_VERIFIER.iter().any(is_named) {
        return Ok(());
    }
    let origins = Origins::of(files);
    let way = OF_A_VERIFIER.map(|section| vec![section.to_owned()]);
    match way.into_iter().find(|way| origins.place(way).is_some()) {
        Some(way) => Err((way, InvalidValue::OfAVerifier)),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "seat_tests.rs"]
mod tests;
