//! The word `email` at the prompt: a code is mailed to the registered address, and asked for in the same call.

use crate::attempt::LoginAttempt;
use crate::authority::LoginJudge;
use crate::show::GDM;
use crate::transaction::{Broken, Priority, Tone, Transaction};
use wardkey_core::credential::mailed::MailMode;
use wardkey_core::credential::secret::Secret;
use wardkey_core::login::{Mailed, NoMail};
use wardkey_core::wire::IN_THE_LOG;

/// What is typed to have a code mailed.
pub(crate) const WORD: &[u8] = b"email";

/// Whether mailed codes open anything in this service; said to everyone alike.
pub(crate) fn is_offered(authority: &LoginJudge<'_>) -> bool {
    authority.config.email.mode_in(&authority.items.service) != MailMode::Off
}

/// Whether an entry asks for a mailed code, and this service has such codes.
pub(crate) fn is_word(authority: &LoginJudge<'_>, entry: &Secret) -> bool {
    is_offered(authority) && entry.expose().trim_ascii().eq_ignore_ascii_case(WORD)
}

/// Has a code mailed, and asks for it: the prompt says where it went or why none did, and ends in `prompt`.
pub(crate) fn ask(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    prompt: &str,
) -> Result<Secret, Broken> {
    let said = have_mailed(attempt, authority, pam);
    if !attempt.silent && pam.service().starts_with(GDM) {
        // Its field has no room for more.
        pam.tell(Tone::Info, &said);
        return pam.ask(prompt);
    }
    pam.ask(&format!("{said} {prompt}"))
}

/// Has the helper mail a code; the answer is for the person.
fn have_mailed(attempt: &LoginAttempt, authority: &LoginJudge<'_>, pam: &mut dyn Transaction) -> String {
    let now = authority.machine.clock.now();
    let texts = &attempt.texts;
    let why = match authority.mail_code() {
        Ok(Mailed::Sent(masked)) => return texts.mailed_to(&masked),
        Ok(Mailed::Refused(NoMail::TooMany(until) | NoMail::Waiting(until))) => {
            return texts.no_more_mail(until.since(now));
        }
        Ok(Mailed::Refused(NoMail::Off)) => return texts.not_mailed(),
        Ok(Mailed::Failed(why)) if why.is_empty() => IN_THE_LOG.to_owned(),
        Ok(Mailed::Failed(why)) | Err(why) => why,
    };
    pam.log(Priority::Error, &format!("no code was mailed: {why}"));
    texts.mail_failed()
}
