//! The real programs that people meet, each driven as its user drives it: servers, greeters, lockers, clients.

pub mod by_hand;
pub mod cli;
pub mod example;
pub mod generator;
pub mod greeter;
pub mod helper;
pub mod locker;
pub mod pam;
pub mod polkit;
pub mod program;
pub mod smtp;
pub mod sshd;
pub mod terminal;
