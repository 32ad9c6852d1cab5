//! What an enrolment shows, on each kind of screen: the key, the QR code, the recovery codes.

use crate::screen::Screen;
use crate::text::Texts;
use crate::transaction::{Tone, Transaction};
use crate::wrap;
use wardkey_core::desk::{Begun, Uri, qr};
use zeroize::Zeroizing;

/// `PAM_MAX_MSG_SIZE`, its NUL included.
const MAX_MESSAGE: usize = 512;

/// What stands in one line of a greeter, which does not wrap it or wraps it at a hyphen: groups of the key, and recovery codes.
const GROUPS_A_LINE: usize = 8;
const CODES_A_LINE: usize = 2;

/// How the PAM services of the GNOME display manager begin.
pub(crate) const GDM: &str = "gdm-";

/// Empties a terminal, and what can be scrolled back to.
const CLEAR: &str = "\x1b[H\x1b[2J\x1b[3J";

/// What of a new key stands above the question for its first code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InView {
    /// All that can be had.
    All,
    /// The QR code, with no line left for the key.
    Picture,
    /// The key, and the QR code can be had.
    Key,
}

/// Where it is shown, and in which words.
pub(crate) struct Show<'a> {
    pub(crate) texts: &'a Texts,
    pub(crate) screen: Screen,
    /// GDM shows a prompt as a hint inside the field, which has no room for it, and messages beside.
    pub(crate) cuts_prompts: bool,
}

