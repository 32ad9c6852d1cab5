//! Enrolment in a login: the key shown, a live code, recovery codes that the person says they have kept. Only then
//! is anything in force, and before that nothing is written.

use crate::screen::Screen;
use crate::text::Texts;
use crate::transaction::Machine;
use crate::transaction::{Broken, Priority, Tone, Transaction};
use wardkey_core::audit::AuditResult;
use wardkey_core::credential::Typed;
use wardkey_core::desk::qr;
use wardkey_core::desk::{Desk, Draft, Problem, Proven, Ready, Right, Uri, Why};
use wardkey_core::login::{Happened, Judge, PamItems};
use wardkey_core::policy::account::Account;
use wardkey_core::policy::config::Config;
use wardkey_core::record::enrolment::State;
use wardkey_core::record::seal::SealingKey;
use wardkey_core::site::Site;
use wardkey_core::store::{FileStore, Store};
use wardkey_core::system::host_name;
use wardkey_core::verify::Refusal;
use zeroize::Zeroizing;

/// Codes that may be typed in one login, and times a person may be asked whether the recovery codes are kept.
const TRIES: usize = 5;

/// Wrong codes after which clocks are worth a word.
const CLOCK_HELP_AFTER: usize = 2;

/// What the person's authenticator is called.
const LABEL: &str = "app";

/// `PAM_MAX_MSG_SIZE`, its NUL included.
const MAX_MESSAGE: usize = 512;

/// What stands in one line of a greeter: groups of the key, and recovery codes.
const GROUPS_A_LINE: usize = 8;
const CODES_A_LINE: usize = 3;

/// How the PAM services of the GNOME display manager begin.
const GDM: &str = "gdm-";

/// Empties a terminal, and what can be scrolled back to.
const CLEAR: &str = "\x1b[H\x1b[2J\x1b[3J";

/// Why someone is not enrolled.
enum Stop {
    /// They went away.
    Broken,
    /// It may not be, or they did not do it; why, for the log.
    Refused(&'static str),
    /// It cannot be done now; why, for the log.
    Unavailable(String),
}

impl From<Broken> for Stop {
    fn from(Broken: Broken) -> Self {
        Self::Broken
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Refused(Why::AlreadyEnrolled) => Self::Refused("was enrolled meanwhile"),
            Problem::Refused(Why::MustEnroll) => Self::Refused("was reset meanwhile"),
            Problem::Refused(Why::OtherUid) => Self::Refused("other uid than at enrolment"),
            Problem::Refused(Why::NoRoom { .. }) => Self::Refused("no room for recovery codes"),
            Problem::Changing => Self::Refused("the record changed meanwhile"),
            other => Self::Unavailable(other.to_string()),
        }
    }
}

/// One enrolment.
pub(crate) struct Enrolling<'a> {
    config: &'a Config,
    machine: &'a Machine<'a>,
    account: &'a Account,
    right: Right,
    store: FileStore,
    texts: Texts,
    screen: Screen,
    silent: bool,
}

