//! Unlocking a screen: a person's own program asks the helper, root's judges for itself; and `pam_unix`, which has a
//! set-gid helper for the same purpose.
//!
//! The helper reads the machine's clock, so here codes are of now; and since a code works once, the next one's
//! ledger is put back as it was at first.

mod at_once;
mod screen;
mod seat;
mod site;

use crate::lane::Lane;
use crate::measure::{Bench, Table, take_turns};
use crate::scenario::Effort;
use at_once::AtOnce;
use screen::{By, Door, Screen};
use seat::{Reopening, Seat};
use site::Site;
use std::io;
use std::path::Path;
use std::rc::Rc;

/// The names of the tables.
pub(crate) const ALONE: &str = "unlocking, tmpfs, fresh process";
pub(crate) const AT_ONCE: &str = "unlocking, 16 people at once, tmpfs, fresh process";

/// The names of rows, which goals are about.
pub(crate) const AS_ROOT: &str = "wardkey, as root";
pub(crate) const BY_HELPER: &str = "wardkey, by the helper";
pub(crate) const FLOODED: &str = "wardkey, by the helper, flooded";
pub(crate) const UNIX_AS_ROOT: &str = "pam_unix, as root";
pub(crate) const UNIX_BY_HELPER: &str = "pam_unix, by unix_chkpwd";
pub(crate) const CODE_AS_ROOT: &str = "code and setcred, as root";
pub(crate) const GRACE_AS_ROOT: &str = "grace and setcred, as root";
pub(crate) const CODE_BY_HELPER: &str = "code and setcred, by the helper";
pub(crate) const GRACE_BY_HELPER: &str = "grace and setcred, by the helper";

/// Both tables, or those whose name contains `only`.
pub(crate) fn run(bench: &Bench, helper: &Path, effort: Effort, only: &str) -> io::Result<Vec<Table>> {
    let tables = [(ALONE, effort.rounds(200, 4, 15)), (AT_ONCE, effort.rounds(60, 4, 15))];
    let mut made = Vec::new();
    for (name, rounds) in tables.into_iter().filter(|(name, _)| name.contains(only)) {
        eprintln!("{name} ...");
        let site = Rc::new(Site::make(bench, helper)?);
        let mut lanes = if name == ALONE { alone(&site) } else { at_once(&site) };
        let mut turns = || take_turns(&mut lanes, WARM_UP, rounds, &bench.syslog);
        let rows = if name == ALONE { turns()? } else { bench.syslog.taking(turns)? };
        made.push(Table { name, rounds, rows, beside: UNIX_BY_HELPER });
    }
    Ok(made)
}

/// Rounds before the first that counts.
const WARM_UP: usize = 5;

/// What is compared in either table.
const CHECKS: [(&str, Door, By); 4] = [
    (AS_ROOT, Door::Wardkey, By::Root),
    (BY_HELPER, Door::Wardkey, By::Person),
    (UNIX_AS_ROOT, Door::Unix, By::Root),
    (UNIX_BY_HELPER, Door::Unix, By::Person),
];

fn alone(site: &Rc<Site>) -> Vec<Box<dyn Lane>> {
    let mut lanes: Vec<Box<dyn Lane>> = Vec::new();
    for (name, door, by) in CHECKS {
        lanes.push(Box::new(Screen { name, site: Rc::clone(site), door, by, turn: 0 }));
    }
    for (name, reopening, by) in [
        (CODE_AS_ROOT, Reopening::Code, By::Root),
        (GRACE_AS_ROOT, Reopening::Grace, By::Root),
        (CODE_BY_HELPER, Reopening::Code, By::Person),
        (GRACE_BY_HELPER, Reopening::Grace, By::Person),
    ] {
        lanes.push(Box::new(Seat { name, site: Rc::clone(site), reopening, by, turn: 0 }));
    }
    lanes
}

fn at_once(site: &Rc<Site>) -> Vec<Box<dyn Lane>> {
    let checks = CHECKS.map(|(name, door, by)| (name, door, by, false));
    let all = checks.into_iter().chain([(FLOODED, Door::Wardkey, By::Person, true)]);
    all.map(|(name, door, by, is_flooded)| -> Box<dyn Lane> {
        Box::new(AtOnce { name, site: Rc::clone(site), door, by, is_flooded })
    })
    .collect()
}
