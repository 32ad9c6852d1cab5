//! The machine below wardkey, and wardkey's own files: clock, disks, key, helper, mail, audit file. Each check is silent where it
//! cannot know.

mod ask;
mod clock;
mod container;
pub(crate) mod fault;
mod key;
mod mail;
mod mounts;
mod origin;
mod room;
mod rotation;
mod running;
mod settings;
mod units;
mod versions;

pub(crate) use settings::{refused, unread};

use super::finding::Finding;
use super::modules::Modules;
use crate::context::Context;
use crate::services::MODULE;
use fault::{InstalledFile, MachineFault};
use mounts::Mounts;
use pam_stack::Root;
use std::path::{Path, PathBuf};
use wardkey_core::system::clock::Timestamp;

/// What is wrong with the files of this site, and with the clock; `newest` is the last success of anybody.
pub(crate) fn of_files(context: &Context, root: &Root, newest: Timestamp) -> Vec<Finding> {
    let config = &context.config;
    let (state, audit) = (config.store.path.path(), config.log.audit_file.path());
    let directories: Vec<_> = [Some(state.as_path()), audit.parent()].into_iter().flatten().collect();
    let mut found = clock::faults(root, context.now(), newest);
    found.extend(Mounts::of(root).state(&state));
    found.extend(room::faults(root, &directories));
    found.extend(origin::fault(root, &context.store));
    found.extend(key::fault(root, &config.seal_key(), &state));
    found.extend(mail::faults(root, &config.email));
    found.extend(rotation::fault(root, &audit));
    findings(context, &found)
}

/// Whether a file is on a file system of several machines.
pub(super) fn is_shared(root: &Root, file: &Path) -> bool {
    Mounts::of(root).is_shared(file)
}

/// The helper's program: beside this one, as in a build, or where it is installed.
pub(crate) fn installed_helper() -> Option<PathBuf> {
    let beside = std::env::current_exe().ok()?.with_file_name("wardkey-helper");
    if beside.is_file() { Some(beside) } else { units::helper(&Root::new("/")) }
}

/// What is wrong with the programs, where some service asks for a code.
pub(crate) fn of_programs(context: &Context, root: &Root) -> Vec<Finding> {
    let mounts = Mounts::of(root);
    let mut found = Vec::new();
    if let Some(module) = Modules::of(root).find(MODULE) {
        found.extend(mounts.program(InstalledFile::Module, &module));
        found.extend(versions::of_module(root, &module));
    }
    if let Some(helper) = units::helper(root) {
        found.extend(mounts.program(InstalledFile::Helper, &helper));
        found.extend(versions::of_helper(root, &helper));
        found.extend(running::outdated(root, &helper));
    }
    found.extend(running::answer(context));
    found.extend(units::not_enabled(root));
    findings(context, &found)
}

fn findings(context: &Context, found: &[MachineFault]) -> Vec<Finding> {
    let finding = |fault: &MachineFault| {
        let (id, severity) = fault.about();
        let (what, why, remedy) = context.text.machine_fault(fault);
        Finding { id, severity, place: fault.place(), what, why, remedy }
    };
    found.iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine's files in a directory of their own: each a path and its text.
    pub(super) fn files(files: &[(&str, &str)]) -> tempfile::TempDir {
        let scratch = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = scratch.path().join(path.trim_start_matches('/'));
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        scratch
    }

    /// The same with a program, which another process writes: one that this process has open to write cannot be started.
    pub(super) fn with_program(scratch: &tempfile::TempDir, path: &str, script: &str) {
        let (text, program) =
            (scratch.path().join("script"), scratch.path().join(path.trim_start_matches('/')));
        std::fs::write(&text, format!("#!/bin/sh\n{script}\n")).unwrap();
        let mut install = std::process::Command::new("install");
        assert!(install.args(["-D", "-m", "755"]).args([&text, &program]).status().unwrap().success());
    }

    pub(super) fn ids(faults: &[MachineFault]) -> Vec<&'static str> {
        faults.iter().map(|fault| fault.about().0).collect()
    }
}
