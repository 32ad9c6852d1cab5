//! The harness: hosts of their own, in which real programs meet the built module.
//!
//! A [`machine::host::Host`] is a scratch directory and a mount namespace with private `/etc`, `/home`, `/var`, `/run`
//! and `/dev/log`, so that sshd, login, su and sudo see our people and our module, and the machine stays as it
//! was. Codes come from independent programs, people are enrolled by the real command, and what a login did is
//! read from outside: exit statuses, prompts, system log, files.

pub mod machine;
pub mod people;
pub mod programs;
pub mod proof;
