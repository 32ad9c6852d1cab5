//! What is said about an outcome: to PAM and to the person. What is written down is the judge's affair.

use crate::answer::AuthAnswer;
use crate::arguments::Arguments;
use crate::attempt::LoginAttempt;
use crate::authority::LoginJudge;
use crate::by_sshd::{before_failure, is_sshd, tell_who_is_in};
use crate::mark::Mark;
use crate::text::Texts;
use crate::transaction::{Broken, Note, Priority, Tone, Transaction};
use std::path::Path;
use wardkey_core::credential::is_single_use;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::desk::Right;
use wardkey_core::login::{Checked, NoPlace, Outcome, PamItems, Reply, Request, Step};
use wardkey_core::policy::config::Config;
use wardkey_core::system::clock::{Clock, Timestamp};
use wardkey_core::verify::{Acceptance, Hold, Method, Refusal};

/// How a refusal's reason is told. Not as an error: lightdm's GTK greeter replaces the last error by "Your password is
/// incorrect", but leaves a text alone.
const WHY: Tone = Tone::Info;

/// Wrong codes before a right one of which the person should hear: somebody else may have tried.
const WORTH_A_WORD: u64 = 5;

/// For how long libpam waits before it reports a refusal, give or take half. That slows guessing and hides nothing: libpam
/// makes the length of the second in which the call began.
const FAIL_DELAY_MICROSECONDS: u32 = 2_000_000;

/// Arguments or configuration are wrong: a line for the log and, unless nothing may be said, a word for the person.
pub(crate) fn unusable(pam: &mut dyn Transaction, words: &[&str], why: &str, silent: bool) {
    pam.log(Priority::Critical, why);
    if !silent {
        // Without the site's own words where they are in the file that does not load.
        let path = words.iter().find_map(|word| word.strip_prefix("config=")).map(Path::new);
        let path = path.filter(|path| path.is_absolute());
        let config = Config::load(path).unwrap_or_default();
        pam.tell(Tone::Error, &before_failure(pam, Texts::new(&config).unavailable()));
    }
}

/// The arguments of a line that is not of `auth`; `None`: they are wrong, and that has been said.
pub(crate) fn door_arguments(pam: &mut dyn Transaction, words: &[&str], silent: bool) -> Option<Arguments> {
    let arguments = Arguments::parse(words.iter().copied()).and_then(|arguments| {
        if arguments.start { Err("argument `start` is for `auth` alone".to_owned()) } else { Ok(arguments) }
    });
    arguments.map_err(|why| unusable(pam, words, &why, silent)).ok()
}

/// What an admin must know who has written an `auth` line that does not hold.
pub(crate) const LETS_FAILURE_THROUGH: &str = "this login was refused by `auth` and went on: refused again. The auth line of \
    pam_wardkey lets failure through: make it `requisite` or `required`, and let nothing jump over it; where another \
    module may open instead, `auth optional pam_wardkey.so start` comes first";

/// What a person has given.
#[derive(Clone, Copy)]
pub(crate) enum Given<'a> {
    /// Nothing was looked at.
    Nothing,
    /// A code alone.
    Code(&'a Secret),
    /// Password and code in one entry.
    Whole(&'a Secret),
}

impl<'a> Given<'a> {
    /// What a request gave to be checked.
    pub(crate) const fn of(request: &'a Request) -> Self {
        match &request.step {
            Step::Check(reply) | Step::CheckFree(reply) | Step::Enter(reply) => match reply {
                Reply::Separate(entry) => Self::Code(entry),
                Reply::Combined(entry) => Self::Whole(entry),
                Reply::NoCode => Self::Nothing,
            },
            Step::Ask | Step::Succeeded(_) | Step::MailCode | Step::SessionOpened => Self::Nothing,
        }
    }

    fn has_single_use(self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Code(entry) | Self::Whole(entry) => is_single_use(entry.expose()),
        }
    }
}

/// Reports what a reply came to, and leaves what the modules and doors that follow need.
pub(crate) fn conclude(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    (checked, given): (&Checked, Given<'_>),
) -> Result<AuthAnswer, Broken> {
    let reporter = Reporter {
        user: authority.named(),
        items: &authority.items,
        texts: &attempt.texts,
        combined: matches!(given, Given::Whole(_)),
        single_use: given.has_single_use(),
        clock: authority.machine.clock,
        silent: attempt.silent,
    };
    let answer = reporter.finish(pam, &checked.outcome);
    if let Outcome::Accepted(acceptance) = &checked.outcome {
        if let Given::Whole(entry) = given {
            let head = entry.len().checked_sub(acceptance.tail).and_then(|end| entry.expose().get(..end));
            pam.set_authtok(head.ok_or(Broken)?)?;
        }
        if acceptance.must_enroll {
            let generation = checked.generation.ok_or(Broken)?;
            authority.leave(pam, Mark::MustEnroll(Right::Pass { generation }))?;
        }
        if acceptance.method == Method::SingleUse(Kind::Recovery) {
            authority.recovery_accepted(pam, checked);
        }
    }
    Ok(answer)
}

/// They would have to enrol, and here nobody does: it is written down already.
pub(crate) fn refuse_enrolment(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    why: NoPlace,
) -> Result<AuthAnswer, Broken> {
    conclude(attempt, authority, pam, (&Outcome::EnrollElsewhere(why).into(), Given::Nothing))
}

/// Says what came of one login.
struct Reporter<'a> {
    /// Whom it is about: what is told again is for them alone.
    user: Option<String>,
    /// From where.
    items: &'a PamItems,
    /// In which words.
    texts: &'a Texts,
    /// Whether password and code came in one entry: the code is spent before the password is judged.
    combined: bool,
    /// Whether what was typed has the form of a single-use code: no other of that kind comes by itself.
    single_use: bool,
    /// For waiting times.
    clock: &'a dyn Clock,
    /// `PAM_SILENT`
    silent: bool,
}

