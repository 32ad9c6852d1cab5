//! What the unit runs after a change of PAM's or sshd's files.

use super::failure;
use crate::audit::AuditEntry;
use crate::commands::Ended;
use crate::context::Context;
use crate::doctor::{on_this_machine, sshd};
use crate::enable::watch::{
    WatchMemory, WatchTrouble, forget, on_now, recall, remember, troubles, watched, when_quiet,
};
use crate::enable::{SSHD, look};
use crate::failure::Failure;
use crate::lockout::can_become_root;
use crate::text::Text;
use pam_stack::Root;
use std::collections::BTreeSet;
use std::path::Path;
use wardkey_core::audit::AuditResult;
use wardkey_core::credential::mailed::Notice;
use wardkey_core::login::SWITCHING_STATE;
use wardkey_core::printable::escaped;
use wardkey_core::store::Store;
use wardkey_core::system::syslog::{self, Severity};

pub(super) fn run(context: &Context) -> Result<Ended, Failure> {
    let (text, state) = (&context.text, Path::new(SWITCHING_STATE));
    let looked = when_quiet(state, || looked(context, state))?;
    let Some(Looked { watched, found }) = looked else { return Ok(Ended::Done) };
    let before = recall(state);
    if before.is_empty() && found.is_empty() {
        return Ok(Ended::Done);
    }
    let is_known = |service: &str, trouble: &WatchTrouble| {
        before.get(service).is_some_and(|known| known.contains_key(trouble.name(service)))
    };
    let new = found.iter().filter(|(service, trouble)| !is_known(service, trouble)).collect::<Vec<_>>();
    new.iter().for_each(|(service, trouble)| alert(context, service, trouble));
    let is_sound =
        |service: &&String| watched.contains(*service) && found.iter().all(|(name, _)| name != *service);
    for service in before.keys().filter(is_sound) {
        audit(context, service, AuditResult::Done, &Text::default().watch_sound_again());
    }
    remember(state, &seen(text, &found)).map_err(|e| Failure::store(text, &e))?;
    // Last: a mail server may take its time, and the log has it by now.
    if !new.is_empty() {
        mail(context);
    }
    Ok(Ended::Done)
}

/// To the addresses of those who are enrolled and may become root, where mail is on.
fn mail(context: &Context) {
    for user in context.store.users().unwrap_or_default() {
        if can_become_root(context, &user) {
            context.notify(&user, context.notice_address(&user), Notice::Watch);
        }
    }
}

/// What a look comes to.
struct Looked {
    watched: BTreeSet<String>,
    found: Vec<(String, WatchTrouble)>,
}

/// What is wrong now; `None` where a change has stopped half way.
fn looked(context: &Context, state: &Path) -> Result<Option<Looked>, Failure> {
    let journal = look(state).map_err(|e| failure(&context.text, &e.into()))?;
    let Some(on) = on_now(&journal) else { return Ok(None) };
    if on.files.is_empty() {
        forget(state);
        return Ok(None);
    }
    let root = Root::new("/");
    let watched = watched(&root, on);
    let sshd = watched.contains(SSHD).then(|| sshd::examine(&root)).flatten();
    let key_comes_first = sshd.as_ref().is_some_and(|sshd| sshd.key_comes_first);
    let found =
        on_this_machine(context, &root, key_comes_first, |about| troubles(&root, on, about, sshd.as_ref()));
    Ok(Some(Looked { watched, found }))
}

/// In English, whatever the site speaks: to the log at alert level, and to the audit file.
fn alert(context: &Context, service: &str, trouble: &WatchTrouble) {
    let text = Text::default();
    let what = text.watch_trouble(&escaped(service), trouble);
    let _ = syslog::send(Severity::Alert, &text.watch_because(&what, &text.watch_remedy()));
    audit(context, service, AuditResult::Failed, &what);
}

fn audit(context: &Context, service: &str, result: AuditResult, reason: &str) {
    let (event, service, reason) = ("watch", Some(service), Some(reason));
    context.audit.write(AuditEntry { event, user: None, service, method: None, result, reason, seat: None });
}

/// As `enable --status` says it.
fn seen(text: &Text, found: &[(String, WatchTrouble)]) -> WatchMemory {
    let mut seen = WatchMemory::new();
    for (service, trouble) in found {
        let words = text.watch_trouble(&escaped(service), trouble);
        seen.entry(service.clone()).or_default().insert(trouble.name(service).to_owned(), words);
    }
    seen
}