impl Show<'_> {
    /// The key, and the QR code last where it fits: on a screen of 25 lines the rest may scroll away above it.
    pub(crate) fn begin(&self, pam: &mut dyn Transaction, begun: &Begun, uri: &Uri<'_>) -> InView {
        if self.screen == Screen::Prompt {
            return InView::All;
        }
        self.say(pam, &self.texts.enrol_heading());
        self.say(pam, &self.texts.enrol_by_key());
        self.say(pam, &self.texts.issuer_line(uri.issuer));
        self.say(pam, &self.texts.account_line(&uri.account()));
        self.say_key(pam, begun);
        self.say(pam, &self.texts.parameters_line(&begun.parameters));
        match self.picture(begun, uri) {
            None => InView::All,
            Some(picture) if self.screen.can_clear() && self.fits(&picture) => {
                self.say(pam, &self.texts.enrol_by_qr());
                self.draw(pam, begun, &picture)
            }
            Some(picture) => {
                if !self.fits(&picture) {
                    self.say(pam, &self.texts.larger_window(picture.rows.len() + 1, picture.columns));
                }
                InView::Key
            }
        }
    }

    /// What is not in view, as Return asks for.
    pub(crate) fn other(
        &self,
        pam: &mut dyn Transaction,
        (begun, uri): (&Begun, &Uri<'_>),
        view: InView,
    ) -> InView {
        match (view, self.picture(begun, uri)) {
            // It may have gone up by a hint and a question.
            (InView::Key | InView::All, Some(picture)) if self.fits(&picture) => {
                self.draw(pam, begun, &picture)
            }
            (InView::Key, Some(picture)) => {
                self.say(pam, &self.texts.larger_window(picture.rows.len() + 1, picture.columns));
                InView::Key
            }
            (InView::Picture, _) => InView::Key,
            (InView::All, _) | (InView::Key, None) => InView::All,
        }
    }

    /// Asks for the first code; `hint` says why once more. The key stands there each time.
    pub(crate) fn code_question(
        &self,
        pam: &mut dyn Transaction,
        begun: &Begun,
        (view, hint): (InView, Option<&str>),
    ) -> Zeroizing<String> {
        let short = match view {
            InView::All => self.texts.first_code_prompt(),
            InView::Picture => self.texts.first_code_or_key_prompt(),
            InView::Key => self.texts.first_code_or_picture_prompt(),
        };
        if self.screen != Screen::Prompt {
            if let Some(hint) = hint {
                self.say(pam, hint);
            }
            if view != InView::Picture {
                self.say_key(pam, begun);
            }
            return Zeroizing::new(short);
        }
        let groups = begun.key.to_base32_groups();
        let key = in_lines(groups.split(' '), GROUPS_A_LINE);
        let key = Zeroizing::new(self.texts.key_in_prompt(&key));
        self.in_one(pam, hint, &key, &short)
    }

    /// Shows the recovery codes, and asks whether they are kept.
    pub(crate) fn kept_question(
        &self,
        pam: &mut dyn Transaction,
        codes: &[Zeroizing<String>],
    ) -> Zeroizing<String> {
        let short = self.texts.kept_prompt();
        if self.screen != Screen::Prompt {
            self.say(pam, &self.texts.codes_heading(codes.len()));
            codes.iter().for_each(|code| self.say(pam, &Zeroizing::new(["  ", code].concat())));
            self.say(pam, &self.texts.codes_good_places());
            self.say(pam, &self.texts.codes_bad_places());
            if self.screen == Screen::Ssh {
                self.say(pam, &self.texts.on_once_kept());
            }
            return Zeroizing::new(short);
        }
        let codes = in_lines(codes.iter().map(|code| code.as_str()), CODES_A_LINE);
        let codes = Zeroizing::new(self.texts.codes_in_prompt(&codes));
        self.in_one(pam, None, &codes, &short)
    }

    /// Key and codes must not end up on one photograph, nor stay on the screen.
    pub(crate) fn clear(&self, pam: &mut dyn Transaction) {
        if self.screen.can_clear() {
            pam.tell(Tone::Info, CLEAR);
        }
    }

    /// Where only prompts are seen, all stands in one; where they are cut, in a message, and the prompt is short.
    fn in_one(
        &self,
        pam: &mut dyn Transaction,
        hint: Option<&str>,
        long: &str,
        short: &str,
    ) -> Zeroizing<String> {
        let hint = hint.map(|hint| format!("{hint}\n")).unwrap_or_default();
        if self.cuts_prompts {
            pam.tell(Tone::Info, &Zeroizing::new([&hint, long].concat()));
            Zeroizing::new(short.to_owned())
        } else {
            Zeroizing::new([&hint, long, "\n", short].concat())
        }
    }

    /// A text for now; not as an error, which greeters replace by one of their own.
    pub(crate) fn say(&self, pam: &mut dyn Transaction, text: &str) {
        if self.screen == Screen::Prompt {
            return pam.tell(Tone::Info, text);
        }
        let columns = self.screen.window().columns;
        wrap::lines(text, columns).iter().for_each(|line| pam.tell(Tone::Info, line));
    }

    fn say_key(&self, pam: &mut dyn Transaction, begun: &Begun) {
        self.say(pam, &self.key_line(begun));
    }

    fn key_line(&self, begun: &Begun) -> Zeroizing<String> {
        Zeroizing::new(self.texts.key_line(&begun.key.to_base32_groups()))
    }

    fn picture(&self, begun: &Begun, uri: &Uri<'_>) -> Option<QrLines> {
        let rows = qr::lines(&uri.of(begun), self.screen.ink()?)?;
        let columns = qr::columns(&rows);
        rows.iter().all(|row| row.len() < MAX_MESSAGE).then_some(QrLines { rows, columns })
    }

    /// Whether the QR code stands on the screen whole, above the question. Of an SSH client's screen nobody can tell.
    fn fits(&self, picture: &QrLines) -> bool {
        let window = self.screen.window();
        self.screen == Screen::Ssh || (window.rows > picture.rows.len() && window.columns >= picture.columns)
    }

    fn draw(&self, pam: &mut dyn Transaction, begun: &Begun, picture: &QrLines) -> InView {
        if self.screen == Screen::Ssh {
            // The client puts account and host in front of the first line.
            self.say(pam, &self.texts.enrol_by_qr());
        }
        picture.rows.iter().for_each(|row| pam.tell(Tone::Info, row));
        let window = self.screen.window();
        let key = wrap::lines(&self.key_line(begun), window.columns).len();
        let has_room = self.screen == Screen::Ssh || window.rows > picture.rows.len() + key;
        if has_room { InView::All } else { InView::Picture }
    }
}

struct QrLines {
    rows: Vec<Zeroizing<String>>,
    columns: usize,
}

/// Greeters do not wrap: what is too long for one line leaves the screen.
fn in_lines<'a>(words: impl Iterator<Item = &'a str>, a_line: usize) -> Zeroizing<String> {
    // Room for all of it: a string that grows leaves copies behind.
    let mut lines = Zeroizing::new(String::with_capacity(MAX_MESSAGE));
    for (number, word) in words.enumerate() {
        match number {
            0 => {}
            n if n % a_line == 0 => lines.push('\n'),
            _ => lines.push(' '),
        }
        lines.push_str(word);
    }
    lines
}

#[cfg(test)]
#[path = "show_tests.rs"]
mod tests;
