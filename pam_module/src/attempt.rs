//! One attempt to come in, as its conversation goes.

use crate::answer::AuthAnswer;
use crate::arguments::Arguments;
use crate::authority::LoginJudge;
use crate::by_sshd::{before_failure, tell_who_is_in};
use crate::text::Texts;
use crate::transaction::{Broken, Priority, Tone, Transaction};
use wardkey_core::credential::secret::Secret;
use wardkey_core::login::Ask;
use wardkey_core::policy::config::EntryForm;

/// What one call of the `auth` door was told, and how it speaks.
pub(crate) struct LoginAttempt {
    /// The line's arguments.
    pub(crate) arguments: Arguments,
    /// In which words.
    pub(crate) texts: Texts,
    /// Whether password and code come in one entry.
    pub(crate) combined: bool,
    /// `PAM_SILENT`
    pub(crate) silent: bool,
}

impl LoginAttempt {
    pub(crate) fn new(arguments: Arguments, authority: &LoginJudge<'_>, silent: bool) -> Self {
        let config = authority.config;
        let combined =
            arguments.forward_pass || config.service(&authority.items.service).entry == EntryForm::Combined;
        Self { arguments, texts: Texts::new(config), combined, silent }
    }

    /// All that must be known stands in the prompt itself: many applications show nothing else.
    pub(crate) fn ask(
        &self,
        authority: &LoginJudge<'_>,
        pam: &mut dyn Transaction,
        prompt: String,
    ) -> Result<Secret, Broken> {
        let is_over = |until| until <= authority.machine.clock.now();
        let note =
            pam.take_note().filter(|note| note.user == authority.named() && !note.until.is_some_and(is_over));
        pam.ask(&note.map_or_else(|| prompt.clone(), |note| format!("{} {prompt}", note.text)))
    }

    /// Nobody can say whether a code is asked: nobody gets in.
    pub(crate) fn unavailable(&self, pam: &mut dyn Transaction) -> AuthAnswer {
        if !self.silent {
            pam.tell(Tone::Error, &before_failure(pam, self.texts.unavailable()));
        }
        AuthAnswer::AuthErr
    }

    /// In a dated rollout: the days that are left.
    pub(crate) fn tell_days_left(&self, pam: &mut dyn Transaction, days_left: Option<i64>) {
        if let Some(days) = days_left {
            tell_who_is_in(pam, &self.texts.days_left(days), self.silent);
        }
    }

    /// For the argument `debug`.
    pub(crate) fn debug(&self, authority: &LoginJudge<'_>, pam: &mut dyn Transaction, ask: Ask) {
        if !self.arguments.debug {
            return;
        }
        let user = authority.who.shown().unwrap_or_else(|| "somebody without an account".to_owned());
        let what = match ask {
            Ask::Nothing { .. } => "no code is needed",
            Ask::Grace => "unlock grace holds",
            Ask::Enroll => "must enrol in this login",
            Ask::EnrollElsewhere(why) => why.name(),
            Ask::Code => "a code is needed",
        };
        let entry = if self.combined { "combined" } else { "separate" };
        pam.log(Priority::Debug, &format!("{user:?}: {what}, {entry} entry"));
    }
}
