//! What the usual modules answer, prove and do.
//!
//! Read from the modules' manuals and sources (Linux-PAM 1.5 to 1.7, and Debian's, Fedora's and openSUSE's packages of the
//! others). Of a module that is not in `roles` everything is possible, and what it proves is [`Proof::Unknown`].

use crate::PamResult::{
    self, Abort, AcctExpired, AuthErr, AuthinfoUnavail, AuthtokErr, ConvErr, CredErr, Ignore, MaxTries,
    ModuleUnknown, NewAuthtokReqd, PermDenied, ServiceErr, SessionErr, Success, SystemErr, UserUnknown,
};
pub use crate::roles::{Deed, Proof};
use crate::roles::{ROLES, Role};
use crate::{Kind, Line};

/// Modules that can do anything, by their arguments.
const PROGRAMS: [&str; 4] = ["pam_exec.so", "pam_script.so", "pam_python.so", "pam_perl.so"];

/// Modules that ask another machine: it may count the try, send something to a phone, or give a ticket.
const SERVERS: [&str; 13] = [
    "pam_aad.so",
    "pam_duo.so",
    "pam_himmelblau.so",
    "pam_krb5.so",
    "pam_ldap.so",
    "pam_ldapd.so",
    "pam_lsass.so",
    "pam_privacyidea.so",
    "pam_radius_auth.so",
    "pam_sss.so",
    "pam_sss_gss.so",
    "pam_winbind.so",
    "pam_yubico.so",
];

fn role(line: &Line) -> Option<Role> {
    let name = line.module_name()?;
    ROLES.iter().find(|(known, _)| *known == name).map(|(_, role)| *role)
}

/// What success of this line in `auth` proves.
#[must_use]
pub fn proves(line: &Line) -> Option<Proof> {
    proven(line, Success)
}

/// What this line has proven in `auth` by this answer.
#[must_use]
pub fn proven(line: &Line, result: PamResult) -> Option<Proof> {
    match (role(line), result) {
        (None, Success | Ignore | NewAuthtokReqd) => line.module_name().map(|_| Proof::Unknown),
        (Some(Role::Checks(_)), Success) if is_card(line) => Some(Proof::SmartCard),
        (Some(Role::Checks(proof)), Success) => Some(proof).filter(|_| !keeps_password(line)),
        (Some(Role::Condition), Success) if asks_for_root(line) => Some(Proof::CallerIsRoot),
        _ => None,
    }
}

/// `pam_ccreds` where it keeps a password that another module has checked.
fn keeps_password(line: &Line) -> bool {
    line.has("action=store") || line.has("action=update")
}

/// `pam_succeed_if` where it looks whether the caller is root.
fn asks_for_root(line: &Line) -> bool {
    let is_root = |words: &[String]| matches!(words, [uid, is, nought] if uid == "uid" && (is == "=" || is == "eq") && nought == "0");
    line.has("use_uid") && line.arguments.windows(3).any(is_root)
}

/// Whether this line's module knows passwords: it checks them in `auth` and changes them in `password`.
#[must_use]
pub fn checks_password(line: &Line) -> bool {
    role(line) == Some(Role::Checks(Proof::Password)) && !is_card(line)
}

/// SSSD's module for a smart card alone.
fn is_card(line: &Line) -> bool {
    line.module_name() == Some("pam_sss.so") && line.has("require_cert_auth")
}

/// What this line does for the person when it is asked.
#[must_use]
pub fn does(line: &Line) -> Option<Deed> {
    match role(line) {
        Some(Role::Does(deed)) => Some(deed),
        None if line.module_name().is_some_and(|name| PROGRAMS.contains(&name)) => Some(Deed::RunsProgram),
        _ => None,
    }
}

/// Whether this line's module asks another machine, or a service of this one that does.
#[must_use]
pub fn asks_a_server(line: &Line) -> bool {
    line.module_name().is_some_and(|name| SERVERS.contains(&name))
}

/// Whether a success of this line depends on who logs in, from where or when, and on nothing that is asked.
#[must_use]
pub fn is_condition(line: &Line) -> bool {
    role(line) == Some(Role::Condition)
}

/// What any module may answer, failures by those that controls tell apart.
const ANYTHING: [PamResult; 17] = [
    Success,
    Ignore,
    NewAuthtokReqd,
    AuthErr,
    PermDenied,
    UserUnknown,
    MaxTries,
    AcctExpired,
    AuthinfoUnavail,
    CredErr,
    SessionErr,
    AuthtokErr,
    ServiceErr,
    SystemErr,
    ConvErr,
    Abort,
    ModuleUnknown,
];

/// Every answer that this line's module may give.
#[must_use]
pub fn answers(line: &Line) -> Vec<PamResult> {
    let but =
        |left_out: &[PamResult]| ANYTHING.into_iter().filter(|result| !left_out.contains(result)).collect();
    match (role(line), line.kind) {
        (Some(Role::Permits), _) => vec![Success],
        (Some(Role::Denies), Kind::Auth | Kind::Account) => vec![AuthErr],
        (Some(Role::Denies), Kind::Password) => vec![AuthtokErr],
        (Some(Role::Denies), Kind::Session) => vec![SessionErr],
        (Some(Role::Says), Kind::Auth | Kind::Account) => vec![told(line)],
        (Some(Role::Checks(_)), Kind::Auth) => checks(line),
        (Some(Role::Ignores), Kind::Auth) if !line.has("successok") => but(&[Success, NewAuthtokReqd]),
        (Some(Role::Condition), Kind::Auth) if !may_succeed(line) => but(&[Success, NewAuthtokReqd]),
        (Some(_), Kind::Auth | Kind::Password | Kind::Session) => but(&[NewAuthtokReqd]),
        (Some(_), Kind::Account) | (None, _) => ANYTHING.to_vec(),
    }
}

/// `pam_debug` answers what its argument says.
fn told(line: &Line) -> PamResult {
    let key = if line.kind == Kind::Auth { "auth=" } else { "acct=" };
    let word = line.arguments.iter().rev().find_map(|argument| argument.strip_prefix(key));
    word.and_then(|name| PamResult::ALL.into_iter().find(|result| result.name() == name)).unwrap_or(Success)
}

/// `pam_wheel` says "ignore" to members unless it is told to trust them.
fn may_succeed(line: &Line) -> bool {
    line.module_name() != Some("pam_wheel.so") || line.has("trust")
}

/// Words by which a module that checks passwords stands back.
const STANDS_BACK: [&str; 5] = ["ignore_", "unknown_ok", "domains=", "minimum_uid=", "nouserok"];

/// A check is right or it is not; only those that can be told to stand back say "ignore".
fn checks(line: &Line) -> Vec<PamResult> {
    let always = ["pam_rootok.so", "pam_unix.so", "pam_unix_auth.so", "pam_unix2.so", "pam_tcb.so"];
    let is_one_of = |names: &[&str]| line.module_name().is_some_and(|name| names.contains(&name));
    let is_told = line.arguments.iter().any(|word| STANDS_BACK.iter().any(|known| word.starts_with(known)));
    let by_itself = !checks_password(line) || is_one_of(&["pam_systemd_home.so", "pam_ccreds.so"]);
    let ignores = !is_one_of(&always) && (is_told || by_itself);
    let may = |result: &PamResult| match result {
        NewAuthtokReqd => false,
        Ignore => ignores,
        _ => true,
    };
    ANYTHING.into_iter().filter(may).collect()
}

#[cfg(test)]
#[path = "modules_tests.rs"]
mod tests;
