//! What another program says of itself, within a deadline.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

/// The most that is read of it, in bytes.
const MAX_LEN: u64 = 4096;

/// What the program prints, if it ends well and in time.
pub(super) fn said(program: &Path, arguments: &[&str]) -> Option<String> {
    let mut child = Command::new(program)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let out = child.stdout.take()?;
    let (tell, told) = sync_channel(1);
    thread::spawn(move || {
        let mut text = String::new();
        let is_read = out.take(MAX_LEN).read_to_string(&mut text).is_ok();
        let _ = tell.send(is_read.then_some(text));
    });
    let text = told.recv_timeout(PATIENCE).ok().flatten();
    if text.is_none() {
        let _ = child.kill();
    }
    let ended = child.wait().ok()?;
    text.filter(|_| ended.success())
}
