//! Every service, and what lies beside it.

use super::fault::StackFault;
use super::finding::Finding;
use super::programs::sort;
use super::stacks::{About, faults, lets_in};
use super::{enrols_nobody, finding, nothing_asks};
use crate::profile::Profile;
use crate::services::{MODULE, Services, bad_start, is_left_over, is_ours};
use crate::text::Text;
use pam_stack::{Found, Kind, Module, OTHER, Root, Service, Trouble};
use std::collections::BTreeSet;
use std::path::Path;
use wardkey_core::policy::config::nearest;

/// What is to be said of the PAM files below `root`; of these services alone, unless none is named.
pub(crate) fn survey(
    root: &Root,
    services: &Services,
    about: &About<'_>,
    only: &[String],
    text: &Text,
) -> Vec<Finding> {
    let is_meant = |name: &str| only.is_empty() || only.iter().any(|meant| meant == name);
    let any_asks = !services.asking().is_empty();
    // Somebody who names a service wants to know whether it asks.
    let is_missed = any_asks || !only.is_empty();
    let mut told = BTreeSet::new();
    let mut findings = Vec::new();
    for (name, service) in
        services.programs().filter(|(name, service)| is_meant(name) && *name == service.name)
    {
        let faults = of_service(root, service, about, is_missed);
        // A line of an included file is wrong once, and not in each service; so is a module that is missing.
        let new = faults.iter().filter(|fault| match fault {
            StackFault::Misread(remark) | StackFault::Refused(Some(remark)) => {
                told.insert(remark.place.to_string())
            }
            StackFault::BadStart(place, _) => told.insert(place.to_string()),
            StackFault::NoModule(_, path) | StackFault::Misspelt(_, path) => told.insert(path.clone()),
            _ => true,
        });
        findings.extend(new.map(|fault| finding(text, name, fault)));
    }
    let unfiled = without_file(services, about).into_iter();
    let unfiled = unfiled.filter(|(plain, login)| is_meant(plain) || is_meant(login));
    findings.extend(unfiled.map(|(_, login)| finding(text, login, &StackFault::NoFile)));
    findings.extend(
        beside(root).into_iter().filter(|(name, _)| is_meant(name)).map(|(name, f)| finding(text, &name, &f)),
    );
    let profile = Profile::of(root);
    if only.is_empty() && services.programs().any(|(_, service)| profile.asks_in(service)) {
        findings.push(enrols_nobody(text));
    }
    if !any_asks && only.is_empty() {
        findings.push(nothing_asks(text));
    }
    findings
        .sort_by(|one, other| other.severity.cmp(&one.severity).then_with(|| one.place.cmp(&other.place)));
    findings
}

/// Every fault of a service that asks, or should.
pub(crate) fn faults_of(root: &Root, service: &Service, about: &About<'_>) -> Vec<StackFault> {
    of_service(root, service, about, true)
}

fn of_service(root: &Root, service: &Service, about: &About<'_>, is_missed: bool) -> Vec<StackFault> {
    let is_asked = asks(service);
    if sort(&service.name).is_none() && !names_us(service) && misspelt(service, about).is_none() {
        return Vec::new();
    }
    if service.is_refused {
        return vec![StackFault::Refused(
            service.remarks.iter().find(|remark| remark.trouble != Trouble::NoOther).cloned(),
        )];
    }
    if !service.is_there {
        return vec![StackFault::NotOpened];
    }
    let mut found: Vec<StackFault> = service.remarks.iter().cloned().map(StackFault::Misread).collect();
    let another = Service::load(root, &service.name, root.reader().other());
    if Kind::ALL.into_iter().any(|kind| another.stack(kind) != service.stack(kind)) {
        found.push(StackFault::ReadInTwoWays);
    }
    found.extend(misspelt(service, about));
    if service.comes_from_other(Kind::Auth) && found.is_empty() {
        found.push(StackFault::OtherAnswers);
    }
    found.extend(bad_start(service).map(|(place, wrong)| StackFault::BadStart(place, wrong)));
    if is_asked {
        found.extend(faults(service, about).into_iter().filter(|fault| !is_of_profile(root, service, fault)));
    } else if is_missed && lets_in(service, about) {
        found.push(StackFault::NotAsked);
    }
    found
}

