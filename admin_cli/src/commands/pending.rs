//! A pending authenticator before the person: QR and key, codes until one is right, and what holds from then on. A
//! script is told the key and left to `confirm`.

use super::Ended;
use super::confirm::try_code;
use crate::counter::Undone;
use crate::failure::Failure;
use crate::interrupt::Held;
use crate::office::Office;
use crate::paper::{Key, KeyPage, Paper};
use crate::show::{Shape, Sheet, show_end};
use crate::text::shell_word;
use crate::typed::ask_held;
use nix::sys::signal::Signal;
use serde::Serialize;
use wardkey_core::desk::{Begun, Confirmed, Problem, Uri, Why};
use wardkey_core::policy::account::Account;
use wardkey_core::store::StoreError;
use wardkey_core::system::clock::Timestamp;
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
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
}

/// Someone who is to show a code of what was begun.
pub(super) struct Trial<'a> {
    /// The surroundings.
    pub(super) office: &'a Office,
    /// Who.
    pub(super) account: &'a Account,
    /// The last moment at which a code still makes it count.
    pub(super) until: Timestamp,
    /// What to do when no code comes: the authenticator stays pending.
    pub(super) when_left: String,
    /// The sheet that is to be written.
    pub(super) paper: Option<&'a Paper>,
}

impl Trial<'_> {
    /// Shows what was begun and sees it through.
    pub(super) fn see_through(&self, begun: &Begun) -> Result<Ended, Failure> {
        let (office, name) = (self.office, &self.account.name);
        let host = host_name();
        let uri = Uri { issuer: office.config.issuer.as_str(), user: name, host: &host };
        let page = KeyPage { office, begun, uri: &uri };
        self.write_pending(&page)
            .map_err(|e| Failure::sheet(&office.text, &e).leaving(self.when_left.clone()))?;
        if office.console.is_json() {
            self.print(begun, &uri);
            return Ok(Ended::Done);
        }
        let held = office.console.is_interactive().then(Held::new).flatten();
        office.console.raw(&Sheet { office, begun, uri: &uri }.render());
        if let Some(paper) = self.paper {
            office.console.say(&office.text.sheet_written(&paper.path()));
        }
        let asked = self.ask_until_right(&page, held.as_ref());
        if office.console.is_interactive() && !matches!(asked, Asked::Right(_)) {
            office.console.clear();
        }
        if matches!(asked, Asked::Failed(_)) {
            self.take_back_codes(&page);
        }
        self.end(asked, held)
    }

    /// Says how it ended; only now do the signals that were held back do what they do.
    fn end(&self, asked: Asked, held: Option<Held>) -> Result<Ended, Failure> {
        let (office, text) = (self.office, &self.office.text);
        match asked {
            Asked::Right(confirmed) => {
                show_end(office, self.account, &confirmed, self.paper);
                drop(held);
                Ok(Ended::Done)
            }
            Asked::Nothing => {
                let left = Failure::refused(text, |t| (t.no_code_given(), self.when_left.clone()));
                office.console.failure(&left);
                Ok(Ended::Refused)
            }
            Asked::Interrupted(signal) => {
                held.into_iter().for_each(|held| held.deliver(signal));
                Ok(Ended::Refused)
            }
            Asked::Failed(failure) => Err(failure),
        }
    }

    /// The sheet, where one is asked for, as long as the key opens nothing.
    fn write_pending(&self, page: &KeyPage<'_>) -> Result<(), StoreError> {
        let Some(paper) = self.paper else { return Ok(()) };
        paper.write(&page.render(Key::Pending(self.until), &[]))
    }

    /// Codes that are not in force stand on no sheet.
    fn take_back_codes(&self, page: &KeyPage<'_>) {
        if let Some(paper) = self.paper.filter(|paper| paper.has_codes())
            && self.write_pending(page).is_err()
        {
            paper.discard();
        }
    }

    fn print(&self, begun: &Begun, uri: &Uri<'_>) {
        let (secret, uri) = (begun.key.to_base32(), uri.of(begun));
        let answer = Answer {
            user: &self.account.name.to_string(),
            state: "pending",
            authenticator: Shape::of(&begun.label, begun.parameters),
            secret: &secret,
            uri: &uri,
            sheet: self.paper.map(Paper::path),
        };
        self.office.console.answer(&answer, String::new);
    }

    /// Asks for codes until one is right, or none comes any more. A wrong one changes nothing, and the key stays the same;
    /// the authenticator has been pending since before.
    fn ask_until_right(&self, page: &KeyPage<'_>, held: Option<&Held>) -> Asked {
        let Trial { office, account, paper, .. } = self;
        let text = &office.text;
        let mut wrong = 0;
        loop {
            let typed = match ask_held(&office.console, &text.code_prompt(), held) {
                Ok(Some(typed)) => typed,
                Ok(None) => return Asked::Nothing,
                Err(signal) => return Asked::Interrupted(signal),
            };
            let tried = try_code(office, account, typed, &mut |codes| match paper {
                Some(paper) => paper.write_codes(&page.render(Key::Proven(office.now()), codes)),
                None => Ok(()),
            });
            let refusal = match tried {
                Ok(confirmed) => return Asked::Right(Box::new(confirmed)),
                Err(Undone::Problem(Problem::Refused(Why::Code(refusal)))) => refusal,
                Err(undone) => {
                    let failure = undone.into_failure(office, account);
                    return Asked::Failed(failure.leaving(self.when_left.clone()));
                }
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

/// How the asking ended.
enum Asked {
    /// With a right code.
    Right(Box<Confirmed>),
    /// With no more input.
    Nothing,
    /// By a signal, which has yet to do what it does.
    Interrupted(Signal),
    /// With a code that could not be tried.
    Failed(Failure),
}

fn host_name() -> String {
    let name = nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
}
