//! The second word of a PAM line: which result leads where.

use std::str::FromStr;

/// Every result a control may name (pam.conf(5)).
pub const RESULTS: [&str; 31] = [
    "success",
    "open_err",
    "symbol_err",
    "service_err",
    "system_err",
    "buf_err",
    "perm_denied",
    "auth_err",
    "cred_insufficient",
    "authinfo_unavail",
    "user_unknown",
    "maxtries",
    "new_authtok_reqd",
    "acct_expired",
    "session_err",
    "cred_unavail",
    "cred_expired",
    "cred_err",
    "no_module_data",
    "conv_err",
    "authtok_err",
    "authtok_recover_err",
    "authtok_lock_busy",
    "authtok_disable_aging",
    "try_again",
    "ignore",
    "abort",
    "authtok_expired",
    "module_unknown",
    "bad_item",
    "conv_again",
];

/// What libpam does with a result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// It counts.
    Ok,
    /// It counts, and the stack ends unless something failed before.
    Done,
    /// It does not count.
    Ignore,
    /// The stack fails.
    Bad,
    /// The stack fails and ends.
    Die,
    /// All before it is forgotten.
    Reset,
    /// So many lines are left out.
    Jump(usize),
}

impl FromStr for Action {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Ok(match word {
            "ok" => Self::Ok,
            "done" => Self::Done,
            "ignore" => Self::Ignore,
            "bad" => Self::Bad,
            "die" => Self::Die,
            "reset" => Self::Reset,
            number => match number.parse() {
                Ok(lines @ 1..) => Self::Jump(lines),
                _ => return Err(format!("{number:?} is not an action")),
            },
        })
    }
}

/// A control.
#[derive(Clone, Debug)]
pub struct Control {
    named: Vec<(String, Action)>,
    other: Action,
}

impl Control {
    /// What follows from `result`.
    #[must_use]
    pub fn action(&self, result: &str) -> Action {
        let named = self.named.iter().find(|(name, _)| name == result);
        named.map_or(self.other, |(_, action)| *action)
    }
}

impl FromStr for Control {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let pairs = match written {
            "required" => "success=ok new_authtok_reqd=ok ignore=ignore default=bad",
            "requisite" => "success=ok new_authtok_reqd=ok ignore=ignore default=die",
            "sufficient" => "success=done new_authtok_reqd=done default=ignore",
            "optional" => "success=ok new_authtok_reqd=ok default=ignore",
            other => other
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
                .ok_or_else(|| format!("{other:?} is not a control"))?,
        };
        let mut control = Self { named: Vec::new(), other: Action::Bad };
        for pair in pairs.split_whitespace() {
            let (result, action) = pair.split_once('=').ok_or_else(|| format!("{pair:?} has no ="))?;
            let action = action.parse()?;
            match result {
                "default" => control.other = action,
                known if RESULTS.contains(&known) => control.named.push((known.to_owned(), action)),
                unknown => return Err(format!("{unknown:?} is not a result")),
            }
        }
        Ok(control)
    }
}
