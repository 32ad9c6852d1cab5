//! `try`

use super::{Command, Ended, service_names};
use crate::actor;
use crate::audit::AuditEntry;
use crate::context::Context;
use crate::doctor::sshd as settings;
use crate::failure::{Failure, Kind};
use crate::services;
use crate::text::constant;
use crate::trial::acting::{Acting, acting};
use crate::trial::outcome::{Tried, TryEnd, end};
use crate::trial::scene::scene;
use crate::trial::spending::{TryCost, spent};
use crate::trial::wire::{CallStep, PamCall};
use crate::trial::{sshd, stack};
use pam_stack::{Root, Service, Trouble};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::io::IsTerminal;
use std::path::Path;
use wardkey_core::audit::AuditResult;
use wardkey_core::login::{SWITCHING_STATE, note_proven};
use wardkey_core::policy::account::Account;
use wardkey_core::printable::escaped;
use wardkey_core::record::Record;
use wardkey_core::store::Store;

/// The service of sshd.
const SSHD: &str = "sshd";

/// Go through a service's real PAM stack in this terminal, as its program would, without opening a session
///
/// It asks `auth` and `account`. For sshd a real one is logged in to, on this machine, and runs /bin/true. A right code
/// is spent, and a wrong one counts.
/// Exit status: 0 the person gets in, 1 they do not, 3 something is broken.
#[derive(Debug, clap::Args)]
pub(crate) struct Try {
    /// The user
    user: OsString,
    /// The PAM service, as its file in /etc/pam.d is called
    #[arg(long, value_name = "SERVICE")]
    service: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    service: &'a str,
    result: TryEnd,
    second_factor: bool,
    steps: Vec<StepAnswer>,
    acting: &'a [Acting],
    spent: &'a [TryCost],
}

#[derive(Serialize)]
struct StepAnswer {
    call: PamCall,
    result: String,
}

impl Command for Try {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        context.needs_root()?;
        let account = context.account(Some(&self.user))?;
        let root = Root::new("/");
        let service = self.found(context, &root)?;
        let acting = acting(&service);
        let before = record(context, &account)?;
        let (steps, end) = if service.name == SSHD {
            (Vec::new(), through_sshd(context, &root, &account, &acting)?)
        } else {
            through_libpam(context, &service, &account, &acting)?
        };
        let spent = spent(before.as_ref(), record(context, &account)?.as_ref());
        let tried = Tried { steps, end, spent };
        if tried.is_proof() {
            prove(context, &service.name);
        }
        write_down(context, &account, &service.name, &tried);
        show(context, &account, &service.name, &acting, &tried);
        Ok(match tried.end {
            TryEnd::Accepted => Ended::Done,
            TryEnd::MustChange | TryEnd::Refused => Ended::Refused,
            TryEnd::Broken => Ended::Broken,
        })
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("try", Some(&self.user)))
    }
}

impl Try {
    /// The service that is meant. Of a file at which libpam would wait nothing can be tried.
    fn found(&self, context: &Context, root: &Root) -> Result<Service, Failure> {
        let service = Service::load(root, &self.service, root.reader());
        if !service.is_there {
            let (services, _) = services::of(root);
            let hint = service_names::hint(&context.text, &services, &self.service);
            return Err(Failure::refused(&context.text, |t| {
                (t.try_no_service(&escaped(&self.service)), hint.clone())
            }));
        }
        let waits = service.remarks.iter().find(|remark| remark.trouble == Trouble::NotAFile);
        match waits {
            Some(remark) => Err(Failure::new(Kind::System, &context.text, |t| {
                (t.try_not_a_file(&remark.place.to_string()), t.see_doctor(&service.name))
            })),
            None => Ok(service),
        }
    }
}

/// `wardkey enable` waits for this proof of a service; a locker that runs as the person makes none by itself.
fn prove(context: &Context, service: &str) {
    if let Err(error) = note_proven(Path::new(SWITCHING_STATE), service) {
        context.warn(&context.text.untrusted(&error).to_string());
    }
}

fn record(context: &Context, account: &Account) -> Result<Option<Record>, Failure> {
    context.store.record(&account.name).map_err(|e| context.broken(&e))
}

