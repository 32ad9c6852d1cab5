//! Codes where none is asked: only a right one changes anything, and programs that are not root's have few tries at it.

use super::check::{Checked, Outcome, Reply, Seen};
use super::{Ask, Asked, Asker, Happened, Judge, PamItems, Who};
use crate::grace::{MISSES, Misses as Counted, NoTry, Try};
use crate::record::Record;
use crate::system::audit;
use crate::system::syslog::{Line, Severity};
use crate::verify::{Entry, Judged, Refusal};

/// What a wrong code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Misses {
    /// It counts in the record.
    Count,
    /// Nothing: root's programs have checked a password, or will.
    AreFree,
    /// Nothing in the record; but the programs of this uid have few, since they may be guessing.
    AreFew(u32),
    /// Nobody can tell whose they are, so nothing is compared.
    AreNobodys,
}

impl Misses {
    /// What is written: where codes are asked something for each that has the form of a code, so that the time it takes
    /// tells nothing of what it was; where none is asked only what a right one changes.
    pub(super) fn cost(self, entry: &Entry, record: &Record, judged: Judged) -> Judged {
        match self {
            Self::Count if entry.is_well_formed() => judged.with_a_write(&record.ledger),
            Self::Count => judged,
            Self::AreFree | Self::AreFew(_) | Self::AreNobodys => judged.uncounted(),
        }
    }
}

/// What was taken before anything is compared.
pub(super) struct Guess(Option<(Counted, Try)>);

impl Judge<'_> {
    /// Checks a reply where no code need be, for a program of root's: only a right one changes anything or is written down.
    #[must_use]
    pub fn check_free(&self, who: &Who, items: &PamItems, reply: Reply<'_>) -> Checked {
        let checked = self.unasked((who, items), reply, Misses::AreFree);
        self.renewing(who, items, checked)
    }

    /// A whole entry, password and code in one: whether a code is asked, and what the end of the entry comes to. Where
    /// none is asked only a right code changes anything.
    #[must_use]
    pub fn enter(&self, who: &Who, items: &PamItems, reply: Reply<'_>) -> (Asked, Checked) {
        let asked = self.asked(who, items);
        let checked = self.entered(asked.ask, who, items, reply);
        (asked, checked)
    }

    /// What the end of a whole entry comes to where this is asked.
    #[must_use]
    pub fn entered(&self, ask: Ask, who: &Who, items: &PamItems, reply: Reply<'_>) -> Checked {
        match (ask, self.asker) {
            (Ask::Code, _) => self.check(who, items, reply),
            (Ask::EnrollElsewhere(why), _) => {
                Checked { outcome: Outcome::EnrollElsewhere(why), generation: None, lines: Vec::new() }
            }
            (Ask::Grace | Ask::Enroll | Ask::Nothing { .. }, Asker::Root) => {
                self.check_free(who, items, reply)
            }
            // Whatever it finds makes no grace younger: it was not asked for, and may have been guessed.
            (Ask::Grace | Ask::Enroll | Ask::Nothing { .. }, Asker::Person(uid)) => {
                self.unasked((who, items), reply, Misses::AreFew(uid))
            }
            (Ask::Grace | Ask::Enroll | Ask::Nothing { .. }, Asker::Untold) => {
                self.unasked((who, items), reply, Misses::AreNobodys)
            }
        }
    }

    fn unasked(&self, (who, items): (&Who, &PamItems), reply: Reply<'_>, misses: Misses) -> Checked {
        let mut seen = Seen::default();
        let Who::Known(account) = who else {
            let outcome = Outcome::Refused(Refusal::NotEnrolled);
            return Checked { outcome, generation: None, lines: Vec::new() };
        };
        let outcome = self.run((account, items), reply, misses, &mut seen);
        let lines = match &outcome {
            Outcome::Accepted(_) => return self.written_down(who, items, outcome, seen),
            Outcome::Refused(_) if seen.is_used_up => self.used_up(who, items),
            Outcome::Refused(_) | Outcome::EnrollElsewhere(_) => {
                seen.uncompared.into_iter().map(uncompared).collect()
            }
            Outcome::Unavailable(why) => vec![uncompared(why.clone())],
        };
        Checked { outcome, generation: None, lines }
    }

    /// Takes a try where they are few, before anything is compared; `None`: nothing may be.
    pub(super) fn guess(&self, misses: Misses, entry: &Entry, seen: &mut Seen) -> Option<Guess> {
        let uid = match misses {
            Misses::AreFew(uid) if entry.is_compared() => uid,
            Misses::AreNobodys => {
                seen.uncompared = Some("the program that asked has ended".to_owned());
                return None;
            }
            Misses::Count | Misses::AreFree | Misses::AreFew(_) => return Some(Guess(None)),
        };
        let counted = Counted::of_this_boot(self.config.run.path.path(), uid);
        match counted.and_then(|counted| counted_guess(counted, entry)) {
            Ok(guess) => Some(guess),
            // That was said when the last was taken.
            Err(NoTry::UsedUp) => None,
            Err(NoTry::Uncounted(e)) => {
                seen.uncompared = Some(format!("wrong codes cannot be counted: {e}"));
                None
            }
        }
    }

    /// A right code is no miss, nor is one that was right before; and where nothing was compared there was none.
    pub(super) fn settle(&self, guess: Guess, outcome: Option<&Outcome>, seen: &mut Seen) {
        let Guess(Some((counted, taken))) = guess else { return };
        match outcome {
            None
            | Some(Outcome::Accepted(_) | Outcome::Refused(Refusal::Malformed | Refusal::AlreadyUsed)) => {
                // What cannot be given back stays a miss.
                let _ = counted.give_back(&taken);
            }
            Some(Outcome::Refused(_) | Outcome::Unavailable(_) | Outcome::EnrollElsewhere(_)) => {
                seen.is_used_up = taken.is_last;
            }
        }
    }

    /// A line for each time that the tries are used up, and none for each miss: most are passwords that look like codes.
    fn used_up(&self, who: &Who, items: &PamItems) -> Vec<Line> {
        let reason = format!("{MISSES} wrong codes in an hour where none was asked: no more are compared");
        let result = audit::Outcome::Refused;
        let what = Happened { event: "login", result, method: None, reason: Some(&reason), is_idle: false };
        self.record(who.shown().as_deref(), items, Severity::Warning, what)
    }
}

/// The end of a password that may be a code without hyphens is no miss; but when the tries are used up it is not compared either.
fn counted_guess(counted: Counted, entry: &Entry) -> Result<Guess, NoTry> {
    if entry.is_well_formed() {
        let taken = counted.take()?;
        return Ok(Guess(Some((counted, taken))));
    }
    if counted.are_used_up()? { Err(NoTry::UsedUp) } else { Ok(Guess(None)) }
}

fn uncompared(why: String) -> Line {
    Line::new(Severity::Warning, format!("the end of the password was not looked at: {why}"))
}

#[cfg(test)]
#[path = "unasked_tests.rs"]
mod tests;
