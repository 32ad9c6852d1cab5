//! What takes its turn in a round.

use crate::stats::Sample;
use std::io;

/// Something that is done and measured once a round.
pub(crate) trait Lane {
    /// As tables have it.
    fn name(&self) -> String;

    /// People with a record.
    fn crowd(&self) -> usize {
        0
    }

    /// Does it once.
    fn once(&mut self) -> io::Result<Sample>;

    /// System calls of one, where they are counted.
    fn system_calls(&mut self) -> io::Result<Option<usize>> {
        Ok(None)
    }
}
