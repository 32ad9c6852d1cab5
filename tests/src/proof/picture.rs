//! What stood on a screen at one moment, and what an independent reader makes of it.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;

/// Per cent: what a reader of small letters needs.
pub const ENLARGED: u32 = 300;

/// A photograph in X's own format for them, of which two alike are alike byte for byte.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Picture(Vec<u8>);

impl Picture {
    /// What an X server keeps in its file of the screen.
    #[must_use]
    pub fn of_framebuffer(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The picture for people.
    ///
    /// # Errors
    /// There is nothing on it.
    pub fn png(&self) -> io::Result<Vec<u8>> {
        self.converted(&[])
    }

    /// The words on it, one blank apart, through a magnifying glass of so many per cent.
    ///
    /// # Panics
    /// If there is nothing on it.
    #[must_use]
    pub fn words(&self, per_cent: u32) -> String {
        // Most of a locked screen is empty, and would be enlarged and read for nothing.
        let filled = ["-trim", "+repage", "-bordercolor", "black", "-border", "20"];
        self.read(&[&filled[..], &["-scale", &format!("{per_cent}%")]].concat(), "11")
    }

    /// The same of light letters on a dark ground.
    #[must_use]
    pub fn words_on_dark(&self) -> String {
        self.read(&["-negate", "-resize", "200%"], "3")
    }

    /// The same in a part of it (`WIDTHxHEIGHT+X+Y`).
    #[must_use]
    pub fn words_at(&self, part: &str) -> String {
        self.read(&["-crop", part, "+repage", "-resize", "300%"], "6")
    }

    fn read(&self, through: &[&str], layout: &str) -> String {
        let seen = self.converted(&[&["-colorspace", "Gray"], through].concat()).expect("a picture");
        let mut tesseract = Command::new("tesseract");
        // One thread: it is faster so on a machine that does other things too.
        tesseract.args(["-", "-", "--psm", layout]).env("OMP_THREAD_LIMIT", "1");
        let words = pipe(&mut tesseract, seen).expect("a reader");
        let words = String::from_utf8_lossy(&words).into_owned();
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn converted(&self, how: &[&str]) -> io::Result<Vec<u8>> {
        pipe(Command::new("convert").arg("xwd:-").args(how).arg("png:-"), self.0.clone())
    }
}

/// What `command` makes of `input`.
fn pipe(command: &mut Command, input: Vec<u8>) -> io::Result<Vec<u8>> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
    let writer = thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output()?;
    let is_read = writer.join().is_ok_and(|done| done.is_ok());
    if output.status.success() && is_read {
        Ok(output.stdout)
    } else {
        Err(io::Error::other(format!("{command:?}: {}", output.status)))
    }
}
