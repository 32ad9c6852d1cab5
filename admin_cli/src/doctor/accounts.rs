//! What is wrong with the people of a machine: their records, and whether anybody can still mend it.

use super::automation;
use super::finding::{Finding, FindingSeverity};
use super::people::{Local, LocalAccount};
use super::sshd::Sshd;
use crate::context::Context;
use crate::everybody::Everybody;
use crate::lockout;
use crate::services::Services;
use pam_stack::Root;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::policy::account::{Account, Accounts};
use wardkey_core::policy::{Circumstances, Duty, Leave, duty, leave};
use wardkey_core::record::enrolment::{Enrolment, State};
use wardkey_core::store::Store;
use wardkey_core::user::UserName;

/// Most names that one finding gives.
const NAMES: usize = 10;

/// The machine's people, as far as findings need them.
pub(super) struct Scene<'a> {
    pub(super) context: &'a Context,
    pub(super) root: &'a Root,
    pub(super) services: &'a Services,
    pub(super) sshd: Option<&'a Sshd>,
    pub(super) local: Local,
    everybody: &'a Everybody,
}

/// All findings about people.
pub(crate) fn of_people(
    context: &Context,
    root: &Root,
    services: &Services,
    sshd: Option<&Sshd>,
    everybody: &Everybody,
) -> Vec<Finding> {
    let scene = Scene { sshd, ..Scene::of(context, root, services, everybody) };
    let mut findings = records(context, everybody);
    // The verifier knows who is enrolled.
    if !context.config.store.is_seat() {
        findings.extend(nobody_mends(&scene));
    }
    findings.extend(automation::of(&scene));
    findings
}

impl<'a> Scene<'a> {
    /// That of the machine below `root`, of whose sshd nothing is known.
    pub(super) fn of(
        context: &'a Context,
        root: &'a Root,
        services: &'a Services,
        everybody: &'a Everybody,
    ) -> Self {
        Scene { context, root, services, sshd: None, local: Local::of(root), everybody }
    }
}

impl Scene<'_> {
    /// Whether a service of this name asks for a code.
    pub(super) fn asks(&self, service: &str) -> bool {
        self.services.asking().contains(&service)
    }

    /// Whether this account has a second factor.
    pub(super) fn is_enrolled(&self, name: &str) -> bool {
        let is_theirs = |person: &&Enrolment| person.user.as_bytes() == name.as_bytes();
        self.everybody.people.iter().find(is_theirs).is_some_and(|person| person.state == State::Enrolled)
    }

    /// Whether the configuration asks a code of this account at this service.
    pub(super) fn is_concerned(&self, entry: &LocalAccount, service: &str) -> bool {
        let Ok(name) = UserName::new(entry.name.as_bytes()) else { return true };
        let account = Account { name, uid: entry.uid, gid: entry.gid };
        let today = self.context.now().local().date();
        let login = Circumstances { account: &account, service: Some(service), rhost: None, today };
        duty(&self.context.config, &self.context.accounts, &login, |_| {}) == Duty::Concerned
    }

    /// Whether those who are not enrolled are refused.
    pub(super) fn refuses_unenrolled(&self) -> bool {
        leave(&self.context.config, self.context.now().local().date()) == Leave::None
    }
}

