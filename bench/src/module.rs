//! The module that is measured: copied first, so that it is known how its file lies in the page cache, and what it weighs.

use serde::Serialize;
use std::fs::{self, Permissions};
use std::io::{self, Error};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How a file lies in the page cache. It decides how many faults a process needs to map what it runs of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pages {
    /// One by one, as a linker leaves them, or faults after a boot, or any file on ext4 before Linux 6.16.
    Single,
    /// Many together, as one large write leaves them where the file system can.
    LargeFolios,
}

/// Two copies of one file, on the disk.
pub(crate) struct Module {
    dir: PathBuf,
    /// The built `pages.c`.
    tool: PathBuf,
}

/// What of it does not depend on a login.
#[derive(Debug, Serialize)]
pub(crate) struct Weight {
    pub(crate) bytes: u64,
    /// Places that the loader fills in, each time.
    pub(crate) relocations: u64,
    /// How many pages of either copy were found in large folios at the end, where the kernel tells.
    pub(crate) large_folios: Option<String>,
}

impl Module {
    pub(crate) fn copy(built: &Path, scratch: &Path, tool: &Path) -> io::Result<Self> {
        let module = Self { dir: scratch.join("disk/module"), tool: tool.to_owned() };
        fs::create_dir(&module.dir)?;
        let single = module.path(Pages::Single);
        if !module.tool().arg("copy").arg(built).arg(&single).status()?.success() {
            return Err(Error::other(format!("{} was not copied to {}", built.display(), single.display())));
        }
        let large = module.path(Pages::LargeFolios);
        fs::write(&large, fs::read(built)?)?;
        fs::set_permissions(&large, Permissions::from_mode(0o755))?;
        Ok(module)
    }

    pub(crate) fn path(&self, pages: Pages) -> PathBuf {
        self.dir.join(match pages {
            Pages::Single => "pam_wardkey.so",
            Pages::LargeFolios => "pam_wardkey_large_folios.so",
        })
    }

    pub(crate) fn weigh(&self) -> io::Result<Weight> {
        let file = self.path(Pages::Single);
        let relocations = Command::new("readelf").args(["--relocs", "--wide"]).arg(&file).output()?;
        let relocations = count_relative(&String::from_utf8_lossy(&relocations.stdout));
        let relocations = relocations.ok_or_else(|| Error::other("readelf counts no relocations"))?;
        let large_folios = self.large(Pages::Single).zip(self.large(Pages::LargeFolios));
        let large_folios = large_folios.map(|(single, large)| {
            format!(
                "{single} pages of the copy made through a mapping, {large} of the copy made by one write"
            )
        });
        Ok(Weight { bytes: fs::metadata(&file)?.len(), relocations, large_folios })
    }

    /// "N of M".
    fn large(&self, pages: Pages) -> Option<String> {
        let output = self.tool().arg("look").arg(self.path(pages)).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let (large, all) = text.trim().split_once(' ')?;
        Some(format!("{large} of {all}"))
    }

    fn tool(&self) -> Command {
        Command::new(&self.tool)
    }
}

fn count_relative(listed: &str) -> Option<u64> {
    let count = listed.lines().filter(|line| line.contains("_RELATIVE")).count();
    u64::try_from(count).ok().filter(|count| *count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_relocations_is_no_count() {
        let line = "00000000001f2338  0000000000000008 R_X86_64_RELATIVE                         6ffc4\n";
        let import = "00000000001fbfa8  0000000100000006 R_X86_64_GLOB_DAT 0 malloc@GLIBC_2.2.5 + 0\n";
        assert_eq!(count_relative(&format!("{line}{import}{line}")), Some(2));
        assert_eq!(count_relative(import), None);
    }
}