/// pam-auth-update's profile has no password line, which is said once for the machine.
fn is_of_profile(root: &Root, service: &Service, fault: &StackFault) -> bool {
    *fault == StackFault::Missing(Kind::Password) && Profile::of(root).asks_in(service)
}

/// A line that means our module, and does not name it.
fn misspelt(service: &Service, about: &About<'_>) -> Option<StackFault> {
    let mut lines = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind)).filter(|line| !is_ours(line));
    lines.find_map(|line| {
        let Module::Named(path) = &line.module else { return None };
        let is_slip = nearest(line.module_name()?, std::iter::once(MODULE)).is_some();
        (is_slip && !(about.has_module)(path)).then(|| StackFault::Misspelt(line.place.clone(), path.clone()))
    })
}

/// What `sudo -i` and `su -` are where they have no file of their own: `other` answers, and asks for no code. Each behind the
/// service that is there.
fn without_file(services: &Services, about: &About<'_>) -> Vec<(&'static str, &'static str)> {
    let opens = services.get(OTHER).is_some_and(|other| !asks(other) && lets_in(other, about));
    let pairs = [("sudo", "sudo-i"), ("su", "su-l")].into_iter();
    let bare =
        pairs.filter(|(plain, login)| services.get(plain).is_some_and(asks) && services.get(login).is_none());
    bare.filter(|_| opens).collect()
}

fn asks(service: &Service) -> bool {
    service.stack(Kind::Auth).iter().any(crate::services::asks)
}

/// Whether a line of ours stands in the service's own file: one that only includes such a line may never ask anybody.
fn names_us(service: &Service) -> bool {
    let lines = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind)).filter(|line| is_ours(line));
    lines.into_iter().any(|line| line.place.file.file_name() == Some(service.name.as_ref()))
}

/// Files that libpam does not read, beside or instead of files with our lines.
fn beside(root: &Root) -> Vec<(String, StackFault)> {
    let names = root.names().unwrap_or_default();
    let name_of = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_lost = |name: &&String| name.to_lowercase() != **name && sort(&name.to_lowercase()).is_some();
    let capitals = names.iter().filter(is_lost);
    let unread = root.never_read().into_iter().chain(capitals.flat_map(|name| root.all_of(name)));
    let unread = unread.filter(|path| reads_ours(root, path));
    let mut found: Vec<_> =
        unread.map(|path| (name_of(&path).to_lowercase(), StackFault::NeverRead(path))).collect();
    for name in &names {
        let paths = root.all_of(name);
        let has_ours = |path: &Path| reads_ours(root, path);
        if let Some((first, later)) = paths.split_first()
            && !has_ours(first)
        {
            let shadowed = later.iter().find(|path| has_ours(path));
            found.extend(shadowed.map(|path| (name.clone(), StackFault::Shadowed(path.clone()))));
        }
        let newer = [".dpkg-dist", ".dpkg-new", ".ucf-dist", ".rpmnew", ".pacnew"];
        let base = newer.iter().find_map(|end| name.strip_suffix(end)).filter(|_| is_left_over(name));
        if let Some((base, path)) = base.zip(paths.first())
            && root.all_of(base).first().is_some_and(|path| has_ours(path))
        {
            found.push((base.to_owned(), StackFault::LeftBeside(path.clone())));
        }
    }
    found
}

fn reads_ours(root: &Root, path: &Path) -> bool {
    matches!(root.service_file(&path.display().to_string()), Some(Found::File(_, text)) if has_our_line(&text))
}

fn has_our_line(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.lines().any(|line| line.split('#').next().is_some_and(|line| line.contains(MODULE)))
}

#[cfg(test)]
#[path = "survey_tests.rs"]
mod tests;