impl<'a> Enrolling<'a> {
    pub(crate) fn new(
        pam: &dyn Transaction,
        (machine, config): (&'a Machine<'a>, &'a Config),
        (account, right): (&'a Account, Right),
        silent: bool,
    ) -> Self {
        // Without texts all must stand in the prompt.
        let screen = if silent { Screen::Prompt } else { pam.screen() };
        let store = FileStore::new(config.store.path.path());
        let texts = Texts::new(config);
        Self { config, machine, account, right, store, texts, screen, silent }
    }

    /// Enrols, reports, and answers whether the person is enrolled now.
    pub(crate) fn run(&self, pam: &mut dyn Transaction) -> bool {
        let was_reset = self.was_reset();
        // Where all stands in the prompt, a text before it would take its place.
        if was_reset && self.screen != Screen::Prompt {
            self.tell(pam, Tone::Info, &self.texts.was_reset());
        }
        let outcome = self.steps(pam);
        let method = Some(self.right.name());
        let (priority, result, reason) = match &outcome {
            Ok(()) => (Priority::Info, AuditResult::Done, None),
            Err(Stop::Broken) => (Priority::Notice, AuditResult::Refused, Some("the conversation ended")),
            Err(Stop::Refused(why)) => (Priority::Notice, AuditResult::Refused, Some(*why)),
            Err(Stop::Unavailable(why)) => (Priority::Critical, AuditResult::Failed, Some(why.as_str())),
        };
        self.record(pam, priority, Happened { event: "enroll", result, method, reason, is_idle: false });
        let ending = match &outcome {
            // sshd shows twice what comes after the last prompt: there it was told before.
            Ok(()) if self.screen == Screen::Ssh => None,
            Ok(()) => Some(self.texts.enrolled()),
            Err(Stop::Broken) => None,
            Err(Stop::Refused(_)) => Some(self.texts.not_enrolled()),
            Err(Stop::Unavailable(_)) => Some(self.texts.unavailable()),
        };
        let late = (was_reset && self.screen == Screen::Prompt).then(|| self.texts.was_reset());
        let ending: Vec<String> = ending.into_iter().chain(late).collect();
        if !ending.is_empty() {
            // As `WHY` of a refusal: greeters replace an error by one of their own.
            self.tell(pam, Tone::Info, &ending.join(" "));
        }
        outcome.is_ok()
    }

    /// Whether they were reset: they are told, since someone else may have requested it.
    fn was_reset(&self) -> bool {
        let enrolment = self.store.enrolment(&self.account.name).ok().flatten();
        enrolment.is_some_and(|enrolment| enrolment.state == State::MustEnroll)
    }

    fn record(&self, pam: &mut dyn Transaction, priority: Priority, what: Happened<'_>) {
        let items = PamItems { service: pam.service(), rhost: pam.rhost(), tty: pam.tty() };
        let Self { config, store, machine, .. } = self;
        let site = Site { config, store, accounts: machine.accounts, clock: machine.clock };
        let judge = Judge::of(site);
        let lines = judge.record(Some(&self.account.name.to_string()), &items, priority, what);
        lines.iter().for_each(|line| pam.log(line.severity, &line.text));
    }

    fn steps(&self, pam: &mut dyn Transaction) -> Result<(), Stop> {
        let desk = Desk { store: &self.store, clock: self.machine.clock };
        let sealing = SealingKey::load(&self.config.seal_key()).map_err(Problem::from)?;
        let draft = desk.draft(self.account, self.right, LABEL, self.config.totp.parameters())?;
        self.show_key(pam, &draft);
        let proven = self.ask_code(pam, (&desk, &sealing), &draft)?;
        let count = usize::try_from(self.config.recovery.codes.get()).unwrap_or(usize::MAX);
        let ready = desk.prepare(self.account, proven, count)?;
        self.clear(pam);
        self.have_codes_kept(pam, &ready)?;
        self.clear(pam);
        desk.activate(self.account, &sealing, &ready)?;
        Ok(())
    }

    /// The QR code comes last: on a screen of 25 lines the rest may scroll away above it.
    fn show_key(&self, pam: &mut dyn Transaction, draft: &Draft) {
        let Some(ink) = self.screen.ink() else { return };
        let begun = draft.begun();
        let name = host_name::shown();
        let uri = Uri { issuer: self.config.issuer.as_str(), user: &self.account.name, host: &name };
        let rows =
            qr::lines(&uri.of(begun), ink).filter(|rows| rows.iter().all(|row| row.len() < MAX_MESSAGE));
        let mut say = |line: &str| pam.tell(Tone::Info, line);
        say(&self.texts.enrol_heading());
        say(&self.texts.enrol_by_key());
        say(&self.texts.issuer_line(uri.issuer));
        say(&self.texts.account_line(&uri.account()));
        say(&Zeroizing::new(self.texts.key_line(&begun.key.to_base32_groups())));
        say(&self.texts.parameters_line(&begun.parameters));
        if let Some(rows) = rows {
            say(&self.texts.enrol_by_qr());
            rows.iter().for_each(|row| say(row));
        }
    }

    fn ask_code(
        &self,
        pam: &mut dyn Transaction,
        (desk, sealing): (&Desk<'_>, &SealingKey),
        draft: &Draft,
    ) -> Result<Proven, Stop> {
        let rules = self.config.rules();
        let plain = match self.screen {
            Screen::Terminal | Screen::Ssh => Zeroizing::new(self.texts.first_code_prompt()),
            Screen::Prompt => {
                let groups = draft.begun().key.to_base32_groups();
                let key = in_lines(groups.split(' '), GROUPS_A_LINE);
                Zeroizing::new(self.texts.key_and_code_prompt(&key))
            }
        };
        let mut prompt = plain.clone();
        for wrong in 1..=TRIES {
            self.tell_where_prompts_are_cut(pam, &prompt);
            let typed = Typed::parse(pam.ask(&prompt)?.expose());
            let refusal = match desk.prove(self.account, (&rules, sealing), draft, &typed) {
                Err(Problem::Refused(Why::Code(refusal))) => refusal,
                other => return other.map_err(Stop::from),
            };
            let apart = if self.screen == Screen::Prompt { '\n' } else { ' ' };
            prompt = Zeroizing::new(format!("{}{apart}{}", self.hint(&refusal, wrong), *plain));
        }
        Err(Stop::Refused("wrong codes"))
    }

    /// The person who types was shown the key: a hint tells them nothing they could not work out.
    fn hint(&self, refusal: &Refusal, wrong: usize) -> String {
        match refusal {
            Refusal::WrongTime { seconds, .. } => self.texts.clock_off(*seconds),
            _ if wrong > CLOCK_HELP_AFTER => self.texts.check_clocks(),
            _ => self.texts.first_code_wrong(),
        }
    }

    fn have_codes_kept(&self, pam: &mut dyn Transaction, ready: &Ready) -> Result<(), Stop> {
        let codes: Vec<_> = ready.recovery_codes().iter().map(|code| code.to_text()).collect();
        let prompt = match self.screen {
            Screen::Terminal | Screen::Ssh => {
                pam.tell(Tone::Info, &self.texts.codes_heading(codes.len()));
                codes.iter().for_each(|code| pam.tell(Tone::Info, &indented(code)));
                pam.tell(Tone::Info, &self.texts.codes_good_places());
                pam.tell(Tone::Info, &self.texts.codes_bad_places());
                if self.screen == Screen::Ssh {
                    pam.tell(Tone::Info, &self.texts.on_once_kept());
                }
                Zeroizing::new(self.texts.kept_prompt())
            }
            Screen::Prompt => {
                let codes = in_lines(codes.iter().map(|code| code.as_str()), CODES_A_LINE);
                Zeroizing::new(self.texts.codes_prompt(&codes))
            }
        };
        for _ in 0..TRIES {
            self.tell_where_prompts_are_cut(pam, &prompt);
            if self.texts.is_kept(pam.ask_shown(&prompt)?.expose()) {
                return Ok(());
            }
        }
        Err(Stop::Refused("recovery codes were not kept"))
    }

    /// GDM shows a prompt as a hint inside the field, which has no room for it, and messages beside.
    fn tell_where_prompts_are_cut(&self, pam: &mut dyn Transaction, prompt: &str) {
        if self.screen == Screen::Prompt && pam.service().starts_with(GDM) {
            self.tell(pam, Tone::Info, prompt);
        }
    }

    /// Key and codes must not end up on one photograph, nor stay on the screen.
    fn clear(&self, pam: &mut dyn Transaction) {
        if self.screen == Screen::Terminal {
            pam.tell(Tone::Info, CLEAR);
        }
    }

    fn tell(&self, pam: &mut dyn Transaction, tone: Tone, text: &str) {
        if !self.silent {
            pam.tell(tone, text);
        }
    }
}

fn indented(code: &str) -> Zeroizing<String> {
    Zeroizing::new(["  ", code].concat())
}

/// Greeters do not wrap: what is too long for one line leaves the screen.
fn in_lines<'a>(words: impl Iterator<Item = &'a str>, a_line: usize) -> Zeroizing<String> {
    // Room for all of it: a string that grows leaves copies behind.
    let mut lines = Zeroizing::new(String::with_capacity(MAX_MESSAGE));
    for (number, word) in words.enumerate() {
        match number {
            0 => {}
            n if n % a_line == 0 => lines.push('\n'),
            _ => lines.push(' '),
        }
        lines.push_str(word);
    }
    lines
}

#[cfg(test)]
#[path = "enrol_tests.rs"]
mod tests;
