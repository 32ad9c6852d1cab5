//! Password and code in one entry: the end is judged, and what stands before it is the password for the modules that
//! follow.

use crate::answer::AuthAnswer;
use crate::arguments::FirstPass;
use crate::attempt::{Given, Login};
use crate::mark::{Mark, PassedBy};
use crate::transaction::{Broken, Priority, Tone, Transaction};
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::Right;
use wardkey_core::login::{Ask, Checked, Outcome, Reply, Who};

/// An entry and what is known of it.
struct Judged {
    ask: Ask,
    entry: Option<Secret>,
    checked: Option<Checked>,
}

impl Login<'_> {
    /// The whole is taken first: a locker may have waited at its prompt for hours, and grace ends meanwhile.
    pub(crate) fn run_combined(&self, pam: &mut dyn Transaction) -> Result<AuthAnswer, Broken> {
        let entry = self.combined_entry(pam)?;
        let Some(Judged { ask, entry, checked }) = self.judge_entry(pam, entry)? else {
            return Ok(self.unavailable(pam));
        };
        self.debug(pam, ask);
        match ask {
            Ask::Code => return self.conclude_entry(pam, entry.as_ref(), checked),
            Ask::EnrollElsewhere(why) => return self.refuse_enrolment(pam, why),
            Ask::Enroll => self.leave(pam, Mark::MustEnroll(Right::Password))?,
            Ask::Grace => self.leave(pam, Mark::Passed(PassedBy::Grace))?,
            Ask::Nothing { .. } => {}
        }
        let answer = self.pass_on(pam, entry.as_ref(), checked)?;
        if let Ask::Nothing { days_left: Some(days) } = ask
            && !self.silent
            && answer == AuthAnswer::Ignore
        {
            pam.tell(Tone::Info, &self.texts.days_left(days));
        }
        Ok(answer)
    }

    fn judge_entry(
        &self,
        pam: &mut dyn Transaction,
        entry: Option<Secret>,
    ) -> Result<Option<Judged>, Broken> {
        let is_word = entry.as_ref().is_some_and(|entry| self.is_ours(pam) && self.is_mail_word(entry));
        let Some(entry) = entry.filter(|_| !is_word) else {
            let Some(ask) = self.asked(pam) else { return Ok(None) };
            if !is_word || ask != Ask::Code {
                let entry = is_word.then(|| Secret::new(crate::by_mail::WORD.to_vec()));
                return Ok(Some(Judged { ask, entry, checked: None }));
            }
            let entry = self.mailed(pam, &self.texts.combined_prompt())?;
            let checked = Some(self.check(pam, Reply::Combined(entry.expose())));
            return Ok(Some(Judged { ask, entry: Some(entry), checked }));
        };
        let judged = self.enter(pam, &entry);
        Ok(judged.map(|(ask, checked)| Judged { ask, entry: Some(entry), checked: Some(checked) }))
    }

    fn conclude_entry(
        &self,
        pam: &mut dyn Transaction,
        entry: Option<&Secret>,
        checked: Option<Checked>,
    ) -> Result<AuthAnswer, Broken> {
        let Some(checked) = checked else {
            pam.log(Priority::Notice, "use_first_pass: no earlier module has asked for a password: refused");
            return Ok(AuthAnswer::AuthErr);
        };
        self.conclude(pam, &checked, entry.map_or(Given::Nothing, Given::Whole))
    }

    /// Nobody need type a code: the whole is the password that follows, unless it ends in a right code.
    fn pass_on(
        &self,
        pam: &mut dyn Transaction,
        entry: Option<&Secret>,
        checked: Option<Checked>,
    ) -> Result<AuthAnswer, Broken> {
        let Some(entry) = entry else { return Ok(AuthAnswer::Ignore) };
        if let (Who::Known(_), Some(checked)) = (&self.who, checked)
            && matches!(checked.outcome, Outcome::Accepted(_))
        {
            return self.conclude(pam, &checked, Given::Whole(entry));
        }
        pam.set_authtok(entry.expose())?;
        Ok(AuthAnswer::Ignore)
    }

    /// What an earlier module asked for is a password, whatever it says.
    fn is_ours(&self, pam: &dyn Transaction) -> bool {
        match self.arguments.first_pass {
            FirstPass::Ask => true,
            FirstPass::Try => pam.authtok().is_none(),
            FirstPass::Use => false,
        }
    }

    /// A whole entry: what an earlier module asked for, where the arguments say so, or the reply to our prompt.
    fn combined_entry(&self, pam: &mut dyn Transaction) -> Result<Option<Secret>, Broken> {
        match (self.arguments.first_pass, pam.authtok()) {
            (FirstPass::Use, None) => Ok(None),
            (FirstPass::Use | FirstPass::Try, Some(authtok)) => Ok(Some(authtok)),
            (FirstPass::Ask, _) | (FirstPass::Try, None) => {
                self.ask(pam, self.texts.combined_prompt()).map(Some)
            }
        }
    }
}
