//! Where the files under test are: beside the test's own executable, in the release directory.

use std::env;
use std::path::PathBuf;

/// The built files a host is made from.
pub struct Built {
    /// The PAM module.
    pub module: PathBuf,
    /// The administration command.
    pub command: PathBuf,
    /// The helper.
    pub helper: PathBuf,
    /// The clinic's verifier.
    pub verifier: PathBuf,
    /// Our PAM application.
    pub pamclient: PathBuf,
}

impl Built {
    /// Finds the files; `WARDKEY_BUILT_DIR` names another directory than `target/release`.
    ///
    /// # Panics
    /// If one is missing: the tests run on what `make build` makes.
    #[must_use]
    pub fn find() -> Self {
        let (profile, release) = (profile_directory(), release_directory());
        Self {
            module: existing(release.join("libpam_wardkey.so")),
            command: existing(release.join("wardkey")),
            helper: existing(release.join("wardkey-helper")),
            verifier: existing(release.join("wardkey-verifier")),
            pamclient: existing(profile.join("pamclient")),
        }
    }

    /// The directory that cargo builds into: the release files lie in `release` below it.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn target() -> PathBuf {
        release_directory().parent().expect("a target directory").to_owned()
    }

    /// What does things with secrets to be watched at it, built for release as the module is.
    ///
    /// # Panics
    /// If it is missing.
    #[must_use]
    pub fn steady() -> PathBuf {
        existing(release_directory().join("steady"))
    }
}

fn release_directory() -> PathBuf {
    match env::var_os("WARDKEY_BUILT_DIR") {
        Some(directory) => PathBuf::from(directory),
        None => profile_directory().parent().expect("a target directory").join("release"),
    }
}

/// `target/debug`, from `target/debug/deps/TEST` or `target/debug/PROGRAM`.
pub(crate) fn profile_directory() -> PathBuf {
    let own = env::current_exe().expect("the own path");
    let directory = own.parent().expect("target/PROFILE/PROGRAM");
    let is_tests = directory.ends_with("deps");
    directory.parent().filter(|_| is_tests).unwrap_or(directory).to_owned()
}

fn existing(path: PathBuf) -> PathBuf {
    assert!(path.exists(), "{} is missing: run make build first", path.display());
    path
}
