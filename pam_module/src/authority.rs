//! Who judges a login: this process where it is root's own, the helper where a person's program calls.

use crate::attempt::Login;
use crate::transaction::{Caller, Priority, Transaction};
use wardkey_core::credential::secret::Secret;
use wardkey_core::grace::{Kernel, Process};
use wardkey_core::login::{Ask, Asker, Checked, Judge, Outcome, Reply};
use wardkey_core::policy::config::in_force;
use wardkey_core::system::syslog::Line;
use wardkey_core::user::UserName;
use wardkey_core::wire::{Answer, Helper, Question, Request, Silence, VERSION};

/// What came of a question to the helper.
enum Heard {
    /// Its answer.
    Answer(Answer),
    /// It is not there, and this process may judge for itself.
    JudgeHere,
    /// It is needed and gave no answer; why.
    Nothing(String),
}

impl Login<'_> {
    /// Whether a code is asked; `None`: it cannot be known, and nobody gets in.
    pub(crate) fn asked(&self, pam: &mut dyn Transaction) -> Option<Ask> {
        match self.hear(pam, Request::Ask) {
            Heard::Answer(Answer::Asked(ask)) => Some(ask),
            Heard::Answer(_) => fail(pam, "the helper answered another question"),
            Heard::Nothing(why) => fail(pam, &why),
            Heard::JudgeHere => {
                let asked = self.judged(pam.caller(), |judge| judge.asked(&self.who, &self.items));
                log(pam, &asked.lines);
                Some(asked.ask)
            }
        }
    }

    /// Checks a reply, and writes down what came of it.
    pub(crate) fn check(&self, pam: &mut dyn Transaction, reply: Reply<'_>) -> Checked {
        self.checked(pam, Request::Check(reply.into()), |judge| judge.check(&self.who, &self.items, reply))
    }

    /// The same where no code need be: only a right one changes anything.
    pub(crate) fn check_free(&self, pam: &mut dyn Transaction, reply: Reply<'_>) -> Checked {
        let here = |judge: Judge<'_>| judge.check_free(&self.who, &self.items, reply);
        self.checked(pam, Request::CheckFree(reply.into()), here)
    }

    /// A whole entry: whether a code is asked, and what its end comes to; `None`: it cannot be known.
    pub(crate) fn enter(&self, pam: &mut dyn Transaction, entry: &Secret) -> Option<(Ask, Checked)> {
        let reply = Reply::Combined(entry.expose());
        let (ask, checked) = match self.hear(pam, Request::Enter(reply.into())) {
            Heard::Answer(Answer::Entered { ask, outcome, generation }) => {
                (ask, Checked { outcome, generation, lines: Vec::new() })
            }
            Heard::Answer(_) => return fail(pam, "the helper answered another question"),
            Heard::Nothing(why) => return fail(pam, &why),
            Heard::JudgeHere => {
                let (asked, checked) =
                    self.judged(pam.caller(), |judge| judge.enter(&self.who, &self.items, reply));
                log(pam, &asked.lines);
                (asked.ask, checked)
            }
        };
        log(pam, &checked.lines);
        Some((ask, checked))
    }

    fn checked(
        &self,
        pam: &mut dyn Transaction,
        request: Request,
        here: impl FnOnce(Judge<'_>) -> Checked,
    ) -> Checked {
        let unavailable = |why: &str| Checked {
            outcome: Outcome::Unavailable(why.to_owned()),
            generation: None,
            lines: vec![Line::new(Priority::Critical, format!("codes cannot be checked: {why}"))],
        };
        let checked = match self.hear(pam, request) {
            Heard::Answer(Answer::Checked { outcome, generation }) => {
                Checked { outcome, generation, lines: Vec::new() }
            }
            Heard::Answer(_) => unavailable("the helper answered another question"),
            Heard::Nothing(why) => unavailable(&why),
            Heard::JudgeHere => self.judged(pam.caller(), here),
        };
        log(pam, &checked.lines);
        checked
    }

    fn judged<T>(&self, caller: Caller, work: impl FnOnce(Judge<'_>) -> T) -> T {
        let Self { config, store, machine, .. } = self;
        let kernel = Kernel::default();
        // Grace looks at it, and whatever would lead into an enrolment.
        let origin = Process::open(&kernel, std::process::id()).ok();
        let origin = origin.as_ref();
        // su of an ordinary account can be started by a script.
        let asker = match caller {
            Caller::Root => Asker::Root,
            _ => Asker::Person(nix::unistd::getuid().as_raw()),
        };
        let (accounts, clock) = (machine.accounts, machine.clock);
        work(Judge { config, store, accounts, clock, origin, actor: None, asker })
    }

    /// What is asked of the helper, for the person whose login this is.
    pub(crate) fn question(&self, user: &UserName, request: Request) -> Question {
        let config = in_force(self.arguments.config.as_deref());
        Question { version: VERSION, config, user: user.clone(), items: self.items.clone(), request }
    }

    /// su and sudo run for a caller who can stop and kill them: they too leave it to the helper, where there is one.
    fn hear(&self, pam: &dyn Transaction, request: Request) -> Heard {
        let caller = pam.caller();
        // Whoever has no account has nothing to ask for, and a name that can be nobody's no way to ask.
        let Some(user) = self.who.name() else {
            return if caller == Caller::Ordinary { Heard::Nothing(NOBODY.into()) } else { Heard::JudgeHere };
        };
        if caller == Caller::Root && !self.is_out_of_reach(user, &request) {
            return Heard::JudgeHere;
        }
        self.ask_helper(user, request, caller)
    }

    /// Whether root itself cannot write what comes of this request, where another process might: polkit's agent helper is
    /// root in a read-only sandbox. That is found out before anything is compared. Where no helper listens, to judge here
    /// fails in the same words as on a read-only disk, for everybody alike.
    fn is_out_of_reach(&self, user: &UserName, request: &Request) -> bool {
        // What is asked before the prompt is only read.
        !matches!(request, Request::Ask)
            && self.store.open_to_write(user).is_err_and(|e| e.is_of_this_process())
    }

    fn ask_helper(&self, user: &UserName, request: Request, caller: Caller) -> Heard {
        let helper =
            Helper { socket: &self.config.helper.socket.path(), deadline: self.config.helper.deadline.get() };
        match helper.ask(&self.question(user, request)) {
            Ok(answer) => Heard::Answer(answer),
            Err(Silence::NotThere(_)) if caller != Caller::Ordinary => Heard::JudgeHere,
            Err(silence) => Heard::Nothing(silence.to_string()),
        }
    }
}

const NOBODY: &str = "nobody can have this name";

fn fail<T>(pam: &mut dyn Transaction, why: &str) -> Option<T> {
    pam.log(Priority::Critical, &format!("codes cannot be checked: {why}"));
    None
}

fn log(pam: &mut dyn Transaction, lines: &[Line]) {
    lines.iter().for_each(|line| pam.log(line.severity, &line.text));
}
