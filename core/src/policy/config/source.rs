//! The configuration of a process that needs it more than once.

use super::{Config, ConfigError, DEFAULT_PATH, MAX_LEN};
use crate::system::trusted_file;
use std::path::{Path, PathBuf};

/// Rereads the file before each use and reparses it only if its bytes changed.
#[derive(Debug)]
pub struct Source {
    named: Option<PathBuf>,
    /// What stood in the file, and what it means.
    last: Option<(Option<Vec<u8>>, Config)>,
}

impl Source {
    /// The configuration at `named`, which must exist, or else at the default place.
    #[must_use]
    pub const fn new(named: Option<PathBuf>) -> Self {
        Self { named, last: None }
    }

    /// Where it stands, as [`in_force`] writes it.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        in_force(self.named.as_deref())
    }

    /// As the file is at this moment.
    ///
    /// # Errors
    /// As [`Config::load`], whatever was read before.
    pub fn now(&mut self) -> Result<&Config, ConfigError> {
        let path = self.named.as_deref();
        let bytes = read(path)?;
        let config = match self.last.take() {
            Some((last, config)) if last == bytes => config,
            _ => parse(bytes.as_deref(), path)?,
        };
        Ok(&self.last.insert((bytes, config)).1)
    }
}

/// The bytes of the file; `None`: none was named, and there is none.
pub(super) fn read(named: Option<&Path>) -> Result<Option<Vec<u8>>, ConfigError> {
    match trusted_file::read_linked(place(named), MAX_LEN) {
        Ok(bytes) => Ok(Some(bytes)),
        // A link that leads nowhere is there, and means something.
        Err(e) if named.is_none() && e.is_missing() && e.path == place(named) => Ok(None),
        Err(e) => Err(ConfigError::File(e)),
    }
}

/// What they mean.
pub(super) fn parse(bytes: Option<&[u8]>, named: Option<&Path>) -> Result<Config, ConfigError> {
    bytes.map_or_else(|| Ok(Config::default()), |bytes| Config::parse(bytes, place(named)))
}

/// The absolute path of the configuration that `named` stands for: the default place where none is named. No link is
/// followed, so that two processes that name it alike agree wherever they run.
#[must_use]
pub fn in_force(named: Option<&Path>) -> PathBuf {
    let place = place(named);
    std::path::absolute(place).unwrap_or_else(|_| place.to_path_buf())
}

fn place(named: Option<&Path>) -> &Path {
    named.unwrap_or(Path::new(DEFAULT_PATH))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_path_is_compared_as_it_is_written() {
        assert_eq!(in_force(None), Path::new(DEFAULT_PATH));
        assert_eq!(Source::new(None).path(), Path::new(DEFAULT_PATH));
        for alike in ["/etc/wardkey/wardkey.toml", "//etc/./wardkey//wardkey.toml"] {
            assert_eq!(in_force(Some(Path::new(alike))), Path::new(DEFAULT_PATH), "{alike}");
        }
        let other = Path::new("/etc/wardkey/../wardkey/wardkey.toml");
        assert_eq!(in_force(Some(other)), other, "what a link would make of it is not asked");
    }

    #[test]
    fn what_stands_in_the_file_counts_at_every_use() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("wardkey.toml");
        let mut source = Source::new(Some(file.clone()));
        assert!(source.now().is_err(), "a named one must exist");
        for (text, support) in [("support = 'a'", Some("a")), ("support = 'b'", Some("b")), ("?", None)] {
            fs::write(&file, text).unwrap();
            for _ in 0..2 {
                let now = source.now().ok().map(|config| config.support.as_str().to_owned());
                assert_eq!(now.as_deref(), support, "{text}");
            }
        }
        fs::write(&file, "support = 'b'").unwrap();
        assert!(source.now().is_ok(), "once it is mended");
        fs::remove_file(&file).unwrap();
        assert!(source.now().is_err(), "nothing is used that is gone");
    }
}
