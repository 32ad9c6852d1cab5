//! What a login finds, beyond where its state is: how the module lies in memory, and what the program has done before.

use crate::module::Pages;

/// What else differs from a bare program whose modules lie page by page in the page cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    /// Nothing.
    Plain,
    /// The module lies in large folios.
    LargeFolios,
    /// The program has looked up the account and logged before, as sshd, login and su have.
    Host,
    /// The same, and what is measured is what a person waits for: from the reply, after a pause, to the result.
    AfterReply,
}

/// How long a person types, in milliseconds: what the processor had at hand goes cold meanwhile.
const PAUSE: &str = "20";

impl Setting {
    /// Of `login.c`.
    pub(crate) const fn options(self) -> &'static [&'static str] {
        match self {
            Self::Plain | Self::LargeFolios => &[],
            Self::Host => &["-u"],
            Self::AfterReply => &["-u", "-r", PAUSE],
        }
    }

    pub(crate) const fn pages(self) -> Pages {
        match self {
            Self::LargeFolios => Pages::LargeFolios,
            Self::Plain | Self::Host | Self::AfterReply => Pages::Single,
        }
    }

    /// Behind the name of a table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::LargeFolios => ", large folios",
            Self::Host => ", host that has logged",
            Self::AfterReply => ", reply to result",
        }
    }
}
