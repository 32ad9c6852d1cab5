//! Rows of a table, each of which is tried although another one has failed.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// A table as it is printed.
pub(crate) struct Table {
    rows: usize,
    failed: Vec<String>,
}

impl Table {
    /// One with this head.
    pub(crate) fn new(head: &str) -> Self {
        println!("\n{head}\n{}", "-".repeat(head.len()));
        Self { rows: 0, failed: Vec::new() }
    }

    /// Prints a row: what comes of this.
    pub(crate) fn row(&mut self, name: &str, what_comes: impl FnOnce() -> String) {
        self.rows += 1;
        let came = catch_unwind(AssertUnwindSafe(what_comes)).unwrap_or_else(|_| {
            self.failed.push(name.to_owned());
            "FAILED".to_owned()
        });
        println!("{name}  {came}");
    }

    /// Prints the count.
    pub(crate) fn end(self) {
        println!("{} of {} as they should be", self.rows - self.failed.len(), self.rows);
        assert!(self.failed.is_empty(), "{:#?}", self.failed);
    }
}
