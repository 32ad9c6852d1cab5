//! The enrolment's screen: what to install, what to scan, what to type. QR code and key can both be had in any window.

use super::picture::{Below, Picture};
use crate::context::Context;
use crate::wrap::{columns, wrapped};
use wardkey_core::credential::totp::Parameters;
use wardkey_core::desk::{Begun, Uri};
use zeroize::Zeroizing;

/// The widest that lines become in a window that is wider, and where no width can be told.
const WIDEST: usize = 100;

/// One enrolment to be shown.
pub(crate) struct ShownKey<'a> {
    /// The surroundings.
    pub(crate) context: &'a Context,
    /// What the app must be told.
    pub(crate) begun: &'a Begun,
    /// Under which name.
    pub(crate) uri: &'a Uri<'a>,
}

/// What of it stands in the window above the question for the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// All that is to be had of it.
    All,
    /// The QR code, and no line of the key beside it.
    Picture,
    /// The key, and the QR code would fit by itself.
    Key,
}

impl ShownKey<'_> {
    /// Shows the whole, up to the question for the code.
    pub(crate) fn show(&self) -> View {
        let (screen, view) = self.render();
        self.context.console.raw(&screen);
        view
    }

    /// Shows what has gone out of view, in the window as it is now.
    pub(crate) fn show_the_other(&self, view: View) -> View {
        let console = &self.context.console;
        match (view, Picture::of(self)) {
            (View::Picture, _) => {
                console.raw(&self.page(|page| page.lines_of_key()));
                View::Key
            }
            (View::Key, Picture::AfterKey { rows, has_room }) => {
                console.raw(&self.page(|page| page.picture_last(&rows, has_room)));
                if has_room { View::All } else { View::Picture }
            }
            _ => self.show(),
        }
    }

    /// The line of the key, for who must type it again.
    pub(crate) fn show_key_again(&self) {
        self.context.console.raw(&self.page(|page| page.key()));
    }

    /// The question for the code, which says how to see the rest.
    pub(crate) fn question(&self, view: View) -> String {
        let text = &self.context.text;
        match view {
            View::All => text.code_prompt(),
            View::Picture => text.code_prompt_or_key(),
            View::Key => text.code_prompt_or_picture(),
        }
    }

    /// What stands below the QR code in a window of this width: a line that the terminal breaks counts as often.
    pub(super) fn below(&self, width: usize) -> Below {
        let rows = |text: &str| -> usize {
            text.lines().map(|line| columns(line).div_ceil(width.max(1)).max(1)).sum()
        };
        let code = "0".repeat(self.begun.parameters.digits.get() as usize);
        let question = |view| rows(&format!("{} {code}", self.question(view)));
        Below {
            whole: rows(&self.page(|page| page.below_picture())) + question(View::All),
            key: rows(&self.page(|page| page.key())) + question(View::All),
            question: question(View::Picture),
        }
    }

    fn page(&self, write: impl FnOnce(&mut Page<'_>)) -> Zeroizing<String> {
        let width = self.context.console.window().map_or(WIDEST, |(_, columns)| columns.min(WIDEST));
        let lines = Zeroizing::new(String::with_capacity(16 * 1024));
        let mut page = Page { shown: self, width, lines };
        write(&mut page);
        page.lines
    }

    fn render(&self) -> (Zeroizing<String>, View) {
        let text = &self.context.text;
        let picture = Picture::of(self);
        let view = match &picture {
            Picture::AfterKey { has_room: false, .. } => View::Picture,
            _ => View::All,
        };
        let screen = self.page(|page| {
            page.line(&text.enroll_heading(&self.uri.user.to_string(), self.uri.issuer));
            page.line("");
            page.line(&text.step_app());
            page.line(&text.beware_lookalikes());
            page.line("");
            match &picture {
                Picture::BeforeKey(rows) => {
                    page.line(&text.step_scan());
                    page.on_dark();
                    page.line("");
                    page.rows(rows);
                    return page.below_picture();
                }
                Picture::AfterKey { .. } => {
                    page.line(&text.step_key_or_scan());
                    page.on_dark();
                }
                Picture::WouldBreak { lines, columns } => {
                    page.line(&text.step_key());
                    page.line(&text.enlarge_window(*lines, *columns));
                }
                Picture::Unseen => {
                    page.line(&text.step_key());
                    page.line(&text.no_qr_unseen());
                }
            }
            page.lines_of_key();
            page.line("");
            page.line(&text.step_code());
            if let Picture::AfterKey { rows, has_room } = &picture {
                page.picture_last(rows, *has_room);
            }
        });
        (screen, view)
    }
}

/// Lines for the screen.
struct Page<'a> {
    shown: &'a ShownKey<'a>,
    width: usize,
    lines: Zeroizing<String>,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.lines.push_str(&wrapped(text, self.width));
        self.lines.push('\n');
    }

    fn rows(&mut self, rows: &[Zeroizing<String>]) {
        for row in rows {
            self.lines.push_str(row);
            self.lines.push('\n');
        }
    }

    /// Without colours light and dark are those of the terminal.
    fn on_dark(&mut self) {
        let context = self.shown.context;
        if !context.console.has_colors() {
            self.line(&context.text.scans_on_dark());
        }
    }

    fn key(&mut self) {
        let ShownKey { context, begun, .. } = self.shown;
        self.line(&Zeroizing::new(context.text.key_line(&begun.key.to_base32_groups())));
    }

    /// All from the QR code to the question, where the key stands below it.
    fn below_picture(&mut self) {
        let text = &self.shown.context.text;
        self.line("");
        self.line(&text.or_type_key());
        self.lines_of_key();
        self.line("");
        self.line(&text.step_code());
    }

    fn lines_of_key(&mut self) {
        let ShownKey { context, begun, uri } = self.shown;
        let text = &context.text;
        self.line(&text.issuer_line(uri.issuer));
        self.line(&text.account_line(&uri.account()));
        self.key();
        let Parameters { algorithm, digits, period } = begun.parameters;
        self.line(&text.parameters_line(algorithm.name(), digits.get(), period.get()));
        if begun.parameters != Parameters::default() {
            self.line(&text.unusual_parameters());
        }
    }

    /// The QR code where the rest may scroll away above it; the key once more below it, if there is room.
    fn picture_last(&mut self, rows: &[Zeroizing<String>], has_room: bool) {
        self.rows(rows);
        if has_room {
            self.key();
        }
    }
}
