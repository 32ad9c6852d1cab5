//! The enrolment's screen: what to install, what to scan, what to type.

use crate::context::Context;
use anstream::adapter::strip_str;
use terminal_size::{Height, Width, terminal_size_of};
use wardkey_core::credential::totp::Parameters;
use wardkey_core::desk::qr::{self, Ink};
use wardkey_core::desk::{Begun, Uri};
use zeroize::Zeroizing;

/// Lines between the QR code and the question for the code, that included.
const LINES_AFTER: usize = 9;

/// One enrolment to be shown.
pub(crate) struct ShownKey<'a> {
    /// The surroundings.
    pub(crate) context: &'a Context,
    /// What the app must be told.
    pub(crate) begun: &'a Begun,
    /// Under which name.
    pub(crate) uri: &'a Uri<'a>,
}

impl ShownKey<'_> {
    /// The whole screen, up to the question for the code.
    pub(crate) fn render(&self) -> Zeroizing<String> {
        let text = &self.context.text;
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
        match self.picture() {
            Picture::Shown(qr) => {
                line(&text.step_scan());
                line("");
                qr.iter().for_each(|row| line(row));
                line("");
                line(&text.or_type_key());
            }
            Picture::WouldBreak { lines, columns } => {
                line(&text.step_key());
                line(&text.enlarge_window(lines, columns));
            }
            Picture::Colourless => {
                line(&text.step_key());
                line(&text.no_qr_without_colors());
            }
        }
        line(&text.issuer_line(self.uri.issuer));
        line(&text.account_line(&self.uri.account()));
        line(&Zeroizing::new(text.key_line(&self.begun.key.to_base32_groups())));
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
    fn picture(&self) -> Picture {
        let shown = self.context.console.has_colors();
        let qr = shown.then(|| qr::lines(&self.uri.of(self.begun), Ink::Colours)).flatten();
        qr.map_or(Picture::Colourless, |qr| Picture::within(terminal_size_of(std::io::stdout()), qr))
    }
}

/// The QR code, if it can be shown.
enum Picture {
    /// Its lines.
    Shown(Vec<Zeroizing<String>>),
    /// The window is smaller than this.
    WouldBreak { lines: usize, columns: usize },
    /// Not in colours.
    Colourless,
}

impl Picture {
    /// `qr` if it stays whole in a window of this size while the lines after it are shown; where no size can be told,
    /// it is shown.
    fn within(size: Option<(Width, Height)>, qr: Vec<Zeroizing<String>>) -> Self {
        let columns = qr.first().map_or(0, |line| strip_str(line).to_string().chars().count());
        let lines = qr.len() + LINES_AFTER;
        let (width, height) = size.map_or((0, 0), |(Width(w), Height(h))| (usize::from(w), usize::from(h)));
        let is_too_small = width < columns || height < lines;
        if width > 0 && height > 0 && is_too_small {
            Self::WouldBreak { lines, columns }
        } else {
            Self::Shown(qr)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_shown_whole_or_not_at_all() {
        let qr = || qr::lines("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ", Ink::Colours).unwrap();
        let size = |width, height| Some((Width(width), Height(height)));
        let Picture::WouldBreak { lines, columns } = Picture::within(size(80, 10), qr()) else {
            panic!("ten lines are too few")
        };
        assert_eq!(lines, qr().len() + LINES_AFTER);
        let (lines, columns) = (u16::try_from(lines).unwrap(), u16::try_from(columns).unwrap());
        for (size, is_shown) in [
            (size(columns, lines), true),
            (size(columns - 1, lines), false),
            (size(columns, lines - 1), false),
            (size(0, 0), true),
            (None, true),
        ] {
            assert_eq!(matches!(Picture::within(size, qr()), Picture::Shown(_)), is_shown, "{size:?}");
        }
    }
}
