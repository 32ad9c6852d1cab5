//! Which files change, for which services.

use super::authselect::profile;
use super::block::without_blocks;
use super::edit::{Edit, LeftAlone, read, with_our_lines};
use crate::doctor::{About, faults_of, needs_mending, sort};
use crate::one_field::has_one_field;
use crate::profile::Profile;
use crate::services::asks;
use pam_stack::{Kind, Root, Service};
use std::collections::{BTreeMap, BTreeSet};

/// What becomes of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Course {
    /// Its file gets our lines.
    Edited(Edit),
    /// It asks by lines that it has already, or that a service that it includes has.
    Asks,
    /// It asks by lines that pam-auth-update keeps: nothing of ours is on there.
    ByProfile,
    /// It stays as it is.
    LeftAlone(LeftAlone),
}

/// What is done for each service, those included that would break if they were left as they are.
pub(crate) type Plan = BTreeMap<String, Course>;

/// Plans our lines for the services of these names, on a machine whose files may have blocks of ours.
pub(crate) fn plan(root: &Root, names: &BTreeSet<String>, about: &About<'_>) -> Plan {
    let base = without_ours(root);
    let profile = Profile::of(&base);
    let by_profile = |name: &str| profile.asks_in(&Service::load(&base, name, base.reader()));
    let mut machine = base.clone();
    let mut plan = Plan::new();
    let mut due: Vec<&String> = names.iter().collect();
    due.sort_by_key(|name| (has_one_field(name), includes_programs(&base, name)));
    for name in due {
        let course = match course(&base, &machine, name, about) {
            Course::Asks if by_profile(name) => Course::ByProfile,
            // Two prompts lock out everybody who has one field for them.
            Course::LeftAlone(LeftAlone::Faulty(faults)) if by_profile(name) => match has_one_field(name) {
                true => edited(&base, name, about),
                false => Course::LeftAlone(LeftAlone::ByProfile(faults)),
            },
            other => other,
        };
        lay(&mut machine, &course);
        plan.insert(name.clone(), course);
    }
    // A program that only includes one of those asks by that, whether anybody named it or not.
    let unnamed = |name: &String| !names.contains(name) && !by_profile(name);
    for name in base.names().unwrap_or_default().into_iter().filter(unnamed) {
        if sort(&name).is_some() && faulty(&machine, &name, about).is_some() {
            let course = course(&base, &machine, &name, about);
            lay(&mut machine, &course);
            plan.insert(name, course);
        } else if has_ours(&machine, &name) && !has_ours(&base, &name) {
            plan.insert(name, Course::Asks);
        }
    }
    plan
}

/// The faults of a service that asks.
fn faulty(machine: &Root, name: &str, about: &About<'_>) -> Option<Vec<crate::doctor::fault::StackFault>> {
    let service = Service::load(machine, name, machine.reader());
    if !service.stack(Kind::Auth).iter().any(asks) {
        return None;
    }
    let faults = faults_of(machine, &service, about).into_iter().filter(|fault| needs_mending(name, fault));
    Some(faults.collect::<Vec<_>>()).filter(|faults| !faults.is_empty())
}

/// Whether one of its lines asks, its own or another service's.
fn has_ours(root: &Root, name: &str) -> bool {
    Service::load(root, name, root.reader()).stack(Kind::Auth).iter().any(asks)
}

fn course(base: &Root, machine: &Root, name: &str, about: &About<'_>) -> Course {
    if has_ours(machine, name) && !has_one_field(name) || has_ours(base, name) {
        return match faulty(machine, name, about) {
            Some(faults) if has_ours(base, name) => Course::LeftAlone(LeftAlone::Faulty(faults)),
            Some(_) => edited(base, name, about),
            None => Course::Asks,
        };
    }
    edited(base, name, about)
}

fn edited(base: &Root, name: &str, about: &About<'_>) -> Course {
    match with_our_lines(base, name, about) {
        Ok(edit) => Course::Edited(edit),
        Err(why @ LeftAlone::Unproven(_)) => Course::LeftAlone(profile(base, name, about).unwrap_or(why)),
        Err(why) => Course::LeftAlone(why),
    }
}

fn lay(machine: &mut Root, course: &Course) {
    if let Course::Edited(edit) = course {
        machine.lay(&edit.path, Some(edit.after.clone().into_bytes()));
    }
}

/// The machine as it would be without the lines that we put in.
fn without_ours(root: &Root) -> Root {
    let mut base = root.clone();
    for name in root.names().unwrap_or_default() {
        if let Ok((path, text)) = read(root, &name)
            && let Some(rest) = without_blocks(&text).filter(|rest| *rest != text)
        {
            base.lay(path, Some(rest.into_bytes()));
        }
    }
    base
}

/// Whether its file includes another program's service.
fn includes_programs(root: &Root, name: &str) -> bool {
    Service::load(root, name, root.reader()).includes.iter().any(|included| sort(included).is_some())
}

#[cfg(test)]
#[path = "plan_tests.rs"]
pub(super) mod tests;
