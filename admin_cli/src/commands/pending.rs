//! A pending authenticator before the person: QR and key, codes until one is right, and what holds from then on. A
//! script is told the key and left to `confirm`.

use super::Ended;
use super::confirm::try_code;
use crate::context::Context;
use crate::failure::Failure;
use crate::input::ask_held;
use crate::self_service::Undone;
use crate::sheet::{KeyPage, Sheet};
use crate::show::{Shape, ShownKey, View, show_end};
use crate::signals::Held;
use crate::text::shell_word;
use nix::sys::signal::Signal;
use serde::Serialize;
use wardkey_core::desk::{Begun, Confirmed, Problem, Uri, Why};
use wardkey_core::policy::account::Account;
use wardkey_core::store::StoreError;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::system::host_name;
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
    pub(super) context: &'a Context,
    /// Who.
    pub(super) account: &'a Account,
    /// The last moment at which a code still makes it count.
    pub(super) until: Timestamp,
    /// What to do when no code comes: the authenticator stays pending.
    pub(super) when_left: String,
    /// The sheet that is to be written.
    pub(super) sheet: Option<&'a Sheet>,
}

impl Trial<'_> {
    /// Shows what was begun and sees it through.
    pub(super) fn see_through(&self, begun: &Begun) -> Result<Ended, Failure> {
        let (context, name) = (self.context, &self.account.name);
        let host = host_name::shown();
        let uri = Uri { issuer: context.config.issuer.as_str(), user: name, host: &host };
        let page = KeyPage { context, begun, uri: &uri };
        self.write_pending(&page)
            .map_err(|e| Failure::sheet(&context.text, &e).leaving(self.when_left.clone()))?;
        if context.console.is_json() {
            self.print(begun, &uri);
            return Ok(Ended::Done);
        }
        let held = Held::at_a_terminal(&context.console);
        if let Some(sheet) = self.sheet {
            context.console.tell(&context.text.sheet_written(&sheet.path()));
        }
        let shown = ShownKey { context, begun, uri: &uri };
        let asked = self.ask_until_right(&page, &shown, held.as_ref());
        if context.console.is_interactive() && !matches!(asked, Asked::Right(_)) {
            context.console.clear();
        }
        if matches!(asked, Asked::Failed(_)) {
            self.take_back_codes(&page);
        }
        self.end(asked, held)
    }

    /// Says how it ended; only now do the signals that were held back do what they do.
    fn end(&self, asked: Asked, held: Option<Held>) -> Result<Ended, Failure> {
        let (context, text) = (self.context, &self.context.text);
        match asked {
            Asked::Right(confirmed) => {
                show_end(context, self.account, &confirmed, self.sheet);
                drop(held);
                Ok(Ended::Done)
            }
            Asked::Nothing => {
                let left = Failure::refused(text, |t| (t.no_code_given(), self.when_left.clone()));
                context.console.failure(&left);
                Ok(Ended::Refused)
            }
            Asked::Interrupted(signal) => {
                context.console.tell(&self.when_left);
                held.into_iter().for_each(|held| held.deliver(signal));
                Ok(Ended::Refused)
            }
            Asked::Failed(failure) => Err(failure),
        }
    }

    /// The sheet, where one is asked for, as long as the key opens nothing.
    fn write_pending(&self, page: &KeyPage<'_>) -> Result<(), StoreError> {
        let Some(sheet) = self.sheet else { return Ok(()) };
        sheet.write(&page.render(self.until))
    }

    /// Codes that are not in force stand on no sheet.
    fn take_back_codes(&self, page: &KeyPage<'_>) {
        if let Some(sheet) = self.sheet.filter(|sheet| sheet.has_codes())
            && self.write_pending(page).is_err()
        {
            sheet.discard();
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
            sheet: self.sheet.map(Sheet::path),
        };
        self.context.console.answer(&answer, String::new);
    }

    /// Asks for codes until one is right, or none comes any more. A wrong one changes nothing, and the key stays the same;
    /// the authenticator has been pending since before.
    fn ask_until_right(&self, page: &KeyPage<'_>, shown: &ShownKey<'_>, held: Option<&Held>) -> Asked {
        let Trial { context, account, sheet, .. } = self;
        let mut view = shown.show();
        let mut wrong = 0;
        loop {
            let typed = match ask_held(&context.console, &shown.question(view), held) {
                Ok(Some(typed)) if typed.expose().is_empty() && context.console.is_interactive() => {
                    view = shown.show_the_other(view);
                    continue;
                }
                Ok(Some(typed)) => typed,
                Ok(None) => return Asked::Nothing,
                Err(signal) => return Asked::Interrupted(signal),
            };
            let tried = try_code(context, account, typed, &mut |codes| match sheet {
                Some(sheet) => sheet.write_codes(&page.with_codes(codes)),
                None => Ok(()),
            });
            let refusal = match tried {
                Ok(confirmed) => return Asked::Right(Box::new(confirmed)),
                Err(Undone::Problem(Problem::Refused(Why::Code(refusal)))) => refusal,
                Err(undone) => {
                    let failure = undone.into_failure(context, account);
                    return Asked::Failed(failure.leaving(self.when_left.clone()));
                }
            };
            wrong += 1;
            self.say_why(&refusal, wrong);
            shown.show_key_again();
            if view == View::Picture {
                view = View::Key;
            }
        }
    }

    fn say_why(&self, refusal: &Refusal, wrong: usize) {
        let (console, text) = (&self.context.console, &self.context.text);
        let (what, remedy) = text.refusal(&shell_word(&self.account.name.to_string()), refusal);
        console.tell(&format!("{what} {remedy}"));
        if wrong >= CLOCK_HELP_AFTER && !matches!(refusal, Refusal::WrongTime { .. }) {
            console.tell(&text.check_clocks());
        }
        console.tell(&text.try_again());
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
