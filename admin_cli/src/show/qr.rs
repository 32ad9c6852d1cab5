//! A QR code as text: two modules a character, black on white whatever the terminal's own colours are.

use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrCode};

/// Black on white; the 47 is for terminals that do not know the brighter 107.
const PAPER: &str = "\x1b[30;47;107m";
const END: &str = "\x1b[0m";

/// The quiet zone at the sides and above and below, in modules (ISO/IEC 18004 asks for four; half of it above
/// and below keeps the code on a screen of 25 lines).
const SIDE: usize = 4;
const ABOVE: usize = 2;

/// The code of `content`, each line ending its colours.
pub(crate) fn render(content: &str) -> Result<String, QrError> {
    let code = QrCode::with_error_correction_level(content, EcLevel::L)?;
    Ok(Matrix::new(&code).to_text())
}

struct Matrix {
    width: usize,
    dark: Vec<bool>,
}

impl Matrix {
    fn new(code: &QrCode) -> Self {
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Self { width: code.width(), dark }
    }

    /// Whether a module is dark; outside the code none is.
    fn is_dark(&self, x: Option<usize>, y: Option<usize>) -> bool {
        let (Some(x), Some(y)) = (x.filter(|x| *x < self.width), y) else { return false };
        self.dark.get(y * self.width + x).copied().unwrap_or(false)
    }

    fn to_text(&self) -> String {
        let mut text = String::new();
        let columns = self.width + 2 * SIDE;
        let rows = self.width + 2 * ABOVE;
        for row in (0..rows).step_by(2) {
            text.push_str(PAPER);
            for column in 0..columns {
                let x = column.checked_sub(SIDE);
                let upper = self.is_dark(x, row.checked_sub(ABOVE));
                let lower = self.is_dark(x, (row + 1).checked_sub(ABOVE));
                text.push(match (upper, lower) {
                    (true, true) => '\u{2588}',
                    (true, false) => '\u{2580}',
                    (false, true) => '\u{2584}',
                    (false, false) => ' ',
                });
            }
            text.push_str(END);
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules as a scanner sees them: both halves of each character, paper or ink.
    fn modules(text: &str) -> Vec<Vec<bool>> {
        let mut rows = Vec::new();
        for line in text.lines() {
            let cells = line.strip_prefix(PAPER).and_then(|l| l.strip_suffix(END)).expect("its own colours");
            rows.push(cells.chars().map(|c| matches!(c, '\u{2588}' | '\u{2580}')).collect());
            rows.push(cells.chars().map(|c| matches!(c, '\u{2588}' | '\u{2584}')).collect());
        }
        rows
    }

    #[test]
    fn every_module_stands_where_the_code_has_it_within_its_quiet_zone() {
        let content = "otpauth://totp/Lakeside%20Clinic:roy@ward3?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let code = QrCode::with_error_correction_level(content, EcLevel::L).unwrap();
        let shown = modules(&render(content).unwrap());
        for (row, cells) in shown.iter().enumerate() {
            assert_eq!(cells.len(), code.width() + 2 * SIDE);
            for (column, dark) in cells.iter().enumerate() {
                let inside = (ABOVE..ABOVE + code.width()).contains(&row)
                    && (SIDE..SIDE + code.width()).contains(&column);
                let expected = inside && code[(column - SIDE, row - ABOVE)] == Color::Dark;
                assert_eq!(*dark, expected, "row {row}, column {column}");
            }
        }
        assert!(shown.len() >= code.width() + 2 * ABOVE);
    }

    #[test]
    fn a_usual_enrolment_fits_on_a_screen_of_25_lines() {
        let content = format!(
            "otpauth://totp/Lakeside%20Clinic:nurse@ward3?secret={}&issuer=Lakeside%20Clinic",
            "A".repeat(32)
        );
        assert!(render(&content).unwrap().lines().count() <= 24);
    }
}
