//! What a terminal shows at enrolment: an independent reader scans it, on dark and on light.

use std::fmt::Write as _;
use std::process::Command;

use wardkey_tests::generator::Authenticator;
use wardkey_tests::outcome::run;
use wardkey_tests::terminal::{COLUMNS, ROWS, Terminal};
use wardkey_tests::world::World;

/// Pixels of a character cell; a cell is twice as high as wide.
const WIDTH: usize = 8;
const HEIGHT: usize = 16;

/// The terminal's own colours, as grey values.
#[derive(Clone, Copy, Debug)]
struct Theme {
    foreground: u8,
    background: u8,
}

const DARK: Theme = Theme { foreground: 229, background: 0 };
const LIGHT: Theme = Theme { foreground: 0, background: 255 };

/// Enrols Alice at a terminal, up to the prompt for the first code.
fn at_the_first_code(world: &World) -> Terminal {
    world.add_account("alice");
    let command = world.built("wardkey");
    let mut terminal = Terminal::start(world, command.to_str().expect("a plain path"), &["enroll", "alice"]);
    terminal.expect("Code from the app:");
    terminal
}

/// A grey picture of the screen, as PGM.
fn paint(bytes: &[u8], theme: Theme) -> String {
    let mut parser = vt100::Parser::new(ROWS, COLUMNS, 0);
    parser.process(bytes);
    let screen = parser.screen();
    let mut picture = format!("P2 {} {} 255\n", usize::from(COLUMNS) * WIDTH, usize::from(ROWS) * HEIGHT);
    for row in 0..ROWS {
        for line in 0..HEIGHT {
            for column in 0..COLUMNS {
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

fn scan(world: &World, picture: &str) -> String {
    world.write("/var/picture.pgm", picture);
    let mut zbarimg = Command::new("zbarimg");
    zbarimg.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(world.path("/var/picture.pgm"));
    run(&mut zbarimg, b"").stdout.trim().to_owned()
}

/// The characters on the screen, without what they look like.
fn screen_text(bytes: &[u8]) -> String {
    let mut parser = vt100::Parser::new(ROWS, COLUMNS, 0);
    parser.process(bytes);
    parser.screen().contents()
}

// Row: S1-10
#[test]
fn a_qr_reader_scans_the_terminal_dark_and_light() {
    let world = World::new();
    let bytes = at_the_first_code(&world).bytes().to_vec();
    let dark = scan(&world, &paint(&bytes, DARK));
    assert!(
        dark.starts_with("otpauth://totp/") && dark.contains("alice"),
        "{dark:?}:\n{}",
        screen_text(&bytes)
    );
    assert_eq!(scan(&world, &paint(&bytes, LIGHT)), dark, "on a light terminal");
    let (_, secret) = dark.split_once("secret=").expect("a secret");
    let secret = secret.split('&').next().expect("its end");

    let printed = world.json(&["enroll", "alice"], "");
    let (uri, other) =
        (printed["uri"].as_str().expect("an address"), printed["secret"].as_str().expect("a secret"));
    assert_eq!(dark, uri.replace(other, secret), "what scripts are given, but for the key");

    let groups: Vec<_> = secret.as_bytes().chunks(4).map(String::from_utf8_lossy).collect();
    let text = screen_text(&bytes).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(&groups.join(" ")), "the key in groups of four: {text}");
}

// Row: S1-13
// Row: S1-15
// Row: S1-16
// Row: S2-10
#[test]
fn at_a_terminal_the_recovery_codes_are_shown_after_the_first_right_code() {
    let world = World::new();
    let mut terminal = at_the_first_code(&world);
    let uri = scan(&world, &paint(terminal.bytes(), DARK));
    let (_, secret) = uri.split_once("secret=").expect("a secret");
    let phone = Authenticator {
        secret: secret.split('&').next().expect("its end").into(),
        algorithm: "SHA1".into(),
        digits: 6,
        period: 30,
    };
    let before = terminal.bytes().len();
    terminal.type_line(&phone.code(world.now() / 30));
    let shown = until_codes(&mut terminal, before);
    assert_eq!(shown.len(), 5, "{}", terminal.transcript());
    terminal.expect("locked drawer");
    terminal.expect("sticky note");
    assert!(world.types("alice", &shown[4]).accepted(), "{shown:?}");
}

/// Answers what is asked after the code, as a person does who reads the codes off the screen.
fn until_codes(terminal: &mut Terminal, before: usize) -> Vec<String> {
    loop {
        let codes = printed_codes(&String::from_utf8_lossy(&terminal.bytes()[before..]));
        if codes.len() == 5 {
            return codes;
        }
        assert!(terminal.expect_any(&["\n"]).is_some(), "no codes: {}", terminal.transcript());
    }
}

fn printed_codes(text: &str) -> Vec<String> {
    let is_code =
        |word: &&str| word.len() == 19 && word.split('-').filter(|part| part.len() == 4).count() == 4;
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(is_code).map(str::to_owned).collect()
}
