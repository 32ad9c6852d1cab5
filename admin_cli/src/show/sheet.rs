//! The enrolment's screen: what to install, what to scan, what to type.

use super::qr;
use crate::office::Office;
use wardkey_core::enrolling::{Begun, Uri};
use wardkey_core::totp::Parameters;
use zeroize::Zeroizing;

/// One enrolment to be shown.
pub(crate) struct Sheet<'a> {
    /// The surroundings.
    pub(crate) office: &'a Office,
    /// What the app must be told.
    pub(crate) begun: &'a Begun,
    /// Under which name.
    pub(crate) uri: &'a Uri<'a>,
}

impl Sheet<'_> {
    /// The whole screen, up to the question for the code.
    pub(crate) fn render(&self) -> Zeroizing<String> {
        let text = &self.office.text;
        let mut sheet = Zeroizing::new(String::with_capacity(16 * 1024));
        let mut line = |part: &str| {
            sheet.push_str(part);
            sheet.push('\n');
        };
        line(&text.enroll_heading(&self.uri.user.to_string(), self.uri.issuer));
        line("");
        line(&text.step_app());
        line(&text.beware_lookalikes());
        line("");
        match self.qr() {
            Some(qr) => {
                line(&text.step_scan());
                line("");
                line(&qr);
                line(&text.or_type_key());
            }
            None => {
                line(&text.step_key());
                line(&text.no_qr_without_colors());
            }
        }
        line(&text.issuer_line(self.uri.issuer));
        line(&text.account_line(&self.uri.account()));
        line(&Zeroizing::new(text.key_line(&in_groups(&self.begun.key.to_base32()))));
        let Parameters { algorithm, digits, period } = self.begun.parameters;
        line(&text.parameters_line(algorithm.name(), digits.get(), period.get()));
        if self.begun.parameters != Parameters::default() {
            line(&text.unusual_parameters());
        }
        line("");
        line(&text.step_code());
        sheet
    }

    /// Without colours a QR code scans on some screens only, so none is shown then.
    fn qr(&self) -> Option<Zeroizing<String>> {
        let shown = self.office.console.has_colors();
        shown.then(|| qr::render(&self.uri.of(self.begun)).ok()).flatten().map(Zeroizing::new)
    }
}

/// A key in groups of four, as it is read out and typed in.
fn in_groups(key: &str) -> Zeroizing<String> {
    let mut grouped = Zeroizing::new(String::with_capacity(key.len() * 2));
    for (i, c) in key.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            grouped.push(' ');
        }
        grouped.push(c);
    }
    grouped
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_key_is_read_in_groups_of_four() {
        assert_eq!(*super::in_groups("GEZDGNBVGY"), "GEZD GNBV GY");
    }
}
