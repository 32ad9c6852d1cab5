//! The page with codes: apart from the key, so that one stolen page is not both.

use super::html::Html;
use super::login_page::add_login;
use crate::context::Context;
use crate::show::plain_codes;
use crate::text::{local, shell_word};
use wardkey_core::credential::SingleUseCode;
use wardkey_core::system::clock::Timestamp;
use zeroize::Zeroizing;

/// One person's codes.
pub(crate) struct CodesPage<'a> {
    context: &'a Context,
    user: &'a str,
    made: Timestamp,
    codes: &'a [SingleUseCode],
    what: What,
}

/// What the codes are.
enum What {
    /// Recovery codes, for the person's drawer.
    Recovery,
    /// The same after an enrolment, with what a login is like; codes of the authenticator have so many digits.
    Enrolled(u32),
    /// Emergency codes, for a sealed envelope.
    Envelope,
}

impl<'a> CodesPage<'a> {
    /// A recovery set that is made now.
    pub(crate) fn recovery(context: &'a Context, user: &'a str, codes: &'a [SingleUseCode]) -> Self {
        Self { context, user, made: context.now(), codes, what: What::Recovery }
    }

    /// The one that an enrolment brings.
    pub(super) fn enrolled(
        context: &'a Context,
        user: &'a str,
        codes: &'a [SingleUseCode],
        digits: u32,
    ) -> Self {
        Self { what: What::Enrolled(digits), ..Self::recovery(context, user, codes) }
    }

    /// Codes for an envelope, made now.
    pub(crate) fn envelope(context: &'a Context, user: &'a str, codes: &'a [SingleUseCode]) -> Self {
        Self { what: What::Envelope, ..Self::recovery(context, user, codes) }
    }

    /// The sheet: this page, which is all of it.
    pub(crate) fn render(&self) -> Zeroizing<String> {
        let mut html = Html::new(self.context.config.language, &self.title());
        html.page(|html| {
            html.element("h1", &self.title());
            match self.what {
                What::Recovery | What::Enrolled(_) => self.recovery_lines(html),
                What::Envelope => self.envelope_lines(html),
            }
            if let What::Enrolled(digits) = self.what {
                add_login(self.context, html, digits);
            }
            html.classed("p", "note", &self.context.text.sheet_call(&self.context.text.support()));
        });
        html.end()
    }

    fn recovery_lines(&self, html: &mut Html) {
        let text = &self.context.text;
        html.element("p", &text.sheet_codes_use());
        self.list(html);
        html.element("p", &text.codes_good_places());
        html.element("p", &text.codes_bad_places());
        html.element("p", &text.sheet_codes_apart());
        html.element("p", &text.sheet_codes_made(&local(self.made), &shell_word(self.user)));
    }

    fn envelope_lines(&self, html: &mut Html) {
        let text = &self.context.text;
        html.element("p", &text.sheet_envelope_use(self.user));
        self.list(html);
        html.element("p", &text.sheet_envelope_seal());
        html.element("p", &text.sheet_envelope_made(&local(self.made), &shell_word(self.user)));
    }

    fn list(&self, html: &mut Html) {
        html.list("codes", plain_codes(self.codes).iter().map(|code| code.as_str()));
    }

    fn title(&self) -> String {
        let (text, issuer) = (&self.context.text, self.context.config.issuer.as_str());
        match self.what {
            What::Recovery | What::Enrolled(_) => text.sheet_codes_heading(self.user, issuer),
            What::Envelope => text.sheet_envelope_heading(self.user, issuer),
        }
    }
}
