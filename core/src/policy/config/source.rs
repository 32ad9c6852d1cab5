//! The configuration of a process that needs it more than once.

use super::layers::{Layers, in_force};
use super::{Config, ConfigError};
use std::path::PathBuf;

/// Rereads the files before each use and reparses them only if one of them changed, came or went.
#[derive(Debug)]
pub struct Source {
    named: Option<PathBuf>,
    /// What stood in the files, and what it means.
    last: Option<(Layers, Config)>,
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

    /// As the files are at this moment.
    ///
    /// # Errors
    /// As [`Config::load`], whatever was read before.
    pub fn now(&mut self) -> Result<&Config, ConfigError> {
        let layers = Layers::read(self.named.as_deref())?;
        let config = match self.last.take() {
            Some((last, config)) if last == layers => config,
            _ => layers.config()?,
        };
        Ok(&self.last.insert((layers, config)).1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::config::DEFAULT_PATH;
    use std::fs;
    use std::path::Path;

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
        fs::create_dir(dir.path().join("wardkey.toml.d")).unwrap();
        let layer = dir.path().join("wardkey.toml.d/50.toml");
        fs::write(&layer, "support = 'c'").unwrap();
        assert_eq!(source.now().unwrap().support.as_str(), "c");
        fs::remove_file(&layer).unwrap();
        assert_eq!(source.now().unwrap().support.as_str(), "b");
        fs::remove_file(&file).unwrap();
        assert!(source.now().is_err(), "nothing is used that is gone");
    }
}
