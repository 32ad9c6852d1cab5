//! A service's file as it is written: physical lines, and what each begins.

use super::block::Block;
use pam_stack::{Kind, Reader, written};
use std::path::PathBuf;

/// What a line of a service's file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// A line of a stack.
    Of(Kind),
    /// Another file in its place, all kinds of it (`@include`).
    Whole(String),
    /// A line of a stack that stands for all lines of this kind in another file.
    Part(Kind, String),
}

/// One line as libpam takes it, which may go over several lines of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileEntry {
    /// The number of its first line, from 0.
    pub(crate) first: usize,
    /// The number of the line after its last.
    pub(crate) end: usize,
    /// What it is.
    pub(crate) content: Content,
}

/// The text of a service's file.
#[derive(Debug, Clone, Default)]
pub(crate) struct ServiceText {
    lines: Vec<String>,
    /// What stands there.
    pub(crate) entries: Vec<FileEntry>,
}

impl ServiceText {
    /// Reads the text; `None` where its last line has no newline, where a line has an end of another system's (libpam takes
    /// that for a part of the last word), or where nobody can tell what it is.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if !text.is_empty() && !text.ends_with('\n') || text.contains('\r') {
            return None;
        }
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (written, is_cut) = written(text.as_bytes(), Reader::Growing);
        let entries = written.iter().map(|line| {
            let first = line.number.checked_sub(1)?;
            Some(FileEntry { first, end: end(&lines, first), content: content(&line.text)? })
        });
        let entries = entries.collect::<Option<Vec<_>>>()?;
        (!is_cut).then_some(Self { lines, entries })
    }

    /// Whether it takes in the service of one of these files.
    pub(crate) fn includes(&self, files: &[PathBuf]) -> bool {
        let is_one = |name: &str| files.iter().any(|path| path.file_name().is_some_and(|of| of == name));
        self.entries.iter().any(|entry| match &entry.content {
            Content::Whole(name) | Content::Part(_, name) => is_one(name),
            Content::Of(_) => false,
        })
    }

    /// The line as it is written.
    pub(crate) fn text_of(&self, entry: &FileEntry) -> Vec<String> {
        self.lines.get(entry.first..entry.end).unwrap_or_default().to_vec()
    }

    /// The number of the line behind the last.
    pub(crate) fn end(&self) -> usize {
        self.lines.len()
    }

    /// The text with these blocks, each before the line of its number; a block that replaces lines stands for those
    /// that follow.
    pub(crate) fn with(&self, blocks: &[(usize, Block)]) -> String {
        let mut text = String::new();
        let mut replaced = 0;
        for number in 0..=self.lines.len() {
            let mut here = Block::default();
            blocks.iter().filter(|(at, _)| *at == number).for_each(|(_, block)| here.join(block));
            if here != Block::default() {
                here.marked().iter().for_each(|line| push(&mut text, line));
                replaced += here.was.len();
            }
            if let Some(line) = self.lines.get(number) {
                if replaced > 0 {
                    replaced -= 1;
                } else {
                    push(&mut text, line);
                }
            }
        }
        text
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

/// Behind a line and those that continue it. A comment ends a line whatever it ends with, and one that stands by itself
/// between a line and what continues it is passed by, as libpam does.
fn end(lines: &[String], first: usize) -> usize {
    let text =
        |line: &String| line.split('#').next().unwrap_or_default().trim_matches([' ', '\t']).to_owned();
    let mut end = first;
    while let Some(line) = lines.get(end) {
        end += 1;
        let goes_on = !line.contains('#') && text(line).ends_with('\\');
        if !goes_on && !text(line).is_empty() {
            break;
        }
    }
    end
}

fn content(line: &str) -> Option<Content> {
    let mut words = line.split_whitespace();
    let first = words.next()?.trim_start_matches('-');
    if first.eq_ignore_ascii_case("@include") {
        return words.next().map(|name| Content::Whole(name.to_owned()));
    }
    let kind = Kind::named(first)?;
    let control = words.next()?;
    let is_part = control.eq_ignore_ascii_case("include") || control.eq_ignore_ascii_case("substack");
    Some(match words.next().filter(|_| is_part) {
        Some(name) => Content::Part(kind, name.to_owned()),
        None => Content::Of(kind),
    })
}
