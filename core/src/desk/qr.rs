//! A QR code as lines of text, two modules a character, and as a drawing for paper.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// Black on white; the 47 is for terminals that do not know the brighter 107.
const PAPER: &str = "\x1b[30;47;107m";
const END: &str = "\x1b[0m";

/// The quiet zone at the sides and above and below, in modules (ISO/IEC 18004 asks for four; half of it above
/// and below keeps the code on a screen of 25 lines).
const SIDE: usize = 4;
const ABOVE: usize = 2;

/// What is drawn with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Black on white whatever the terminal's own colours are, by escape sequences.
    Colours,
    /// The light modules as blocks: without escape sequences, for dark terminals.
    LightBlocks,
}

impl Ink {
    const fn begin(self) -> &'static str {
        match self {
            Self::Colours => PAPER,
            Self::LightBlocks => "",
        }
    }

    const fn end(self) -> &'static str {
        match self {
            Self::Colours => END,
            Self::LightBlocks => "",
        }
    }

    const fn is_drawn(self, dark: bool) -> bool {
        match self {
            Self::Colours => dark,
            Self::LightBlocks => !dark,
        }
    }
}

/// The code of `content`, line by line; `None` when it holds more than a QR code can.
#[must_use]
pub fn lines(content: &str, ink: Ink) -> Option<Vec<Zeroizing<String>>> {
    let code = QrCode::with_error_correction_level(content, EcLevel::L).ok()?;
    Some(Matrix::new(&code).lines(ink))
}

/// How many characters wide such lines are.
#[must_use]
pub fn columns(lines: &[Zeroizing<String>]) -> usize {
    let is_drawn = |c: &char| matches!(c, ' ' | '\u{2588}' | '\u{2580}' | '\u{2584}');
    lines.first().map_or(0, |line| line.chars().filter(is_drawn).count())
}

