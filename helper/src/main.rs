//! What a login process must not or cannot do itself: checks for programs that are not root.
//!
//! One resident process, given its socket by systemd or making it (`listen`), and a copy of it for each connection, which
//! reads a question, answers it, and ends. It takes the kernel's word for who asks (`SO_PEERCRED`).
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at files from outside"))]

mod answer;
mod arguments;
mod dialogue;
mod ffi;
mod heritage;
mod installed;
mod join;
mod link;
mod listen;
mod log;
mod mail_requests;
mod peer;
mod quota;
mod rate_limit;
mod reauthenticate;
mod run;
mod sanitize;
mod seat;
mod self_service;
mod serve;
mod socket;
mod subordinate;

fn main() -> std::process::ExitCode {
    run::run()
}
