//! A pending authenticator before the person: QR and key, codes until one is right, and what holds from then on. A
//! script is told the key and left to `confirm`.

use super::Ended;
use super::confirm::try_code;
use crate::failure::Failure;
use crate::office::Office;
use crate::show::{Shape, Sheet, show_end};
use crate::text::shell_word;
use crate::typed::{Echo, ask_code};
use serde::Serialize;
use wardkey_core::account::Account;
use wardkey_core::enrolling::{Begun, Confirmed, Problem, Uri, Why};
use wardkey_core::seal::SealingKey;
use wardkey_core::verify::Refusal;

/// Wrong codes after which clocks are worth a word.
const CLOCK_HELP_AFTER: usize = 5;

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    state: &'static str,
    authenticator: Shape<'a>,
    secret: &'a str,
    uri: &'a str,
}

/// Someone who is to show a code of what was begun.
pub(super) struct Trial<'a> {
    /// The surroundings.
    pub(super) office: &'a Office,
    /// Who.
    pub(super) account: &'a Account,
    /// The site's key.
    pub(super) sealing: &'a SealingKey,
    /// What to do when no code comes: the authenticator stays pending.
    pub(super) when_left: String,
}

impl Trial<'_> {
    /// Shows what was begun and sees it through.
    pub(super) fn see_through(&self, begun: &Begun) -> Result<Ended, Failure> {
        let (office, name) = (self.office, &self.account.name);
        let host = host_name();
        let uri = Uri { issuer: office.config.issuer.as_str(), user: name, host: &host };
        if office.console.is_json() {
            self.print(begun, &uri);
            return Ok(Ended::Done);
        }
        office.console.raw(&Sheet { office, begun, uri: &uri }.render());
        let Some(confirmed) = self.ask_until_right()? else { return Ok(Ended::Refused) };
        show_end(office, self.account, &confirmed);
        Ok(Ended::Done)
    }

    fn print(&self, begun: &Begun, uri: &Uri<'_>) {
        let (secret, uri) = (begun.key.to_base32(), uri.of(begun));
        let answer = Answer {
            user: &self.account.name.to_string(),
            state: "pending",
            authenticator: Shape::of(&begun.label, begun.parameters),
            secret: &secret,
            uri: &uri,
        };
        self.office.console.answer(&answer, String::new);
    }

    /// Asks for codes until one is right, or none comes any more: that the authenticator is pending has been written
    /// down, and nothing else has happened. A wrong one changes nothing, and the key stays the same.
    fn ask_until_right(&self) -> Result<Option<Confirmed>, Failure> {
        let Trial { office, account, sealing, when_left } = self;
        let text = &office.text;
        let mut wrong = 0;
        loop {
            let Some(typed) = ask_code(&office.console, &text.code_prompt(), Echo::Shown) else {
                office.console.failure(&Failure::refused(text, |t| (t.no_code_given(), when_left.clone())));
                return Ok(None);
            };
            let refusal = match try_code(office, account, sealing, &typed) {
                Err(Problem::Refused(Why::Code(refusal))) => refusal,
                other => return other.map(Some).map_err(office.problem(&account.name)),
            };
            wrong += 1;
            let (what, remedy) = text.refusal(&shell_word(&account.name.to_string()), &refusal);
            office.console.say(&format!("{what} {remedy}"));
            if wrong >= CLOCK_HELP_AFTER && !matches!(refusal, Refusal::WrongTime { .. }) {
                office.console.say(&text.check_clocks());
            }
            office.console.say(&text.try_again());
        }
    }
}

fn host_name() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
}
