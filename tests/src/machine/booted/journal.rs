//! What a machine writes into its journal.

use super::Machine;

/// A place in the journal.
pub struct Mark(String);

impl Machine {
    /// The journal's end as it is now.
    ///
    /// # Panics
    /// If nothing stands in it.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let shown = self.must("journalctl --no-pager --quiet --lines=1 --show-cursor");
        let cursor = shown.lines().find_map(|line| line.strip_prefix("-- cursor: "));
        Mark(cursor.expect("a journal").to_owned())
    }

    /// What was written since then: who wrote it, and what.
    #[must_use]
    pub fn since(&self, mark: &Mark) -> String {
        self.must(&format!(
            "journalctl --no-pager --quiet --output=short-monotonic --after-cursor='{}'",
            mark.0
        ))
    }
}
