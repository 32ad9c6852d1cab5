//! The `auth` door: who is asked, what they are asked, and what follows from the reply.

use crate::arguments::{Arguments, FirstPass};
use crate::asked::{Ask, Who};
use crate::check::{Checked, Checker, Outcome, Reply};
use crate::host::{Broken, Host, Mark, Priority, Tone};
use crate::report::Reporter;
use crate::text::Texts;
use wardkey_core::account::{Account, Accounts};
use wardkey_core::clock::Clock;
use wardkey_core::config::{Config, Entry, Service};
use wardkey_core::secret::Secret;
use wardkey_core::store::{FileStore, Store};
use wardkey_core::user::UserName;
use wardkey_core::verify::{Acceptance, Refusal};

/// What `auth` tells PAM; nothing in here but [`Answer::Success`] lets anyone in, and no error turns into
/// [`Answer::Ignore`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Accepted and recorded.
    Success,
    /// Not asked: policy says so.
    Ignore,
    /// Refused.
    AuthErr,
    /// Waiting or disabled.
    MaxTries,
    /// Codes cannot be checked now.
    Unavailable,
    /// Arguments or configuration are wrong.
    ServiceErr,
    /// The conversation failed.
    ConvErr,
}

/// What a login takes from the machine.
pub struct Machine<'a> {
    /// The account database.
    pub accounts: &'a dyn Accounts,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// The `auth` door.
pub fn authenticate(host: &mut dyn Host, machine: &Machine<'_>, words: &[&str], silent: bool) -> Answer {
    // A retry in one transaction must not live on an earlier yes.
    if host.set_mark(Mark::Refused).is_err() {
        return Answer::ServiceErr;
    }
    let (arguments, config) = match prepare(words) {
        Ok(prepared) => prepared,
        Err(why) => {
            host.log(Priority::Critical, &why);
            return Answer::ServiceErr;
        }
    };
    let service = config.service(&host.service());
    let combined = arguments.forward_pass || service.entry == Entry::Combined;
    let store = FileStore::new(config.store.path.path());
    let texts = Texts::new(&config);
    let login =
        Login { machine, arguments, config: &config, store: &store, texts, service, combined, silent };
    let answer = login.run(host).unwrap_or_else(|Broken| {
        host.log(Priority::Notice, "the conversation failed");
        Answer::ConvErr
    });
    let mark =
        if answer == Answer::Success || answer == Answer::Ignore { Mark::Passed } else { Mark::Refused };
    // The mark "must enrol" was left where it was found out; a plain yes must not wipe it.
    if host.mark() == Some(Mark::MustEnroll) && mark == Mark::Passed {
        return answer;
    }
    if host.set_mark(mark).is_ok() { answer } else { Answer::ServiceErr }
}

fn prepare(words: &[&str]) -> Result<(Arguments, Config), String> {
    let arguments = Arguments::parse(words.iter().copied())?;
    let config = Config::load(arguments.config.as_deref()).map_err(|e| e.to_string())?;
    Ok((arguments, config))
}

/// One call of the door.
pub(crate) struct Login<'a> {
    pub(crate) machine: &'a Machine<'a>,
    pub(crate) arguments: Arguments,
    pub(crate) config: &'a Config,
    pub(crate) store: &'a dyn Store,
    pub(crate) texts: Texts,
    pub(crate) service: Service,
    pub(crate) combined: bool,
    silent: bool,
}

