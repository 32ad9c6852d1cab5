//! The page with the recovery codes: apart from the key, so that one stolen page is not both.

use super::html::Html;
use crate::context::Context;
use crate::show::plain_codes;
use crate::text::{local, shell_word};
use wardkey_core::credential::SingleUseCode;
use wardkey_core::system::clock::Timestamp;
use zeroize::Zeroizing;

/// One person's codes.
pub(crate) struct CodesPage<'a> {
    /// The surroundings.
    pub(crate) context: &'a Context,
    /// Whose.
    pub(crate) user: &'a str,
    /// When they were made.
    pub(crate) made: Timestamp,
    /// The codes.
    pub(crate) codes: &'a [SingleUseCode],
}

impl CodesPage<'_> {
    /// A sheet of nothing but this page.
    pub(crate) fn render(&self) -> Zeroizing<String> {
        let mut html = Html::new(self.context.config.language, &self.title());
        self.add_to(&mut html, true);
        html.end()
    }

    /// Adds the page to a sheet.
    pub(super) fn add_to(&self, html: &mut Html, is_first: bool) {
        let text = &self.context.text;
        html.page(is_first, |html| {
            html.element("h1", &self.title());
            html.element("p", &text.sheet_codes_use());
            html.list("codes", plain_codes(self.codes).iter().map(|code| code.as_str()));
            html.element("p", &text.codes_good_places());
            html.element("p", &text.codes_bad_places());
            html.element("p", &text.sheet_codes_apart());
            html.element("p", &text.sheet_codes_made(&local(self.made), &shell_word(self.user)));
            html.classed("p", "note", &text.sheet_call(&text.support()));
        });
    }

    fn title(&self) -> String {
        self.context.text.sheet_codes_heading(self.user, self.context.config.issuer.as_str())
    }
}
