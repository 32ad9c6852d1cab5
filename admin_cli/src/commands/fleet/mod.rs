//! `fleet`: the clinic's verifier, on its host, and its seats.

mod init;
mod remove;
mod status;
mod token;

pub(crate) use init::FleetInit;
pub(crate) use remove::FleetRemove;
pub(crate) use status::FleetStatus;
pub(crate) use token::FleetToken;

use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::text::Text;
use wardkey_core::policy::config::Verifier;
use wardkey_core::store::StoreError;
use wardkey_fleet::{ClinicError, FleetError, FleetFiles, Registry, SeatName, is_founded};

/// The section without which this machine is no verifier.
fn verifier(context: &Context) -> Result<&Verifier, Failure> {
    let none = || Failure::new(Kind::Config, &context.text, |t| (t.no_verifier(), t.add_verifier()));
    context.config.verifier.as_ref().ok_or_else(none)
}

/// The registry of a verifier that `fleet init` has made.
fn registry(context: &Context) -> Result<Registry, Failure> {
    verifier(context)?;
    let files = FleetFiles::of(&context.config);
    match is_founded(&files) {
        Ok(true) => Ok(Registry(files)),
        Ok(false) => Err(Failure::refused(&context.text, |t| (t.no_fleet(), t.init_fleet()))
            .with_nothing_changed(&context.text)),
        Err(e) => Err(failed(&context.text, &e)),
    }
}

/// A seat's name as it was typed.
fn seat(text: &Text, name: &str) -> Result<SeatName, Failure> {
    SeatName::new(name).map_err(|_| {
        Failure::new(Kind::Usage, text, |t| (t.bad_seat_name(name), t.give_seat_name()))
            .with_nothing_changed(text)
    })
}

/// What is wrong with a file of the fleet.
fn failed(text: &Text, error: &FleetError) -> Failure {
    match error {
        FleetError::Store(e) => Failure::store(text, e),
        FleetError::Damaged(path) => {
            let shown = path.display().to_string();
            Failure::new(Kind::State, text, |t| (t.fleet_damaged(&shown), t.restore_fleet(&shown)))
        }
        FleetError::NoEntropy => Failure::new(Kind::System, text, |t| (t.no_entropy(), t.try_again_later())),
    }
}

/// The same of the clinic's keys.
fn unfounded(text: &Text, error: &ClinicError) -> Failure {
    match error {
        ClinicError::Files(e) => failed(text, e),
        ClinicError::Certificate(e) => {
            let why = e.to_string();
            Failure::new(Kind::System, text, |t| (t.no_certificate(&why), t.try_again_later()))
        }
    }
}

/// A step of the store.
fn unstored(text: &Text) -> impl Fn(StoreError) -> Failure {
    |error| Failure::store(text, &error)
}