impl Reporter<'_> {
    /// Tells the person, and turns an outcome into what PAM hears.
    fn finish(&self, pam: &mut dyn Transaction, outcome: &Outcome) -> AuthAnswer {
        match outcome {
            Outcome::Accepted(acceptance) => self.accepted(pam, acceptance),
            Outcome::Refused(refusal) => self.refused(pam, self.refusal_texts(refusal)),
            Outcome::EnrollElsewhere(why) => self.refused(pam, alike(self.texts.enroll_elsewhere(*why))),
            Outcome::Unavailable(_) => self.refused(pam, alike(self.texts.unavailable())),
        }
    }

    fn accepted(&self, pam: &mut dyn Transaction, acceptance: &Acceptance) -> AuthAnswer {
        if acceptance.wrong_before >= WORTH_A_WORD {
            tell_who_is_in(pam, &self.texts.wrong_before(acceptance.wrong_before), self.silent);
        }
        if acceptance.is_replaced {
            tell_who_is_in(pam, &self.texts.phone_replaced(), self.silent);
        }
        if let Method::SingleUse(kind) = acceptance.method
            && !acceptance.must_enroll
        {
            let left = match kind {
                Kind::Emergency => acceptance.emergency_left,
                Kind::Recovery | Kind::Pass => acceptance.recovery_left,
            };
            if !self.combined {
                tell_who_is_in(pam, &self.texts.spent(kind, left), self.silent);
            } else if !self.silent {
                // Now, since the password may be wrong.
                let text = before_failure(pam, self.texts.spent_in_one_entry(kind, left));
                pam.tell(Tone::Info, &text);
            }
        }
        AuthAnswer::Success
    }

    /// The texts are for now, and for the next prompt of this transaction: sudo and the lockers show nothing else.
    fn refused(&self, pam: &mut dyn Transaction, Told { now, later, until }: Told) -> AuthAnswer {
        if !self.silent {
            pam.tell(WHY, &before_failure(pam, now));
        }
        pam.set_note(Note { user: self.user.clone(), text: later, until });
        pam.delay_failure(FAIL_DELAY_MICROSECONDS);
        AuthAnswer::AuthErr
    }

    /// What is said of a refusal now, and what in the next prompt.
    fn refusal_texts(&self, refusal: &Refusal) -> Told {
        let texts = self.texts;
        let is_remote = is_sshd(&self.items.service, self.items.tty.as_deref());
        match refusal {
            // What tells a stranger that a code was a real one stays off the network.
            Refusal::AlreadyUsed if is_remote => alike(texts.next_code()),
            Refusal::AlreadyUsed if self.single_use => {
                Told::new(texts.single_use_used(), texts.last_single_use_used())
            }
            Refusal::AlreadyUsed => Told::new(texts.already_used(), texts.last_already_used()),
            Refusal::WrongTime { seconds, sure: true, then } if !is_remote => {
                let clocks = texts.clock_off(*seconds);
                let Some(held) = then.map(|hold| self.held(hold)) else { return alike(clocks) };
                Told { later: format!("{clocks} {}", held.later), now: clocks, until: held.until }
            }
            Refusal::Waiting { until, two_codes } => {
                self.held(Hold::Waiting { until: *until, two_codes: *two_codes })
            }
            Refusal::Disabled => self.held(Hold::Disabled),
            Refusal::OneCodeOnly => alike(texts.one_code_only()),
            Refusal::MustEnroll => alike(texts.must_enroll()),
            Refusal::WrongTime { .. }
            | Refusal::Malformed
            | Refusal::Wrong
            | Refusal::LastWrong(_)
            | Refusal::Expired
            | Refusal::NotEnrolled
            | Refusal::OtherUid
                if is_remote =>
            {
                alike(texts.next_code())
            }
            Refusal::LastWrong(hold) | Refusal::WrongTime { then: Some(hold), .. } => {
                Told { now: texts.wrong(), ..self.held(*hold) }
            }
            Refusal::WrongTime { .. }
            | Refusal::Malformed
            | Refusal::Wrong
            | Refusal::Expired
            | Refusal::NotEnrolled
            | Refusal::OtherUid => Told::new(texts.wrong(), texts.last_wrong()),
        }
    }

    /// While no code is compared.
    fn held(&self, hold: Hold) -> Told {
        let texts = self.texts;
        match hold {
            Hold::Waiting { until, two_codes } => {
                let left = until.since(self.clock.now());
                let told = if two_codes {
                    let now = texts.waiting_for_two(left, self.combined);
                    Told::new(now, texts.last_waiting_for_two(left, self.combined))
                } else {
                    alike(texts.waiting(left))
                };
                Told { until: Some(until), ..told }
            }
            Hold::Disabled => alike(texts.disabled()),
        }
    }
}

/// What is said of a refusal.
struct Told {
    /// At once.
    now: String,
    /// In the next prompt.
    later: String,
    /// Until when that is so.
    until: Option<Timestamp>,
}

impl Told {
    const fn new(now: String, later: String) -> Self {
        Self { now, later, until: None }
    }
}

/// The same now and in the next prompt.
fn alike(text: String) -> Told {
    Told::new(text.clone(), text)
}
