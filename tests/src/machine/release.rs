//! Programs of two versions in one host, as an upgrade or a step back leaves them there.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs};

use crate::machine::built::Built;
use crate::machine::host::Host;
use crate::programs::helper::Listening;

/// The module, as it is called in a host.
pub const MODULE: &str = "libpam_wardkey.so";
/// The command.
pub const COMMAND: &str = "wardkey";
/// The helper.
pub const HELPER: &str = "wardkey-helper";

/// How long a helper may take to become the installed one.
const PATIENCE: Duration = Duration::from_secs(90);

/// From which version a program is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Release {
    /// The one that is tested.
    This,
    /// The one before: `WARDKEY_PREVIOUS` says where its files lie (`tests/previous`).
    Previous,
}

impl Release {
    /// A column's word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::This => "this",
            Self::Previous => "previous",
        }
    }

    fn file(self, name: &str) -> PathBuf {
        let built = Built::find();
        match (self, name) {
            (Self::Previous, _) => PathBuf::from(
                env::var_os("WARDKEY_PREVIOUS").expect("WARDKEY_PREVIOUS: where the previous version lies"),
            )
            .join(name),
            (Self::This, MODULE) => built.module,
            (Self::This, COMMAND) => built.command,
            (Self::This, _) => built.helper,
        }
    }
}

impl Host {
    /// Puts one file of a release in place by a rename, as dpkg does: who has the other one open keeps it.
    ///
    /// # Panics
    /// If it cannot be copied.
    pub fn put(&self, name: &str, release: Release) {
        let (from, to) = (release.file(name), self.built(name));
        let new = to.with_extension("new");
        fs::copy(&from, &new).unwrap_or_else(|why| panic!("{}: {why}", from.display()));
        fs::rename(&new, &to).expect("put in place");
    }

    /// Puts all three in place.
    pub fn put_all(&self, release: Release) {
        [MODULE, COMMAND, HELPER].into_iter().for_each(|name| self.put(name, release));
    }

    /// A host with this release's programs, and with these tables in its configuration, after `wardkey init`.
    #[must_use]
    pub fn made_by(release: Release, tables: &str) -> Self {
        let host = Self::bare();
        host.put_all(release);
        host.configure(tables);
        host
    }
}

impl Listening {
    /// Has it reload, as a package does after an upgrade, and waits until it is the program that is installed now.
    ///
    /// # Panics
    /// If it does not come to that.
    pub fn becomes_the_installed(&self, host: &Host) {
        let running = || fs::metadata(format!("/proc/{}/exe", self.pid())).ok().map(|found| found.ino());
        let installed = fs::metadata(host.built(HELPER)).ok().map(|found| found.ino());
        self.reload(host);
        let begun = Instant::now();
        while running() != installed {
            assert!(
                begun.elapsed() < PATIENCE,
                "the helper is not the installed one: {}",
                host.syslog().text()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
