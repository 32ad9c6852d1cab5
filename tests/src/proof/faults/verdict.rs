//! What must hold after a fault, whatever it was.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call::{Call, Fault, calls};
use super::path::{Deed, Path, Whose, status};
use super::run::Run;
use super::state::State;
use crate::machine::host::SUPPORT;
use crate::machine::syslog::Line;
use crate::programs::authenticator_app::now;
use crate::programs::pam::PamResult::{
    AuthErr, AuthtokErr, ConvErr, PermDenied, ServiceErr, SessionErr, SystemErr, UserUnknown,
};
use crate::programs::pam::{PamResult, Transcript};

/// What keeps somebody out.
const REFUSALS: [PamResult; 5] = [AuthErr, ServiceErr, PermDenied, SessionErr, AuthtokErr];

/// What does so without a word of ours: the program cannot ask, `pam_unix` cannot find the account, libpam cannot tell the
/// kernel's audit of a login.
const OF_OTHERS: [PamResult; 3] = [ConvErr, UserUnknown, SystemErr];

/// How a run ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// As without a fault.
    AsPlanned,
    /// In a refusal.
    Refused,
    /// By the kill.
    Killed,
}

/// What was seen of one run.
pub(super) struct Seen<'a> {
    pub(super) call: &'a Call,
    pub(super) fault: Fault,
    pub(super) run: &'a Run,
    pub(super) log: &'a [Line],
}

