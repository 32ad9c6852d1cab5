//! The real programs that people meet, each driven as its user drives it: servers, greeters, lockers, clients.

pub mod authenticator_app;
pub mod console;
pub mod example;
pub mod greeter;
pub mod helper;
pub mod locker;
pub mod other_helper;
pub mod pam;
pub mod polkit;
pub mod raw_client;
pub mod seat;
pub mod smtp;
pub mod sshd;
pub mod terminal;
pub mod verifier;
pub mod wardkey;
