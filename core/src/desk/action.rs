//! What a person does for themself, or root for them: one thing at the desk, and how the audit line tells it.

use crate::audit::AuditResult;
use crate::credential::mailed::Notice;
use crate::credential::secret::Secret;
use crate::credential::{SingleUseCode, Typed};
use crate::desk::status::{Status, look_up};
use crate::desk::{Begun, Confirmed, Desk, Effect, Keep, Problem, Successor, Terms, Wanted};
use crate::grace::forget_note;
use crate::policy::account::Account;
use crate::record::seal::SealError;
use crate::site::Site;
use crate::system::clock::Timestamp;
use crate::verify::Verdict;
use serde::{Deserialize, Serialize};

/// One thing to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Action {
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
    /// Where they stand.
    Status,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// An authenticator waits for its first code.
    Begun {
        /// What the app must be told.
        begun: Begun,
        /// Until when.
        until: Timestamp,
    },
    /// It has shown it.
    Confirmed(Confirmed),
    /// The authenticator of this label has ended.
    Removed(String),
    /// The new set, shown this once.
    RecoveryCodes(Vec<SingleUseCode>),
    /// The verdict on a code.
    Checked(Verdict),
    /// Where they stand.
    Status(Box<Status>),
}

impl Action {
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
            Self::Status => "status",
        }
    }

    /// Whether the audit has a line of it.
    #[must_use]
    pub const fn is_written_down(&self) -> bool {
        !matches!(self, Self::Status)
    }

    /// Whether it changes what someone has, so that a person must show who they are first. A confirmation shows that
    /// by itself: nobody else has seen the key.
    #[must_use]
    pub const fn needs_proof(&self) -> bool {
        !matches!(self, Self::Confirm(_) | Self::Check(_) | Self::Status)
    }
}

/// What the audit line says besides the command's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// How it ended.
    pub result: AuditResult,
    /// With what kind of credential.
    pub method: Option<&'static str>,
    /// What it came to.
    pub reason: Option<String>,
}

impl Done {
    /// As somebody may hear it who could be guessing.
    #[must_use]
    pub fn to_a_guesser(self) -> Self {
        match self {
            Self::Checked(Verdict::Refused(refusal)) => {
                Self::Checked(Verdict::Refused(refusal.to_a_guesser()))
            }
            other => other,
        }
    }

    /// What the person's registered address is told of it.
    #[must_use]
    pub const fn notice(&self) -> Option<Notice> {
        match self {
            Self::Confirmed(confirmed) => Some(match confirmed.effect {
                Effect::SwitchedOn => Notice::Enrolled,
                Effect::Added => Notice::AuthenticatorAdded,
                Effect::Replaced(_) => Notice::Replaced,
            }),
            Self::Removed(_) => Some(Notice::AuthenticatorRemoved),
            Self::RecoveryCodes(_) => Some(Notice::RecoveryCodes),
            _ => None,
        }
    }

    /// How the audit line tells it.
    #[must_use]
    pub fn told(&self, action: &Action) -> Told {
        let (result, method) = match self {
            Self::Checked(Verdict::Accepted(acceptance)) => {
                (AuditResult::Accepted, Some(acceptance.method.name()))
            }
            Self::Checked(_) => (AuditResult::Refused, None),
            _ => (AuditResult::Done, None),
        };
        Told { result, method, reason: self.reason(action) }
    }

    fn reason(&self, action: &Action) -> Option<String> {
        match self {
            Self::Checked(Verdict::Refused(refusal)) => Some(refusal.name().to_owned()),
            Self::Begun { .. } if matches!(action, Action::Enroll(_)) => Some("pending".to_owned()),
            Self::Begun { begun, .. } => Some(format!("pending: {}", begun.label)),
            Self::Confirmed(confirmed) => match &confirmed.effect {
                Effect::SwitchedOn => None,
                Effect::Added => Some("one more authenticator".to_owned()),
                Effect::Replaced(old) => Some(format!("replaced: {old}")),
            },
            Self::Removed(label) => Some(label.clone()),
            Self::RecoveryCodes(_) | Self::Checked(_) | Self::Status(_) => None,
        }
    }
}

impl Action {
    /// Does it; `keep` puts new recovery codes where the person finds them before they are in force.
    ///
    /// # Errors
    /// [`Problem`]: what may not be, or cannot be now; nothing is changed then but what a wrong code changes.
    pub fn carry_out(&self, site: &Site<'_>, account: &Account, keep: Keep<'_>) -> Result<Done, Problem> {
        let (config, desk) = (site.config, Desk::of(site));
        let sealing = || config.sealing_key();
        let codes = usize::try_from(config.recovery.codes.get()).unwrap_or(usize::MAX);
        let rules = config.rules();
        Ok(match self {
            Self::Enroll(wanted) => begun(&desk, account, desk.begin(account, &sealing()?, wanted)?)?,
            Self::Replace(successor) => {
                begun(&desk, account, desk.replace(account, &sealing()?, successor)?)?
            }
            Self::Add(wanted) => {
                begun(&desk, account, desk.add_authenticator(account, &sealing()?, wanted)?)?
            }
            Self::Confirm(typed) => {
                let terms = Terms { rules: &rules, sealing: &sealing()?, recovery_codes: codes };
                Done::Confirmed(desk.confirm(account, terms, &parsed(typed), keep)?)
            }
            Self::Remove(label) => Done::Removed(desk.remove_authenticator(account, label.as_deref())?),
            Self::RecoveryCodes => Done::RecoveryCodes(desk.recovery_codes(account, codes, keep)?),
            Self::Check(typed) => {
                // Single-use codes work without the key; an authenticator code then finds no answer.
                let sealing = sealing();
                match desk.spend(account, &rules, sealing.as_ref().ok(), &parsed(typed))? {
                    Verdict::Unsealable => return Err(sealing.err().unwrap_or(SealError::Foreign).into()),
                    verdict => {
                        if matches!(verdict, Verdict::Accepted(_)) {
                            // What cannot be forgotten ends by itself in ten minutes.
                            let _ = forget_note(&config.run.path.path(), &account.name);
                        }
                        Done::Checked(verdict)
                    }
                }
            }
            Self::Status => {
                let person = look_up(site, &account.name, Some(account), |_| {})?;
                Done::Status(Box::new(person.unwrap_or_else(|| Status::unknown(account.name.to_string()))))
            }
        })
    }
}

fn begun(desk: &Desk<'_>, account: &Account, begun: Begun) -> Result<Done, Problem> {
    let pending = desk.store.enrolment(&account.name)?.and_then(|enrolment| enrolment.pending);
    let until = pending.map_or_else(|| desk.clock.now(), |pending| pending.expires);
    Ok(Done::Begun { begun, until })
}

fn parsed(typed: &Secret) -> Typed {
    Typed::parse(typed.expose())
}
