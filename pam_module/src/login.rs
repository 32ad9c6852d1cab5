//! One login: what is asked, how the reply is taken, what follows from it.

use crate::arguments::{Arguments, FirstPass};
use crate::auth::{Answer, Machine};
use crate::host::{Broken, Caller, Host, Priority, Tone};
use crate::mark::{Mark, Passage, Whose};
use crate::report::Reporter;
use crate::text::Texts;
use wardkey_core::credential::is_single_use;
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::Right;
use wardkey_core::login::{Ask, Checked, NoPlace, Outcome, Reply, Scene, Who};
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
    pub(crate) scene: Scene,
    pub(crate) silent: bool,
}

impl<'a> Login<'a> {
    pub(crate) fn new(
        host: &mut dyn Host,
        machine: &'a Machine<'a>,
        (who, arguments, config): (Who, Arguments, &'a Config),
        silent: bool,
    ) -> Self {
        let scene = Scene { service: host.service(), rhost: host.rhost(), tty: host.tty() };
        let combined = arguments.forward_pass || config.service(&scene.service).entry == Entry::Combined;
        let store = FileStore::new(config.store.path.path());
        let texts = Texts::new(config);
        Self { machine, arguments, config, store, texts, combined, who, scene, silent }
    }

    pub(crate) fn run(&self, host: &mut dyn Host) -> Result<Answer, Broken> {
        if self.combined {
            return self.run_combined(host);
        }
        let Some(ask) = self.asked(host) else { return Ok(self.unavailable(host)) };
        self.debug(host, ask);
        match ask {
            Ask::Code => return self.ask_code(host),
            Ask::EnrollElsewhere(why) => return self.refuse_enrolment(host, why),
            Ask::Enroll => self.leave(host, Mark::MustEnroll(Right::Password))?,
            Ask::Grace => self.leave(host, Mark::Passed(Passage::Grace))?,
            Ask::Nothing { days_left } => {
                if let Some(days) = days_left.filter(|_| !self.silent) {
                    host.tell(Tone::Info, &self.texts.days_left(days));
                }
            }
        }
        Ok(Answer::Ignore)
    }

    /// Leaves a mark for who logs in.
    pub(crate) fn leave(&self, host: &mut dyn Host, mark: Mark) -> Result<(), Broken> {
        host.set_mark(mark, &Whose::of(&self.who))
    }

    /// Tries the tail of an entry that need not have one; anything but a right code counts for nothing.
    fn accepts_tail(&self, host: &mut dyn Host, entry: &Secret) -> Result<bool, Broken> {
        // Through the helper a person's own program could guess so for nothing.
        if !matches!(self.who, Who::Known(_)) || host.caller() == Caller::Ordinary {
            return Ok(false);
        }
        let checked = self.check_free(host, Reply::Combined(entry.expose()));
        match &checked.outcome {
            Outcome::Accepted(_) => {
                Ok(self.conclude(host, &checked, Given::Whole(entry))? == Answer::Success)
            }
            Outcome::Refused(_) | Outcome::Unavailable(_) | Outcome::EnrollElsewhere(_) => Ok(false),
        }
    }

    fn ask_code(&self, host: &mut dyn Host) -> Result<Answer, Broken> {
        if self.arguments.first_pass == FirstPass::Use {
            let entry = host.authtok();
            return self.check_entry(host, entry.as_ref());
        }
        if self.arguments.first_pass == FirstPass::Try
            && let Some(authtok) = host.authtok()
            && self.accepts_tail(host, &authtok)?
        {
            return Ok(Answer::Success);
        }
        let prompt = if self.offers_mail() { self.texts.prompt_with_mail() } else { self.texts.prompt() };
        let entry = self.ask(host, prompt)?;
        let entry =
            if self.is_mail_word(&entry) { self.mailed(host, &self.texts.second_prompt())? } else { entry };
        let reply = separate_reply(host, &entry);
        let checked = self.check(host, reply);
        self.conclude(host, &checked, Given::Code(&entry))
    }

    fn check_entry(&self, host: &mut dyn Host, entry: Option<&Secret>) -> Result<Answer, Broken> {
        let Some(entry) = entry else {
            host.log(Priority::Notice, "use_first_pass: no earlier module has asked for a password: refused");
            return Ok(Answer::AuthErr);
        };
        let checked = self.check(host, Reply::Combined(entry.expose()));
        self.conclude(host, &checked, Given::Whole(entry))
    }

    /// They would have to enrol, and here nobody does: it is written down already.
    pub(crate) fn refuse_enrolment(&self, host: &mut dyn Host, why: NoPlace) -> Result<Answer, Broken> {
        let outcome = Outcome::EnrollElsewhere(why);
        self.conclude(host, &Checked { outcome, generation: None, lines: Vec::new() }, Given::Nothing)
    }

    /// Reports an outcome, and leaves what the modules and doors that follow need.
    pub(crate) fn conclude(
        &self,
        host: &mut dyn Host,
        checked: &Checked,
        given: Given<'_>,
    ) -> Result<Answer, Broken> {
        let reporter = Reporter {
            user: self.named(),
            scene: &self.scene,
            texts: &self.texts,
            combined: matches!(given, Given::Whole(_)),
            single_use: given.has_single_use(),
            clock: self.machine.clock,
            silent: self.silent,
        };
        let answer = reporter.finish(host, &checked.outcome);
        if let Outcome::Accepted(acceptance) = &checked.outcome {
            if let Given::Whole(entry) = given {
                let head = entry.len().checked_sub(acceptance.tail).and_then(|end| entry.expose().get(..end));
                host.set_authtok(head.ok_or(Broken)?)?;
            }
            if acceptance.must_enroll {
                let generation = checked.generation.ok_or(Broken)?;
                self.leave(host, Mark::MustEnroll(Right::Pass { generation }))?;
            }
        }
        Ok(answer)
    }

    /// All that must be known stands in the prompt itself: many applications show nothing else.
    pub(crate) fn ask(&self, host: &mut dyn Host, prompt: String) -> Result<Secret, Broken> {
        let note = host.take_note().filter(|note| note.user == self.named());
        host.ask(&note.map_or_else(|| prompt.clone(), |note| format!("{} {prompt}", note.text)))
    }

    /// The name as it is in use, for what stays in this transaction.
    fn named(&self) -> Option<String> {
        self.who.name().map(ToString::to_string)
    }

    /// Nobody can say whether a code is asked: nobody gets in.
    pub(crate) fn unavailable(&self, host: &mut dyn Host) -> Answer {
        if !self.silent {
            host.tell(Tone::Error, &self.texts.unavailable());
        }
        Answer::AuthErr
    }

    /// For the argument `debug`.
    pub(crate) fn debug(&self, host: &mut dyn Host, ask: Ask) {
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
        host.log(Priority::Debug, &format!("{user:?}: {what}, {entry} entry"));
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
fn separate_reply<'e>(host: &dyn Host, entry: &'e Secret) -> Reply<'e> {
    if host.authtok().is_some_and(|authtok| authtok == *entry) {
        Reply::NoCode
    } else {
        Reply::Separate(entry.expose())
    }
}
