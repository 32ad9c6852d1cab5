//! What a person does for themself, or root for them: one thing at the desk, and how the audit line tells it.

use crate::account::Account;
use crate::config::Config;
use crate::credential::{SingleUseCode, Typed};
use crate::enrolling::{Begun, Confirmed, Desk, Effect, Problem, Successor, Terms, Wanted};
use crate::seal::{SealError, SealingKey};
use crate::secret::Secret;
use crate::verify::Verdict;
use serde::{Deserialize, Serialize};

/// One thing to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Errand {
    /// A first authenticator, which then waits for its first code.
    Enroll(Wanted),
    /// That first code.
    Confirm(Secret),
    /// Another authenticator in place of one.
    Replace(Successor),
    /// One more authenticator.
    Add(Wanted),
    /// The authenticator of this label ends; none: the only one that could be meant.
    Remove(Option<String>),
    /// A new set of recovery codes.
    RecoveryCodes,
    /// One code, spent as a login would.
    Check(Secret),
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// An authenticator waits for its first code.
    Begun(Begun),
    /// It has shown it.
    Confirmed(Confirmed),
    /// The authenticator of this label has ended.
    Removed(String),
    /// The new set, shown this once.
    RecoveryCodes(Vec<SingleUseCode>),
    /// The verdict on a code.
    Checked(Verdict),
}

impl Errand {
    /// The command's name in audit lines.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Enroll(_) => "enroll",
            Self::Confirm(_) => "confirm",
            Self::Replace(_) => "replace",
            Self::Add(_) => "authenticator add",
            Self::Remove(_) => "authenticator remove",
            Self::RecoveryCodes => "recovery-codes",
            Self::Check(_) => "check",
        }
    }

    /// Whether it changes what someone has, so that a person must show who they are first. A confirmation shows that
    /// by itself: nobody else has seen the key.
    #[must_use]
    pub const fn needs_proof(&self) -> bool {
        !matches!(self, Self::Confirm(_) | Self::Check(_))
    }
}

impl Done {
    /// What the audit line says besides the command's name.
    #[must_use]
    pub fn reason(&self, errand: &Errand) -> Option<String> {
        match self {
            Self::Begun(_) if matches!(errand, Errand::Enroll(_)) => Some("pending".to_owned()),
            Self::Begun(begun) => Some(format!("pending: {}", begun.label)),
            Self::Confirmed(confirmed) => match &confirmed.effect {
                Effect::SwitchedOn => None,
                Effect::Added => Some("one more authenticator".to_owned()),
                Effect::Replaced(old) => Some(format!("replaced: {old}")),
            },
            Self::Removed(label) => Some(label.clone()),
            Self::RecoveryCodes(_) | Self::Checked(_) => None,
        }
    }
}

/// Does it.
///
/// # Errors
/// [`Problem`]: what may not be, or cannot be now; nothing is changed then but what a wrong code changes.
pub fn carry_out(
    config: &Config,
    desk: Desk<'_>,
    account: &Account,
    errand: &Errand,
) -> Result<Done, Problem> {
    let sealing = || SealingKey::load(&config.seal_key());
    let codes = usize::try_from(config.recovery.codes.get()).unwrap_or(usize::MAX);
    let rules = config.rules();
    Ok(match errand {
        Errand::Enroll(wanted) => Done::Begun(desk.begin(account, &sealing()?, wanted)?),
        Errand::Replace(successor) => Done::Begun(desk.replace(account, &sealing()?, successor)?),
        Errand::Add(wanted) => Done::Begun(desk.add_authenticator(account, &sealing()?, wanted)?),
        Errand::Confirm(typed) => {
            let terms = Terms { rules: &rules, sealing: &sealing()?, recovery_codes: codes };
            Done::Confirmed(desk.confirm(account, terms, &parsed(typed))?)
        }
        Errand::Remove(label) => Done::Removed(desk.remove_authenticator(account, label.as_deref())?),
        Errand::RecoveryCodes => Done::RecoveryCodes(desk.recovery_codes(account, codes)?),
        Errand::Check(typed) => {
            // Single-use codes work without the key; an authenticator code then finds no answer.
            let sealing = sealing();
            match desk.spend(account, &rules, sealing.as_ref().ok(), &parsed(typed))? {
                Verdict::Unsealable => return Err(sealing.err().unwrap_or(SealError::Foreign).into()),
                verdict => Done::Checked(verdict),
            }
        }
    })
}

fn parsed(typed: &Secret) -> Typed {
    Typed::parse(typed.expose().trim_ascii())
}
