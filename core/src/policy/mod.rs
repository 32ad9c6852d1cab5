//! Whom wardkey concerns, before any code is asked for.

pub mod account;
pub mod config;
mod rules;

pub use rules::Rules;

use crate::policy::account::{Account, Accounts, LookupError};
use crate::policy::config::{Config, Day, Exempt, Network, Unenrolled};
use crate::user::UserName;
use jiff::civil::Date;

/// The login at hand, as far as policy looks at it.
pub struct Circumstances<'a> {
    /// Who logs in.
    pub account: &'a Account,
    /// PAM's service; none where no login is at hand.
    pub service: Option<&'a str>,
    /// PAM's remote host, if it is set.
    pub rhost: Option<&'a str>,
    /// The day, local time.
    pub today: Date,
}

/// Whether a second factor is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Duty {
    /// It is.
    Concerned,
    /// They are in none of the groups.
    NotConcerned,
    /// A dated exemption holds.
    Exempt(Exemption),
}

/// Which exemption, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Why.
    pub reason: String,
    /// Who said so.
    pub approved_by: String,
    /// Through this day.
    pub until: Day,
}

/// Decides whom wardkey concerns. A look-up that fails leaves the person concerned and not exempt; what failed
/// is told to `failed`, for the log.
pub fn duty(
    config: &Config,
    accounts: &dyn Accounts,
    login: &Circumstances<'_>,
    mut failed: impl FnMut(LookupError),
) -> Duty {
    let mut or = |if_unknown: bool, answer: Result<bool, LookupError>| {
        answer.unwrap_or_else(|e| {
            failed(e);
            if_unknown
        })
    };
    let groups = &config.policy.groups;
    let mut is_in = |group| or(true, accounts.is_member(login.account, group));
    if !groups.is_empty() && !groups.iter().any(|group| is_in(group)) {
        return Duty::NotConcerned;
    }
    let exempt = config.exempt.iter().find(|e| holds(e, accounts, login, &mut |answer| or(false, answer)));
    exempt.map_or(Duty::Concerned, |e| {
        Duty::Exempt(Exemption {
            reason: e.reason.as_str().to_owned(),
            approved_by: e.approved_by.as_str().to_owned(),
            until: e.until,
        })
    })
}

/// The exemptions that hold for somebody in some services or from some network alone, at any login. A look-up that fails is told
/// to `failed`, and exempts nobody.
pub fn bounded<'c>(
    config: &'c Config,
    accounts: &dyn Accounts,
    login: &Circumstances<'_>,
    mut failed: impl FnMut(LookupError),
) -> Vec<&'c Exempt> {
    let mut is = |answer: Result<bool, LookupError>| {
        answer.unwrap_or_else(|e| {
            failed(e);
            false
        })
    };
    let bounded = config.exempt.iter().filter(|e| e.service.is_some() || e.network.is_some());
    bounded.filter(|e| login.today <= e.until.0 && is_of(e, accounts, login.account, &mut is)).collect()
}

/// Whether all conditions hold. Those that a directory must be asked for come last, and only where the others do.
fn holds(
    exempt: &Exempt,
    accounts: &dyn Accounts,
    login: &Circumstances<'_>,
    is: &mut dyn FnMut(Result<bool, LookupError>) -> bool,
) -> bool {
    let network = |n: &Network| login.rhost.is_some_and(|host| n.contains(host));
    let service =
        |names: &Vec<String>| login.service.is_some_and(|name| names.contains(&name.to_lowercase()));
    login.today <= exempt.until.0
        && exempt.network.as_ref().is_none_or(network)
        && exempt.service.as_ref().is_none_or(service)
        && is_of(exempt, accounts, login.account, is)
}

/// Whether the conditions about the person hold.
fn is_of(
    exempt: &Exempt,
    accounts: &dyn Accounts,
    account: &Account,
    is: &mut dyn FnMut(Result<bool, LookupError>) -> bool,
) -> bool {
    exempt.user.as_ref().is_none_or(|user| is(is_name_of(accounts, user, account)))
        && exempt.group.as_ref().is_none_or(|group| is(accounts.is_member(account, group)))
}

/// Whether `name` is this account's, in whichever spelling the directory takes: a login goes by the canonical one.
fn is_name_of(accounts: &dyn Accounts, name: &str, account: &Account) -> Result<bool, LookupError> {
    if name.as_bytes() == account.name.as_bytes() {
        return Ok(true);
    }
    let Ok(name) = UserName::new(name.as_bytes()) else { return Ok(false) };
    Ok(accounts.find(&name)?.is_some_and(|found| found.name == account.name))
}

/// What someone without a second factor meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// They are refused.
    None,
    /// They need none yet; with the days left of a dated rollout, today included.
    Until(Option<i64>),
}

/// Whether an unenrolled person may still log in without a second factor.
#[must_use]
pub fn leave(config: &Config, today: Date) -> Leave {
    let days_left = config.policy.enroll_by.and_then(|day| {
        let left = i64::from(today.until(day.0).ok()?.get_days()) + 1;
        (left > 0).then_some(left)
    });
    match (days_left, config.policy.unenrolled) {
        (Some(days), _) => Leave::Until(Some(days)),
        (None, Unenrolled::Ignore) => Leave::Until(None),
        (None, Unenrolled::Deny) => Leave::None,
    }
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
