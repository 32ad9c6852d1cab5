//! Greeters: what stands before a graphical session, or before a terminal that is not login's.

pub mod gdm;
mod greetd;
mod lightdm;
mod sddm;

pub use greetd::{Agreety, Greetd, Login};
pub use lightdm::Lightdm;

use std::fs;

use crate::machine::host::Host;

/// The session that a greeter starts: it says whose it is, and ends.
const SESSION: &str = "/var/session";
/// Where it says so.
const OPENED: &str = "/var/opened/session";

/// Makes the session's program.
fn prepare_session(host: &Host) {
    host.write(SESSION, format!("#!/bin/sh\nid -un > {OPENED}.new && mv {OPENED}.new {OPENED}\n"));
    host.must(&format!(
        "chmod 755 {SESSION} && mkdir -p /var/opened && chmod 777 /var/opened && rm -f {OPENED}"
    ));
}

/// Whose session was opened since the last call.
fn opened(host: &Host) -> Option<String> {
    let name = fs::read_to_string(host.path(OPENED)).ok()?;
    fs::remove_file(host.path(OPENED)).ok()?;
    Some(name.trim().to_owned())
}
