//! This version and the one before it on one machine, as an upgrade and a step back leave them: `make neighbours` builds the other
//! one, and says in `WARDKEY_PREVIOUS` where it lies. Each test prints its table.

mod combinations;
mod numbers;
mod scenes;
mod told;
