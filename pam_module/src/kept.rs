//! How a mark is kept: in libpam's data, for the doors of this process, and as a word in PAM's environment, since sshd
//! asks for codes in one process and opens the session in its parent. Of all that a module leaves in the first, only
//! what is set in the environment comes to the second.

use crate::mark::{Left, Mark, Whose};
use std::cell::Cell;
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::Right;
use wardkey_core::user::UserName;

const TOKEN_BYTES: usize = 10;
const REFUSED: &str = "refused";
const MUST_ENROLL: &str = "must-enroll";
const VOID: &str = "void";
/// A person whose name no account has; the encoding of names has no such word.
const NOBODY: &str = "-";
const UNSURE: &str = "?";

/// What the environment says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// A refusal stands.
    Refused(Whose),
    /// An enrolment is due.
    MustEnroll(Whose),
    /// Of what the process before this one kept, the mark with this token no longer stands. The token is random: the
    /// environment may hold what a person wrote into a file of their own (`user_readenv` of `pam_env`).
    Void(Secret),
}

impl Word {
    /// As text: no blank in it but the one in the middle.
    pub(crate) fn to_text(&self) -> String {
        let (word, rest) = match self {
            Self::Refused(whose) => (REFUSED, whose_to_text(whose)),
            Self::MustEnroll(whose) => (MUST_ENROLL, whose_to_text(whose)),
            Self::Void(token) => (VOID, token.to_base32().to_string()),
        };
        format!("{word} {rest}")
    }

    /// Reads it. What no door of ours wrote counts as the refusal of anybody.
    pub(crate) fn from_text(text: &str) -> Self {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        match (word, Secret::from_base32(rest)) {
            (VOID, Ok(token)) if token.len() == TOKEN_BYTES => Self::Void(token),
            (MUST_ENROLL, _) => Self::MustEnroll(whose_from_text(rest)),
            (REFUSED, _) => Self::Refused(whose_from_text(rest)),
            _ => Self::Refused(Whose::Unsure),
        }
    }

    fn left(&self) -> Option<Left> {
        let (mark, whose) = match self {
            Self::Refused(whose) => (Mark::Refused, whose),
            Self::MustEnroll(whose) => (Mark::MustEnrollElsewhere, whose),
            Self::Void(_) => return None,
        };
        Some(Left { mark, whose: whose.clone() })
    }
}

fn whose_to_text(whose: &Whose) -> String {
    match whose {
        Whose::Account(name) => name.file_name(),
        Whose::Nobody => NOBODY.to_owned(),
        Whose::Unsure => UNSURE.to_owned(),
    }
}

fn whose_from_text(text: &str) -> Whose {
    match text {
        NOBODY => Whose::Nobody,
        name => UserName::from_file_name(name).map_or(Whose::Unsure, Whose::Account),
    }
}

/// What libpam keeps for us.
#[derive(Debug)]
pub(crate) struct Kept {
    left: Option<Left>,
    /// Names this mark to a child of this process; without one no child can make it void.
    token: Option<Secret>,
    process: u32,
    /// The token of what the process before this one had kept.
    before: Option<Secret>,
    is_account_called: Cell<bool>,
}

impl Kept {
    /// What follows `old` once `left` is left in this process.
    pub(crate) fn after(old: Option<&Self>, left: Option<Left>, process: u32) -> Self {
        let is_refusing = left.as_ref().is_some_and(|left| left.mark.is_refusing());
        let (token, before) = match old {
            Some(old) if old.process == process => (old.token.clone(), old.before.clone()),
            Some(old) => (None, old.token.clone().filter(|_| old.is_refusing())),
            None => (None, None),
        };
        // A refusal is a new one each time, or a child that passed before it would speak for it.
        let token = if is_refusing { Secret::random(TOKEN_BYTES).ok() } else { token };
        Self { left, token, process, before, is_account_called: Cell::new(false) }
    }

    /// What is left of `old` once a session is open, where no more need be told to a parent.
    pub(crate) fn settled(old: Option<&Self>, word: Option<&Word>, process: u32) -> Self {
        let left = standing(old, word).into_iter().next();
        Self { left, token: None, process, before: None, is_account_called: Cell::new(true) }
    }

    fn knows(&self, token: &Secret) -> bool {
        [&self.token, &self.before].into_iter().any(|known| known.as_ref() == Some(token))
    }

    /// Whether it keeps anybody out.
    pub(crate) fn is_refusing(&self) -> bool {
        self.left.as_ref().is_some_and(|left| left.mark.is_refusing())
    }

    /// What the environment must say besides.
    pub(crate) fn word(&self) -> Option<Word> {
        match &self.left {
            Some(Left { mark: Mark::Refused, whose }) => Some(Word::Refused(whose.clone())),
            Some(Left { mark: Mark::MustEnroll(_) | Mark::MustEnrollElsewhere, whose }) => {
                Some(Word::MustEnroll(whose.clone()))
            }
            Some(Left { mark: Mark::Passed(_), .. }) | None => self.before.clone().map(Word::Void),
        }
    }

    /// Notes that the application called `account`.
    pub(crate) fn account_is_called(&self) {
        self.is_account_called.set(true);
    }

    /// Whether it did; `None` where nothing is due by what this process knows.
    pub(crate) fn was_account_called(&self) -> Option<bool> {
        let is_due = |left: &Left| matches!(left.mark, Mark::MustEnroll(_));
        self.left.as_ref().is_some_and(is_due).then(|| self.is_account_called.get())
    }

    /// What the log must hear at the end of a transaction that the application says went well.
    pub(crate) fn last_word(&self, process: u32) -> Option<String> {
        let Some(Left { mark: Mark::MustEnroll(right), whose }) = &self.left else { return None };
        // A child that ends its copy of the transaction knows nothing of what came of the other.
        if self.is_account_called.get() || self.process != process {
            return None;
        }
        let by = match right {
            Right::Pass { .. } => "a pass",
            Right::Password => "the password alone",
        };
        let whom = match whose {
            Whose::Account(name) => name.to_string(),
            Whose::Nobody | Whose::Unsure => "somebody".to_owned(),
        };
        Some(format!(
            "{by} let {whom:?} in and had to lead into enrolment, but this program never called `account`: nobody \
             was enrolled"
        ))
    }
}

/// All marks that stand, by what is kept here and what the environment says.
pub(crate) fn standing(kept: Option<&Kept>, word: Option<&Word>) -> Vec<Left> {
    let is_void = |kept: &&Kept| match (word, &kept.token) {
        (Some(Word::Void(void)), Some(token)) => void == token,
        _ => false,
    };
    let own = kept.filter(|kept| !is_void(kept)).and_then(|kept| kept.left.clone());
    let told = match word {
        // Only the processes on both sides of it know its token: any other was written by somebody else.
        Some(Word::Void(void)) if !kept.is_some_and(|kept| kept.knows(void)) => {
            Some(Left { mark: Mark::Refused, whose: Whose::Unsure })
        }
        // Where nothing is kept another process asked, or none did and somebody else wrote the word: a name in it proves
        // nothing.
        other if kept.is_none() => {
            other.and_then(Word::left).map(|left| Left { whose: Whose::Unsure, ..left })
        }
        other => other.and_then(Word::left),
    };
    own.into_iter().chain(told).collect()
}

#[cfg(test)]
#[path = "kept_tests.rs"]
mod tests;
