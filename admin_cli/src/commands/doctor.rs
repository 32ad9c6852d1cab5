//! `doctor`

use super::config_files::{self, Refusing};
use super::{Command, Ended, config_check};
use crate::context::Context;
use crate::doctor::finding::{Finding, FindingSeverity};
use crate::doctor::{About, Modules, can_hold, site, sshd, sshd_finding, survey};
use crate::everybody::Everybody;
use crate::failure::{Failure, Kind};
use crate::services::{self, Services};
use nix::unistd::Group;
use pam_stack::Root;
use serde::Serialize;
use std::ffi::OsStr;
use wardkey_core::policy::config::{EntryForm, Unenrolled};
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
        let findings = self.look(context)?;
        let worst = findings.iter().map(|finding| finding.severity).max();
        let answer = Answer { findings };
        context.console.answer(&answer, || shown(context, &answer.findings));
        Ok(match worst {
            None | Some(FindingSeverity::Note) => Ended::Done,
            Some(FindingSeverity::Warning) => Ended::Refused,
            Some(FindingSeverity::LockOut | FindingSeverity::WayIn) => Ended::Broken,
        })
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

impl Doctor {
    fn look(&self, context: &Context) -> Result<Vec<Finding>, Failure> {
        let root = Root::new("/");
        let (services, unread) = services::of(&root);
        if let Some(unknown) = self.services.iter().find(|name| !services.has(name)) {
            let hint = super::service_names::hint(&context.text, &services, unknown);
            return Err(Failure::new(Kind::Refused, &context.text, |t| {
                (t.no_such_pam_service(&escaped(unknown)), hint.clone())
            }));
        }
        let is_meant = self.services.is_empty() || self.services.iter().any(|name| name == SSHD);
        let sshd = (is_meant && services.asking().contains(&SSHD)).then(|| sshd::examine(&root)).flatten();
        let modules = Modules::of(&root);
        let config = &context.config;
        let about = About {
            has_module: &|path| modules.has(path),
            can_hold: &|line| can_hold(&root, line, &is_empty_group),
            is_combined: &|service| config.service(service).entry == EntryForm::Combined,
            exempts: !config.exempt.is_empty() || config.policy.unenrolled == Unenrolled::Ignore,
            key_came_first: sshd.as_ref().is_some_and(|sshd| sshd.key_comes_first),
        };
        unread.iter().for_each(|what| context.warn(&context.text.service_unread(what)));
        let mut findings = survey(&root, &services, &about, &self.services, &context.text);
        let of_sshd = sshd.iter().flat_map(|sshd| &sshd.faults);
        findings.extend(of_sshd.map(|(scope, fault)| sshd_finding(&context.text, scope, fault)));
        if self.services.is_empty() {
            findings.extend(of_site(context, &root, &services));
        }
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        Ok(findings)
    }
}

/// What holds for the whole machine.
fn of_site(context: &Context, root: &Root, services: &Services) -> Vec<Finding> {
    let everybody = Everybody::read(context);
    let refusing = config_files::refusing(context, &everybody);
    let refusing = refusing.into_iter().map(Refusing::into_parts).collect();
    let mut findings = site::configuration(context, refusing, config_check::warnings(context, &everybody));
    findings.extend(site::ending(context));
    if !services.asking().is_empty() {
        findings.extend(site::round_pam(context, root));
        findings.extend(site::helper(context));
    }
    findings
}

/// A group that is missing, or that names no members.
fn is_empty_group(group: &str) -> bool {
    match Group::from_name(group) {
        Ok(found) => found.is_none_or(|group| group.mem.is_empty()),
        Err(_) => false,
    }
}

fn shown(context: &Context, findings: &[Finding]) -> String {
    let text = &context.text;
    if findings.is_empty() {
        return text.doctor_sound();
    }
    // What it quotes of files, and what programs said, may hold anything.
    let shown = |finding: &Finding| {
        let (place, what) = (escaped(&finding.place), escaped(&finding.what));
        let head = format!("{} [{}] {place}: {what}", text.severity(finding.severity), finding.id);
        let why = (!finding.why.is_empty()).then(|| text.why_line(&escaped(&finding.why)));
        let remedy = (!finding.remedy.is_empty()).then(|| text.remedy_line(&escaped(&finding.remedy)));
        [Some(head), why, remedy].into_iter().flatten().collect::<Vec<_>>().join("\n")
    };
    findings.iter().map(shown).collect::<Vec<_>>().join("\n\n")
}
