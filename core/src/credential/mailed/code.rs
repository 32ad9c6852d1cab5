//! A mailed code: eight digits.

use crate::credential::secret::NoEntropy;
use std::fmt;
use zeroize::Zeroizing;

/// Digits of a mailed code.
pub(crate) const DIGITS: usize = 8;

/// How many such codes there are.
const CODES: u32 = 100_000_000;

/// Numbers from here on would make the low codes likelier than the others.
const FAIR: u32 = u32::MAX - u32::MAX % CODES;

/// A code on its way to the mailbox. It prints as `***`.
#[derive(Clone)]
pub struct MailedCode(Zeroizing<String>);

impl MailedCode {
    /// Any of the hundred million, each as likely.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub(super) fn random() -> Result<Self, NoEntropy> {
        let mut bytes = Zeroizing::new([0; 4]);
        loop {
            getrandom::fill(&mut *bytes).map_err(|_| NoEntropy)?;
            if let Some(code) = Self::from_number(u32::from_le_bytes(*bytes)) {
                return Ok(code);
            }
        }
    }

    fn from_number(number: u32) -> Option<Self> {
        (number < FAIR).then(|| Self(Zeroizing::new(format!("{:08}", number % CODES))))
    }

    /// Its digits, for hashing and for the message.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// `1234 5678`, as the message shows it.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let (head, tail) = self.0.split_at_checked(DIGITS / 2).unwrap_or_default();
        Zeroizing::new(format!("{head} {tail}"))
    }
}

impl fmt::Debug for MailedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credential::OtpCode;

    #[test]
    fn a_code_has_eight_digits_and_can_be_typed_as_shown() {
        for _ in 0..1000 {
            let code = MailedCode::random().unwrap();
            let typed = OtpCode::parse(code.to_text().as_bytes()).expect("the form of a code");
            assert_eq!(typed.digits(), DIGITS);
            assert!(typed.matches(code.expose()));
        }
        assert_eq!(format!("{:?}", MailedCode::random().unwrap()), "***");
    }

    #[test]
    fn no_code_is_likelier_than_another() {
        assert_eq!(FAIR % CODES, 0);
        assert_eq!(*MailedCode::from_number(FAIR - 1).unwrap().0, "99999999");
        assert_eq!(*MailedCode::from_number(CODES + 7).unwrap().0, "00000007");
        assert!(MailedCode::from_number(FAIR).is_none() && MailedCode::from_number(u32::MAX).is_none());
    }
}
