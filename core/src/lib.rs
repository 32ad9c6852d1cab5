//! What a login with a second factor means: credentials, records, the decision.
//!
//! Nothing here knows PAM, a terminal or who calls; the clock and the account database are arguments.
//! `DESIGN.md` beside this crate's `Cargo.toml` is the map; `docs/design/` has the reasons.
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at files from outside"))]

pub mod audit;
pub mod credential;
pub mod desk;
pub mod grace;
pub mod invalid_value;
pub mod login;
pub mod policy;
pub mod printable;
pub mod record;
pub mod site;
pub mod store;
pub mod system;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod topics;
pub mod user;
pub mod verify;
pub mod wire;
