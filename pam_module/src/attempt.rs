//! One login: what is asked, how the reply is taken, what follows from it.

use crate::answer::AuthAnswer;
use crate::arguments::{Arguments, FirstPass};
use crate::mark::{Mark, PassedBy, Whose};
use crate::report::Reporter;
use crate::text::Texts;
use crate::transaction::Machine;
use crate::transaction::{Broken, Caller, Priority, Tone, Transaction};
use wardkey_core::credential::is_single_use;
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::Right;
use wardkey_core::login::{Ask, Checked, NoPlace, Outcome, PamItems, Reply, Who};
use wardkey_core::policy::config::{Config, Entry};
use wardkey_core::store::FileStore;

/// One call of the `auth` door.
pub(crate) struct Login<'a> {
    pub(crate) machine: &'a Machine<'a>,
    pub(crate) arguments: Arguments,
    pub(crate) config: &'a Config,
    pub(crate) store: FileStore,
    pub(crate) texts: Texts,
    pub(crate) combined: bool,
    pub(crate) who: Who,
    pub(crate) items: PamItems,
    pub(crate) silent: bool,
}

impl<'a> Login<'a> {
    pub(crate) fn new(
        pam: &mut dyn Transaction,
        machine: &'a Machine<'a>,
        (who, arguments, config): (Who, Arguments, &'a Config),
        silent: bool,
    ) -> Self {
        let items = PamItems { service: pam.service(), rhost: pam.rhost(), tty: pam.tty() };
        let combined = arguments.forward_pass || config.service(&items.service).entry == Entry::Combined;
        let store = FileStore::new(config.store.path.path());
        let texts = Texts::new(config);
        Self { machine, arguments, config, store, texts, combined, who, items, silent }
    }

    pub(crate) fn run(&self, pam: &mut dyn Transaction) -> Result<AuthAnswer, Broken> {
        if self.combined {
            return self.run_combined(pam);
        }
        let Some(ask) = self.asked(pam) else { return Ok(self.unavailable(pam)) };
        self.debug(pam, ask);
        match ask {
            Ask::Code => return self.ask_code(pam),
            Ask::EnrollElsewhere(why) => return self.refuse_enrolment(pam, why),
            Ask::Enroll => self.leave(pam, Mark::MustEnroll(Right::Password))?,
            Ask::Grace => self.leave(pam, Mark::Passed(PassedBy::Grace))?,
            Ask::Nothing { days_left } => {
                if let Some(days) = days_left.filter(|_| !self.silent) {
                    pam.tell(Tone::Info, &self.texts.days_left(days));
                }
            }
        }
        Ok(AuthAnswer::Ignore)
    }

    /// Leaves a mark for who logs in.
    pub(crate) fn leave(&self, pam: &mut dyn Transaction, mark: Mark) -> Result<(), Broken> {
        pam.set_mark(mark, &Whose::of(&self.who))
    }

    /// Tries the tail of an entry that need not have one; anything but a right code counts for nothing.
    fn accepts_tail(&self, pam: &mut dyn Transaction, entry: &Secret) -> Result<bool, Broken> {
        // Through the helper a person's own program could guess so for nothing.
        if !matches!(self.who, Who::Known(_)) || pam.caller() == Caller::Ordinary {
            return Ok(false);
        }
        let checked = self.check_free(pam, Reply::Combined(entry.expose()));
        match &checked.outcome {
            Outcome::Accepted(_) => {
                Ok(self.conclude(pam, &checked, Given::Whole(entry))? == AuthAnswer::Success)
            }
            Outcome::Refused(_) | Outcome::Unavailable(_) | Outcome::EnrollElsewhere(_) => Ok(false),
        }
    }

    fn ask_code(&self, pam: &mut dyn Transaction) -> Result<AuthAnswer, Broken> {
        if self.arguments.first_pass == FirstPass::Use {
            let entry = pam.authtok();
            return self.check_entry(pam, entry.as_ref());
        }
        if self.arguments.first_pass == FirstPass::Try
            && let Some(authtok) = pam.authtok()
            && self.accepts_tail(pam, &authtok)?
        {
            return Ok(AuthAnswer::Success);
        }
        let prompt = if self.offers_mail() { self.texts.prompt_with_mail() } else { self.texts.prompt() };
        let entry = self.ask(pam, prompt)?;
        let entry =
            if self.is_mail_word(&entry) { self.mailed(pam, &self.texts.second_prompt())? } else { entry };
        let reply = separate_reply(pam, &entry);
        let checked = self.check(pam, reply);
        self.conclude(pam, &checked, Given::Code(&entry))
    }

    fn check_entry(&self, pam: &mut dyn Transaction, entry: Option<&Secret>) -> Result<AuthAnswer, Broken> {
        let Some(entry) = entry else {
            pam.log(Priority::Notice, "use_first_pass: no earlier module has asked for a password: refused");
            return Ok(AuthAnswer::AuthErr);
        };
        let checked = self.check(pam, Reply::Combined(entry.expose()));
        self.conclude(pam, &checked, Given::Whole(entry))
    }

    /// They would have to enrol, and here nobody does: it is written down already.
    pub(crate) fn refuse_enrolment(
        &self,
        pam: &mut dyn Transaction,
        why: NoPlace,
    ) -> Result<AuthAnswer, Broken> {
        let outcome = Outcome::EnrollElsewhere(why);
        self.conclude(pam, &Checked { outcome, generation: None, lines: Vec::new() }, Given::Nothing)
    }

    /// Reports an outcome, and leaves what the modules and doors that follow need.
    pub(crate) fn conclude(
        &self,
        pam: &mut dyn Transaction,
        checked: &Checked,
        given: Given<'_>,
    ) -> Result<AuthAnswer, Broken> {
        let reporter = Reporter {
            user: self.named(),
            items: &self.items,
            texts: &self.texts,
            combined: matches!(given, Given::Whole(_)),
            single_use: given.has_single_use(),
            clock: self.machine.clock,
            silent: self.silent,
        };
        let answer = reporter.finish(pam, &checked.outcome);
        if let Outcome::Accepted(acceptance) = &checked.outcome {
            if let Given::Whole(entry) = given {
                let head = entry.len().checked_sub(acceptance.tail).and_then(|end| entry.expose().get(..end));
                pam.set_authtok(head.ok_or(Broken)?)?;
            }
            if acceptance.must_enroll {
                let generation = checked.generation.ok_or(Broken)?;
                self.leave(pam, Mark::MustEnroll(Right::Pass { generation }))?;
            }
        }
        Ok(answer)
    }

    /// All that must be known stands in the prompt itself: many applications show nothing else.
    pub(crate) fn ask(&self, pam: &mut dyn Transaction, prompt: String) -> Result<Secret, Broken> {
        let note = pam.take_note().filter(|note| note.user == self.named());
        pam.ask(&note.map_or_else(|| prompt.clone(), |note| format!("{} {prompt}", note.text)))
    }

    /// The name as it is in use, for what stays in this transaction.
    fn named(&self) -> Option<String> {
        self.who.name().map(ToString::to_string)
    }

    /// Nobody can say whether a code is asked: nobody gets in.
    pub(crate) fn unavailable(&self, pam: &mut dyn Transaction) -> AuthAnswer {
        if !self.silent {
            pam.tell(Tone::Error, &self.texts.unavailable());
        }
        AuthAnswer::AuthErr
    }

    /// For the argument `debug`.
    pub(crate) fn debug(&self, pam: &mut dyn Transaction, ask: Ask) {
        if !self.arguments.debug {
            return;
        }
        let user = self.who.shown().unwrap_or_else(|| "somebody without an account".to_owned());
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

/// What a person has given.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    /// Nothing was looked at.
    Nothing,
    /// A code alone.
    Code(&'a Secret),
    /// Password and code in one entry.
    Whole(&'a Secret),
}

impl Given<'_> {
    fn has_single_use(self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Code(entry) | Self::Whole(entry) => is_single_use(entry.expose()),
        }
    }
}

/// sshd's password method answers every prompt with the password: that is no attempt at a code.
fn separate_reply<'e>(pam: &dyn Transaction, entry: &'e Secret) -> Reply<'e> {
    if pam.authtok().is_some_and(|authtok| authtok == *entry) {
        Reply::NoCode
    } else {
        Reply::Separate(entry.expose())
    }
}
