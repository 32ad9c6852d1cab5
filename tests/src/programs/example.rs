//! The PAM examples that are shipped, as a site installs them.

use std::fs;
use std::path::Path;

use crate::machine::host::Host;

/// The files that Debian's services include, as Debian 12 has them.
pub const COMMON: [(&str, &str); 5] = [
    (
        "common-auth",
        "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\n\
      auth required pam_permit.so\nauth optional pam_cap.so\n",
    ),
    (
        "common-account",
        "account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so\n\
      account requisite pam_deny.so\naccount required pam_permit.so\n",
    ),
    (
        "common-password",
        "password [success=1 default=ignore] pam_unix.so obscure yescrypt\n\
      password requisite pam_deny.so\npassword required pam_permit.so\n",
    ),
    (
        "common-session",
        "session [default=1] pam_permit.so\nsession requisite pam_deny.so\n\
      session required pam_permit.so\nsession required pam_unix.so\nsession optional pam_systemd.so\n",
    ),
    (
        "common-session-noninteractive",
        "session [default=1] pam_permit.so\nsession requisite pam_deny.so\n\
      session required pam_permit.so\nsession required pam_unix.so\n",
    ),
];

/// The service by which the helper asks for a login password: it belongs to no login, and has no line of ours.
pub const OWN: &str = "wardkey";

/// The names of all that have lines of ours.
///
/// # Panics
/// If they cannot be listed.
#[must_use]
pub fn names() -> Vec<String> {
    let files = fs::read_dir(directory()).expect("the examples").map(|file| file.expect("one").file_name());
    let mut names: Vec<_> = files.map(|name| name.into_string().expect("plain")).collect();
    names.retain(|name| name != OWN);
    names.sort();
    names
}

/// The text of one.
///
/// # Panics
/// If it is not there.
#[must_use]
pub fn text(name: &str) -> String {
    fs::read_to_string(directory().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Installs one as the service of its name.
pub fn install(host: &Host, name: &str) {
    host.service(name, &text(name));
}

fn directory() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/pam.d")
}
