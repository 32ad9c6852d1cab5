//! The four stacks of a service.

use std::fmt;

/// Which stack a line belongs to (the first word of a line in pam.conf(5)).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[allow(missing_docs)]
pub enum Kind {
    Auth,
    Account,
    Password,
    Session,
}

impl Kind {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Auth, Self::Account, Self::Password, Self::Session];

    /// Its place among [`Kind::ALL`].
    pub(crate) const fn place(self) -> usize {
        self as usize
    }

    /// The word that stands in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Account => "account",
            Self::Password => "password",
            Self::Session => "session",
        }
    }

    /// The stack that `word` names, in capitals or not.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}
