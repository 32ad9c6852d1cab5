//! What a seat of a clinic and its verifier say to each other, and how each knows the other. No socket and no TLS: the
//! helper's link and the verifier have those.

mod asking;
mod authority;
mod certificate;
mod clinic;
mod digest;
mod enquiry;
mod files;
mod fingerprint;
mod hello;
mod join_errand;
mod joining;
mod registry;
mod seat;
mod seat_name;
mod sightings;
mod token;

pub use asking::asking;
pub use authority::{Authority, Founded, Made, NoCertificate, SEAT_LIFE, new_seat_key, renewal_request};
pub use certificate::SeatCertificate;
pub use clinic::{Clinic, ClinicError, authority_fingerprint, found, is_founded};
pub use enquiry::{Enquiry, Report, Subject};
pub use files::{FleetError, FleetFiles};
pub use fingerprint::Fingerprint;
pub use hello::{Hello, Turned, Welcome};
pub use join_errand::{JoinErrand, JoinTold, fingerprint_of_pem};
pub use joining::{Join, Joined, NoJoin};
pub use registry::{OpenToken, Registry};
pub use seat::{Boot, Seat, Sighting, Twins};
pub use seat_name::{BadSeatName, SeatName};
pub use token::JoiningToken;

/// The protocol and its number, as TLS agrees on it (RFC 7301).
pub const PROTOCOL: &[u8] = b"wardkey/1";

/// The protocol by which a machine becomes a seat, with a joining token and without a certificate.
pub const JOINING: &[u8] = b"wardkey-join/1";

/// The name in every verifier's certificate, wherever it runs: who signed it decides, and for what.
pub const VERIFIER: &str = "verifier.wardkey.invalid";
