//! The stacks of the examples, and whatever their modules may answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pam_stack::{Kind, Line, PamResult, Reader, Root, Service, ways};

use crate::programs::example;

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

/// The two answers that let somebody go on.
pub const OK: [PamResult; 2] = [PamResult::Success, PamResult::Ignore];
/// What any other module may answer at any door.
const ANYTHING: [PamResult; 16] = [
    PamResult::Success,
    PamResult::Ignore,
    PamResult::NewAuthtokReqd,
    PamResult::AuthErr,
    PamResult::PermDenied,
    PamResult::UserUnknown,
    PamResult::MaxTries,
    PamResult::AcctExpired,
    PamResult::AuthinfoUnavail,
    PamResult::CredErr,
    PamResult::SessionErr,
    PamResult::AuthtokErr,
    PamResult::ServiceErr,
    PamResult::ConvErr,
    PamResult::Abort,
    PamResult::ModuleUnknown,
];

/// A service of this text beside the files that Debian's services include.
///
/// # Panics
/// If the files cannot be written.
#[must_use]
pub fn service(text: &str) -> Service {
    let directory = tempfile::tempdir().expect("a directory");
    let place = directory.path().join("etc/pam.d");
    fs::create_dir_all(&place).expect("made");
    for (name, text) in example::COMMON.into_iter().chain([("example", text), ("other", "")]) {
        fs::write(place.join(name), text).expect("written");
    }
    Service::load(&Root::new(directory.path()), "example", Reader::Fixed)
}

/// The lines of one kind.
///
/// # Panics
/// If they are not well-formed.
#[must_use]
pub fn stack(text: &str, kind: Kind) -> Vec<Line> {
    let service = service(text);
    assert_eq!(service.remarks, [], "{text}");
    service.stack(kind).to_vec()
}

/// The module's file name, our line that asks nothing told apart.
#[must_use]
pub fn module(line: &Line) -> &str {
    match line.module_name() {
        Some(OURS) if line.has("start") => START,
        name => name.unwrap_or_default(),
    }
}

/// One way through a stack.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Run {
    /// What the application is told.
    pub result: PamResult,
    watched: BTreeMap<String, PamResult>,
}

impl Run {
    /// The last result of a watched module, where it was called at all.
    #[must_use]
    pub fn of(&self, module: &str) -> Option<PamResult> {
        self.watched.get(module).copied()
    }
}

/// Every way through `lines`, where each module gives any result that it may; those of the modules named in `watch`
/// are kept.
///
/// # Panics
/// If they are more than are walked.
#[must_use]
pub fn every_run(lines: &[Line], watch: &[&str]) -> BTreeSet<Run> {
    let ways = ways(lines, BTreeMap::new(), |_, line, watched| {
        let name = module(line);
        let after = |result| {
            let mut watched = watched.clone();
            if watch.contains(&name) {
                watched.insert(name.to_owned(), result);
            }
            (result, watched)
        };
        any_result(line).into_iter().map(after).collect()
    });
    let ways = ways.expect("few enough");
    ways.into_iter().map(|way| Run { result: way.result, watched: way.facts }).collect()
}

/// What a module may answer: ours and anybody's anything, but for those that can only say one thing.
fn any_result(line: &Line) -> Vec<PamResult> {
    let but = |left_out: PamResult| ANYTHING.into_iter().filter(|result| *result != left_out).collect();
    match (module(line), line.kind) {
        ("pam_permit.so", _) => vec![PamResult::Success],
        ("pam_deny.so", Kind::Session) => vec![PamResult::SessionErr],
        ("pam_deny.so", Kind::Password) => vec![PamResult::AuthtokErr],
        ("pam_deny.so", _) => vec![PamResult::AuthErr],
        (START, _) => vec![PamResult::Ignore, PamResult::ServiceErr],
        // A password is right or it is not.
        (UNIX | ROOT, Kind::Auth) => but(PamResult::Ignore),
        // Whatever else they do, these doors of ours do not know it.
        (OURS, Kind::Auth | Kind::Password | Kind::Session) => but(PamResult::NewAuthtokReqd),
        _ => ANYTHING.to_vec(),
    }
}
