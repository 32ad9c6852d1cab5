//! What the audit file says of each person, as far as a record must know of it.

use super::lines::AuditLine;
use std::collections::BTreeMap;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::system::clock::Timestamp;

/// What was done to or by one person, since the last thing that made what came before it void.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct History {
    /// The last code that was accepted.
    pub(super) accepted: Option<Timestamp>,
    /// When recovery codes of the present set were accepted.
    pub(super) recovery: Vec<Timestamp>,
    /// The last new set of recovery codes.
    pub(super) codes: Option<Timestamp>,
    /// The last time that an authenticator took another's place.
    pub(super) replaced: Option<Timestamp>,
    /// When a second factor was switched on.
    pub(super) enrolled: Option<Timestamp>,
    /// The last reset.
    pub(super) reset: Option<Timestamp>,
    /// The last removal.
    pub(super) removed: Option<Timestamp>,
}

/// Everybody's, by the name as lines have it.
pub(super) type Histories = BTreeMap<String, History>;

/// What these lines say, the oldest first. The order counts and not the times: a clock may have been set.
pub(super) fn histories(lines: &[AuditLine], state: &str) -> Histories {
    let mut all = Histories::new();
    for line in lines {
        match (line.event.as_str(), &line.user) {
            ("init", _) if makes_state(line, state) => all.clear(),
            ("rename", Some(was)) => renamed(&mut all, was, line),
            (_, Some(user)) => all.entry(user.clone()).or_default().take(line),
            _ => {}
        }
    }
    all
}

/// Whether everything begins here: `init` names what it made, the state directory and that of the records first.
fn makes_state(line: &AuditLine, state: &str) -> bool {
    let made = line.reason.as_deref().and_then(|made| made.strip_prefix(state)).unwrap_or("?");
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    is_end(made) || made.strip_prefix("/users").is_some_and(is_end)
}

/// Lines before that one are of two records: nothing is told by them.
fn renamed(all: &mut Histories, was: &str, line: &AuditLine) {
    all.remove(was);
    let reason = line.reason.as_deref().unwrap_or_default();
    all.retain(|user, _| !reason.contains(&format!("{was} -> {user}")));
}

impl History {
    fn take(&mut self, line: &AuditLine) {
        // A record that was made after a removal, by a clock that was set back since, says less than the removal.
        self.removed = self.removed.filter(|removed| *removed <= line.time);
        let time = Some(line.time);
        match (line.event.as_str(), line.result.as_str()) {
            ("login" | "check", "accepted") => self.accept(line),
            ("reset", "done") => *self = Self { reset: time, ..Self::default() },
            ("remove", "done") => *self = Self { removed: time, ..Self::default() },
            ("recovery-codes", "done") => (self.codes, self.recovery) = (time, Vec::new()),
            ("confirm", "done") if line.is_replacement() => self.replaced = time,
            ("confirm", "done") if line.reason.is_none() => self.enrol(line),
            ("enroll", "done") if line.method.is_some() && line.reason.is_none() => self.enrol(line),
            ("import", "done") => self.enrol(line),
            ("authenticator remove", "done") => self.enrolled = None,
            _ => {}
        }
    }

    fn accept(&mut self, line: &AuditLine) {
        // A line without a method is of a login that needed no code.
        let Some(method) = line.method.as_deref() else { return };
        self.accepted = self.accepted.max(Some(line.time));
        if method == Kind::Recovery.name() {
            self.recovery.push(line.time);
        }
    }

    /// A second factor is on, with recovery codes of its own.
    fn enrol(&mut self, line: &AuditLine) {
        self.enrolled = Some(line.time);
        (self.codes, self.recovery) = (None, Vec::new());
    }
}

impl AuditLine {
    fn is_replacement(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| reason.starts_with("replaced: "))
    }
}
