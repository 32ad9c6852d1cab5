//! `init`

use super::{Command, Ended};
use crate::context::Context;
use crate::directories::{Presence, ensure, ensure_of};
use crate::failure::{Failure, Kind, is_of_the_disk};
use crate::keys::sealed_people;
use crate::lockout;
use crate::text::Text;
use nix::sys::stat::Mode;
use serde::Serialize;
use std::ffi::OsStr;
use std::os::fd::AsFd;
use std::path::Path;
use wardkey_core::policy::config::KeyPlace;
use wardkey_core::record::seal::{SealError, SealingKey};
use wardkey_core::store::{FOR_EVERYBODY, write_new};
use wardkey_core::system::machine_id;
use wardkey_core::system::trusted_file::{Readers, Untrusted};

/// Make the state directories and the sealing key where they are missing; never replace anything
#[derive(Debug, clap::Args)]
pub(crate) struct Init {}

#[derive(Default, Serialize)]
struct Answer {
    made: Vec<String>,
    present: Vec<String>,
    warnings: Vec<String>,
}

impl Answer {
    fn note(&mut self, found: Presence, path: &Path) {
        let list = if found == Presence::Made { &mut self.made } else { &mut self.present };
        list.push(path.display().to_string());
    }
}

impl Command for Init {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let mut answer = Answer::default();
        make_all(context, &mut answer).map_err(|failure| failure.after(text, &answer.made))?;
        answer.warnings.extend(lockout::warning(context));
        if !answer.made.is_empty() {
            context.audit.done_alone("init", &answer.made.join(" "));
        }
        let key = context.config.seal_key().display().to_string();
        let is_new_key = answer.made.contains(&key);
        let lines =
            |make: &dyn Fn(&str) -> String, list: &[String]| list.iter().map(|p| make(p)).collect::<Vec<_>>();
        context.console.answer(&answer, || {
            let made = lines(&|path| text.made(path), &answer.made);
            let advice = is_new_key.then(|| text.back_up_key(&key)).into_iter().collect();
            [made, lines(&|path| text.present(path), &answer.present), advice].concat().join("\n")
        });
        if !context.console.is_json() {
            answer.warnings.iter().for_each(|warning| context.warn(warning));
        }
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("init", None))
    }
}

fn make_all(context: &Context, answer: &mut Answer) -> Result<(), Failure> {
    let root = context.config.store.path.path();
    let whose = (context.config.owner(), Readers::RootOnly);
    for path in [root.clone(), root.join("users")] {
        let made = ensure_of(&path, Mode::S_IRWXU, whose);
        answer.note(made.map_err(|e| unmade(context, &e))?.0, &path);
    }
    ensure_spare(context, answer)?;
    ensure_origin(context, answer)?;
    ensure_key(context, answer)?;
    if let Some(log) = context.config.log.audit_file.path().parent() {
        let made = ensure(log, Mode::from_bits_truncate(0o750), Readers::Anyone);
        answer.note(made.map_err(|e| unmade(context, &e))?.0, log);
    }
    Ok(())
}

fn unmade(context: &Context, error: &Untrusted) -> Failure {
    let kind = if is_of_the_disk(error) { Kind::Store } else { Kind::State };
    Failure::new(kind, &context.text, |t| (t.untrusted(error), t.mend(error)))
}

/// The file that a wrong code of somebody without a record is written to. A login would make it too, if the disk has room.
fn ensure_spare(context: &Context, answer: &mut Answer) -> Result<(), Failure> {
    let (path, is_new) = context.store.make_spare().map_err(|e| Failure::store(&context.text, &e))?;
    answer.note(if is_new { Presence::Made } else { Presence::Present }, &path);
    Ok(())
}

/// By which `doctor` tells a state that was copied from another machine; a machine without an id has no such file.
fn ensure_origin(context: &Context, answer: &mut Answer) -> Result<(), Failure> {
    let Some(mark) = machine_id::mark(Path::new(machine_id::FILE)) else { return Ok(()) };
    let is_new = context.store.note_origin(&mark).map_err(|e| Failure::store(&context.text, &e))?;
    answer.note(if is_new { Presence::Made } else { Presence::Present }, &context.store.origin_path());
    Ok(())
}

/// A key that is there is only looked at: replacing it would shut every authenticator out.
fn ensure_key(context: &Context, answer: &mut Answer) -> Result<(), Failure> {
    let text = &context.text;
    let path = context.config.seal_key();
    match context.config.sealing_key() {
        Ok(_) => {
            answer.note(Presence::Present, &path);
            return Ok(());
        }
        Err(SealError::File(e)) if e.is_missing() => {}
        Err(e) => return Err(Failure::key(text, &e)),
    }
    if matches!(context.config.seal.key, KeyPlace::Credential(_)) {
        let shown = path.display().to_string();
        return Err(Failure::new(Kind::Key, text, |t| {
            (t.cannot_make_credential(&shown), t.make_credential())
        }));
    }
    make_key(context, &path)?;
    answer.note(Presence::Made, &path);
    let orphans = sealed_people(context);
    if orphans > 0 {
        answer.warnings.push(text.new_key_over_old_records(orphans));
    }
    Ok(())
}

fn make_key(context: &Context, path: &Path) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let cannot = |why: &dyn Fn(&Text) -> (String, String)| {
        Failure::new(Kind::Key, &context.text, |t| (t.cannot_make(&shown, &why(t).0), why(t).1))
    };
    let key = SealingKey::generate().map_err(|_| cannot(&|t| (t.no_entropy(), t.try_again_later())))?;
    let parent = path.parent().unwrap_or(Path::new("/"));
    let (_, dir) = ensure(parent, FOR_EVERYBODY, Readers::Anyone).map_err(|e| unmade(context, &e))?;
    let name = path
        .file_name()
        .and_then(OsStr::to_str)
        .ok_or_else(|| cannot(&|t| (t.not_a_name(), t.correct_config())))?;
    write_new(dir.as_fd(), name, path, key.to_file().as_bytes())
        .map_err(|e| cannot(&|t| (t.store_error(&e), t.store_remedy(&e))))
}
