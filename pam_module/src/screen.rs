//! What the person sees, as far as it decides how an enrolment is shown.

use std::os::fd::AsFd;

use wardkey_core::desk::qr::Ink;

/// Where the application's texts appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// A terminal that this process sits at: lines, colours and all.
    Terminal,
    /// The terminal of an SSH client: lines, but no control characters, which the client makes visible.
    Ssh,
    /// A greeter, or nobody knows what: a prompt, and perhaps the last line before it.
    Prompt,
}

impl Screen {
    /// What a QR code is drawn with, where one can be.
    pub(crate) const fn ink(self) -> Option<Ink> {
        match self {
            Self::Terminal => Some(Ink::Colours),
            Self::Ssh => Some(Ink::LightBlocks),
            Self::Prompt => None,
        }
    }
}

/// Whether one of the standard streams is this terminal: greeters name one that they do not sit at.
pub(crate) fn sits_at(tty: &str) -> bool {
    let path = std::path::Path::new("/dev").join(tty);
    let Ok(named) = nix::sys::stat::stat(&path) else { return false };
    let is_named = |stream: std::os::fd::BorrowedFd<'_>| {
        nix::unistd::isatty(stream).unwrap_or(false)
            && nix::sys::stat::fstat(stream).is_ok_and(|own| own.st_rdev == named.st_rdev)
    };
    is_named(std::io::stdin().as_fd())
        || is_named(std::io::stdout().as_fd())
        || is_named(std::io::stderr().as_fd())
}
