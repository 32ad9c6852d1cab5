//! What comes along with a code from where people keep it: blanks, dashes and marks that nobody sees. None of it can be part
//! of a code, so in codes it means nothing.

use zeroize::Zeroizing;

/// Whether `c` is a blank, a dash or a mark without a width. Control characters are not, but for those that leave room on
/// paper: what sshd answers for somebody it will not let in has others, and must not read as a code.
const fn is_filler(c: char) -> bool {
    matches!(c,
        '\t'..='\r' | ' ' | '-'
        // Blanks: no-break, of all widths, line and paragraph ends.
        | '\u{85}' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}'
        | '\u{3000}'
        // Dashes: hyphens, en and em, minus, small and wide ones.
        | '\u{58a}' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
        // Without a width: soft hyphen, joiners, directions, byte order mark.
        | '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// A text without its filler, and where each byte of it stood.
pub(crate) struct Cleaned {
    bytes: Zeroizing<Vec<u8>>,
    places: Vec<usize>,
    whole: usize,
}

impl Cleaned {
    /// What stands in `text`, which need not be UTF-8.
    pub(crate) fn of(text: &[u8]) -> Self {
        // Room for all of it at once: a vector that grows leaves copies of what it held behind.
        let bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        let mut kept = Self { bytes, places: Vec::with_capacity(text.len()), whole: 0 };
        for chunk in text.utf8_chunks() {
            let mut rest = chunk.valid();
            while let Some(c) = rest.chars().next() {
                let (letter, others) = rest.split_at(c.len_utf8());
                kept.add(letter.as_bytes(), is_filler(c));
                rest = others;
            }
            kept.add(chunk.invalid(), false);
        }
        kept
    }

    fn add(&mut self, bytes: &[u8], is_filler: bool) {
        if !is_filler {
            self.bytes.extend_from_slice(bytes);
            self.places.extend(self.whole..self.whole + bytes.len());
        }
        self.whole += bytes.len();
    }

    /// All of it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The last `count` bytes.
    pub(crate) fn last(&self, count: usize) -> Option<&[u8]> {
        self.bytes.get(self.bytes.len().checked_sub(count)?..)
    }

    /// How many bytes of the text the last `count` take up, with all filler in and behind them.
    pub(crate) fn span(&self, count: usize) -> Option<usize> {
        let first = self.places.get(self.places.len().checked_sub(count)?)?;
        Some(self.whole - first)
    }

    /// Whether the `count` bytes before the last `after` stand side by side.
    pub(crate) fn is_unbroken(&self, count: usize, after: usize) -> bool {
        let end = self.places.len().checked_sub(after);
        let run = end.and_then(|end| self.places.get(end.checked_sub(count)?..end));
        run.and_then(|run| Some(run.last()? - run.first()? + 1 == count)).unwrap_or(false)
    }
}
