//! Who judges a login: this process where it is root's own, the helper where a person's program calls. That is
//! decided once, here.

use crate::mark::{Mark, Whose};
use crate::transaction::{Broken, Caller, Machine, Priority, Transaction};
use std::path::{Path, PathBuf};
use wardkey_core::grace::{By, Kernel, Process, Ticket};
use wardkey_core::login::{
    Answer, Ask, Asker, Checked, Judge, Mailed, NoMail, Outcome, PamItems, Request, Step, Unreached, Who,
};
use wardkey_core::policy::config::{Config, in_force};
use wardkey_core::site::Site;
use wardkey_core::store::FileStore;
use wardkey_core::system::syslog::Line;
use wardkey_core::user::UserName;
use wardkey_core::wire::{Helper, Question, Silence, VERSION};

/// Who judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judging {
    /// This process, unless it cannot write what comes of it.
    Here,
    /// The helper, and this process where none listens: the callers of su and sudo can stop and kill those.
    HelperElseHere,
    /// The helper.
    Helper,
    /// The helper, by the verifier of a clinic: nothing is kept here. Where no helper answers, what policy says alone is
    /// decided in this process, if root can rely on it.
    Verifier {
        /// Whether it can whatever the helper does: nobody who gains by its silence has caused that.
        is_roots: bool,
    },
    /// Nobody: a name that can be nobody's gives no way to ask the helper.
    Nobody,
}

impl Judging {
    const fn of(caller: Caller, who: &Who, is_seat: bool) -> Self {
        match (caller, who.name()) {
            (Caller::Root | Caller::SetUid, _) if is_seat => {
                Self::Verifier { is_roots: matches!(caller, Caller::Root) }
            }
            (Caller::Ordinary, None) => Self::Nobody,
            // Somebody without an account has nothing to ask for.
            (Caller::Root | Caller::SetUid, None) | (Caller::Root, Some(_)) => Self::Here,
            (Caller::SetUid, Some(_)) => Self::HelperElseHere,
            (Caller::Ordinary, Some(_)) => Self::Helper,
        }
    }
}

/// One person's login, as this process has it judged.
pub(crate) struct LoginJudge<'a> {
    /// The configuration in force.
    pub(crate) config: &'a Config,
    /// Accounts and clock.
    pub(crate) machine: &'a Machine<'a>,
    /// Who logs in.
    pub(crate) who: Who,
    /// What PAM says of it.
    pub(crate) items: PamItems,
    config_path: PathBuf,
    store: FileStore,
    judging: Judging,
    asker: Asker,
}

impl<'a> LoginJudge<'a> {
    /// For this transaction, by a configuration and the path that its line names.
    pub(crate) fn new(
        pam: &dyn Transaction,
        machine: &'a Machine<'a>,
        who: Who,
        (config, named): (&'a Config, Option<&Path>),
    ) -> Self {
        let caller = pam.caller();
        Self {
            config,
            machine,
            items: PamItems { service: pam.service(), rhost: pam.rhost(), tty: pam.tty() },
            config_path: in_force(named),
            store: config.records(),
            judging: Judging::of(caller, &who, config.store.is_seat()),
            // su of an ordinary account can be started by a script.
            asker: match caller {
                Caller::Root => Asker::Root,
                Caller::SetUid | Caller::Ordinary => Asker::Person(nix::unistd::getuid().as_raw()),
            },
            who,
        }
    }

    /// Whether a code is asked; `None`: it cannot be known, and nobody gets in.
    pub(crate) fn asked(&self, pam: &mut dyn Transaction) -> Option<Ask> {
        match self.answer(pam, &self.request(Step::Ask)) {
            Ok(Answer::Asked(ask)) => Some(ask),
            Ok(_) => unknown(pam, ANOTHER),
            Err(why) => unknown(pam, &why),
        }
    }

    /// Checks a reply, and writes down what came of it.
    pub(crate) fn check(&self, pam: &mut dyn Transaction, request: &Request) -> Checked {
        let why = match self.answer(pam, request) {
            Ok(Answer::Checked(checked)) => return checked,
            Ok(_) => ANOTHER.to_owned(),
            Err(why) => why,
        };
        pam.log(Priority::Critical, &cannot(&why));
        Outcome::Unavailable(why).into()
    }

    /// A whole entry: whether a code is asked, and what its end comes to; `None`: it cannot be known.
    pub(crate) fn enter(&self, pam: &mut dyn Transaction, request: &Request) -> Option<(Ask, Checked)> {
        match self.answer(pam, request) {
            Ok(Answer::Entered(ask, checked)) => Some((ask, checked)),
            Ok(_) => unknown(pam, ANOTHER),
            Err(why) => unknown(pam, &why),
        }
    }

    /// Has the helper mail a code, within its deadline.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(crate) fn mail_code(&self) -> Result<Mailed, String> {
        let Some(user) = self.who.name() else { return Ok(Mailed::Refused(NoMail::Off)) };
        match self.ask_helper(user, &self.request(Step::MailCode)) {
            Ok(Answer::Mailed(mailed)) => Ok(mailed),
            Ok(_) => Err(ANOTHER.to_owned()),
            Err(silence) => Err(silence.to_string()),
        }
    }

