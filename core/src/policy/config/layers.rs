//! The files of a configuration: the one that is named, and those of the directory beside it, each laid over those before it.

use super::error::{ConfigError, language_of};
use super::layer::Layer;
use super::origins::{self, Origin, Origins};
use super::retired::{self, Retired};
use super::{Config, DEFAULT_PATH, Language, MAX_LEN, MOST_FILES, merge, plain, seat};
use crate::system::listing;
use crate::system::trusted_file::{self, Readers, Reason, Untrusted};
use nix::errno::Errno;
use serde::Deserialize;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

/// How often the directory is listed again, where a file was renamed or removed before it was opened.
const MOST_LISTINGS: usize = 8;

/// What a configuration is made of, as it was read; the first is the one that is named, if it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layers {
    place: PathBuf,
    files: Vec<Layer>,
}

impl Layers {
    /// Reads the configuration at `named`, which must exist, or else at the default place, where it need not; and with it
    /// each file `*.toml` of the directory beside it, if there is one: `wardkey.toml.d`.
    ///
    /// # Errors
    /// [`ConfigError`]: a file or the directory.
    pub fn read(named: Option<&Path>) -> Result<Self, ConfigError> {
        let mut listings = 1;
        loop {
            match Self::read_once(named) {
                Err(ConfigError::Layer { fault, .. }) if fault.is_missing() && listings < MOST_LISTINGS => {
                    listings += 1;
                }
                read => return read,
            }
        }
    }

    fn read_once(named: Option<&Path>) -> Result<Self, ConfigError> {
        let mut layers = Self::none(named);
        match trusted_file::read_linked(&layers.place, MAX_LEN) {
            Ok(bytes) => layers.files.push(Layer { path: layers.place.clone(), bytes }),
            // A link that leads nowhere is there, and means something.
            Err(e) if named.is_none() && e.is_missing() && e.path == layers.place => {}
            Err(e) => return Err(ConfigError::File(e)),
        }
        let dir = beside(&layers.place);
        match trusted_file::open_dir(None, &dir, &dir, Readers::Anyone) {
            Ok(open) => layers.read_all(&dir, open)?,
            Err(e) if e.is_missing() => {}
            Err(e) => return Err(ConfigError::Directory(e, layers.language())),
        }
        Ok(layers)
    }

    /// Apart, so that a login without such a directory does not step over its code.
    #[inline(never)]
    fn read_all(&mut self, dir: &Path, open: OwnedFd) -> Result<(), ConfigError> {
        let unlisted = |e: Errno| Untrusted { path: dir.to_path_buf(), reason: Reason::Io(e.into()) };
        let names = listing::of(open).map_err(|e| ConfigError::Directory(unlisted(e), self.language()))?;
        let mut names: Vec<OsString> = names.into_iter().filter(|name| is_layer(name)).collect();
        names.sort_unstable();
        if names.len() > MOST_FILES {
            return Err(ConfigError::TooMany(dir.to_path_buf(), self.language()));
        }
        for name in names {
            let path = dir.join(name);
            let left = MAX_LEN.saturating_sub(self.len());
            let bytes = trusted_file::read_linked(&path, left);
            let bytes = bytes.map_err(|e| self.fault_of(&path, e))?;
            self.files.push(Layer { path, bytes });
        }
        Ok(())
    }

    /// No file at all, where none can be read.
    #[must_use]
    pub fn none(named: Option<&Path>) -> Self {
        Self { place: place(named).to_path_buf(), files: Vec::new() }
    }

    /// One file that holds `bytes`; `path` names it in errors.
    #[must_use]
    pub fn of(path: &Path, bytes: &[u8]) -> Self {
        let file = Layer { path: path.to_path_buf(), bytes: bytes.to_vec() };
        Self { place: path.to_path_buf(), files: vec![file] }
    }

    /// The same with these bytes in the file at `path`, whether it is there or new.
    ///
    /// # Errors
    /// [`ConfigError`]: more files, or more bytes, than there may be.
    pub fn with(mut self, path: &Path, bytes: &[u8]) -> Result<Self, ConfigError> {
        self.files.retain(|file| file.path != path);
        let others = self.len();
        self.files.push(Layer { path: path.to_path_buf(), bytes: bytes.to_vec() });
        self.files.sort_by_cached_key(|file| (file.path != self.place, file.path.clone().into_os_string()));
        if self.files.iter().filter(|file| file.path != self.place).count() > MOST_FILES {
            return Err(ConfigError::TooMany(beside(&self.place), self.language()));
        }
        if others + bytes.len() as u64 > MAX_LEN {
            let fault = Untrusted { path: path.to_path_buf(), reason: Reason::TooLarge };
            return Err(self.fault_of(path, fault));
        }
        Ok(self)
    }