impl Seen<'_> {
    /// How it ended, and what does not hold.
    pub(super) fn judge(&self, path: &Path) -> (End, Vec<String>) {
        let mut wrong = Vec::new();
        let end = self.end(path, &mut wrong);
        match &path.plan.deed {
            Deed::Login(planned) => self.judge_login(path, planned, &mut wrong),
            Deed::Command => self.judge_command(path, end, &mut wrong),
        }
        self.judge_state(path, end, &mut wrong);
        (end, wrong)
    }

    fn end(&self, path: &Path, wrong: &mut Vec<String>) -> End {
        let outcome = &self.run.outcome;
        let was_killed = self.fault == Fault::Killed;
        let crashed =
            outcome.signal().is_some() || outcome.code().is_some_and(|code| code > 128 || code == 101);
        if path.is_as_planned(self.run) {
            return End::AsPlanned;
        }
        if crashed && !was_killed {
            wrong.push(format!("a crash: {outcome:?}"));
        }
        if was_killed { End::Killed } else { End::Refused }
    }

    /// Up to the first door that says something else than without a fault: there a program turns people away.
    fn judge_login(&self, path: &Path, planned: &[PamResult], wrong: &mut Vec<String>) {
        let login = Transcript::read(&self.run.outcome.stdout);
        let results = login.results();
        let other = results.iter().zip(planned).find(|(result, planned)| result != planned);
        let other = other.map(|(result, _)| *result);
        if other.is_some_and(|other| !REFUSALS.contains(&other) && !OF_OTHERS.contains(&other))
            || results.len() > planned.len()
        {
            wrong.push(format!("no refusal: {results:?} instead of {planned:?}"));
        }
        if login.accepted() && !self.run.code.is_empty() {
            self.is_spent(path, wrong);
        }
        let Some(refusal) = other.filter(|other| !OF_OTHERS.contains(other)) else { return };
        // What libpam cannot read of a stack, it refuses by itself.
        if self.call.line.contains("/etc/pam.d") {
            return;
        }
        // The site's own words are in the configuration, which may not load.
        if ![SUPPORT, "Help: your system administrator."].iter().any(|whom| login.seen().contains(whom)) {
            wrong.push(format!("no word on whom to call: {refusal:?} {:?}", login.seen()));
        }
        if (login.cannot_check() || refusal == ServiceErr) && !self.is_logged() {
            wrong.push(format!("nothing in the log says why: {refusal:?} {:?}", self.log));
        }
    }

    /// The code that opened was durably marked, and opens nothing more.
    fn is_spent(&self, path: &Path, wrong: &mut Vec<String>) {
        self.is_durable(path, wrong);
        if path.history.host.types(path.plan.user, &self.run.code).accepted() {
            wrong.push("the same code was accepted twice".to_owned());
        }
    }

    /// The ledger's block was on the disk before anybody was told yes.
    fn is_durable(&self, path: &Path, wrong: &mut Vec<String>) {
        // What cuts calls short sees no others.
        if self.fault == Fault::Short || path.plan.whose == Whose::Its && path.plan.with_helper {
            return;
        }
        let calls = calls(&self.run.trace);
        let of_ledger = |call: &Call, name: &str| call.name == name && call.line.contains("/ledger>");
        // The word that all is settled is eight bytes, and says only what is so already.
        let is_a_block = |call: &Call| !call.line.contains(" = -1") && !call.line.ends_with(" = 8");
        let written = calls.iter().rposition(|call| of_ledger(call, "pwrite64") && is_a_block(call));
        let synced =
            calls.iter().rposition(|call| of_ledger(call, "fdatasync") && call.line.ends_with("= 0"));
        let after_it = calls.iter().enumerate().skip(written.unwrap_or_default());
        let told = after_it.filter(|(_, call)| self.tells(path, call)).map(|(at, _)| at).next();
        let before_it_was_told = told.is_some_and(|told| synced < Some(told));
        if written.is_none() || synced < written || !before_it_was_told {
            wrong.push("accepted without a durable mark".to_owned());
        }
    }

    /// Whether by this call somebody learns of a yes.
    fn tells(&self, path: &Path, call: &Call) -> bool {
        match (path.plan.whose, &path.plan.deed) {
            (Whose::TheHelpers, _) => {
                matches!(call.name.as_str(), "write" | "sendto" | "sendmsg") && call.file().contains("socket")
            }
            (Whose::Its, Deed::Login(_)) => call.line.contains(r#"\"result\":\"Success\""#),
            (Whose::Its, Deed::Command) => call.name == "write" && call.line.contains("(1<"),
        }
    }

    /// A line of the log says that something failed; no line is asked for where the log itself failed.
    fn is_logged(&self) -> bool {
        let of_the_log = ["/dev/log", "SOCK_DGRAM", "sendto", "NETLINK", "localtime", "zoneinfo"];
        of_the_log.iter().any(|part| self.call.line.contains(part))
            || self.log.iter().any(|line| line.facility == 10 && line.severity <= 4)
    }

    fn judge_command(&self, path: &Path, end: End, wrong: &mut Vec<String>) {
        if end == End::AsPlanned && !self.run.code.is_empty() {
            self.is_spent(path, wrong);
        }
        if end != End::Refused || self.tells_of_itself() {
            return;
        }
        let outcome = &self.run.outcome;
        let told = outcome
            .stdout
            .lines()
            .last()
            .and_then(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let error = told.unwrap_or_default();
        let has = |key: &str| error["error"][key].as_str().is_some_and(|text| !text.is_empty());
        // The list tells it of each person, the check of a configuration of each place.
        let is_elsewhere = error[0]["error"].is_string() || path.plan.name.ends_with("config check");
        let is_told = has("message") && has("hint") || is_elsewhere;
        if !is_told {
            wrong.push(format!("no word on what is wrong: {outcome:?}"));
        }
        if !matches!(outcome.code(), Some(1 | 3)) {
            wrong.push(format!("no status of the contract: {outcome:?}"));
        }
    }

    /// What failed is the telling.
    fn tells_of_itself(&self) -> bool {
        self.call.name == "write" && self.call.line.contains("(1<")
    }

    /// Either all of it was done or nothing, nothing is left over, and the next login is fine.
    fn judge_state(&self, path: &Path, end: End, wrong: &mut Vec<String>) {
        let user = path.plan.user;
        let before_login = State::of(&path.history.host);
        let now = status(&path.history, user);
        let is_done = now == path.status_after;
        let is_undone = now == path.status_before && end != End::AsPlanned;
        if !is_done && !is_undone {
            wrong.push(format!(
                "half done: {now} is neither {} nor {}",
                path.status_before, path.status_after
            ));
        }
        // A kill leaves what the next login removes, and so does a removal that fails.
        if end != End::Killed && !self.call.name.starts_with("unlink") {
            wrong.extend(left_over(&before_login, path));
        }
        if before_login != path.before || end != End::AsPlanned {
            let is_changed = before_login != path.before;
            let checked = catch_unwind(AssertUnwindSafe(|| path.next_login_is_fine(is_changed, self.run)));
            wrong.extend(checked.err().map(|panic| format!("the next login: {}", words(&*panic))));
        }
        wrong.extend(left_over(&State::of(&path.history.host), path));
    }
}

fn left_over(state: &State, path: &Path) -> Option<String> {
    let strangers = state.strangers(&path.before, &path.after);
    (!strangers.is_empty()).then(|| format!("left over: {strangers:?}"))
}

impl Path {
    /// The person it was about gets in as before; where the record changed, all of it is looked at.
    fn next_login_is_fine(&self, is_changed: bool, run: &Run) {
        let Self { history, plan, .. } = self;
        if self.status_before.get("unreadable").is_some() {
            history.host.wardkey(&["init"], "").exits(0);
        }
        if plan.user != "alice" {
            self.newcomer_gets_in(run);
        }
        let is_enrolled = self.status_before["state"] == "enrolled" && self.plan.name != "wardkey unlock";
        if is_changed || !is_enrolled {
            history.survives(plan.name);
        } else {
            let login = history.host.types("alice", &history.next_code());
            assert!(login.accepted(), "{login:#?}");
        }
    }

    /// By the phone that scanned the key, if the record says so; else by a pass.
    fn newcomer_gets_in(&self, run: &Run) {
        let (host, user) = (&self.history.host, self.plan.user);
        let status = host.json(&["status", user], "");
        let phone = run.outcome.stdout.lines().filter_map(super::paths::key_in).next_back();
        let code = match (status["state"].as_str(), phone) {
            (Some("enrolled"), Some(phone)) => phone.code(now() / 30 + 1),
            _ => host.pass(user),
        };
        let login = host.types(user, &code);
        assert!(login.accepted(), "{user}: {status} {login:#?}\n{}", host.syslog().text());
        assert_eq!(host.files_of(user), ["enrolment", "ledger"], "{user}: {status}");
    }
}

/// What a panic said.
pub(super) fn words(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default()
}
