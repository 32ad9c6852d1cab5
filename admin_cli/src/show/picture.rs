//! Where in an enrolment's screen the QR code can stand, in a window of this size.

use super::key::ShownKey;
use anstream::adapter::strip_str;
use wardkey_core::desk::qr::{self, Ink};
use zeroize::Zeroizing;

/// Lines between the QR code and the question for the code, that included, where the key stands below it.
const LINES_AFTER: usize = 9;

/// The QR code, if it can be shown.
pub(super) enum Picture {
    /// The window holds it and all that comes after it.
    BeforeKey(Vec<Zeroizing<String>>),
    /// The window holds it and the question.
    AfterKey {
        /// Its lines.
        rows: Vec<Zeroizing<String>>,
        /// Whether there is room for the line of the key besides.
        has_room: bool,
    },
    /// The window is smaller than this.
    WouldBreak {
        /// Its lines, and one for the question.
        lines: usize,
        /// Its columns.
        columns: usize,
    },
    /// Nobody looks, and no colours were asked for.
    Unseen,
}

impl Picture {
    /// In the window as it is now.
    pub(super) fn of(shown: &ShownKey<'_>) -> Self {
        let console = &shown.context.console;
        let ink = match (console.has_colors(), console.is_seen()) {
            (true, _) => Ink::Colours,
            (false, true) => Ink::LightBlocks,
            (false, false) => return Self::Unseen,
        };
        qr::lines(&shown.uri.of(shown.begun), ink)
            .map_or(Self::Unseen, |rows| Self::within(console.window(), rows))
    }

    /// In a window of this many lines and columns; where no size can be told, it is shown as in a large one.
    fn within(window: Option<(usize, usize)>, rows: Vec<Zeroizing<String>>) -> Self {
        let columns = rows.first().map_or(0, |row| strip_str(row).map(|part| part.chars().count()).sum());
        let Some((height, width)) = window else { return Self::BeforeKey(rows) };
        if width < columns || height <= rows.len() {
            Self::WouldBreak { lines: rows.len() + 1, columns }
        } else if height >= rows.len() + LINES_AFTER {
            Self::BeforeKey(rows)
        } else {
            let has_room = height > rows.len() + 1;
            Self::AfterKey { rows, has_room }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_shown_whole_or_not_at_all() {
        let rows = || qr::lines("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ", Ink::Colours).unwrap();
        let Picture::WouldBreak { lines, columns } = Picture::within(Some((10, 80)), rows()) else {
            panic!("ten lines are too few")
        };
        assert_eq!(lines, rows().len() + 1);
        let word = |height, width| match Picture::within(Some((height, width)), rows()) {
            Picture::BeforeKey(_) => "before the key",
            Picture::AfterKey { has_room: true, .. } => "after the key, and the key once more",
            Picture::AfterKey { has_room: false, .. } => "after the key",
            Picture::WouldBreak { .. } | Picture::Unseen => "not",
        };
        for (height, width, expected) in [
            (lines + LINES_AFTER - 1, columns, "before the key"),
            (lines + LINES_AFTER - 2, columns, "after the key, and the key once more"),
            (lines + 1, columns, "after the key, and the key once more"),
            (lines, columns, "after the key"),
            (lines - 1, columns, "not"),
            (lines + LINES_AFTER, columns - 1, "not"),
        ] {
            assert_eq!(word(height, width), expected, "{height} lines of {width} columns");
        }
        assert!(matches!(Picture::within(None, rows()), Picture::BeforeKey(_)));
    }
}