    /// The files that there are, in the order in which they are read.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|file| file.path.as_path())
    }

    /// What they mean.
    ///
    /// # Errors
    /// [`ConfigError`]: file, line and key.
    pub fn config(&self) -> Result<Config, ConfigError> {
        let read = self.plain().map_or_else(|| self.by_toml(), Ok);
        let check = |config: &Config| config.check().and_then(|()| seat::check_sections(config, &self.files));
        read.and_then(|config| match check(&config) {
            Ok(()) => Ok(config.in_lower_case()),
            Err((way, value)) => Err(ConfigError::of_key(self.blamed(&way), &way, value)),
        })
        .map_err(|e| e.in_language(self.language()))
    }

    fn plain(&self) -> Option<Config> {
        match &*self.files {
            [] => Some(Config::default()),
            [file] => plain::read(file.text()?),
            files => merge::read_plain(&files.iter().map(Layer::text).collect::<Option<Vec<&str>>>()?),
        }
    }

    /// Apart, so that a login by plain files does not step over its code.
    #[cold]
    #[inline(never)]
    fn by_toml(&self) -> Result<Config, ConfigError> {
        let mut whole = DeTable::new();
        for Layer { path, bytes } in &self.files {
            let text = std::str::from_utf8(bytes).map_err(|e| ConfigError::not_text(path, bytes, &e))?;
            let wrong = |e: toml::de::Error| ConfigError::from_toml(path, text, &e);
            let mut table = DeTable::parse(text).map_err(wrong)?;
            retired::take(table.get_mut());
            // Each must be right by itself: what another one replaces, too.
            let alone = Config::deserialize(Deserializer::from(table.clone())).map_err(wrong)?;
            if self.files.len() == 1 {
                return Ok(alone);
            }
            merge::toml(&mut whole, table.into_inner());
        }
        Config::deserialize(Deserializer::from(Spanned::new(0..0, whole)))
            .map_err(|e| ConfigError::from_toml(&self.place, "", &e))
    }

    #[cold]
    fn fault_of(&self, layer: &Path, fault: Untrusted) -> ConfigError {
        ConfigError::Layer { path: layer.to_path_buf(), fault, language: self.language() }
    }

    fn len(&self) -> u64 {
        self.files.iter().map(|file| file.bytes.len() as u64).sum()
    }

    /// Where each key was set.
    #[must_use]
    pub fn origins(&self) -> Origins {
        Origins::of(&self.files)
    }

    /// The keys that have no effect any more, and where they stand.
    #[must_use]
    pub fn retired(&self) -> Vec<(Retired, Origin)> {
        self.files.iter().flat_map(origins::retired).collect()
    }

    /// File, line and text to blame for a key that only the whole shows to be wrong.
    #[cold]
    fn blamed(&self, way: &[String]) -> (PathBuf, usize) {
        let origins = self.origins();
        origins.blamed(way).map_or_else(|| (self.place.clone(), 1), |at| (at.file.clone(), at.line))
    }

    /// The language that the last file asks for which names one, as far as they can be read; else English.
    #[cold]
    fn language(&self) -> Language {
        let asked = |file: &Layer| language_of(&String::from_utf8_lossy(&file.bytes));
        self.files.iter().rev().find_map(asked).unwrap_or_default()
    }
}

/// The absolute path of the configuration that `named` stands for: the default place where none is named. No link is
/// followed, so that two processes that name it alike agree wherever they run.
#[must_use]
pub fn in_force(named: Option<&Path>) -> PathBuf {
    let place = place(named);
    std::path::absolute(place).unwrap_or_else(|_| place.to_path_buf())
}

/// The directory of further files, which need not be there: `wardkey.toml.d`.
#[must_use]
pub fn directory(named: Option<&Path>) -> PathBuf {
    beside(place(named))
}

fn beside(place: &Path) -> PathBuf {
    let mut dir = place.as_os_str().to_owned();
    dir.push(".d");
    dir.into()
}

fn place(named: Option<&Path>) -> &Path {
    named.unwrap_or(Path::new(DEFAULT_PATH))
}

/// What a shell takes for `*.toml`: no hidden file, as editors and `config edit` leave them.
fn is_layer(name: &OsStr) -> bool {
    let name = name.as_bytes();
    name.ends_with(b".toml") && !name.starts_with(b".")
}

#[cfg(test)]
#[path = "layers_tests.rs"]
mod tests;
