//! Enrolment sheets as those who print them see them: parsed by an independent reader, scanned off the paper.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::machine::host::Host;
use crate::proof::outcome::run;
use crate::proof::terminal_screen::printed_codes;

/// One sheet.
#[derive(Debug)]
pub struct Sheet {
    /// The language that it says it is in.
    pub language: String,
    /// Its content security policy.
    pub policy: String,
    /// The text of each page.
    pub pages: Vec<String>,
    /// What the QR code on it says; empty when there is none.
    pub scanned: String,
}

impl Sheet {
    /// Reads the file of `host`.
    ///
    /// # Panics
    /// If it is no well-formed HTML document, or refers to anything outside.
    #[must_use]
    pub fn read(host: &Host, path: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/read_sheet.py");
        let read = run(Command::new("/usr/bin/python3").arg(script).arg(host.path(path)), b"");
        let sheet = read.exits(0).json();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let pages = sheet["pages"].as_array().expect("pages");
        Self {
            language: text(&sheet["language"]),
            policy: text(&sheet["policy"]),
            pages: pages.iter().map(text).collect(),
            scanned: sheet["drawings"][0].as_str().map(|svg| scan(host, svg)).unwrap_or_default(),
        }
    }

    /// How many leaves of paper the file takes, on A4 and on Letter, by a printer's own reckoning.
    ///
    /// # Panics
    /// If it cannot be laid out.
    #[must_use]
    pub fn leaves(host: &Host, path: &str) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/print_sheet.py");
        run(Command::new("/usr/bin/python3").arg(script).arg(host.path(path)), b"").exits(0).stdout
    }

    /// The single-use codes on one of its pages.
    #[must_use]
    pub fn codes(&self, page: usize) -> Vec<String> {
        self.pages.get(page).map(|text| printed_codes(text)).unwrap_or_default()
    }
}

/// What zbarimg reads off a drawing as librsvg paints it.
fn scan(host: &Host, svg: &str) -> String {
    host.write("/var/drawing.svg", svg);
    let picture = host.path("/var/drawing.png");
    let mut paint = Command::new("rsvg-convert");
    paint.args(["--width", "500", "--output"]).arg(&picture).arg(host.path("/var/drawing.svg"));
    run(&mut paint, b"").exits(0);
    let mut zbarimg = Command::new("zbarimg");
    zbarimg.args(["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"]).arg(&picture);
    run(&mut zbarimg, b"").stdout.trim().to_owned()
}
