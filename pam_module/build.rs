//! How the module is linked, and by what this build is told from others.
#![allow(clippy::disallowed_macros, reason = "printing is how a build script speaks to cargo")]
#![allow(clippy::disallowed_methods, reason = "a build script is told its directories by the environment")]

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// What values in memory look like follows from these, and from the compiler and its flags.
const SOURCES: [&str; 4] = ["build.rs", "src", "../core/src", "../Cargo.lock"];

fn main() -> io::Result<()> {
    // All symbols bound at load: a missing one is found by the test that loads the file, not by a login.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,now");
    // Stays mapped after dlclose: the runtime's thread-local destructors may outlive pam_end.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    SOURCES.iter().for_each(|source| println!("cargo::rerun-if-changed={source}"));
    println!("cargo::rustc-env=WARDKEY_BUILD={:016x}", build()?);
    println!("cargo::rerun-if-env-changed=CC");
    put_in_order()?;
    link_unwinder_statically()
}

/// Puts the functions side by side that the file of this variable names, where the linker is one that can.
fn put_in_order() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=WARDKEY_FUNCTION_ORDER");
    let Some(order) = env::var_os("WARDKEY_FUNCTION_ORDER").map(PathBuf::from) else { return Ok(()) };
    println!("cargo::rerun-if-changed={}", order.display());
    if takes_an_order(&order)? {
        println!("cargo::rustc-cdylib-link-arg=-Wl,--symbol-ordering-file={}", order.display());
        println!("cargo::rustc-cdylib-link-arg=-Wl,--no-warn-symbol-ordering");
    }
    Ok(())
}

/// Whether the linker that rustc brings is the one in use: lld, which knows orders.
fn takes_an_order(order: &Path) -> io::Result<bool> {
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    let source = out.join("empty.rs");
    fs::write(&source, "")?;
    let tried = Command::new(compiler)
        .args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()))
        .args(["--crate-type", "cdylib", "--crate-name", "empty", "-o"])
        .arg(out.join("libempty.so"))
        .arg(format!("-Clink-arg=-Wl,--symbol-ordering-file={}", order.display()))
        .arg(source)
        .output()?;
    Ok(tried.status.success())
}

/// A number of this build: two versions of the module may stand in one stack, and neither may take what the other kept for its own.
fn build() -> io::Result<u64> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES.map(Path::new) {
        // A package of the module alone has no folder beside its own.
        if source.exists() {
            read_into(&mut hasher, source)?;
        }
    }
    for name in ["TARGET", "PROFILE", "OPT_LEVEL", "DEBUG"] {
        hasher.write(env::var(name).unwrap_or_default().as_bytes());
    }
    // Where it is built changes nothing in memory, and two builds of a package are to be alike.
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    for flag in flags.split('\u{1f}').filter(|flag| !flag.starts_with("--remap-path-prefix=")) {
        hasher.write(flag.as_bytes());
    }
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    hasher.write(&Command::new(compiler).arg("-vV").output()?.stdout);
    Ok(hasher.finish())
}

fn read_into(hasher: &mut DefaultHasher, source: &Path) -> io::Result<()> {
    if source.is_file() {
        hasher.write(&fs::read(source)?);
        return Ok(());
    }
    let mut inside =
        fs::read_dir(source)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    inside.sort();
    inside.iter().try_for_each(|path| read_into(hasher, path))
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
