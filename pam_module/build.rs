//! How the module is linked.
#![allow(clippy::disallowed_macros, reason = "printing is how a build script speaks to cargo")]

fn main() {
    // All symbols bound at load: a missing one is found by the test that loads the file, not by a login.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,now");
    // Stays mapped after dlclose: the runtime's thread-local destructors may outlive pam_end.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo::rerun-if-changed=build.rs");
}
