//! Our lines in a service's file, between two comments by which they are found again.

/// Ahead of our lines.
const BEGIN: &str = "# wardkey: begin. `wardkey disable` takes these lines out.";
/// Behind them.
const END: &str = "# wardkey: end";
/// Before a line of the file that our lines replace.
const WAS: &str = "# wardkey: was: ";

/// Lines of ours, and the lines of the file that they stand in for; none has a newline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Block {
    /// What the file had there.
    pub(crate) was: Vec<String>,
    /// What it has now.
    pub(crate) lines: Vec<String>,
}

impl Block {
    /// Lines that are put in.
    pub(crate) fn of(lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { was: Vec::new(), lines: lines.into_iter().map(Into::into).collect() }
    }

    /// Puts the other's lines behind these.
    pub(crate) fn join(&mut self, other: &Self) {
        self.was.extend_from_slice(&other.was);
        self.lines.extend_from_slice(&other.lines);
    }

    /// As it stands in the file, with its marks.
    pub(crate) fn marked(&self) -> Vec<String> {
        let was = self.was.iter().map(|line| format!("{WAS}{line}"));
        let lines = was.chain(self.lines.iter().cloned());
        [BEGIN.to_owned()].into_iter().chain(lines).chain([END.to_owned()]).collect()
    }
}

/// The file without our blocks, with the lines that they had replaced; `None` where a mark has lost its other one.
pub(crate) fn without_blocks(text: &str) -> Option<String> {
    let mut rest = String::with_capacity(text.len());
    let mut is_inside = false;
    for line in text.split_inclusive('\n') {
        match (is_inside, line.trim_end()) {
            (false, BEGIN) | (true, END) => is_inside = !is_inside,
            (false, END) | (true, BEGIN) => return None,
            (false, _) => rest.push_str(line),
            (true, _) => rest.push_str(line.strip_prefix(WAS).unwrap_or_default()),
        }
    }
    (!is_inside).then_some(rest)
}

/// Our blocks in a file, one after the other, each as it stands there; `None` where a mark has lost its other one.
pub(super) fn blocks(text: &str) -> Option<String> {
    without_blocks(text)?;
    let mut found = String::new();
    let mut is_inside = false;
    for line in text.split_inclusive('\n') {
        is_inside |= line.trim_end() == BEGIN;
        if is_inside {
            found.push_str(line);
        }
        is_inside &= line.trim_end() != END;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_goes_as_it_came() {
        let block = Block { was: vec!["auth include login".to_owned()], lines: vec!["auth x.so".to_owned()] };
        let with = format!("a\n{}\nb\n", block.marked().join("\n"));
        assert_eq!(without_blocks(&with).as_deref(), Some("a\nauth include login\nb\n"));
    }

    #[test]
    fn a_file_with_half_a_block_is_not_touched() {
        let whole = Block::of(["x"]).marked().join("\n");
        for text in [
            format!("{BEGIN}\n"),
            format!("{END}\n"),
            format!("{BEGIN}\n{whole}\n"),
            format!("{whole}\n{END}\n"),
        ] {
            assert_eq!(without_blocks(&text), None, "{text}");
        }
    }
}
