//! Password and code in one entry: the end is judged, and what stands before it is the password for the modules that
//! follow.

use crate::arguments::FirstPass;
use crate::auth::Answer;
use crate::host::{Broken, Host, Priority, Tone};
use crate::login::{Given, Login};
use crate::mark::{Mark, Passage};
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
    pub(crate) fn run_combined(&self, host: &mut dyn Host) -> Result<Answer, Broken> {
        let entry = self.combined_entry(host)?;
        let Some(Judged { ask, entry, checked }) = self.judge_entry(host, entry)? else {
            return Ok(self.unavailable(host));
        };
        self.debug(host, ask);
        match ask {
            Ask::Code => return self.conclude_entry(host, entry.as_ref(), checked),
            Ask::EnrollElsewhere(why) => return self.refuse_enrolment(host, why),
            Ask::Enroll => self.leave(host, Mark::MustEnroll(Right::Password))?,
            Ask::Grace => self.leave(host, Mark::Passed(Passage::Grace))?,
            Ask::Nothing { .. } => {}
        }
        let answer = self.pass_on(host, entry.as_ref(), checked)?;
        if let Ask::Nothing { days_left: Some(days) } = ask
            && !self.silent
            && answer == Answer::Ignore
        {
            host.tell(Tone::Info, &self.texts.days_left(days));
        }
        Ok(answer)
    }

    fn judge_entry(&self, host: &mut dyn Host, entry: Option<Secret>) -> Result<Option<Judged>, Broken> {
        let is_word = entry.as_ref().is_some_and(|entry| self.is_ours(host) && self.is_mail_word(entry));
        let Some(entry) = entry.filter(|_| !is_word) else {
            let Some(ask) = self.asked(host) else { return Ok(None) };
            if !is_word || ask != Ask::Code {
                let entry = is_word.then(|| Secret::new(crate::by_mail::WORD.to_vec()));
                return Ok(Some(Judged { ask, entry, checked: None }));
            }
            let entry = self.mailed(host, &self.texts.combined_prompt())?;
            let checked = Some(self.check(host, Reply::Combined(entry.expose())));
            return Ok(Some(Judged { ask, entry: Some(entry), checked }));
        };
        let judged = self.enter(host, &entry);
        Ok(judged.map(|(ask, checked)| Judged { ask, entry: Some(entry), checked: Some(checked) }))
    }

    fn conclude_entry(
        &self,
        host: &mut dyn Host,
        entry: Option<&Secret>,
        checked: Option<Checked>,
    ) -> Result<Answer, Broken> {
        let Some(checked) = checked else {
            host.log(Priority::Notice, "use_first_pass: no earlier module has asked for a password: refused");
            return Ok(Answer::AuthErr);
        };
        self.conclude(host, &checked, entry.map_or(Given::Nothing, Given::Whole))
    }

    /// Nobody need type a code: the whole is the password that follows, unless it ends in a right code.
    fn pass_on(
        &self,
        host: &mut dyn Host,
        entry: Option<&Secret>,
        checked: Option<Checked>,
    ) -> Result<Answer, Broken> {
        let Some(entry) = entry else { return Ok(Answer::Ignore) };
        if let (Who::Known(_), Some(checked)) = (&self.who, checked)
            && matches!(checked.outcome, Outcome::Accepted(_))
        {
            return self.conclude(host, &checked, Given::Whole(entry));
        }
        host.set_authtok(entry.expose())?;
        Ok(Answer::Ignore)
    }

    /// What an earlier module asked for is a password, whatever it says.
    fn is_ours(&self, host: &dyn Host) -> bool {
        match self.arguments.first_pass {
            FirstPass::Ask => true,
            FirstPass::Try => host.authtok().is_none(),
            FirstPass::Use => false,
        }
    }

    /// A whole entry: what an earlier module asked for, where the arguments say so, or the reply to our prompt.
    fn combined_entry(&self, host: &mut dyn Host) -> Result<Option<Secret>, Broken> {
        match (self.arguments.first_pass, host.authtok()) {
            (FirstPass::Use, None) => Ok(None),
            (FirstPass::Use | FirstPass::Try, Some(authtok)) => Ok(Some(authtok)),
            (FirstPass::Ask, _) | (FirstPass::Try, None) => {
                self.ask(host, self.texts.combined_prompt()).map(Some)
            }
        }
    }
}
