//! The stacks of the examples, and whatever their modules may answer.

use crate::programs::example;
use crate::proof::stack::{Kind, Line, lines};

/// Our line that asks.
pub const OURS: &str = "pam_wardkey.so";
/// Our line that asks nothing, told apart from the one that does.
pub const START: &str = "pam_wardkey.so start";
/// What checks the password.
pub const UNIX: &str = "pam_unix.so";
/// What asks for a security key.
pub const KEY: &str = "pam_u2f.so";
/// What lets root in unasked.
pub const ROOT: &str = "pam_rootok.so";

/// What any other module may answer at any door.
pub const ANYTHING: [&str; 16] = [
    "success",
    "ignore",
    "new_authtok_reqd",
    "auth_err",
    "perm_denied",
    "user_unknown",
    "maxtries",
    "acct_expired",
    "authinfo_unavail",
    "cred_err",
    "session_err",
    "authtok_err",
    "service_err",
    "conv_err",
    "abort",
    "module_unknown",
];
/// The two answers that let somebody go on.
pub const OK: [&str; 2] = ["success", "ignore"];

/// The lines of one kind.
///
/// # Panics
/// If they are not well-formed.
#[must_use]
pub fn stack(text: &str, kind: Kind) -> Vec<Line> {
    let mut lines = lines(text, kind, &example::common).unwrap_or_else(|why| panic!("{why}\n{text}"));
    let starts = lines.iter_mut().filter(|line| line.module == OURS && line.has("start"));
    starts.for_each(|line| START.clone_into(&mut line.module));
    lines
}

/// What a module may answer: ours and anybody's anything, but for those that can only say one thing.
#[must_use]
pub fn any_result(line: &Line, _: usize) -> Vec<&'static str> {
    match (line.module.as_str(), line.kind) {
        ("pam_permit.so", _) => vec!["success"],
        ("pam_deny.so", Kind::Auth) => vec!["auth_err"],
        ("pam_deny.so", _) => vec!["perm_denied"],
        (START, _) => vec!["ignore", "service_err"],
        // A password is right or it is not.
        (UNIX | ROOT, Kind::Auth) => ANYTHING.into_iter().filter(|result| *result != "ignore").collect(),
        // Whatever else they do, these doors of ours do not know it.
        (OURS, Kind::Auth | Kind::Password | Kind::Session) => {
            ANYTHING.into_iter().filter(|result| *result != "new_authtok_reqd").collect()
        }
        _ => ANYTHING.to_vec(),
    }
}
