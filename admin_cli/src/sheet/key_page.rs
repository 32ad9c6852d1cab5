//! The page with the key: what to install, what to scan, what a login is like, what to do without the phone.

use super::codes_page::CodesPage;
use super::html::Html;
use super::login_page::add_login;
use crate::context::Context;
use crate::text::{APPS, local, shell_word};
use wardkey_core::credential::SingleUseCode;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::desk::qr;
use wardkey_core::desk::{Begun, Uri};
use wardkey_core::system::clock::Timestamp;
use zeroize::Zeroizing;

/// One person's page.
pub(crate) struct KeyPage<'a> {
    /// The surroundings.
    pub(crate) context: &'a Context,
    /// What the app must be told.
    pub(crate) begun: &'a Begun,
    /// Under which name.
    pub(crate) uri: &'a Uri<'a>,
}

impl KeyPage<'_> {
    /// The sheet as long as the key opens nothing; it counts once a code of it was typed, no later than `until`.
    pub(crate) fn render(&self, until: Timestamp) -> Zeroizing<String> {
        let text = &self.context.text;
        let user = &self.uri.user.to_string();
        let title = text.enroll_heading(user, self.uri.issuer);
        let mut html = Html::new(self.context.config.language, &title);
        html.page(|html| {
            html.element("h1", &title);
            html.classed("p", "note", &text.sheet_pending(&local(until), &shell_word(user)));
            self.app(html);
            self.scan(html);
            add_login(self.context, html, self.digits());
            html.classed("p", "note", &text.sheet_call(&text.support()));
        });
        html.end()
    }

    /// The sheet from then on: the key is off it, the recovery codes are on it.
    pub(crate) fn with_codes(&self, codes: &[SingleUseCode]) -> Zeroizing<String> {
        let user = &self.uri.user.to_string();
        CodesPage::enrolled(self.context, user, codes, self.digits()).render()
    }

    fn digits(&self) -> u32 {
        self.begun.parameters.digits.get()
    }

    fn app(&self, html: &mut Html) {
        let text = &self.context.text;
        html.element("h2", &text.sheet_app_heading());
        html.element("p", &text.sheet_stores());
        let (name, publisher) = (text.sheet_app_column(), text.sheet_publisher_column());
        let rows: Vec<[&str; 2]> =
            [[name.as_str(), publisher.as_str()]].into_iter().chain(APPS.map(|(a, b)| [a, b])).collect();
        html.table(&rows, true);
        html.element("p", &text.sheet_lookalikes());
        html.element("p", &text.sheet_no_phone(&text.support()));
    }

    fn scan(&self, html: &mut Html) {
        let text = &self.context.text;
        html.element("h2", &text.sheet_scan_heading());
        if let Some(svg) = qr::svg(&self.uri.of(self.begun)) {
            html.raw(&svg);
            html.raw("\n");
        }
        html.element("p", &text.sheet_or_type());
        let Parameters { algorithm, digits, period } = self.begun.parameters;
        let (account, key) = (self.uri.account(), self.begun.key.to_base32_groups());
        let kind = text.sheet_kind(algorithm.name(), digits.get(), period.get());
        let [issuer, account_word, key_word, kind_word] =
            [text.sheet_issuer(), text.sheet_account(), text.sheet_key(), text.sheet_kind_word()];
        html.table(
            &[[&issuer, self.uri.issuer], [&account_word, &account], [&key_word, &key], [&kind_word, &kind]],
            false,
        );
        if self.begun.parameters != Parameters::default() {
            html.element("p", text.unusual_parameters().trim_start());
        }
        html.element("p", &text.sheet_then_code());
    }
}