fn through_libpam(
    context: &Context,
    service: &Service,
    account: &Account,
    acting: &[Acting],
) -> Result<(Vec<CallStep>, TryEnd), Failure> {
    let scene = scene(&service.name, account, actor::tty().as_deref());
    let (console, text) = (&context.console, &context.text);
    console.aside(&text.try_scene(&scene));
    if service.comes_from_other(pam_stack::Kind::Auth) {
        console.aside(&text.try_by_other(&service.name));
    }
    name(context, acting);
    let steps = stack::go_through(context, &scene)?;
    let end = end(&steps, scene.heeds_account);
    Ok((steps, end))
}

/// What the stack does besides, and that it costs something.
fn name(context: &Context, acting: &[Acting]) {
    if acting.is_empty() {
        context.console.aside(&context.text.nothing_acts());
    }
    acting.iter().for_each(|acting| context.console.aside(&context.text.acts(acting)));
}

fn through_sshd(
    context: &Context,
    root: &Root,
    account: &Account,
    acting: &[Acting],
) -> Result<TryEnd, Failure> {
    let (console, text, user) = (&context.console, &context.text, account.name.to_string());
    let refuse = |words: fn(&crate::text::Text) -> (String, String)| Failure::refused(text, words);
    let Some(program) = settings::program(root) else {
        return Err(refuse(|t| (t.no_sshd(), t.install_sshd())));
    };
    if !Path::new(sshd::CLIENT).exists() {
        return Err(refuse(|t| (t.no_ssh(), t.install_ssh())));
    }
    if !std::io::stdin().is_terminal() {
        return Err(refuse(|t| (t.ssh_needs_terminal(), t.run_at_terminal())));
    }
    let in_force = settings::from_here(&program, &user).map_err(|fault| {
        Failure::new(Kind::Config, text, |t| {
            let (what, _, remedy) = t.sshd_fault(&settings::Scope::Everybody, &fault);
            (escaped(&what), remedy)
        })
    })?;
    if in_force.key_comes_first() {
        return Err(refuse(|t| (t.key_comes_first(), t.try_with_key())));
    }
    console.aside(&text.sshd_scene(&user));
    if !in_force.uses_pam {
        console.aside(&text.sshd_without_pam());
    }
    settings::by_place(root).iter().for_each(|line| console.aside(&text.only_elsewhere(&escaped(line))));
    let networks = context.config.exempt.iter().filter_map(|exempt| exempt.network.as_ref());
    networks.for_each(|network| console.aside(&text.exempt_elsewhere(&network.to_string())));
    name(context, acting);
    let login = sshd::log_in(&program, &user).map_err(|why| {
        Failure::new(Kind::System, text, |t| (t.try_not_run(&t.system_error(&why)), t.try_again_later()))
    })?;
    login.session.iter().for_each(|status| console.aside(&text.session_ended(&user, *status)));
    Ok(login.end)
}

fn write_down(context: &Context, account: &Account, service: &str, tried: &Tried) {
    let result = match tried.end {
        TryEnd::Accepted => AuditResult::Accepted,
        TryEnd::MustChange | TryEnd::Refused => AuditResult::Refused,
        TryEnd::Broken => AuditResult::Failed,
    };
    let reason = tried.steps.last().filter(|_| tried.end != TryEnd::Accepted);
    context.audit.write(AuditEntry {
        event: "try",
        user: Some(&account.name.to_string()),
        service: Some(service),
        method: None,
        result,
        reason: reason.map(|step| format!("{}: {}", step.call.name(), constant(step.result))).as_deref(),
        seat: None,
    });
}

fn show(context: &Context, account: &Account, service: &str, acting: &[Acting], tried: &Tried) {
    let user = account.name.to_string();
    let step = |step: &CallStep| StepAnswer { call: step.call, result: constant(step.result) };
    let answer = Answer {
        user: &user,
        service,
        result: tried.end,
        second_factor: tried.is_proof(),
        steps: tried.steps.iter().map(step).collect(),
        acting,
        spent: &tried.spent,
    };
    context.console.answer(&answer, || context.text.tried(&user, service, tried));
}
