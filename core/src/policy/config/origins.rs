//! Which file set a key, and in which line.

use super::layer::Layer;
use super::retired::{self, Retired};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// Where a key stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// In which file.
    pub file: PathBuf,
    /// In which line, from 1.
    pub line: usize,
    /// What it is set to, as it is written.
    written: String,
}

/// Of each key and section that some file sets, the place that counts. A key is the way to it: `["totp", "digits"]`,
/// `["exempt", "0", "user"]`, `["service", "sshd", "enroll"]`, services in lower case.
#[derive(Debug, Default)]
pub struct Origins {
    places: BTreeMap<Vec<String>, Origin>,
    exemptions: usize,
}

/// A file that is gone through.
struct File<'a> {
    path: &'a Path,
    text: &'a str,
}

impl File<'_> {
    fn origin(&self, key: Range<usize>, value: Range<usize>) -> Origin {
        let before = self.text.get(..key.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let written = self.text.get(value).unwrap_or_default().to_owned();
        Origin { file: self.path.to_path_buf(), line, written }
    }
}

impl Origins {
    /// Of these files, each laid over those before it. What cannot be read sets nothing.
    pub(super) fn of(layers: &[Layer]) -> Self {
        let mut origins = Self::default();
        for layer in layers {
            let text = layer.text().unwrap_or_default();
            let Ok(table) = DeTable::parse(text) else { continue };
            origins.section(&File { path: &layer.path, text }, &[], table.get_ref());
        }
        origins
    }

    fn section(&mut self, file: &File<'_>, way: &[String], section: &DeTable<'_>) {
        for (key, value) in section {
            let name = key.get_ref();
            let name = if way == ["service"] { name.to_lowercase() } else { name.to_string() };
            let is_exempt = way.is_empty() && name == "exempt";
            let way = [way, &[name]].concat();
            match value.get_ref() {
                DeValue::Array(list) if is_exempt => {
                    list.iter().for_each(|one| self.exemption(file, one.span(), one.get_ref()));
                    continue;
                }
                DeValue::Table(inner) => self.section(file, &way, inner),
                _ => {}
            }
            self.put(way, file.origin(key.span(), value.span()));
        }
    }

    fn exemption(&mut self, file: &File<'_>, span: Range<usize>, exemption: &DeValue<'_>) {
        let way = ["exempt".to_owned(), self.exemptions.to_string()];
        self.exemptions += 1;
        self.put(way.to_vec(), file.origin(span.clone(), span));
        if let DeValue::Table(keys) = exemption {
            self.section(file, &way, keys);
        }
    }

    /// The later file counts; of two services of one name the later line.
    fn put(&mut self, way: Vec<String>, origin: Origin) {
        let is_before = |known: &Origin| known.file != origin.file || known.line < origin.line;
        if self.places.get(&way).is_none_or(is_before) {
            self.places.insert(way, origin);
        }
    }

    /// Where a key was set; `None`: by no file.
    #[must_use]
    pub fn place(&self, way: &[String]) -> Option<&Origin> {
        self.places.get(way)
    }

    /// The place to blame for a key that only the whole shows to be wrong: its own, or that of its section.
    pub(super) fn blamed(&self, way: &[String]) -> Option<&Origin> {
        let way: Vec<String> = match way {
            [service, name, rest @ ..] if service == "service" => {
                [&[service.clone(), name.to_lowercase()], rest].concat()
            }
            other => other.to_vec(),
        };
        self.place(&way).or_else(|| self.place(way.split_last()?.1))
    }

    /// The place of a value that only a look at the machine finds wrong, if one alone has this key and value; `exempt.group`
    /// is that of any exemption.
    #[must_use]
    pub fn of_value(&self, key: &str, value: &str) -> Option<&Origin> {
        let is_key = |way: &[String]| match way {
            [exempt, _, last] if exempt == "exempt" => format!("exempt.{last}") == key,
            other => other.join(".") == key,
        };
        let mut found = self.places.iter().filter(|(way, at)| is_key(way) && at.written.contains(value));
        let first = found.next();
        first.filter(|_| found.next().is_none()).map(|(_, origin)| origin)
    }
}

/// The keys of a file that have no effect any more.
pub(super) fn retired(layer: &Layer) -> Vec<(Retired, Origin)> {
    let text = layer.text().unwrap_or_default();
    let taken = DeTable::parse(text).map(|mut table| retired::take(table.get_mut())).unwrap_or_default();
    let file = File { path: &layer.path, text };
    taken.into_iter().map(|(retired, at)| (retired, file.origin(at..at, 0..0))).collect()
}
