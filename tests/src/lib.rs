//! The harness: worlds of their own, in which real programs meet the built module.
//!
//! A [`world::World`] is a scratch directory and a mount namespace with private `/etc`, `/home`, `/var`, `/run`
//! and `/dev/log`, so that sshd, login, su and sudo see our people and our module, and the machine stays as it
//! was. Codes come from independent programs, people are enrolled by the real command, and what a login did is
//! read from outside: exit statuses, prompts, system log, files.

pub mod answers;
pub mod built;
pub mod by_hand;
pub mod cast;
pub mod cli;
pub mod coverage;
pub mod directory;
pub mod disk;
pub mod display;
pub mod documents;
pub mod example;
pub mod faults;
pub mod first_login;
pub mod generator;
pub mod greeter;
pub mod helper;
pub mod interrupt;
pub mod lack;
pub mod locker;
pub mod machine;
pub mod namespace;
pub mod outcome;
pub mod pam;
pub mod peers;
pub mod person;
pub mod picture;
pub mod polkit;
pub mod program;
pub mod promises;
pub mod race;
pub mod sandbox;
pub mod scene;
pub mod screen;
pub mod seat;
pub mod session;
pub mod sheet;
pub mod shorten;
pub mod smtp;
pub mod sshd;
pub mod stack;
pub mod steps;
pub mod stops;
pub mod syslog;
pub mod terminal;
pub mod world;
pub mod writing;