    /// Notes that the whole login succeeded. The answer changes nothing for it.
    pub(crate) fn succeeded(&self, pam: &mut dyn Transaction, by: By) {
        let request = self.request(Step::Succeeded(by));
        match (self.judging, self.who.name()) {
            (Judging::Helper, Some(user)) => drop(self.ask_helper(user, &request)),
            (Judging::Nobody | Judging::Helper, _) => {}
            // Nothing of a record is looked at.
            (Judging::Here | Judging::HelperElseHere | Judging::Verifier { .. }, _) => {
                log(pam, &self.with_judge(|judge| judge.answer(&self.who, &request).1));
            }
        }
    }

    /// Leaves a ticket for the session, where a recovery code was accepted here that may open one.
    pub(crate) fn recovery_accepted(&self, pam: &mut dyn Transaction, checked: &Checked) {
        if self.judging != Judging::Here {
            return;
        }
        let noted = self.with_judge(|judge| judge.recovery_accepted(&self.who, &self.items, checked));
        let (ticket, lines) = noted;
        log(pam, &lines);
        if let Some(ticket) = ticket {
            pam.leave_ticket(&ticket);
        }
    }

    /// Notes that a session opens after a login of this ticket.
    pub(crate) fn recovery_session(&self, pam: &mut dyn Transaction, ticket: &Ticket) {
        log(pam, &self.with_judge(|judge| judge.recovery_session(&self.who, ticket)));
    }

    /// Notes that a session opens after a login with a code.
    pub(crate) fn session_opened(&self, pam: &mut dyn Transaction) {
        if self.config.store.is_seat() {
            // What a grace stands on is known there alone; without an answer the next unlock asks for a code.
            let user = self.who.name();
            let _ = user.map(|user| self.ask_helper(user, &self.request(Step::SessionOpened)));
            return;
        }
        log(pam, &self.with_judge(|judge| judge.session_opened(&self.who, &self.items)));
    }

    /// Notes that it closes.
    pub(crate) fn session_closed(&self, pam: &mut dyn Transaction) {
        log(pam, &self.with_judge(|judge| judge.session_closed(&self.who, &self.items)));
    }

    /// Leaves a mark for who logs in.
    pub(crate) fn leave(&self, pam: &mut dyn Transaction, mark: Mark) -> Result<(), Broken> {
        pam.set_mark(mark, &Whose::of(&self.who))
    }

    /// The name as it is in use, for what stays in this transaction.
    pub(crate) fn named(&self) -> Option<String> {
        self.who.name().map(ToString::to_string)
    }

