//! What a seat of a clinic and its verifier say to each other, and how each knows the other. No socket and no TLS: the
//! helper's link and the verifier have those.

mod enquiry;
mod hello;
mod seat_name;

pub use enquiry::{Enquiry, Report, Subject};
pub use hello::{Hello, Turned, Welcome};
pub use seat_name::{BadSeatName, SeatName};

/// The protocol and its number, as TLS agrees on it (RFC 7301).
pub const PROTOCOL: &[u8] = b"wardkey/1";

/// The protocol by which a machine becomes a seat, with a joining token and without a certificate.
pub const JOINING: &[u8] = b"wardkey-join/1";

/// The name in every verifier's certificate, wherever it runs: who signed it decides, and for what.
pub const VERIFIER: &str = "verifier.wardkey.invalid";
