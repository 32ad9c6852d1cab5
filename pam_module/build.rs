//! How the module is linked.
#![allow(clippy::disallowed_macros, reason = "printing is how a build script speaks to cargo")]
#![allow(clippy::disallowed_methods, reason = "a build script is told its directories by the environment")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // All symbols bound at load: a missing one is found by the test that loads the file, not by a login.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,now");
    // Stays mapped after dlclose: the runtime's thread-local destructors may outlive pam_end.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CC");
    link_unwinder_statically()
}

/// Puts what unwinds a panic into the module itself. rustc asks for `-lgcc_s`, which no program in C has loaded:
/// finding, mapping and relocating it costs a login as much as the module's own work. The name leads to a linker
/// script instead, which names the static half of the same library. None of its symbols is exported, so a host in C++
/// keeps its own unwinder; a panic never crosses into one.
fn link_unwinder_statically() -> io::Result<()> {
    if env::var("CARGO_CFG_TARGET_ENV").as_deref() != Ok("gnu") {
        return Ok(());
    }
    let Some(library) = static_unwinder().filter(|path| path.is_absolute()) else { return Ok(()) };
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    fs::write(out.join("libgcc_s.so"), script(&library))?;
    println!("cargo::rustc-link-search=native={}", out.display());
    println!("cargo::rustc-cdylib-link-arg=-Wl,--exclude-libs,ALL");
    Ok(())
}

/// Where the C compiler keeps it; a compiler that does not know the file answers with the bare name.
fn static_unwinder() -> Option<PathBuf> {
    let compiler = env::var_os("CC").unwrap_or_else(|| "cc".into());
    let output = Command::new(compiler).arg("-print-file-name=libgcc_eh.a").output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().into())
}

fn script(library: &Path) -> String {
    format!("GROUP ( {} -lgcc )\n", library.display())
}
