//! Where in an enrolment's screen the QR code can stand, in a window of this size.

use super::key::ShownKey;
use crate::wrap::columns;
use wardkey_core::desk::qr::{self, Ink};
use zeroize::Zeroizing;

/// Lines of the window that stand below the QR code, the question with a code behind it included.
#[derive(Clone, Copy)]
pub(super) struct Below {
    /// With the key and all about it.
    pub(super) whole: usize,
    /// With the line of the key.
    pub(super) key: usize,
    /// The question alone, which offers the key.
    pub(super) question: usize,
}

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
        /// Its lines, and those of the question.
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
            .map_or(Self::Unseen, |rows| Self::within(console.window(), rows, |width| shown.below(width)))
    }

    /// In a window of this many lines and columns; where no size can be told, it is shown as in a large one.
    fn within(
        window: Option<(usize, usize)>,
        rows: Vec<Zeroizing<String>>,
        below: impl Fn(usize) -> Below,
    ) -> Self {
        let columns = rows.first().map_or(0, |row| columns(row));
        let Some((height, width)) = window else { return Self::BeforeKey(rows) };
        let Below { whole, key, question } = below(width.max(columns));
        let left = height.saturating_sub(rows.len());
        if width < columns || left < question {
            Self::WouldBreak { lines: rows.len() + question, columns }
        } else if left >= whole {
            Self::BeforeKey(rows)
        } else {
            Self::AfterKey { rows, has_room: left >= key }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_shown_whole_or_not_at_all() {
        let rows = || qr::lines("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ", Ink::Colours).unwrap();
        let below = |_| Below { whole: 11, key: 3, question: 2 };
        let within = |window| Picture::within(window, rows(), below);
        let Picture::WouldBreak { lines, columns } = within(Some((10, 80))) else {
            panic!("ten lines are too few")
        };
        assert_eq!(lines, rows().len() + 2);
        let word = |height, width| match within(Some((height, width))) {
            Picture::BeforeKey(_) => "before the key",
            Picture::AfterKey { has_room: true, .. } => "after the key, and the key once more",
            Picture::AfterKey { has_room: false, .. } => "after the key",
            Picture::WouldBreak { .. } | Picture::Unseen => "not",
        };
        for (height, width, expected) in [
            (lines + 9, columns, "before the key"),
            (lines + 8, columns, "after the key, and the key once more"),
            (lines + 1, columns, "after the key, and the key once more"),
            (lines, columns, "after the key"),
            (lines - 1, columns, "not"),
            (lines + 9, columns - 1, "not"),
        ] {
            assert_eq!(word(height, width), expected, "{height} lines of {width} columns");
        }
        assert!(matches!(within(None), Picture::BeforeKey(_)));
    }
}
