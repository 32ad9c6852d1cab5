//! What the test suites of `pam_google_authenticator` and of the OATH toolkit assert, and how each stands here: a table
//! whose entries run, and from which `docs/peers.md` is written.

mod arithmetic;
pub mod beside;
mod google_codes;
mod google_passwords;
mod google_settings;
mod oath_file;
mod oath_login;

use std::fmt::Write as _;

/// A part of the table, as the document has it.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its title.
    pub title: &'static str,
    /// Its entries.
    pub behaviours: &'static [Behaviour],
}

/// One thing that a suite asserts.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// Its number in the document.
    pub id: &'static str,
    /// What is asserted there.
    pub theirs: &'static str,
    /// How it stands here.
    pub here: Here,
}

/// How a behaviour of a peer stands here.
#[derive(Clone, Copy, Debug)]
pub enum Here {
    /// The same: run on both, or computed by both.
    Same(&'static str, fn()),
    /// Deliberately another one: what, and why; both are run.
    Different(&'static str, fn()),
    /// There is nothing here that it could be asked of: why.
    NotApplicable(&'static str),
}

/// The whole table.
pub const SECTIONS: [Section; 6] = [
    Section { title: "pam_google_authenticator: codes and files", behaviours: google_codes::TABLE },
    Section { title: "pam_google_authenticator: an earlier password", behaviours: google_passwords::TABLE },
    Section { title: "pam_google_authenticator: settings", behaviours: google_settings::TABLE },
    Section { title: "pam_oath: logins", behaviours: oath_login::TABLE },
    Section { title: "liboath: the users file", behaviours: oath_file::TABLE },
    Section { title: "Arithmetic", behaviours: arithmetic::TABLE },
];

const HEAD: &str = "\
# Beside other modules

What the test suites of pam_google_authenticator (google-authenticator-libpam) and of pam_oath (the OATH toolkit) assert, and how each
stands here. **Same** and **different** are run by `make test`: where it says \"both\", their own module, as Debian ships
it, stands in the same test with the same key. If you come from one of them, read what is different, and
[migration.md](migration.md).

This page is written by `cargo run -p wardkey-tests --bin peers > docs/peers.md` from the table in `tests/src/proof/peers`; a
test fails when they differ.
";

/// `docs/peers.md`.
#[must_use]
pub fn document() -> String {
    let mut text = HEAD.to_owned();
    for section in SECTIONS {
        let _ = write!(text, "\n## {}\n\n| | their suite asserts | here |\n|---|---|---|\n", section.title);
        for behaviour in section.behaviours {
            let (verdict, why) = match behaviour.here {
                Here::Same(how, _) => ("same", how),
                Here::Different(how, _) => ("different", how),
                Here::NotApplicable(why) => ("not applicable", why),
            };
            let _ = writeln!(text, "| {} | {} | **{verdict}**: {why} |", behaviour.id, behaviour.theirs);
        }
    }
    text
}
