//! `config check`

use super::config_files::{self, is_missing_store};
use super::enable::failure as switching_failure;
use super::service_names::hint;
use super::{Command, Ended};
use crate::context::Context;
use crate::enable::{NoJournal, look};
use crate::everybody::Everybody;
use crate::failure::{Failure, Kind};
use crate::keys;
use crate::lockout;
use crate::one_field;
use crate::services::{self, Services};
use crate::show::InForce;
use crate::text::shell_word;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use wardkey_core::grace::Kernel;
use wardkey_core::login::{SWITCHING_STATE, obeys_account};
use wardkey_core::policy::account::{Account, Accounts, LookupError};
use wardkey_core::policy::config::{Config, Exempt, Origin, Retired};
use wardkey_core::printable::escaped;
use wardkey_core::system::trusted_file::{Readers, open_dir};
use wardkey_core::user::UserName;

/// Read the configuration, and print what is in force and what to look at
#[derive(Debug, clap::Args)]
pub(crate) struct ConfigCheck {}

#[derive(Serialize)]
struct Answer {
    config: serde_json::Value,
    origins: serde_json::Value,
    warnings: Vec<String>,
}

impl Command for ConfigCheck {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        judge(context)?;
        let unread = judge_services(context)?;
        let everybody = Everybody::read(context);
        config_files::judge(context, &everybody)?;
        judge_journal(context)?;
        let in_force = InForce::of(&context.config);
        let warnings = [unread, warnings(context, &everybody)].concat();
        let origins = context.layers.origins();
        let answer =
            Answer { config: in_force.to_json(), origins: in_force.origins_to_json(&origins), warnings };
        let text = &context.text;
        let note = |way: &[String]| match origins.place(way) {
            Some(at) => text.file_and_line(&at.file.display().to_string(), &at.line.to_string()),
            None => text.built_in(),
        };
        context
            .console
            .answer(&answer, || format!("{}\n\n{}", text.config_sound(), in_force.to_toml(note).trim_end()));
        if !context.console.is_json() {
            answer.warnings.iter().for_each(|warning| context.warn(warning));
        }
        Ok(Ended::Done)
    }

    fn needs_records(&self) -> bool {
        false
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

/// A line `start` that is not the first would make a refusal void. The answer warns of what could not be looked at.
fn judge_services(context: &Context) -> Result<Vec<String>, Failure> {
    let (services, unread) = services::all();
    if let Some(line) = services.misplaced() {
        let place = (line.file.display().to_string(), line.number.to_string());
        return Err(Failure::new(Kind::Config, &context.text, |text| {
            (text.start_line(&place.0, &place.1, &line.service, line.wrong), text.start_remedy())
        }));
    }
    Ok(unread.iter().map(|what| context.text.service_unread(what)).collect())
}

/// What is switched on, as another version may have written it: before it is unpacked, a package asks this of its own version.
fn judge_journal(context: &Context) -> Result<(), Failure> {
    match look(Path::new(SWITCHING_STATE)) {
        Err(unread @ (NoJournal::Damaged(_) | NoJournal::Newer(_))) => {
            Err(switching_failure(&context.text, &unread.into()))
        }
        _ => Ok(()),
    }
}

/// What to look at in a sound configuration.
pub(super) fn warnings(context: &Context, everybody: &Everybody) -> Vec<String> {
    let services = services::all().0;
    let two_prompts = one_field::asked_twice(&context.config, &services);
    let two_prompts = two_prompts.into_iter().map(|name| context.text.two_prompts(name)).collect();
    let void = config_files::void(context, &services);
    [
        unsaid(context),
        retired(context),
        without_effect(context),
        two_prompts,
        over(context),
        of_nobody(context),
        of_no_service(context, &services),
        void,
        not_made(context, everybody),
    ]
    .concat()
}

/// A group that does not resolve makes everybody concerned and nobody exempt: surely not what was meant. So does a look-up
/// that fails. And what this machine cannot keep is refused. What is past is only warned of.
pub(super) fn judge(context: &Context) -> Result<(), Failure> {
    let policy = context.config.policy.groups.iter().map(|group| ("policy.groups", group));
    let exempt = present(context).filter_map(|e| e.group.as_ref()).map(|group| ("exempt.group", group));
    let root = Account { name: context.name(Some(OsStr::new("root")))?, uid: 0, gid: 0 };
    for (key, group) in policy.chain(exempt) {
        context.accounts.is_member(&root, group).map_err(|e| unresolved(context, (key, group), &e))?;
    }
    config_files::judge_socket(context)?;
    for user in present(context).filter_map(|e| e.user.as_deref()) {
        exempt_account(context, user).map_err(|e| unanswered(context, user, &e))?;
    }
    enrols_at_logins(context)
}

/// The exemptions whose day has not passed.
fn present(context: &Context) -> impl Iterator<Item = &Exempt> {
    let today = context.now().local().date();
    context.config.exempt.iter().filter(move |exempt| exempt.until.0 >= today)
}

/// The account of an exempt user, by whichever of its names; a name that nobody can have has none.
fn exempt_account(context: &Context, user: &str) -> Result<Option<Account>, LookupError> {
    UserName::new(user.as_bytes()).map_or(Ok(None), |name| context.accounts.find(&name))
}

/// Exemptions of users whom nobody finds: misspelt, deleted, or of a directory that does not run.
fn of_nobody(context: &Context) -> Vec<String> {
    let users = present(context).filter_map(|exempt| exempt.user.as_deref());
    let lost = users.filter(|user| matches!(exempt_account(context, user), Ok(None)));
    lost.map(|user| context.text.exempts_nobody_found(&escaped(user), &shell_word(&escaped(user)))).collect()
}

/// Exemptions in services that no PAM file has.
fn of_no_service(context: &Context, services: &Services) -> Vec<String> {
    let named = present(context).filter_map(|exempt| exempt.service.as_ref()).flatten();
    let lost: BTreeSet<&String> = named.filter(|name| !services.has(name)).collect();
    let text = &context.text;
    lost.into_iter()
        .map(|name| text.exempts_no_service(&escaped(name), &hint(text, services, name)))
        .collect()
}

/// Where sessions have no number, a person with the password alone could enrol at an unlock; the module enrols nobody there.
fn enrols_at_logins(context: &Context) -> Result<(), Failure> {
    let mut enrolling = context.config.service.iter().filter(|(_, service)| service.enroll);
    match enrolling.find(|(name, _)| !obeys_account(name)) {
        Some((name, _)) if !Kernel::default().tells_sessions() => {
            Err(Failure::new(Kind::Config, &context.text, |t| {
                (t.sessions_unknown(name), t.enroll_by_console())
            }))
        }
        _ => Ok(()),
    }
}

fn unresolved(context: &Context, (key, group): (&str, &str), error: &LookupError) -> Failure {
    Failure::new(Kind::Config, &context.text, |t| {
        let place = context.config_place(t, key, group);
        (t.unknown_group(&place, &t.lookup_error(error)), t.name_real_group())
    })
}

fn unanswered(context: &Context, user: &str, error: &LookupError) -> Failure {
    Failure::new(Kind::Config, &context.text, |t| {
        let place = context.config_place(t, "exempt.user", user);
        (t.unknown_group(&place, &t.lookup_error(error)), t.check_accounts())
    })
}

/// What every site should say of itself.
fn unsaid(context: &Context) -> Vec<String> {
    let (config, text) = (&context.config, &context.text);
    let no_support = config.support.as_str().is_empty().then(|| text.no_support());
    // Nobody gets an entry in their app at a seat.
    let is_default = !config.store.is_seat() && config.issuer.as_str() == Config::default().issuer.as_str();
    no_support.into_iter().chain(is_default.then(|| text.default_issuer())).collect()
}

/// Keys that will be refused one day.
fn retired(context: &Context) -> Vec<String> {
    let text = &context.text;
    let said = |(retired, at): &(Retired, Origin)| {
        let place = text.at_line(&at.file.display().to_string(), at.line, retired.key);
        text.key_retired(&place, retired.instead, retired.refused_in)
    };
    context.layers.retired().iter().map(said).collect()
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

fn without_effect(context: &Context) -> Vec<String> {
    let enrolling = context.config.service.iter().filter(|(_, service)| service.enroll);
    let in_vain = enrolling.filter(|(name, _)| ENROL_NOBODY.contains(&name.as_str()));
    let in_vain = in_vain.map(|(name, _)| context.text.enrols_nobody(name));
    let graceful = context.config.service.iter().filter(|(_, service)| service.unlock_grace.is_some());
    let beyond = graceful.filter(|(name, _)| NO_SCREEN.contains(&name.as_str()));
    in_vain.chain(beyond.map(|(name, _)| context.text.grace_beyond_screens(name))).collect()
}

fn over(context: &Context) -> Vec<String> {
    let text = &context.text;
    let today = context.now().local().date();
    let past = context.config.exempt.iter().filter(|exempt| exempt.until.0 < today);
    let mut warnings: Vec<String> =
        past.map(|exempt| text.exemption_past(exempt.reason.as_str(), &exempt.until.to_string())).collect();
    if let Some(day) = context.config.policy.enroll_by.filter(|day| day.0 < today) {
        warnings.push(text.rollout_over(&day.to_string()));
    }
    warnings
}

fn not_made(context: &Context, everybody: &Everybody) -> Vec<String> {
    let text = &context.text;
    let mut warnings = Vec::new();
    if !context.config.store.is_seat() {
        if let Some(error) = everybody.failed.as_ref().filter(|error| is_missing_store(error)) {
            warnings.push(format!("{}. {}", text.store_error(error), text.store_remedy(error)));
        }
        warnings.extend(keys::unneeded(context, everybody));
        warnings.extend(keys::short(context, everybody));
    }
    let audit_file = context.config.log.audit_file.path();
    if let Some(log) = audit_file.parent().filter(|log| is_missing(log)) {
        warnings.push(text.no_audit_directory(&log.display().to_string()));
    }
    warnings.extend(lockout::warning(context));
    warnings
}
