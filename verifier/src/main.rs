//! Judges codes for the seats of a clinic: TLS at its door, and behind it the records and the decision of a single machine.
//!
//! It runs as an account of its own and never as root. Before a handshake has proven a seat it answers nothing.

mod answer;
mod arguments;
mod audit;
mod believe;
mod connection;
mod door;
mod frame;
mod free_misses;
mod join;
mod limits;
mod log;
mod people;
mod quiet;
mod run;
mod seat;
mod settings;
mod tls;
mod turns;

fn main() -> std::process::ExitCode {
    run::run()
}
