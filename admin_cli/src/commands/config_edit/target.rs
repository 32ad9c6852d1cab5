//! Which file is edited: the configuration itself, or one of the directory beside it.

use crate::failure::{Failure, Kind};
use crate::text::Text;
use std::path::{Path, PathBuf};
use wardkey_core::policy::config::{DEFAULT_PATH, directory};

/// Longest name of a file, in bytes: the copy beside it has a longer one.
const LONGEST: usize = 100;

/// What an edit begins with where there is no configuration yet: the built-in values, with comments.
const BUILT_IN: &str = include_str!("../../../../config/wardkey.toml");

/// What a further file begins with.
const FURTHER: &str = "\
# Keys of wardkey.toml(5) that this file sets. It is read after wardkey.toml, and after the files here whose names come before
# its own. A key replaces what they say, each [[exempt]] is added to theirs.
";

/// The file, and how it begins.
pub(super) struct Target {
    pub(super) path: PathBuf,
    /// The configuration that it belongs to: itself, or the one beside the directory.
    pub(super) whole: PathBuf,
    /// Whether it has to be there already.
    pub(super) must_exist: bool,
    pub(super) start: &'static str,
}

impl Target {
    /// The configuration at `named` or the default place, or the further file called `name`, with or without `.toml`.
    pub(super) fn of(text: &Text, named: Option<&Path>, name: Option<&str>) -> Result<Self, Failure> {
        let whole = named.unwrap_or(Path::new(DEFAULT_PATH)).to_path_buf();
        let Some(name) = name else {
            return Ok(Self { path: whole.clone(), whole, must_exist: named.is_some(), start: BUILT_IN });
        };
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
        let is_name = !name.is_empty() && name.len() <= LONGEST && !name.starts_with('.');
        if !is_name || !name.bytes().all(is_plain) {
            let shown = name.escape_debug().to_string();
            return Err(Failure::new(Kind::Usage, text, |t| {
                (t.bad_file_name(&shown), t.good_file_name(LONGEST))
            }));
        }
        let name = format!("{}.toml", name.strip_suffix(".toml").unwrap_or(name));
        Ok(Self { path: directory(named).join(name), whole, must_exist: false, start: FURTHER })
    }
}