    /// A step of this login.
    pub(crate) fn request(&self, step: Step) -> Request {
        Request { items: self.items.clone(), step }
    }

    /// The answer, from here or from the helper; or why there is none.
    fn answer(&self, pam: &mut dyn Transaction, request: &Request) -> Result<Answer, String> {
        let user = match (self.judging, self.who.name()) {
            (Judging::Nobody, _) => return Err("nobody can have this name".to_owned()),
            (Judging::Verifier { .. }, None) => return Ok(self.answer_unreached(pam, request, "")),
            (_, None) => return Ok(self.answer_here(pam, request)),
            (Judging::Here, Some(user)) if !self.is_out_of_reach(user, request) => {
                return Ok(self.answer_here(pam, request));
            }
            (_, Some(user)) => user,
        };
        let silence = match self.ask_helper(user, request) {
            Ok(answer) => return Ok(answer),
            Err(silence) => silence,
        };
        let is_there = !matches!(silence, Silence::NotThere(_));
        match self.judging {
            Judging::Verifier { is_roots } if is_roots || !is_there => {
                Ok(self.answer_unreached(pam, request, &silence.to_string()))
            }
            Judging::Here | Judging::HelperElseHere if !is_there => Ok(self.answer_here(pam, request)),
            _ => Err(silence.to_string()),
        }
    }

    /// Whether root itself cannot write what comes of this request, where another process might: polkit's agent helper is
    /// root in a read-only sandbox. That is found out before anything is compared. Where no helper listens, to judge here
    /// fails in the same words as on a read-only disk, for everybody alike.
    fn is_out_of_reach(&self, user: &UserName, request: &Request) -> bool {
        // What is asked before the prompt is only read.
        !matches!(request.step, Step::Ask)
            && self.store.open_to_write(user).is_err_and(|e| e.is_of_this_process())
    }

    fn answer_here(&self, pam: &mut dyn Transaction, request: &Request) -> Answer {
        let (answer, lines) = self.with_judge(|judge| judge.answer(&self.who, request));
        log(pam, &lines);
        answer
    }

    /// What policy alone says, where nobody says what is on record.
    #[cold]
    #[inline(never)]
    fn answer_unreached(&self, pam: &mut dyn Transaction, request: &Request, why: &str) -> Answer {
        let (answer, lines) = self.with_judge(|judge| {
            let Judge { site, actor, asker, origin, mail, .. } = judge;
            let judge = Judge { site, authority: Unreached(why), actor, asker, origin, mail };
            judge.answer(&self.who, request)
        });
        log(pam, &lines);
        answer
    }

    fn with_judge<T>(&self, work: impl FnOnce(Judge<'_>) -> T) -> T {
        let kernel = Kernel::default();
        // Grace looks at it, and whatever would lead into an enrolment.
        let origin = Process::open(&kernel, std::process::id()).ok();
        let (accounts, clock) = (self.machine.accounts, self.machine.clock);
        let site = Site { config: self.config, store: &self.store, accounts, clock };
        work(Judge { origin: origin.as_ref(), asker: self.asker, ..Judge::of(site) })
    }

    fn ask_helper(&self, user: &UserName, request: &Request) -> Result<Answer, Silence> {
        let socket = self.config.helper.socket.path();
        let helper = Helper { socket: &socket, deadline: self.config.helper.deadline.get() };
        let (config, user) = (self.config_path.clone(), user.clone());
        helper.ask(&Question { version: VERSION, config, user, request })
    }
}

const ANOTHER: &str = "the helper answered another question";

fn cannot(why: &str) -> String {
    format!("codes cannot be checked: {why}")
}

fn unknown<T>(pam: &mut dyn Transaction, why: &str) -> Option<T> {
    pam.log(Priority::Critical, &cannot(why));
    None
}

fn log(pam: &mut dyn Transaction, lines: &[Line]) {
    lines.iter().for_each(|line| pam.log(line.severity, &line.text));
}
