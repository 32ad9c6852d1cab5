//! A configuration error: which file, which line, which key, what is wrong.

use crate::trusted_file::Untrusted;
use std::fmt;
use std::path::{Path, PathBuf};

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
        /// What is wrong.
        problem: String,
    },
}

impl ConfigError {
    pub(super) fn content(path: &Path, line: usize, key: &str, problem: &str) -> Self {
        Self::Content { path: path.to_path_buf(), line, key: key.to_owned(), problem: problem.to_owned() }
    }

    pub(super) fn from_toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let before = text.get(..start).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let own_line = text.lines().nth(line - 1).unwrap_or_default();
        Self::content(path, line, key_of(own_line), error.message())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(e) => e.fmt(f),
            Self::Content { path, line, key, problem } if key.is_empty() => {
                write!(f, "{}, line {line}: {problem}", path.display())
            }
            Self::Content { path, line, key, problem } => {
                write!(f, "{}, line {line}, key `{key}`: {problem}", path.display())
            }
        }
    }
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

/// The line of `table.key` (or of the first `[table]` or `[[table]]`), and the key to name.
pub(super) fn find_key<'k>(text: &str, key: &'k str) -> (usize, &'k str) {
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
