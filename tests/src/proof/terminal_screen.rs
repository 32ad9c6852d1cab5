//! What a terminal shows, as a camera sees it: painted on dark or light, and scanned by an independent reader.

use std::fmt::Write as _;
use std::process::Command;

use crate::machine::host::Host;
use crate::programs::terminal::{COLUMNS, ROWS};
use crate::proof::outcome::run;

/// Pixels of a character cell; a cell is twice as high as wide.
const WIDTH: usize = 8;
const HEIGHT: usize = 16;

/// The terminal's own colours, as grey values.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    foreground: u8,
    background: u8,
}

/// Light on dark.
pub const DARK: Theme = Theme { foreground: 229, background: 0 };
/// Dark on light.
pub const LIGHT: Theme = Theme { foreground: 0, background: 255 };

/// What zbarimg reads off the screen after a program has written `bytes`; empty if there is nothing to scan.
#[must_use]
pub fn scan(host: &Host, bytes: &[u8], theme: Theme) -> String {
    scan_in(host, bytes, theme, (ROWS, COLUMNS))
}

/// The same on a screen of so many rows and columns.
#[must_use]
pub fn scan_in(host: &Host, bytes: &[u8], theme: Theme, size: (u16, u16)) -> String {
    host.write("/var/picture.pgm", paint(bytes, theme, size));
    let mut zbarimg = Command::new("zbarimg");
    zbarimg.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(host.path("/var/picture.pgm"));
    run(&mut zbarimg, b"").stdout.trim().to_owned()
}

/// The characters on the screen, without what they look like.
#[must_use]
pub fn text(bytes: &[u8]) -> String {
    text_in(bytes, (ROWS, COLUMNS))
}

/// The same on a screen of so many rows and columns.
#[must_use]
pub fn text_in(bytes: &[u8], (rows, columns): (u16, u16)) -> String {
    let mut parser = vt100::Parser::new(rows, columns, 0);
    parser.process(bytes);
    parser.screen().contents()
}

/// The single-use codes in a text.
#[must_use]
pub fn printed_codes(text: &str) -> Vec<String> {
    let is_code =
        |word: &&str| word.len() == 19 && word.split('-').filter(|part| part.len() == 4).count() == 4;
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(is_code).map(str::to_owned).collect()
}

/// A grey picture of the screen, as PGM.
fn paint(bytes: &[u8], theme: Theme, (rows, columns): (u16, u16)) -> String {
    let mut parser = vt100::Parser::new(rows, columns, 0);
    parser.process(bytes);
    let screen = parser.screen();
    let mut picture = format!("P2 {} {} 255\n", usize::from(columns) * WIDTH, usize::from(rows) * HEIGHT);
    for row in 0..rows {
        for line in 0..HEIGHT {
            for column in 0..columns {
                let cell = screen.cell(row, column).expect("inside the screen");
                let grey = grey_at(cell, line, theme);
                for _ in 0..WIDTH {
                    let _ = write!(picture, "{grey} ");
                }
            }
            picture.push('\n');
        }
    }
    picture
}

/// The colour of a cell at one of its lines: blocks are painted, other characters left out.
fn grey_at(cell: &vt100::Cell, line: usize, theme: Theme) -> u8 {
    let (mut foreground, mut background) =
        (grey(cell.fgcolor(), theme.foreground), grey(cell.bgcolor(), theme.background));
    if cell.inverse() {
        (foreground, background) = (background, foreground);
    }
    let upper = line < HEIGHT / 2;
    let painted = match cell.contents() {
        "█" => true,
        "▀" => upper,
        "▄" => !upper,
        _ => false,
    };
    if painted { foreground } else { background }
}

fn grey(colour: vt100::Color, default: u8) -> u8 {
    match colour {
        vt100::Color::Default => default,
        vt100::Color::Idx(0 | 16) => 0,
        vt100::Color::Idx(7) => 229,
        vt100::Color::Idx(15 | 231) => 255,
        vt100::Color::Idx(_) => 128,
        vt100::Color::Rgb(red, green, blue) => red / 3 + green / 3 + blue / 3,
    }
}
