//! What was typed, made ready for the decision: parsed, and hashed where that takes Argon2id.

use crate::credential::mailed::DIGITS;
use crate::credential::single_use::{NotRun, Proof, StoredCode};
use crate::credential::totp::Digits;
use crate::credential::{self, OtpCode, OtpPair, Typed};
use crate::record::enrolment::Enrolment;

/// What was typed, once parsed and, for a single-use code, hashed.
#[derive(Debug, Clone)]
pub enum Entry {
    /// No code by its form.
    Malformed,
    /// An authenticator code.
    Otp(OtpCode),
    /// Two authenticator codes, one behind the other.
    Pair(OtpPair),
    /// A single-use code.
    SingleUse(Proof),
    /// A password with any of these at its end; empty: none has the form of a code.
    Combined(Vec<Tail>),
}

/// A candidate at the end of a combined entry.
#[derive(Debug, Clone)]
pub struct Tail {
    /// Its bytes in the entry.
    pub len: usize,
    /// The code.
    pub code: TailCode,
    /// Whether a wrong one is a wrong code.
    pub counts: bool,
}

/// What a tail can be.
#[derive(Debug, Clone)]
pub enum TailCode {
    /// An authenticator code.
    Otp(OtpCode),
    /// Two authenticator codes, one behind the other.
    Pair(OtpPair),
    /// A single-use code.
    SingleUse(Proof),
}

impl Entry {
    /// Makes a reply to the separate prompt ready. Call it before taking any lock: Argon2id may run.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn separate(typed: Typed, enrolment: Option<&Enrolment>) -> Result<Self, NotRun> {
        match typed {
            Typed::Malformed => Ok(Self::Malformed),
            Typed::Otp(code) => Ok(Self::Otp(code)),
            Typed::Pair(pair) => Ok(Self::Pair(pair)),
            Typed::SingleUse(code) => Proof::compute(&code, codes(enrolment)).map(Self::SingleUse),
        }
    }

    /// Makes a password with a code at its end ready. Call it before taking any lock: Argon2id may run. For someone
    /// who has no authenticator `usual` digits are looked for: what new ones show here.
    ///
    /// # Errors
    /// [`NotRun`].
    pub fn combined(typed: &[u8], enrolment: Option<&Enrolment>, usual: Digits) -> Result<Self, NotRun> {
        let mut own = enrolment.map(Enrolment::digits).unwrap_or_default();
        // Whether a mailed code is pending is known under the lock alone; if none is, these digits are no code.
        if enrolment.is_some_and(|e| e.email.is_some()) && !own.contains(&DIGITS) {
            own.push(DIGITS);
        }
        if own.is_empty() {
            own.push(usual.get() as usize);
        }
        let mut tails = Vec::new();
        for tail in credential::tails(typed, &own) {
            let code = match tail.typed {
                Typed::Malformed => continue,
                Typed::Otp(code) => TailCode::Otp(code),
                Typed::Pair(pair) => TailCode::Pair(pair),
                Typed::SingleUse(code) => TailCode::SingleUse(Proof::compute(&code, codes(enrolment))?),
            };
            tails.push(Tail { len: tail.len, code, counts: tail.counts });
        }
        Ok(Self::Combined(tails))
    }

    /// Whether it may be right by an authenticator, so that keys are unsealed for it.
    #[must_use]
    pub fn needs_key(&self) -> bool {
        let is_otp = |tail: &Tail| matches!(tail.code, TailCode::Otp(_) | TailCode::Pair(_));
        match self {
            Self::Otp(_) | Self::Pair(_) => true,
            Self::Combined(tails) => tails.iter().any(is_otp),
            Self::SingleUse(_) | Self::Malformed => false,
        }
    }

    /// Whether anything in it is compared; most passwords have nothing that is.
    #[must_use]
    pub const fn is_compared(&self) -> bool {
        match self {
            Self::Malformed => false,
            Self::Otp(_) | Self::Pair(_) | Self::SingleUse(_) => true,
            Self::Combined(tails) => !tails.is_empty(),
        }
    }

    /// Whether it has the form of a code, so that it counts where it is wrong.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        match self {
            Self::Malformed => false,
            Self::Otp(_) | Self::Pair(_) | Self::SingleUse(_) => true,
            Self::Combined(tails) => tails.iter().any(|tail| tail.counts),
        }
    }
}

fn codes(enrolment: Option<&Enrolment>) -> &[StoredCode] {
    enrolment.map_or(&[], |e| &e.codes)
}
