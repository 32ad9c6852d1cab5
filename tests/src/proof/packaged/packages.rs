//! The package as it was built, and what is made of it: a newer one, one that stops where it is told to, one that is cut off.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::machine::built::Built;
use crate::proof::outcome::run;
use crate::proof::promises::root;

/// A newer version of the same files.
pub(super) const NEWER: &str = "newer.deb";
/// The package as it was built.
pub(super) const BUILT: &str = "built.deb";
/// The same with scripts that fail, or kill dpkg, where `/root/step` says so.
pub(super) const STEPS: &str = "steps.deb";
/// A newer one of that kind.
pub(super) const NEWER_STEPS: &str = "newer-steps.deb";
/// The first two thirds of a newer one.
pub(super) const CUT: &str = "cut.deb";

/// All of them.
const ALL: [&str; 5] = [BUILT, NEWER, STEPS, NEWER_STEPS, CUT];

/// `sh -c SCRIPT make FILE`: makes the others beside the file. A script's parent is dpkg.
const SCRIPT: &str = r#"
set -e
cp "$1" built.deb
dpkg-deb --raw-extract "$1" parts
build() {
    sed -i "s/^Version: .*/Version: $2/" parts/DEBIAN/control
    dpkg-deb --root-owner-group -Znone --build parts "$1" >/dev/null
}
version=$(dpkg-deb --field "$1" Version)
build newer.deb 9.0
head -c $(($(stat --format=%s newer.deb) * 2 / 3)) newer.deb >cut.deb
step() {
    cat <<END
case \$(cat /root/step 2>/dev/null) in
    "fail \$DPKG_MAINTSCRIPT_NAME \$1$1") rm /root/step; exit 1 ;;
    "kill \$DPKG_MAINTSCRIPT_NAME \$1$1") rm /root/step; kill -KILL \$PPID; kill -KILL \$\$ ;;
esac
END
}
step >begin
for name in preinst postinst prerm postrm; do
    sed -i '0,/^set -e/{/^set -e/r begin
}' parts/DEBIAN/$name
    step ' done' >>parts/DEBIAN/$name
    [ "$(grep -c 'kill -KILL' parts/DEBIAN/$name)" = 2 ]
done
build newer-steps.deb 9.0
build steps.deb "$version"
"#;

/// Where they lie.
pub struct Packages(TempDir);

impl Packages {
    /// Makes them of the package in `file`.
    ///
    /// # Panics
    /// If dpkg-deb does not.
    #[must_use]
    pub fn of(file: &Path) -> Self {
        let directory = TempDir::new_in("/var/tmp").expect("/var/tmp");
        let mut sh = Command::new("sh");
        sh.current_dir(&directory).args(["-c", SCRIPT, "make"]).arg(file);
        run(&mut sh, b"").exits(0);
        Self(directory)
    }

    /// Makes them of a package of what is built, which `packaging/deb built` packages beside it.
    ///
    /// # Panics
    /// If it does not.
    #[must_use]
    pub fn of_what_is_built() -> Self {
        let target = Built::target();
        let mut deb = Command::new("packaging/deb");
        run(deb.current_dir(root()).arg("built").env("CARGO_TARGET_DIR", &target), b"").exits(0);
        let made = fs::read_dir(target.join("deb/built")).expect("a directory");
        let mut files = made.map(|entry| entry.expect("an entry").path());
        let is_it = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with("wardkey_") && name.ends_with(".deb")
        };
        Self::of(&files.find(is_it).expect("a package"))
    }

    pub(super) fn files(&self) -> impl Iterator<Item = (&'static str, PathBuf)> {
        ALL.into_iter().map(|name| (name, self.0.path().join(name)))
    }
}
