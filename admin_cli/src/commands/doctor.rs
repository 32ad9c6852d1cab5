//! `doctor`

use super::asks_no_more::asks_no_more;
use super::config_files::{self, Refusing};
use super::{Command, Ended, config_check};
use crate::context::Context;
use crate::doctor::finding::{Finding, FindingSeverity};
use crate::doctor::sshd::{self, Sshd};
use crate::doctor::{
    machine, of_people, of_sshd, on_this_machine, report, site, survey, unattended, went_back,
};
use crate::everybody::Everybody;
use crate::failure::{Failure, Kind};
use crate::services::{self, Services};
use crate::{keys, lockout, one_field};
use pam_stack::Root;
use serde::Serialize;
use std::ffi::OsStr;
use wardkey_core::printable::escaped;

/// The service of sshd.
const SSHD: &str = "sshd";

/// Look for ways in and lock-outs in this machine's PAM files and sshd, and for what else needs mending
///
/// Exit status: 0 nothing to mend, 1 a warning, 3 a way in or a lock-out.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// Services to look at [default: all]
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
}

#[derive(Serialize)]
struct Answer {
    findings: Vec<Finding>,
}

impl Command for Doctor {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        context.needs_root()?;
        let (findings, services) = self.look(context)?;
        let worst = findings.iter().map(|finding| finding.severity).max();
        let answer = Answer { findings };
        let text = &context.text;
        let looked = match &self.services[..] {
            [] => text.looked_everywhere(services),
            named => named.join(", "),
        };
        let columns = context.console.window().map(|(_, columns)| columns);
        context.console.answer(&answer, || report(text, &answer.findings, &looked, columns));
        Ok(match worst {
            None | Some(FindingSeverity::Note) => Ended::Done,
            Some(FindingSeverity::Warning) => Ended::Refused,
            Some(FindingSeverity::LockOut | FindingSeverity::WayIn) => Ended::Broken,
        })
    }

    fn says_what_is_wrong(&self) -> bool {
        true
    }

    fn needs_records(&self) -> bool {
        false
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

impl Doctor {
    /// The services that are named, as libpam knows them; each has a file, or had one when it was switched on.
    fn named(
        &self,
        context: &Context,
        services: &Services,
        silent: &[(String, Finding)],
    ) -> Result<Vec<String>, Failure> {
        let is_known = |name: &str| services.has(name) || silent.iter().any(|(service, _)| service == name);
        let names: Vec<String> = self.services.iter().map(|name| name.to_ascii_lowercase()).collect();
        if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
            let hint = super::service_names::hint(&context.text, services, unknown);
            return Err(Failure::new(Kind::Refused, &context.text, |t| {
                (t.no_such_pam_service(&escaped(unknown)), hint.clone())
            }));
        }
        Ok(names)
    }

    /// What is found, and how many services there are.
    fn look(&self, context: &Context) -> Result<(Vec<Finding>, usize), Failure> {
        let root = Root::new("/");
        let (services, unread) = services::of(&root);
        let silent = asks_no_more(context, &root);
        let only = self.named(context, &services, &silent)?;
        let is_meant = |service: &str| only.is_empty() || only.iter().any(|name| name == service);
        let sshd =
            (is_meant(SSHD) && services.asking().contains(&SSHD)).then(|| sshd::examine(&root)).flatten();
        unread.iter().for_each(|what| context.warn(&context.text.service_unread(what)));
        let key_came_first = sshd.as_ref().is_some_and(|sshd| sshd.key_comes_first);
        let mut findings = on_this_machine(context, &root, key_came_first, |about| {
            survey(&root, &services, about, &only, &context.text)
        });
        for (_, finding) in silent.into_iter().filter(|(service, _)| is_meant(service)) {
            // What follows from it, and what to do, differ from those of a service that nobody has switched on.
            findings.retain(|other| (other.id, &other.place) != (finding.id, &finding.place));
            findings.push(finding);
        }
        findings.extend(sshd.iter().flat_map(|sshd| of_sshd(&context.text, sshd)));
        findings.extend(machine::unread(context));
        if only.is_empty() {
            findings.extend(of_site(context, &root, &services, sshd.as_ref()));
        } else {
            findings.extend(of_named(context, &root, &services, &only));
        }
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        Ok((findings, services.programs().count()))
    }
}

/// What locks people out now, or would once a service asks; `after` has PAM's files as they are to be.
pub(super) fn lock_outs(context: &Context, root: &Root, services: &Services, after: &Root) -> Vec<Finding> {
    let (then, _) = services::of(after);
    let mut findings =
        on_this_machine(context, root, false, |about| survey(after, &then, about, &[], &context.text));
    findings.extend(of_site(context, root, services, None));
    findings.extend(site::helper(context));
    findings.extend(machine::of_programs(context, root));
    findings.extend(lockout::warning(context).map(|what| site::nobody_enrolled(context, what)));
    findings.retain(|finding| finding.severity == FindingSeverity::LockOut);
    findings.sort_by(|one, other| one.what.cmp(&other.what));
    findings.dedup_by(|one, other| one.id == other.id && one.place == other.place);
    findings
}

/// What holds for these services, and stands in no PAM file and not in sshd's.
fn of_named(context: &Context, root: &Root, services: &Services, only: &[String]) -> Vec<Finding> {
    let asking = services.asking();
    let asking: Vec<String> = only.iter().filter(|name| asking.contains(&name.as_str())).cloned().collect();
    if asking.is_empty() {
        return Vec::new();
    }
    let mut findings = site::round_pam(context, root, &asking);
    // Whom the configuration leaves out is known where it loads.
    if context.unread.is_none() {
        findings.extend(unattended(context, services, &asking));
    }
    findings
}

/// What holds for the whole machine.
fn of_site(context: &Context, root: &Root, services: &Services, sshd: Option<&Sshd>) -> Vec<Finding> {
    if context.unread.is_some() {
        return site::round_pam(context, root, &[]);
    }
    let everybody = Everybody::read(context);
    let refusing = config_files::refusing(context, &everybody);
    let refusing = refusing.into_iter().map(Refusing::into_parts).collect();
    let mut warnings = config_check::warnings(context, &everybody);
    let told = told_besides(context, services, &everybody);
    warnings.retain(|warning| !told.contains(warning));
    let mut findings = site::configuration(context, refusing, warnings);
    findings.extend(of_people(context, root, services, sshd, &everybody));
    findings.extend(config_check::judge(context).err().map(|failure| machine::refused(context, failure)));
    findings.extend(site::ending(context));
    findings.extend(machine::of_files(context, root, everybody.newest));
    findings.extend(went_back::finding(context, root));
    findings.extend(unattended(context, services, &[]));
    if !services.asking().is_empty() {
        findings.extend(site::round_pam(context, root, &[]));
        findings.extend(site::helper(context));
        findings.extend(machine::of_programs(context, root));
    }
    findings
}

/// What `config check` warns of, and findings of their own say better.
fn told_besides(context: &Context, services: &Services, everybody: &Everybody) -> Vec<String> {
    let two_prompts = one_field::asked_twice(&context.config, services).into_iter();
    let told = two_prompts.map(|name| context.text.two_prompts(name));
    told.chain(keys::short(context, everybody)).chain(lockout::warning(context)).collect()
}
