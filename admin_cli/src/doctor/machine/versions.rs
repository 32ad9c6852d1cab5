//! Whether module, helper and command are of one version, by the files that are installed.

use super::ask::said;
use super::fault::{InstalledFile, MachineFault};
use pam_stack::Root;
use std::path::Path;
use wardkey_core::system::trusted_file;

const OURS: &str = env!("CARGO_PKG_VERSION");

/// The module keeps its marks under names that have its version in them.
const MARK: &[u8] = b"pam_wardkey_mark ";

/// Largest module, in bytes.
const MAX_LEN: u64 = 64 << 20;

pub(super) fn of_module(root: &Root, module: &Path) -> Option<MachineFault> {
    let bytes = trusted_file::read_linked(&root.join(module), MAX_LEN).ok()?;
    differs(InstalledFile::Module, module, in_module(&bytes)?)
}

pub(super) fn of_helper(root: &Root, helper: &Path) -> Option<MachineFault> {
    let told = said(&root.join(helper), &["--version"])?;
    differs(InstalledFile::Helper, helper, told.trim().strip_prefix("wardkey-helper ")?)
}

fn differs(part: InstalledFile, file: &Path, version: &str) -> Option<MachineFault> {
    (version != OURS).then(|| MachineFault::OtherVersion(part, file.to_owned(), version.to_owned()))
}

fn in_module(bytes: &[u8]) -> Option<&str> {
    let at = bytes.windows(MARK.len()).position(|window| window == MARK)? + MARK.len();
    let word = bytes.get(at..)?.split(|byte| !byte.is_ascii_graphic()).next()?;
    std::str::from_utf8(word).ok().filter(|word| !word.is_empty() && word.len() < 40)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids, with_program};
    use super::*;

    #[test]
    fn a_file_of_another_version_is_told() {
        let module = Path::new("/usr/lib/security/pam_wardkey.so");
        for (version, expected) in [(OURS, &[] as &[&str]), ("9.9.9", &["versions-differ"])] {
            let text = format!("ELF\0pam_wardkey_mark {version} 0123\0");
            let scratch = files(&[(module.to_str().unwrap(), &text)]);
            with_program(&scratch, "/usr/libexec/h", &format!("echo wardkey-helper {version}"));
            let root = Root::new(scratch.path());
            assert_eq!(ids(&Vec::from_iter(of_module(&root, module))), expected);
            let helper = Path::new("/usr/libexec/h");
            assert_eq!(ids(&Vec::from_iter(of_helper(&root, helper))), expected);
        }
        assert_eq!(in_module(b"no mark"), None);
    }
}
