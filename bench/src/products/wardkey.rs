//! wardkey as installed: its shipped configuration with other paths, and records that core itself makes.
//!
//! The files are written straight, not enrolled one by one: a hundred thousand enrolments would wait for the disk
//! half a million times. What is in them is what core would have written.

use super::Product;
use crate::people::{Person, never_comes};
use crate::replies::KEY;
use crate::site::{Plan, make_dir, write_file};
use std::io::{self, Error};
use std::path::Path;
use wardkey_core::credential::Place;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::single_use::{self, Kind, Order, StoredCode};
use wardkey_core::desk::Wanted;
use wardkey_core::policy::config::Config;
use wardkey_core::record::enrolment::{Enrolment, State};
use wardkey_core::record::ledger::{Blocks, Ledger};
use wardkey_core::record::seal::SealingKey;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::testing::{authenticator, phone};
use wardkey_core::user::UserName;

/// The file that says who someone is, in their directory.
pub(crate) const RECORD: &str = "enrolment";

const GENERATION: u64 = 1;
const ENROLLED: Timestamp = Timestamp(1_600_000_000);

pub(crate) fn prepare(plan: &Plan<'_>, codes: &mut Vec<String>) -> io::Result<String> {
    let users = plan.dir.join("wardkey/users");
    make_dir(&users, 0o700)?;
    make_dir(&plan.dir.join("wardkey"), 0o700)?;
    let key = SealingKey::generate().map_err(|_| Error::other("no randomness"))?;
    write_file(&plan.dir.join("seal.key"), 0o600, key.to_file().as_bytes())?;
    let config = plan.dir.join("wardkey.toml");
    write_file(&config, 0o644, configuration(plan)?.as_bytes())?;

    let stored = make_codes(plan.codes, codes)?;
    let mut names = plan.names(Product::Wardkey);
    for person in plan.people {
        if plan.names_only && never_comes(&person.0) {
            names.add(&users.join(&person.0))?;
        } else {
            enrol(plan, person, &key, &stored)?;
        }
    }
    Ok(format!("{} config={}", plan.module.display(), config.display()))
}

fn enrol(plan: &Plan<'_>, (name, uid): &Person, key: &SealingKey, codes: &[StoredCode]) -> io::Result<()> {
    let dir = plan.dir.join("wardkey/users").join(name);
    make_dir(&dir, 0o700)?;
    let enrolment = enrolment(name, *uid, key, codes)?;
    write_file(&dir.join(RECORD), 0o600, &enrolment)?;
    forget(&plan.dir, name)
}

/// Gives someone a ledger in which nothing is spent.
pub(crate) fn forget(dir: &Path, name: &str) -> io::Result<()> {
    let ledger = Blocks::new_file(&Ledger { generation: GENERATION, ..Ledger::default() });
    write_file(&dir.join("wardkey/users").join(name).join("ledger"), 0o600, &ledger)
}

/// The shipped configuration with this site's paths.
fn configuration(plan: &Plan<'_>) -> io::Result<String> {
    let mut text = plan.config.to_owned();
    for (shipped, ours) in [
        ("/var/lib/wardkey", "wardkey"),
        ("/etc/wardkey/seal.key", "seal.key"),
        ("/var/log/wardkey/audit.jsonl", "audit.jsonl"),
    ] {
        let path = plan.dir.join(ours);
        text = text.replacen(&format!("\"{shipped}\""), &format!("{path:?}"), 1);
    }
    let read = Config::parse(text.as_bytes(), "the configuration".as_ref())
        .map_err(|e| Error::other(e.to_string()))?;
    if read.seal_key().starts_with(&plan.dir) && read.store.path.path().starts_with(&plan.dir) {
        Ok(text)
    } else {
        Err(Error::other("the configuration's paths are not the shipped ones"))
    }
}

/// A set of single-use codes, which everyone gets.
fn make_codes(count: usize, typed: &mut Vec<String>) -> io::Result<Vec<StoredCode>> {
    let mut stored = Vec::new();
    for (place, serial) in Place::all().zip(2..).take(count) {
        let order = Order { place, serial, kind: Kind::Recovery, issued: ENROLLED, expires: None };
        let (code, image) = single_use::make(order).map_err(|e| Error::other(e.to_string()))?;
        typed.push(code.to_text().to_string());
        stored.push(image);
    }
    Ok(stored)
}

fn enrolment(name: &str, uid: u32, key: &SealingKey, codes: &[StoredCode]) -> io::Result<Vec<u8>> {
    let user = UserName::new(name.as_bytes()).map_err(|e| Error::other(e.to_string()))?;
    let mut enrolment = Enrolment::new(user.clone(), uid, GENERATION);
    let wanted = Wanted { key: Some(Secret::new(KEY.to_vec())), ..phone() };
    enrolment.authenticators = vec![authenticator(&mut enrolment, key, &wanted, ENROLLED)];
    enrolment.state = State::Enrolled;
    enrolment.enrolled = Some(ENROLLED);
    enrolment.next_serial = 2 + codes.len() as u64;
    enrolment.codes = codes.to_vec();
    Ok(enrolment.to_bytes())
}
