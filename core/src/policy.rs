//! Whom wardkey concerns, before any code is asked for.

use crate::account::{Account, Accounts, LookupError};
use crate::config::{Config, Day, Exempt, Unenrolled};
use jiff::civil::Date;

/// The login at hand, as far as policy looks at it.
pub struct Circumstances<'a> {
    /// Who logs in.
    pub account: &'a Account,
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
    let mut is_member = |group: &str, if_unknown: bool| {
        accounts.is_member(login.account, group).unwrap_or_else(|e| {
            failed(e);
            if_unknown
        })
    };
    let groups = &config.policy.groups;
    if !groups.is_empty() && !groups.iter().any(|group| is_member(group, true)) {
        return Duty::NotConcerned;
    }
    let exempt = config.exempt.iter().find(|e| holds(e, login, &mut |group| is_member(group, false)));
    exempt.map_or(Duty::Concerned, |e| {
        Duty::Exempt(Exemption {
            reason: e.reason.as_str().to_owned(),
            approved_by: e.approved_by.as_str().to_owned(),
            until: e.until,
        })
    })
}

fn holds(exempt: &Exempt, login: &Circumstances<'_>, is_member: &mut dyn FnMut(&str) -> bool) -> bool {
    let network = |n: &crate::config::Network| login.rhost.is_some_and(|host| n.contains(host));
    login.today <= exempt.until.0
        && exempt.user.as_ref().is_none_or(|user| user.as_bytes() == login.account.name.as_bytes())
        && exempt.network.as_ref().is_none_or(network)
        && exempt.group.as_ref().is_none_or(|group| is_member(group))
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
