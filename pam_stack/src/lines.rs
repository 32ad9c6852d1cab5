//! The lines of a file as libpam puts them together: continued with a backslash, cut at `#`.

/// libpam's two ways to put lines together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reader {
    /// Up to 1.5: a buffer of 1,024 bytes. What does not fit is read as the next line, also behind a `#`; a line that is
    /// continued goes on behind comments and blank lines.
    Fixed,
    /// Since 1.6: any length. A comment or a blank line ends a line that is continued.
    Growing,
}

impl Reader {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Fixed => Self::Growing,
            Self::Growing => Self::Fixed,
        }
    }
}

/// A line as libpam hands it to its parser.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Written {
    /// Without its comment, its continuations joined.
    pub text: String,
    /// The number of the line in the file that it begins on, from 1.
    pub number: usize,
}

const BUFFER: usize = 1024;

/// The lines of a file; the second value tells whether the file ends in the middle of one, at which libpam gives up
/// the whole service.
#[must_use]
pub fn written(content: &[u8], reader: Reader) -> (Vec<Written>, bool) {
    let mut input = Input { rest: content, number: 1 };
    let mut lines = Vec::new();
    loop {
        let (mut buffer, mut begun) = (Vec::new(), None);
        let is_whole = loop {
            let room = match reader {
                Reader::Fixed => (BUFFER - 1).saturating_sub(buffer.len()),
                Reader::Growing => usize::MAX,
            };
            let number = input.number;
            let Some(chunk) = input.take(room) else { break false };
            match part(chunk) {
                Part::Nothing if reader == Reader::Fixed || begun.is_none() => {}
                Part::Nothing => break true,
                Part::Goes(text) => {
                    begun.get_or_insert(number);
                    buffer.extend_from_slice(text);
                    buffer.push(b' ');
                }
                Part::Ends(text) => {
                    begun.get_or_insert(number);
                    buffer.extend_from_slice(text);
                    break true;
                }
            }
        };
        let Some(number) = begun else { return (lines, false) };
        if !is_whole {
            return (lines, true);
        }
        lines.push(Written { text: String::from_utf8_lossy(&buffer).into_owned(), number });
    }
}

struct Input<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Input<'a> {
    /// What fgets(3) gives: up to a newline, at most `room` bytes; and of that what stands before a NUL.
    fn take(&mut self, room: usize) -> Option<&'a [u8]> {
        if self.rest.is_empty() || room == 0 {
            return None;
        }
        let end = self.rest.iter().position(|byte| *byte == b'\n').map_or(self.rest.len(), |at| at + 1);
        let (chunk, rest) = self.rest.split_at(end.min(room));
        self.rest = rest;
        self.number += usize::from(chunk.ends_with(b"\n"));
        chunk.split(|byte| *byte == 0).next()
    }
}

enum Part<'a> {
    /// Blanks or a comment.
    Nothing,
    /// The line goes on.
    Goes(&'a [u8]),
    /// The line ends here.
    Ends(&'a [u8]),
}

fn part(chunk: &[u8]) -> Part<'_> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n');
    let text = chunk.split(|byte| *byte == b'#').next().unwrap_or_default();
    if text.iter().all(is_blank) {
        return Part::Nothing;
    }
    let end = text.iter().rposition(|byte| !is_blank(byte)).map_or(0, |last| last + 1);
    let (text, is_commented) = (text.get(..end).unwrap_or_default(), text.len() < chunk.len());
    match text.strip_suffix(b"\\") {
        Some(goes_on) if !is_commented => Part::Goes(goes_on),
        _ => Part::Ends(text),
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
