//! A verifier that is killed, has no room and is asked by many: minutes, and so `make fleet` alone runs them.

mod kills;
mod many;
mod seats;
