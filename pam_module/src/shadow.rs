//! The ageing of a password in shadow(5), as far as `pam_unix` forces a change by it.

/// What an account's shadow entry says; each is absent where the entry leaves it empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ageing {
    /// The day of the last change, counted from 1970-01-01; 0 asks for a change at the next login.
    pub changed: Option<i64>,
    /// Days after which the password must be changed.
    pub max_days: Option<i64>,
}

impl Ageing {
    /// Whether the password must be changed on `today`, counted likewise.
    #[must_use]
    pub const fn is_over(&self, today: i64) -> bool {
        match (self.changed, self.max_days) {
            (None, _) => false,
            (Some(0), _) => true,
            (Some(changed), Some(max)) => today.saturating_sub(changed) > max,
            (Some(_), None) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_ages_as_pam_unix_counts() {
        let ageing = |changed, max_days| Ageing { changed, max_days };
        for (ageing, over) in [
            (ageing(Some(0), None), true),
            (ageing(Some(0), Some(99_999)), true),
            (ageing(None, Some(1)), false),
            (ageing(Some(20_000), None), false),
            (ageing(Some(20_000), Some(30)), false),
            (ageing(Some(19_969), Some(30)), true),
            (ageing(Some(20_100), Some(30)), false),
        ] {
            assert_eq!(ageing.is_over(20_000), over, "{ageing:?}");
        }
    }
}
