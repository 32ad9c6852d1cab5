//! `config check`

use super::{Command, Ended};
use crate::failure::{Failure, Kind};
use crate::office::Office;
use crate::reach::root_is_reachable;
use crate::show::InForce;
use serde::Serialize;
use std::ffi::OsStr;
use wardkey_core::account::{Account, Accounts};
use wardkey_core::seal::SealingKey;
use wardkey_core::store::Store;

/// Reads the configuration, prints what is in force and what to look at
#[derive(Debug, clap::Args)]
pub(crate) struct ConfigCheck {}

#[derive(Serialize)]
struct Answer {
    config: serde_json::Value,
    warnings: Vec<String>,
}

impl Command for ConfigCheck {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        check_groups(office)?;
        let warnings = [without_effect(office), over(office), not_made(office)].concat();
        let in_force = InForce::of(&office.config);
        let answer = Answer { config: in_force.to_json(), warnings };
        office.console.answer(&answer, || {
            format!("{}\n\n{}", office.text.config_sound(), in_force.to_toml().trim_end())
        });
        if !office.console.is_json() {
            answer.warnings.iter().for_each(|warning| office.warn(warning));
        }
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

/// A group that does not resolve makes everybody concerned and nobody exempt: surely not what was meant.
fn check_groups(office: &Office) -> Result<(), Failure> {
    let text = &office.text;
    let policy = office.config.policy.groups.iter().map(|group| ("policy.groups", group));
    let exempt =
        office.config.exempt.iter().filter_map(|e| e.group.as_ref()).map(|group| ("exempt.group", group));
    let root = Account { name: office.name(Some(OsStr::new("root")))?, uid: 0, gid: 0 };
    for (key, group) in policy.chain(exempt) {
        office
            .accounts
            .is_member(&root, group)
            .map_err(|e| Failure::new(Kind::Config, text.unknown_group(key, &e.0), text.name_real_group()))?;
    }
    Ok(())
}

fn without_effect(office: &Office) -> Vec<String> {
    let mut warnings = Vec::new();
    for (name, service) in &office.config.service {
        if service.enroll {
            warnings.push(office.text.enroll_not_yet(name));
        }
        if service.unlock_grace.is_some() {
            warnings.push(office.text.grace_not_yet(name));
        }
    }
    warnings
}

fn over(office: &Office) -> Vec<String> {
    let text = &office.text;
    let today = office.now().local().date();
    let past = office.config.exempt.iter().filter(|exempt| exempt.until.0 < today);
    let mut warnings: Vec<String> =
        past.map(|exempt| text.exemption_past(exempt.reason.as_str(), &exempt.until.to_string())).collect();
    if let Some(day) = office.config.policy.enroll_by.filter(|day| day.0 < today) {
        warnings.push(text.rollout_over(&day.to_string()));
    }
    warnings
}

fn not_made(office: &Office) -> Vec<String> {
    let text = &office.text;
    let mut warnings = Vec::new();
    if let Err(error) = office.store.users() {
        warnings.push(format!("{}. {}", text.store_error(&error), text.store_remedy(&error)));
    }
    if let Err(error) = SealingKey::load(&office.config.seal_key()) {
        warnings.push(format!("{}. {}", text.key_error(&error), text.key_remedy(&error)));
    }
    if !root_is_reachable(office) {
        warnings.push(text.nobody_becomes_root());
    }
    warnings
}