/// The code of `content` as an SVG element for paper, with its quiet zone of four modules; `None` as for [`lines`].
#[must_use]
pub fn svg(content: &str) -> Option<Zeroizing<String>> {
    let code = QrCode::with_error_correction_level(content, EcLevel::M).ok()?;
    Some(Matrix::new(&code).svg())
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

    fn lines(&self, ink: Ink) -> Vec<Zeroizing<String>> {
        (0..self.width + 2 * ABOVE).step_by(2).map(|row| self.line(row, ink)).collect()
    }

    /// Two rows of modules.
    fn line(&self, row: usize, ink: Ink) -> Zeroizing<String> {
        let columns = self.width + 2 * SIDE;
        // Room for all of it: a string that grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(3 * columns + PAPER.len() + END.len()));
        text.push_str(ink.begin());
        for column in 0..columns {
            let x = column.checked_sub(SIDE);
            let upper = ink.is_drawn(self.is_dark(x, row.checked_sub(ABOVE)));
            let lower = ink.is_drawn(self.is_dark(x, (row + 1).checked_sub(ABOVE)));
            text.push(match (upper, lower) {
                (true, true) => '\u{2588}',
                (true, false) => '\u{2580}',
                (false, true) => '\u{2584}',
                (false, false) => ' ',
            });
        }
        text.push_str(ink.end());
        text
    }

    /// A dark run of each row is one rectangle of a path, on white paper whatever colour the page has.
    fn svg(&self) -> Zeroizing<String> {
        let side = self.width + 2 * SIDE;
        let mut svg = Zeroizing::new(String::with_capacity(256 + 24 * self.width * self.width));
        let _ = write!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
             shape-rendering=\"crispEdges\" role=\"img\" aria-label=\"QR\">\
             <path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/><path fill=\"#000\" d=\""
        );
        for y in 0..self.width {
            let mut x = 0;
            while x < self.width {
                let run = (x..self.width).take_while(|x| self.is_dark(Some(*x), Some(y))).count();
                if run > 0 {
                    let _ = write!(svg, "M{} {}h{run}v1h-{run}z", x + SIDE, y + SIDE);
                }
                x += run.max(1);
            }
        }
        svg.push_str("\"/></svg>");
        svg
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules as a scanner sees them: both halves of each character, paper or ink.
    fn modules(lines: &[Zeroizing<String>], ink: Ink) -> Vec<Vec<bool>> {
        let mut rows = Vec::new();
        for line in lines {
            let cells = line.strip_prefix(ink.begin()).and_then(|l| l.strip_suffix(ink.end()));
            let cells = cells.expect("its own colours");
            let dark = |drawn: bool| drawn == (ink == Ink::Colours);
            rows.push(cells.chars().map(|c| dark(matches!(c, '\u{2588}' | '\u{2580}'))).collect());
            rows.push(cells.chars().map(|c| dark(matches!(c, '\u{2588}' | '\u{2584}'))).collect());
        }
        rows
    }

    #[test]
    fn every_module_stands_where_the_code_has_it_within_its_quiet_zone() {
        let content = "otpauth://totp/Lakeside%20Clinic:roy@ward3?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let code = QrCode::with_error_correction_level(content, EcLevel::L).unwrap();
        for ink in [Ink::Colours, Ink::LightBlocks] {
            let shown = modules(&lines(content, ink).unwrap(), ink);
            for (row, cells) in shown.iter().enumerate() {
                assert_eq!(cells.len(), code.width() + 2 * SIDE);
                for (column, dark) in cells.iter().enumerate() {
                    let inside = (ABOVE..ABOVE + code.width()).contains(&row)
                        && (SIDE..SIDE + code.width()).contains(&column);
                    let expected = inside && code[(column - SIDE, row - ABOVE)] == Color::Dark;
                    assert_eq!(*dark, expected, "row {row}, column {column}, {ink:?}");
                }
            }
            assert!(shown.len() >= code.width() + 2 * ABOVE);
        }
    }

    #[test]
    fn a_usual_enrolment_fits_on_a_screen_of_25_lines() {
        let content = format!(
            "otpauth://totp/Lakeside%20Clinic:nurse@ward3?secret={}&issuer=Lakeside%20Clinic",
            "A".repeat(32)
        );
        assert!(lines(&content, Ink::Colours).unwrap().len() <= 24);
    }

    #[test]
    fn the_drawing_has_every_dark_module_and_no_other() {
        let content = "otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ";
        let code = QrCode::with_error_correction_level(content, EcLevel::M).unwrap();
        let svg = svg(content).unwrap();
        let (_, path) = svg.split_once("#000\" d=\"M").unwrap();
        let mut drawn = vec![vec![false; code.width()]; code.width()];
        for part in path.trim_end_matches("z\"/></svg>").split("zM") {
            let (corner, rest) = part.split_once('h').unwrap();
            let (x, y) = corner.split_once(' ').unwrap();
            let run: usize = rest.split('v').next().unwrap().parse().unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            (x..x + run).for_each(|x| drawn[y - SIDE][x - SIDE] = true);
        }
        for (y, row) in drawn.iter().enumerate() {
            for (x, dark) in row.iter().enumerate() {
                assert_eq!(*dark, code[(x, y)] == Color::Dark, "{x} {y}");
            }
        }
    }

    #[test]
    fn lines_are_as_wide_as_the_code_and_its_quiet_zone() {
        let content = "otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ";
        let code = QrCode::with_error_correction_level(content, EcLevel::L).unwrap();
        for ink in [Ink::Colours, Ink::LightBlocks] {
            assert_eq!(columns(&lines(content, ink).unwrap()), code.width() + 2 * SIDE);
        }
    }

    #[test]
    fn what_is_too_long_for_a_code_has_none() {
        assert!(svg(&"x".repeat(4000)).is_none());
        assert!(lines(&"x".repeat(4000), Ink::Colours).is_none());
    }
}
