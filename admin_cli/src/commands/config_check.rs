//! `config check`

use super::config_files::{self, is_missing_store};
use super::{Command, Ended};
use crate::everybody::Everybody;
use crate::failure::{Failure, Kind};
use crate::keys;
use crate::office::Office;
use crate::one_field;
use crate::reach;
use crate::services::{self, Services};
use crate::show::InForce;
use crate::text::shell_word;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use wardkey_core::grace::Kernel;
use wardkey_core::login::obeys_account;
use wardkey_core::policy::account::{Account, Accounts, LookupError};
use wardkey_core::policy::config::{Config, Exempt};
use wardkey_core::printable::escaped;
use wardkey_core::system::trusted_file::{Readers, open_dir};
use wardkey_core::user::UserName;

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
        judge(office)?;
        let unread = judge_services(office)?;
        let everybody = Everybody::read(office);
        config_files::judge(office, &everybody)?;
        let in_force = InForce::of(&office.config);
        let warnings = [unread, warnings(office, &everybody)].concat();
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

/// A line `start` that is not the first would make a refusal void. The answer warns of what could not be looked at.
fn judge_services(office: &Office) -> Result<Vec<String>, Failure> {
    let (services, unread) = services::all();
    if let Some(line) = services.misplaced() {
        let place = (line.file.display().to_string(), line.number.to_string());
        return Err(Failure::new(Kind::Config, &office.text, |text| {
            (text.start_line(&place.0, &place.1, &line.service, line.wrong), text.start_remedy())
        }));
    }
    Ok(unread.iter().map(|why| office.text.service_unread(&office.text.store_error(why))).collect())
}

/// What to look at in a sound configuration.
pub(super) fn warnings(office: &Office, everybody: &Everybody) -> Vec<String> {
    let services = services::all().0;
    let two_prompts = one_field::asked_twice(&office.config, &services);
    let two_prompts = two_prompts.into_iter().map(|name| office.text.two_prompts(name)).collect();
    let void = config_files::void(office, &services);
    [
        unsaid(office),
        without_effect(office),
        two_prompts,
        over(office),
        of_nobody(office),
        of_no_service(office, &services),
        void,
        not_made(office, everybody),
    ]
    .concat()
}

/// A group that does not resolve makes everybody concerned and nobody exempt: surely not what was meant. So does a look-up
/// that fails. And what this machine cannot keep is refused. What is past is only warned of.
pub(super) fn judge(office: &Office) -> Result<(), Failure> {
    let policy = office.config.policy.groups.iter().map(|group| ("policy.groups", group));
    let exempt = present(office).filter_map(|e| e.group.as_ref()).map(|group| ("exempt.group", group));
    let root = Account { name: office.name(Some(OsStr::new("root")))?, uid: 0, gid: 0 };
    for (key, group) in policy.chain(exempt) {
        office.accounts.is_member(&root, group).map_err(|e| unresolved(office, (key, group), &e))?;
    }
    config_files::judge_socket(office)?;
    for user in present(office).filter_map(|e| e.user.as_deref()) {
        exempt_account(office, user).map_err(|e| unanswered(office, user, &e))?;
    }
    enrols_at_logins(office)
}

/// The exemptions whose day has not passed.
fn present(office: &Office) -> impl Iterator<Item = &Exempt> {
    let today = office.now().local().date();
    office.config.exempt.iter().filter(move |exempt| exempt.until.0 >= today)
}

/// The account of an exempt user, by whichever of its names; a name that nobody can have has none.
fn exempt_account(office: &Office, user: &str) -> Result<Option<Account>, LookupError> {
    UserName::new(user.as_bytes()).map_or(Ok(None), |name| office.accounts.find(&name))
}

/// Exemptions of users whom nobody finds: misspelt, deleted, or of a directory that does not run.
fn of_nobody(office: &Office) -> Vec<String> {
    let users = present(office).filter_map(|exempt| exempt.user.as_deref());
    let lost = users.filter(|user| matches!(exempt_account(office, user), Ok(None)));
    lost.map(|user| office.text.exempts_nobody_found(&escaped(user), &shell_word(&escaped(user)))).collect()
}

