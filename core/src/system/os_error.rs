//! What the kernel said, in English.

use nix::errno::Errno;
use std::{fmt, io};

/// An error as logs have it. The C library words its errors in the language of the host's locale, where a host has set one;
/// logs are to be alike everywhere.
pub(crate) struct English<'e>(pub(crate) &'e io::Error);

impl fmt::Display for English<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.raw_os_error() {
            Some(number) => write!(f, "{} (os error {number})", Errno::from_raw(number).desc()),
            None => self.0.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_same_in_every_locale_and_the_number_stays() {
        let full = io::Error::from_raw_os_error(28);
        assert_eq!(English(&full).to_string(), "No space left on device (os error 28)");
        assert_eq!(English(&io::Error::other("cut short")).to_string(), "cut short");
    }
}
