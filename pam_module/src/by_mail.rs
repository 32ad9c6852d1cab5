//! The word `email` at the prompt: a code is mailed to the registered address, and asked for in the same call.

use crate::attempt::Login;
use crate::transaction::{Broken, Priority, Transaction};
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::Why;
use wardkey_core::policy::config::MailMode;
use wardkey_core::verify::Refusal;
use wardkey_core::wire::{Answer, Helper, Mailed, Request};

/// What is typed to have a code mailed.
pub(crate) const WORD: &[u8] = b"email";

impl Login<'_> {
    /// Whether mailed codes open anything in this service; said to everyone alike.
    pub(crate) fn offers_mail(&self) -> bool {
        self.config.email.mode_in(&self.items.service) != MailMode::Off
    }

    /// Whether an entry asks for a mailed code, and this service has such codes.
    pub(crate) fn is_mail_word(&self, entry: &Secret) -> bool {
        self.offers_mail() && entry.expose().trim_ascii().eq_ignore_ascii_case(WORD)
    }

    /// Has a code mailed, and asks for it: the prompt says where it went or why none did, and ends in `prompt`.
    pub(crate) fn mailed(&self, pam: &mut dyn Transaction, prompt: &str) -> Result<Secret, Broken> {
        let said = self.have_mailed(pam);
        pam.ask(&format!("{said} {prompt}"))
    }

    /// Has the helper mail a code, within its deadline; the answer is for the person.
    fn have_mailed(&self, pam: &mut dyn Transaction) -> String {
        let now = self.machine.clock.now();
        match self.ask_for_mail() {
            Ok(Mailed::Sent(masked)) => self.texts.mailed_to(&masked),
            Ok(Mailed::Refused(Why::TooManyMails(until) | Why::Code(Refusal::Waiting { until, .. }))) => {
                self.texts.no_more_mail(until.since(now))
            }
            Ok(Mailed::Refused(_)) => self.texts.not_mailed(),
            Ok(mailed @ (Mailed::Failed(_) | Mailed::Broken(_))) => {
                self.not_sent(pam, mailed.trouble().unwrap_or_default())
            }
            Err(why) => self.not_sent(pam, &why),
        }
    }

    fn not_sent(&self, pam: &mut dyn Transaction, why: &str) -> String {
        pam.log(Priority::Error, &format!("no code was mailed: {why}"));
        self.texts.mail_failed()
    }

    fn ask_for_mail(&self) -> Result<Mailed, String> {
        let Some(user) = self.who.name() else { return Ok(Mailed::Refused(Why::NoAddress)) };
        let (socket, deadline) = (self.config.helper.socket.path(), self.config.helper.deadline.get());
        let question = self.question(user, Request::MailCode);
        match (Helper { socket: &socket, deadline }).ask(&question) {
            Ok(Answer::Mailed(mailed)) => Ok(mailed),
            Ok(_) => Err("the helper answered another question".to_owned()),
            Err(silence) => Err(silence.to_string()),
        }
    }
}
