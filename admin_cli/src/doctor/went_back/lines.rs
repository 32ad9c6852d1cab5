//! The newest lines of an audit file, and of the files that it was before it was rotated.

use serde::Deserialize;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::system::owner::Owner;
use wardkey_core::system::trusted_file::{self, Access, Demand, Readers};

/// So much is read, in bytes: a hundred thousand lines.
pub(super) const READ_MAX: u64 = 16 << 20;

/// One line about something that was done or accepted.
#[derive(Debug, Default, Clone, Deserialize)]
pub(super) struct AuditLine {
    pub(super) time: Timestamp,
    pub(super) event: String,
    pub(super) user: Option<String>,
    pub(super) method: Option<String>,
    pub(super) result: String,
    pub(super) reason: Option<String>,
}

/// Those that can be read of the last `max` bytes, the oldest first. Damaged ones are passed over, and so is what others could
/// have written.
pub(super) fn newest(audit: &Path, owner: Owner, max: u64) -> Vec<AuditLine> {
    let mut left = max;
    let mut texts = Vec::new();
    for file in [vec![audit.to_owned()], rotated(audit)].concat() {
        if left == 0 {
            break;
        }
        // Without the file that comes next, a line that explains older ones may be missing.
        let Some(text) = end_of(&file, owner, left) else { if file == audit { continue } else { break } };
        left = left.saturating_sub(u64::try_from(text.len()).unwrap_or(u64::MAX));
        texts.push(text);
    }
    texts.iter().rev().flat_map(|text| text.split(|byte| *byte == b'\n')).filter_map(parsed).collect()
}

/// The end of a file, from the first line that is whole.
fn end_of(path: &Path, owner: Owner, max: u64) -> Option<Vec<u8>> {
    let demand = Demand {
        access: Access::Read,
        readers: Readers::Anyone,
        owner,
        max_len: u64::MAX,
        may_be_linked: true,
    };
    let mut file: File = trusted_file::open(None, path, path, demand).ok()?;
    let skipped = file.metadata().ok()?.len().saturating_sub(max);
    file.seek(SeekFrom::Start(skipped)).ok()?;
    let mut text = Vec::new();
    file.take(max).read_to_end(&mut text).ok()?;
    if skipped > 0 {
        let first = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
        text.drain(..first);
    }
    Some(text)
}

/// What the file was before (logrotate(8): `.1`, or `-20261201`), the newest first, up to the first that is compressed.
fn rotated(audit: &Path) -> Vec<PathBuf> {
    let (Some(parent), Some(name)) = (audit.parent(), audit.file_name()) else { return Vec::new() };
    let name = name.to_string_lossy();
    let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(SystemTime, PathBuf, bool)> = entries
        .filter_map(|entry| {
            let is_plain = is_plain(entry.file_name().to_str()?.strip_prefix(&*name)?)?;
            Some((entry.metadata().ok()?.modified().ok()?, entry.path(), is_plain))
        })
        .collect();
    found.sort();
    found.into_iter().rev().take_while(|(.., is_plain)| *is_plain).map(|(_, path, _)| path).collect()
}

/// Of what stands behind the name: whether it is the number or the date of a rotated file and nothing else; `None`: of no
/// rotated file.
fn is_plain(behind: &str) -> Option<bool> {
    let number =
        behind.strip_prefix(['.', '-']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))?;
    Some(number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-'))
}

fn parsed(line: &[u8]) -> Option<AuditLine> {
    let text = std::str::from_utf8(line).ok()?;
    let is_meant = text.contains(r#""result":"accepted""#) || text.contains(r#""result":"done""#);
    is_meant.then(|| serde_json::from_str(text).ok()).flatten()
}
