//! What the person sees, as far as it decides how an enrolment is shown.

use wardkey_core::qr::Ink;

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
