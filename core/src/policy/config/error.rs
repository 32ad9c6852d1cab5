//! A configuration error: which file, which line, which key, what is wrong.

use super::fault::{Fault, Place};
use super::{Language, MOST_FILES};
use crate::invalid_value::InvalidValue;
use crate::printable::escaped;
use crate::system::trusted_file::Untrusted;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::Utf8Error;

/// Why a configuration is refused.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read or not be believed.
    File(Untrusted),
    /// The directory beside it cannot be read or not be believed; and the language that the files ask for.
    Directory(Untrusted, Language),
    /// A file of the directory.
    Layer {
        /// Which.
        path: PathBuf,
        /// What is wrong with it, or with what it leads to.
        fault: Untrusted,
        /// The language that the files ask for.
        language: Language,
    },
    /// The directory holds more files than there may be.
    TooMany(PathBuf, Language),
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
        Self::content(path, (line, ""), Invalid::Value(InvalidValue::NotUtf8))
    }

    /// What one key alone could not tell.
    pub(super) fn of_key((path, line): (PathBuf, usize), way: &[String], value: InvalidValue) -> Self {
        let is_name = |part: &&String| part.parse::<usize>().is_err();
        let way: Vec<&str> = way.iter().filter(is_name).map(String::as_str).collect();
        let (key, invalid) = (escaped(&way.join(".")), Invalid::Value(value));
        Self::Content { path, line, key, invalid, language: Language::default() }
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
        Self::content(path, (line, key_of(own_line)), invalid)
    }

    fn content(path: &Path, (line, key): (usize, &str), invalid: Invalid) -> Self {
        let language = Language::default();
        Self::Content { path: path.to_path_buf(), line, key: escaped(key), invalid, language }
    }

    /// The same, to be told in the language that the files ask for.
    pub(super) fn in_language(mut self, asked: Language) -> Self {
        match &mut self {
            Self::File(_) => {}
            Self::Directory(_, language) | Self::TooMany(_, language) => *language = asked,
            Self::Layer { language, .. } | Self::Content { language, .. } => *language = asked,
        }
        self
    }

    /// The language that the files ask for, as far as they could be read; else English.
    #[must_use]
    pub fn language(&self) -> Language {
        match self {
            Self::File(_) => Language::default(),
            Self::Directory(_, language) | Self::TooMany(_, language) => *language,
            Self::Layer { language, .. } | Self::Content { language, .. } => *language,
        }
    }
}

/// Read without the rest, which may be wrong: a key of the top, which ends at the first table.
pub(super) fn language_of(text: &str) -> Option<Language> {
    let mut top = text.lines().take_while(|line| !line.trim_start().starts_with('['));
    let line = top.find(|line| key_of(line) == "language")?;
    match line.split(['=', '#']).nth(1).unwrap_or_default().trim() {
        "\"fr\"" | "'fr'" => Some(Language::French),
        "\"en\"" | "'en'" => Some(Language::English),
        _ => None,
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer { path, fault, .. } if fault.path != *path => {
                write!(f, "{} leads to {fault}", path.display())
            }
            Self::File(e) | Self::Directory(e, _) | Self::Layer { fault: e, .. } => e.fmt(f),
            Self::TooMany(dir, _) => {
                write!(f, "{}: holds more than {MOST_FILES} files *.toml", dir.display())
            }
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