/// Exemptions in services that no PAM file has.
fn of_no_service(office: &Office, services: &Services) -> Vec<String> {
    let named = present(office).filter_map(|exempt| exempt.service.as_ref()).flatten();
    let lost: BTreeSet<&String> = named.filter(|name| !services.has(name)).collect();
    lost.into_iter().map(|name| office.text.exempts_no_service(&escaped(name))).collect()
}

/// Where sessions have no number, a person with the password alone could enrol at an unlock; the module enrols nobody there.
fn enrols_at_logins(office: &Office) -> Result<(), Failure> {
    let mut enrolling = office.config.service.iter().filter(|(_, service)| service.enroll);
    match enrolling.find(|(name, _)| !obeys_account(name)) {
        Some((name, _)) if !Kernel::default().tells_sessions() => {
            Err(Failure::new(Kind::Config, &office.text, |t| {
                (t.sessions_unknown(name), t.enroll_by_console())
            }))
        }
        _ => Ok(()),
    }
}

fn unresolved(office: &Office, (key, group): (&str, &str), error: &LookupError) -> Failure {
    Failure::new(Kind::Config, &office.text, |t| {
        let place = office.config_place(t, key, group);
        (t.unknown_group(&place, &t.lookup_error(error)), t.name_real_group())
    })
}

fn unanswered(office: &Office, user: &str, error: &LookupError) -> Failure {
    Failure::new(Kind::Config, &office.text, |t| {
        let place = office.config_place(t, "exempt.user", user);
        (t.unknown_group(&place, &t.lookup_error(error)), t.check_accounts())
    })
}

/// What every site should say of itself.
fn unsaid(office: &Office) -> Vec<String> {
    let (config, text) = (&office.config, &office.text);
    let no_support = config.support.as_str().is_empty().then(|| text.no_support());
    let is_default = config.issuer.as_str() == Config::default().issuer.as_str();
    no_support.into_iter().chain(is_default.then(|| text.default_issuer())).collect()
}

fn is_missing(directory: &Path) -> bool {
    open_dir(None, directory, directory, Readers::Anyone).is_err_and(|e| e.is_missing())
}

/// Services whose programs do not call the door at which people enrol.
const ENROL_NOBODY: [&str; 11] = [
    "greetd",
    "sddm",
    "polkit-1",
    "xrdp-sesman",
    "i3lock",
    "swaylock",
    "xscreensaver",
    "xsecurelock",
    "vlock",
    "kde",
    "hyprlock",
];

/// Services that open more than the session in front of which somebody sits.
const NO_SCREEN: [&str; 5] = ["sudo", "sudo-i", "su", "su-l", "polkit-1"];

fn without_effect(office: &Office) -> Vec<String> {
    let enrolling = office.config.service.iter().filter(|(_, service)| service.enroll);
    let in_vain = enrolling.filter(|(name, _)| ENROL_NOBODY.contains(&name.as_str()));
    let in_vain = in_vain.map(|(name, _)| office.text.enrols_nobody(name));
    let graceful = office.config.service.iter().filter(|(_, service)| service.unlock_grace.is_some());
    let beyond = graceful.filter(|(name, _)| NO_SCREEN.contains(&name.as_str()));
    in_vain.chain(beyond.map(|(name, _)| office.text.grace_beyond_screens(name))).collect()
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

fn not_made(office: &Office, everybody: &Everybody) -> Vec<String> {
    let text = &office.text;
    let mut warnings = Vec::new();
    if let Some(error) = everybody.failed.as_ref().filter(|error| is_missing_store(error)) {
        warnings.push(format!("{}. {}", text.store_error(error), text.store_remedy(error)));
    }
    warnings.extend(keys::unneeded(office, everybody));
    warnings.extend(keys::short(office, everybody));
    let audit_file = office.config.log.audit_file.path();
    if let Some(log) = audit_file.parent().filter(|log| is_missing(log)) {
        warnings.push(text.no_audit_directory(&log.display().to_string()));
    }
    warnings.extend(reach::warning(office));
    warnings
}
