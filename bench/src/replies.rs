//! What is typed. Everyone has the same key and the same printed codes: a product cannot know.

use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::system::clock::Timestamp;

/// Everyone's key.
pub(crate) const KEY: &[u8; 20] = b"wardkey bench key 01";

/// Seconds a code lasts.
pub(crate) const PERIOD: u64 = 30;

/// A kind of login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reply {
    /// The authenticator code of the moment.
    Right,
    /// A code of no moment near.
    Wrong,
    /// A right code that has opened once already.
    Replayed,
    /// A right code of someone who must wait after too many wrong ones.
    Throttled,
    /// A printed code that works once.
    SingleUse,
}

impl Reply {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Right => "right code",
            Self::Wrong => "wrong code",
            Self::Replayed => "replayed code",
            Self::Throttled => "right code while throttled",
            Self::SingleUse => "recovery code",
        }
    }

    /// Whether it opens nothing.
    pub(crate) const fn is_refused(self) -> bool {
        matches!(self, Self::Wrong | Self::Replayed | Self::Throttled)
    }
}

/// The right code at a moment.
pub(crate) fn right(at: u64) -> String {
    let parameters = Parameters::default();
    parameters.code(&Secret::new(KEY.to_vec()), parameters.step(Timestamp(at))).to_string()
}

/// A wrong code at a moment.
pub(crate) fn wrong(at: u64) -> String {
    let right: u32 = right(at).parse().unwrap_or(0);
    format!("{:06}", (right + 500_007) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_is_not_right() {
        for at in (1_700_000_000..1_700_010_000).step_by(30) {
            assert_eq!((right(at).len(), wrong(at).len()), (6, 6));
            assert_ne!(right(at), wrong(at));
        }
    }
}
