//! Stops a build that would not be the one that was measured and tested.
#![allow(clippy::disallowed_macros, reason = "printing is how a build script speaks to cargo")]
#![allow(clippy::disallowed_methods, reason = "a build script is told its flags by the environment")]

/// What `.cargo/config.toml` sets for the crates that hash and encrypt. cargo drops those flags where RUSTFLAGS is set.
const SOFT: [&str; 4] = ["chacha20_backend", "poly1305_backend", "sha1_backend", "sha2_backend"];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let is_soft =
        |name: &str| std::env::var(format!("CARGO_CFG_{}", name.to_uppercase())).as_deref() == Ok("soft");
    if SOFT.iter().all(|name| is_soft(name)) {
        return;
    }
    let flags = SOFT.map(|name| format!(r#"--cfg {name}="soft""#)).join(" ");
    println!(
        "cargo::error=RUSTFLAGS takes the place of the flags in .cargo/config.toml, and without those this is not the build \
         that was measured and tested. Add them: RUSTFLAGS='... -C symbol-mangling-version=v0 {flags}'"
    );
}
