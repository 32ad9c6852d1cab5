//! Enrolment in a login: the key shown, a live code, recovery codes that the person says they have kept. Only then
//! is anything in force, and before that nothing is written.

use crate::by_sshd::before_failure;
use crate::screen::Screen;
use crate::show::{GDM, Show};
use crate::text::Texts;
use crate::transaction::Machine;
use crate::transaction::{Broken, Priority, Transaction};
use wardkey_core::audit::AuditResult;
use wardkey_core::credential::Typed;
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

/// Codes that may be typed in one login, and times a person may be asked whether the recovery codes are kept.
const TRIES: usize = 5;

/// Wrong codes after which clocks are worth a word.
const CLOCK_HELP_AFTER: usize = 2;

/// What the person's authenticator is called.
const LABEL: &str = "app";

/// Times that Return may show what is not in view: somebody who leans on the key must not hold a login for ever.
const TURNS: usize = 50;

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
        let store = config.records();
        let texts = Texts::new(config);
        Self { config, machine, account, right, store, texts, screen, silent }
    }

    /// Enrols, reports, and answers whether the person is enrolled now.
    pub(crate) fn run(&self, pam: &mut dyn Transaction) -> bool {
        let was_reset = self.was_reset();
        // Where all stands in the prompt, a text before it would take its place.
        if was_reset && self.screen != Screen::Prompt {
            self.tell(pam, &self.texts.was_reset());
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
        let ending = match (ending, late) {
            (Some(ending), Some(late)) => Some(self.texts.with_help_once(&ending, &late)),
            (ending, late) => ending.or(late),
        };
        if let Some(ending) = ending {
            let ending = if outcome.is_ok() { ending } else { before_failure(pam, ending) };
            self.tell(pam, &ending);
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
        let sealing = self.config.sealing_key().map_err(Problem::from)?;
        let draft = desk.draft(self.account, self.right, LABEL, self.config.totp.parameters())?;
        let proven = self.ask_code(pam, (&desk, &sealing), &draft)?;
        let count = usize::try_from(self.config.recovery.codes.get()).unwrap_or(usize::MAX);
        let ready = desk.prepare(self.account, proven, count)?;
        self.show(pam).clear(pam);
        self.have_codes_kept(pam, &ready)?;
        self.show(pam).clear(pam);
        desk.activate(self.account, &sealing, &ready)?;
        Ok(())
    }

    fn ask_code(
        &self,
        pam: &mut dyn Transaction,
        (desk, sealing): (&Desk<'_>, &SealingKey),
        draft: &Draft,
    ) -> Result<Proven, Stop> {
        let (show, rules, begun) = (self.show(pam), self.config.rules(), draft.begun());
        let name = host_name::shown();
        let uri = Uri { issuer: self.config.issuer.as_str(), user: &self.account.name, host: &name };
        let mut view = show.begin(pam, begun, &uri);
        let (mut hint, mut wrong, mut turns) = (None, 0, 0);
        while wrong < TRIES {
            let question = show.code_question(pam, begun, (view, hint.as_deref()));
            let entry = pam.ask(&question)?;
            // Return alone does not count as a try.
            if entry.expose().trim_ascii().is_empty() && turns < TURNS {
                (view, hint, turns) = (show.other(pam, (begun, &uri), view), None, turns + 1);
                continue;
            }
            let refusal =
                match desk.prove(self.account, (&rules, sealing), draft, &Typed::parse(entry.expose())) {
                    Err(Problem::Refused(Why::Code(refusal))) => refusal,
                    other => return other.map_err(Stop::from),
                };
            wrong += 1;
            hint = Some(self.hint(&refusal, wrong));
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
        let show = self.show(pam);
        let question = show.kept_question(pam, &codes);
        for again in 0..TRIES {
            // Where prompts are cut a wrong word has taken the codes off the screen.
            let repeated = (again > 0 && show.cuts_prompts).then(|| show.kept_question(pam, &codes));
            let question = repeated.as_ref().unwrap_or(&question);
            if self.texts.is_kept(pam.ask_shown(question)?.expose()) {
                return Ok(());
            }
        }
        Err(Stop::Refused("recovery codes were not kept"))
    }

    fn show(&self, pam: &dyn Transaction) -> Show<'_> {
        let cuts_prompts = !self.silent && self.screen == Screen::Prompt && pam.service().starts_with(GDM);
        Show { texts: &self.texts, screen: self.screen, cuts_prompts }
    }

    fn tell(&self, pam: &mut dyn Transaction, text: &str) {
        if !self.silent {
            self.show(pam).say(pam, text);
        }
    }
}
