//! Why there is no answer.

use super::denial::Denial;
use crate::system::os_error::English;
use nix::errno::Errno;
use std::fmt;
use std::io;

/// What has systemd listen for it; without systemd `wardkey-helper listen` does.
const ENABLE: &str = "systemctl enable --now wardkey-helper.socket";

/// Why there is no answer.
#[derive(Debug)]
pub enum Silence {
    /// Nobody listens there.
    NotThere(Errno),
    /// The process that listens there is not root.
    NotRoot,
    /// It did not answer in time.
    Slow,
    /// It will not.
    Denied(Denial),
    /// The person typed nothing more.
    Left,
    /// The connection broke, or what came was no answer.
    Broken(io::Error),
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(e) => {
                write!(f, "the helper does not listen: {}; to have it listen: {ENABLE}", e.desc())
            }
            Self::NotRoot => f.write_str("the helper's socket is not root's"),
            Self::Slow => f.write_str("the helper did not answer in time"),
            Self::Denied(denial) => write!(f, "the helper will not: {denial}"),
            Self::Left => f.write_str("nothing was typed"),
            Self::Broken(e) => write!(f, "the helper did not answer: {}", English(e)),
        }
    }
}
