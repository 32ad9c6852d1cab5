//! What wardkey reads from others, fed with whatever may come: a function a target, which panics where a property
//! does not hold. `fuzz/run` builds them instrumented for libFuzzer; `cargo test` replays the corpus without.

mod bytes;
mod pam;
pub mod seeds;
pub mod targets;

pub use pam::{CALLS, OUTCOMES, clear_away, reached};
use std::sync::OnceLock;
pub use targets::sweep;

/// Runs the target named in the environment.
///
/// # Panics
/// No such target; or what the target found.
pub fn run_named(bytes: &[u8]) {
    static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();
    let run = TARGET.get_or_init(|| {
        if cfg!(fuzzing) {
            wardkey_core::credential::hash_cost::cheap::make_hashes_cheap();
        }
        let name = std::env::var("FUZZ_TARGET").expect("FUZZ_TARGET names a target");
        targets::ALL.iter().find(|target| target.name == name).expect("a target of this name").run
    });
    run(bytes);
}