impl Login<'_> {
    fn run(&self, host: &mut dyn Host) -> Result<Answer, Broken> {
        let name = host.user()?;
        let user = UserName::new(&name).ok();
        let who = self.who(user.as_ref());
        let ask = match &who {
            Who::Known(account) => self.asked(host, account),
            Who::Unknown | Who::LookupFailed(_) => Ask::Code,
        };
        self.debug(host, user.as_ref(), &ask);
        match ask {
            Ask::Code => self.ask_code(host, user.as_ref(), &who),
            Ask::Enroll => {
                host.set_mark(Mark::MustEnroll)?;
                self.not_asked(host, &who)
            }
            Ask::Nothing(text) => {
                let answer = self.not_asked(host, &who)?;
                if let Some(text) = text.filter(|_| !self.silent && answer == Answer::Ignore) {
                    host.tell(Tone::Info, &text);
                }
                Ok(answer)
            }
        }
    }

    /// Nobody need type a code. In combined entry they are asked all the same, for the password that follows.
    fn not_asked(&self, host: &mut dyn Host, who: &Who) -> Result<Answer, Broken> {
        if !self.combined {
            return Ok(Answer::Ignore);
        }
        let Some(entry) = self.combined_entry(host)? else { return Ok(Answer::Ignore) };
        if let Who::Known(account) = who
            && self.accepts_tail(host, account, &entry)?
        {
            return Ok(Answer::Success);
        }
        host.set_authtok(entry.expose())?;
        Ok(Answer::Ignore)
    }

    /// Tries the tail of an entry that need not have one; anything but a right code counts for nothing.
    fn accepts_tail(&self, host: &mut dyn Host, account: &Account, entry: &Secret) -> Result<bool, Broken> {
        if !host.is_root() {
            return Ok(false);
        }
        let checked = self.checker().check_free(account, &Reply::Combined(entry.expose()));
        let Outcome::Accepted(acceptance) = &checked.outcome else { return Ok(false) };
        admit(host, acceptance, Some(entry))?;
        Ok(self.reporter(host, Some(&account.name)).finish(host, &checked, None) == Answer::Success)
    }

    fn ask_code(&self, host: &mut dyn Host, user: Option<&UserName>, who: &Who) -> Result<Answer, Broken> {
        if !host.is_root() {
            return Ok(self.refuse_without_root(host));
        }
        if !self.combined
            && self.arguments.first_pass == FirstPass::Try
            && let (Who::Known(account), Some(authtok)) = (who, host.authtok())
            && self.accepts_tail(host, account, &authtok)?
        {
            return Ok(Answer::Success);
        }
        let from_authtok = self.combined || self.arguments.first_pass == FirstPass::Use;
        let entry = if from_authtok { self.combined_entry(host)? } else { Some(self.separate_entry(host)?) };
        let Some(entry) = entry else { return Ok(Answer::AuthErr) };
        let reply = if from_authtok { Reply::Combined(entry.expose()) } else { separate_reply(host, &entry) };
        let checked = match who {
            Who::Known(account) => self.checker().check(account, &reply),
            Who::Unknown => self.checker().pretend(user, &reply),
            Who::LookupFailed(why) => Checked::unavailable(why.clone()),
        };
        if let Outcome::Accepted(acceptance) = &checked.outcome {
            admit(host, acceptance, from_authtok.then_some(&entry))?;
        }
        let shown = if let Who::Known(account) = who { Some(&account.name) } else { user };
        let unknown = matches!(who, Who::Unknown).then_some("unknown user");
        Ok(self.reporter(host, shown).finish(host, &checked, unknown))
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

    fn separate_entry(&self, host: &mut dyn Host) -> Result<Secret, Broken> {
        self.ask(host, self.texts.prompt())
    }

    /// All that must be known stands in the prompt itself: many applications show nothing else.
    fn ask(&self, host: &mut dyn Host, prompt: String) -> Result<Secret, Broken> {
        let note = host.take_note();
        host.ask(&note.map_or_else(|| prompt.clone(), |note| format!("{note} {prompt}")))
    }

    fn refuse_without_root(&self, host: &mut dyn Host) -> Answer {
        host.log(
            Priority::Error,
            "this program does not run as root, and only root can check codes: it cannot use wardkey in this version",
        );
        if !self.silent {
            host.tell(Tone::Error, &self.texts.unavailable());
        }
        Answer::Unavailable
    }

    fn checker(&self) -> Checker<'_> {
        Checker { config: self.config, store: self.store, clock: self.machine.clock }
    }

    fn reporter(&self, host: &dyn Host, user: Option<&UserName>) -> Reporter<'_> {
        let user = user.map(ToString::to_string);
        Reporter::new(host, user, self.config, &self.texts, self.machine.clock, self.silent)
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

/// What an acceptance leaves for the modules and doors that follow; `entry` is a combined one.
fn admit(host: &mut dyn Host, acceptance: &Acceptance, entry: Option<&Secret>) -> Result<(), Broken> {
    if let Some(entry) = entry {
        let head = entry.len().checked_sub(acceptance.tail).and_then(|end| entry.expose().get(..end));
        host.set_authtok(head.ok_or(Broken)?)?;
    }
    if acceptance.must_enroll { host.set_mark(Mark::MustEnroll) } else { Ok(()) }
}

/// Whether a refusal still leaves the person a way in.
pub(crate) const fn answer_to(refusal: &Refusal) -> Answer {
    match refusal {
        Refusal::Waiting(_) | Refusal::Disabled => Answer::MaxTries,
        Refusal::Malformed
        | Refusal::Wrong
        | Refusal::WrongTime { .. }
        | Refusal::AlreadyUsed
        | Refusal::Expired
        | Refusal::NotEnrolled
        | Refusal::MustEnroll
        | Refusal::OtherUid => Answer::AuthErr,
    }
}

#[cfg(test)]
mod tests;
