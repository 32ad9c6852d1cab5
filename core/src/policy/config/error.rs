//! A configuration error: which file, which line, which key, what is wrong.

use super::Language;
use super::fault::{Fault, Place};
use crate::invalid_value::InvalidValue;
use crate::printable::escaped;
use crate::system::trusted_file::{self, Untrusted};
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::Utf8Error;

/// Why a configuration is refused.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read or not be believed.
    File(Untrusted),
    /// Its content is wrong.
    Content {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Which key; empty where none can be named.
        key: String,
        /// What is wrong there.
        invalid: Invalid,
        /// In which language it asked to be told so.
        language: Language,
    },
}

/// What is wrong in a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invalid {
    /// A value, by rules of ours.
    Value(InvalidValue),
    /// A key, a type or the syntax.
    Toml(Box<Fault>),
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Toml(fault) => fault.fmt(f),
        }
    }
}

impl ConfigError {
    /// Bytes that are no text.
    pub(super) fn not_text(path: &Path, bytes: &[u8], error: &Utf8Error) -> Self {
        let read = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = read.iter().filter(|b| **b == b'\n').count() + 1;
        let text = std::str::from_utf8(read).unwrap_or_default();
        Self::content(path, text, (line, ""), Invalid::Value(InvalidValue::NotUtf8))
    }

    /// What one key alone could not tell.
    pub(super) fn of_key(path: &Path, text: &str, key: &str, value: InvalidValue) -> Self {
        Self::content(path, text, find_key(text, key), Invalid::Value(value))
    }

    /// What the reader of TOML or of one value found.
    pub(super) fn from_toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let own_line = text.lines().nth(line - 1).unwrap_or_default();
        let place = Place { line: own_line, section: section_of(text, line) };
        // Words that may repeat what stands in the file, and reach terminals and logs.
        let invalid = InvalidValue::in_message(error.message())
            .map_or_else(|| Invalid::Toml(Box::new(Fault::of(error.message(), &place))), Invalid::Value);
        Self::content(path, text, (line, key_of(own_line)), invalid)
    }

    fn content(path: &Path, text: &str, (line, key): (usize, &str), invalid: Invalid) -> Self {
        let language = language_of(text);
        Self::Content { path: path.to_path_buf(), line, key: escaped(key), invalid, language }
    }

    /// The language that the file asks for, as far as it could be read; else English.
    #[must_use]
    pub fn language(&self) -> Language {
        match self {
            Self::File(_) => Language::default(),
            Self::Content { language, .. } => *language,
        }
    }
}

/// Read without the rest, which is wrong: a key of the top, which ends at the first table.
fn language_of(text: &str) -> Language {
    let mut top = text.lines().take_while(|line| !line.trim_start().starts_with('['));
    let is_french = top.any(|line| {
        let value = line.split(['=', '#']).nth(1).unwrap_or_default();
        key_of(line) == "language" && ["\"fr\"", "'fr'"].contains(&value.trim())
    });
    if is_french { Language::French } else { Language::English }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(e) => e.fmt(f),
            Self::Content { path, line, key, invalid, .. } if key.is_empty() => {
                write!(f, "{}, line {line}: {invalid}", path.display())
            }
            Self::Content { path, line, key, invalid, .. } => {
                write!(f, "{}, line {line}, key `{key}`: {invalid}", path.display())
            }
        }
    }
}

/// The section that a line stands in; a header stands in none.
fn section_of(text: &str, line: usize) -> &str {
    let is_header = |line: &&str| line.trim_start().starts_with('[');
    let above = text.lines().take(line);
    let header = above.filter(is_header).last();
    let own = text.lines().nth(line.saturating_sub(1)).filter(is_header);
    if own.is_some() { "" } else { header.map_or("", key_of) }
}

/// The key, or the table, that a line is about.
fn key_of(line: &str) -> &str {
    let line = line.trim();
    match line.strip_prefix('[') {
        Some(table) => table.trim_start_matches('[').split(']').next().unwrap_or_default(),
        None => line.split(['=', '#']).next().unwrap_or_default(),
    }
    .trim()
}

/// The line of a value that only a look at the machine finds wrong, if one alone has this key and value.
#[must_use]
pub fn line_of(path: &Path, key: &str, value: &str) -> Option<usize> {
    let bytes = trusted_file::read_linked(path, super::MAX_LEN).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let (table, last) = key.rsplit_once('.').unwrap_or(("", key));
    let mut inside = "";
    let mut lines = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if line.trim_start().starts_with('[') {
            inside = key_of(line);
        } else if inside == table && key_of(line) == last && line.contains(value) {
            lines.push(number);
        }
    }
    if let [line] = lines[..] { Some(line) } else { None }
}

/// The line of `table.key` (or of the first `[table]` or `[[table]]`), and the key to name.
fn find_key<'k>(text: &str, key: &'k str) -> (usize, &'k str) {
    let (table, last) = key.rsplit_once('.').unwrap_or(("", key));
    let mut inside = "";
    for (i, line) in text.lines().enumerate() {
        let name = key_of(line);
        if line.trim_start().starts_with('[') {
            inside = name;
            if table.is_empty() && (name == key || name.starts_with(&format!("{key}."))) {
                return (i + 1, key);
            }
        } else if inside == table && name == last {
            return (i + 1, key);
        }
    }
    (1, key)
}
