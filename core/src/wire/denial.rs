//! Why the helper does not answer a question, and what of an answer is for root alone.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// In place of what is not told.
pub const IN_THE_LOG: &str = "something is broken there, and its log says what";

/// Answers with something for root's programs alone: paths, configuration errors, what a mail server said. Anybody can ask the
/// helper about themself; they hear what kind of trouble there is, and the log has the rest.
pub trait Detailed {
    /// The answer as a peer that is not root hears it.
    #[must_use]
    fn without_details(self) -> Self;
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// It is about someone else.
    NotYou,
    /// Too many questions of this user at once.
    Busy,
    /// The question is of another version.
    Version,
    /// The caller works by another configuration.
    OtherConfig {
        /// The caller's.
        asked: PathBuf,
        /// The helper's; to root alone, else empty.
        own: PathBuf,
    },
    /// The question is none.
    Malformed,
    /// The helper's own configuration does not load, or a look-up failed; why, to root.
    Broken(String),
}

impl Detailed for Denial {
    fn without_details(self) -> Self {
        match self {
            Self::Broken(_) => Self::Broken(String::new()),
            Self::OtherConfig { asked, .. } => Self::OtherConfig { asked, own: PathBuf::new() },
            told @ (Self::NotYou | Self::Busy | Self::Version | Self::Malformed) => told,
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotYou => f.write_str("the question is about somebody else"),
            Self::Busy => f.write_str("this user asks too much at once"),
            Self::Version => f.write_str(
                "the program that asks has a module or command of another version in it; to have the installed \
                 version on both sides: systemctl reload wardkey-helper, and start that program again",
            ),
            Self::OtherConfig { asked, own } if own.as_os_str().is_empty() => {
                write!(f, "it works by another file than {asked:?}")
            }
            Self::OtherConfig { asked, own } => {
                write!(f, "it works by {own:?}, and the question by {asked:?}")
            }
            Self::Malformed => f.write_str("the question is not understood"),
            Self::Broken(why) => f.write_str(if why.is_empty() { IN_THE_LOG } else { why }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_detail_is_left_and_the_kind_is() {
        let own = PathBuf::from("/etc/wardkey/wardkey.toml");
        for denial in [
            Denial::Broken("/etc/wardkey/wardkey.toml: line 3".into()),
            Denial::OtherConfig { asked: "/tmp/mine.toml".into(), own },
        ] {
            let kind = std::mem::discriminant(&denial);
            let told = denial.without_details();
            assert_eq!(std::mem::discriminant(&told), kind);
            assert!(!serde_json::to_string(&told).unwrap().contains("/etc/"), "{told:?}");
            let words = told.to_string();
            assert!(words.contains("there") || words.contains("/tmp/mine.toml"));
        }
    }
}