/// What is wrong with single records, besides those that cannot be read: these refuse logins, and `config check` says so.
fn records(context: &Context, everybody: &Everybody) -> Vec<Finding> {
    let text = &context.text;
    let (mut other, mut gone, mut short) = (Vec::new(), Vec::new(), Vec::new());
    for person in &everybody.people {
        match context.accounts.find(&person.user) {
            Ok(Some(account)) if account.uid != person.uid => {
                other.push(text.uid_now(&person.user.to_string(), account.uid, person.uid));
            }
            Ok(None) => gone.push(person.user.to_string()),
            _ => {}
        }
        if person.authenticators.iter().any(|one| one.short_key_bits().is_some()) {
            short.push(person.user.to_string());
        }
    }
    let place = || context.config.store.path.path().display().to_string();
    let finding = |id, severity, names: &[String], words: (String, String, String)| {
        let (what, why, remedy) = words;
        (!names.is_empty()).then(|| Finding { id, severity, place: place(), what, why, remedy })
    };
    use FindingSeverity::{LockOut, Note};
    let other_words = (text.other_uid_what(&listed(&other)), text.other_uid_why(), text.other_uid_remedy());
    let gone_words = (text.gone_what(&listed(&gone)), text.gone_why(), text.gone_remedy());
    let short_words = (text.short_what(&listed(&short)), text.short_why(), text.short_remedy());
    [
        finding("record-of-other-uid", LockOut, &other, other_words),
        finding("record-of-nobody", Note, &gone, gone_words),
        finding("short-key", Note, &short, short_words),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first names, and how many there are besides.
pub(super) fn listed(names: &[String]) -> String {
    let shown = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown}, ... (+{more})"),
    }
}

/// Whether somebody who can become root still gets in, now and when phone and codes are lost.
fn nobody_mends(scene: &Scene<'_>) -> Option<Finding> {
    let (context, text) = (scene.context, &scene.context.text);
    let enrolled = scene.everybody.people.iter().filter(|person| person.state == State::Enrolled);
    let able: Vec<&UserName> =
        enrolled.map(|person| &person.user).filter(|user| lockout::can_become_root(context, user)).collect();
    let place = "/etc/group".to_owned();
    if able.is_empty() {
        let severity = if shuts_out(scene) { FindingSeverity::LockOut } else { FindingSeverity::Warning };
        let (what, why) = (text.nobody_root_what(), text.nobody_root_why());
        let remedy = text.nobody_root_remedy();
        return Some(Finding { id: "nobody-becomes-root", severity, place, what, why, remedy });
    }
    let severity = FindingSeverity::Warning;
    if able.iter().all(|user| lockout::has_locked_password(user)) {
        let (what, why) = (text.only_a_locked_root(), String::new());
        let remedy = text.nobody_root_remedy();
        return Some(Finding { id: "nobody-becomes-root", severity, place, what, why, remedy });
    }
    let has_emergency_code = |user: &&UserName| {
        context
            .store
            .record(user)
            .is_ok_and(|record| record.is_some_and(|r| r.codes_left(Kind::Emergency) > 0))
    };
    if scene.services.asking().is_empty() || able.iter().any(has_emergency_code) || has_console_root(scene) {
        return None;
    }
    let (what, why) = (text.no_way_back_what(), text.no_way_back_why());
    let user = able.first().map(ToString::to_string).unwrap_or_default();
    let remedy = text.no_way_back_remedy(&user);
    Some(Finding { id: "no-way-back", severity, place, what, why, remedy })
}

/// Whether everybody who could become root is refused for want of a second factor.
fn shuts_out(scene: &Scene<'_>) -> bool {
    let can = |entry: &&LocalAccount| {
        let is_able = UserName::new(entry.name.as_bytes())
            .is_ok_and(|user| lockout::can_become_root(scene.context, &user));
        entry.has_shell && entry.has_password && is_able
    };
    let mut able = scene.local.accounts.iter().filter(can).peekable();
    scene.asks("sudo")
        && scene.asks("login")
        && scene.refuses_unenrolled()
        && able.peek().is_some()
        && able.all(|entry| ["sudo", "login"].into_iter().all(|service| scene.is_concerned(entry, service)))
}

/// Whether root opens a text console by the password alone.
fn has_console_root(scene: &Scene<'_>) -> bool {
    let root = scene.local.accounts.iter().find(|entry| entry.uid == 0);
    root.is_some_and(|root| root.has_password && (!scene.asks("login") || !scene.is_concerned(root, "login")))
}
