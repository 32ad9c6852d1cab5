//! What a wrong code does, and tries at codes where none is asked: few for programs that are not root's.

use super::answer::Outcome;
use super::request::Reply;
use crate::credential::{self, Tail, Typed};
use crate::grace::{Misses as Counted, NoTry, Try};
use crate::policy::config::Config;
use crate::record::Record;
use crate::verify::{Entry, Judged, Refusal};

/// What a wrong code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissRule {
    /// It counts in the record.
    Count,
    /// Nothing: root's programs have checked a password, or will.
    AreFree,
    /// Nothing in the record; but the programs of this uid have few, since they may be guessing.
    AreFew(u32),
    /// Nobody can tell whose they are, so nothing is compared.
    AreNobodys,
}

/// Why nothing may be compared; with a reason where the log has none yet.
pub struct Uncompared(pub Option<String>);

/// What was taken before anything is compared.
pub struct Guess(Option<(Counted, Try)>);

/// Of any authenticator's code.
const DIGITS: [usize; 2] = [6, 8];

/// What a reply looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Form {
    is_compared: bool,
    is_well_formed: bool,
}

impl Form {
    fn of(entry: &Entry) -> Self {
        Self { is_compared: entry.is_compared(), is_well_formed: entry.is_well_formed() }
    }

    /// Where no record says how many digits a code of theirs has.
    fn of_anybodys(reply: &Reply) -> Self {
        match reply {
            Reply::NoCode => Self { is_compared: false, is_well_formed: false },
            Reply::Separate(typed) => {
                let is_code = !matches!(Typed::parse(typed.expose()), Typed::Malformed);
                Self { is_compared: is_code, is_well_formed: is_code }
            }
            Reply::Combined(typed) => {
                let tails = credential::tails(typed.expose(), &DIGITS);
                let is_code = |tail: &Tail| !matches!(tail.typed, Typed::Malformed);
                Self {
                    is_compared: tails.iter().any(is_code),
                    is_well_formed: tails.iter().any(|tail| is_code(tail) && tail.counts),
                }
            }
        }
    }
}

impl MissRule {
    /// What is written: where codes are asked something for each that has the form of a code, so that the time it takes
    /// tells nothing of what it was; where none is asked only what a right one changes.
    pub(super) fn cost(self, entry: &Entry, record: &Record, judged: Judged) -> Judged {
        match self {
            Self::Count if entry.is_well_formed() => judged.with_a_write(&record.ledger),
            Self::Count => judged,
            Self::AreFree | Self::AreFew(_) | Self::AreNobodys => judged.uncounted(),
        }
    }

    /// Takes a try where they are few, before anything is compared.
    ///
    /// # Errors
    /// Nothing may be compared.
    pub(super) fn guess(self, config: &Config, entry: &Entry) -> Result<Guess, Uncompared> {
        self.guess_by(config, || Form::of(entry))
    }

    /// The same at a seat, before a verifier is asked: whatever may have the form of a code there.
    ///
    /// # Errors
    /// Nothing may be compared.
    pub fn guess_at_seat(self, config: &Config, reply: &Reply) -> Result<Guess, Uncompared> {
        self.guess_by(config, || Form::of_anybodys(reply))
    }

    fn guess_by(self, config: &Config, form: impl Fn() -> Form) -> Result<Guess, Uncompared> {
        let uid = match self {
            Self::AreFew(uid) if form().is_compared => uid,
            Self::AreNobodys => {
                return Err(Uncompared(Some("the program that asked has ended".to_owned())));
            }
            Self::Count | Self::AreFree | Self::AreFew(_) => return Ok(Guess(None)),
        };
        let counted = Counted::of_this_boot(config.run.path.path(), uid);
        counted.and_then(|counted| take(counted, form().is_well_formed)).map_err(|e| match e {
            // That was said when the last was taken.
            NoTry::UsedUp => Uncompared(None),
            NoTry::Uncounted(e) => Uncompared(Some(format!("wrong codes cannot be counted: {e}"))),
        })
    }
}

impl Guess {
    /// Gives the try back where the code was right, or right before, or nothing was compared; else it was a
    /// miss, and the answer is whether that was the last.
    #[must_use]
    pub fn uses_up(self, outcome: Option<&Outcome>) -> bool {
        let Self(Some((counted, taken))) = self else { return false };
        match outcome {
            None
            | Some(Outcome::Accepted(_) | Outcome::Refused(Refusal::Malformed | Refusal::AlreadyUsed)) => {
                // What cannot be given back stays a miss.
                let _ = counted.give_back(&taken);
                false
            }
            Some(Outcome::Refused(_) | Outcome::Unavailable(_) | Outcome::EnrollElsewhere(_)) => {
                taken.is_last
            }
        }
    }
}

/// The end of a password that may be a code without hyphens is no miss; but when the tries are used up it is not compared either.
fn take(counted: Counted, is_well_formed: bool) -> Result<Guess, NoTry> {
    if is_well_formed {
        let taken = counted.take()?;
        return Ok(Guess(Some((counted, taken))));
    }
    if counted.are_used_up()? { Err(NoTry::UsedUp) } else { Ok(Guess(None)) }
}
