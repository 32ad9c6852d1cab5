//! Where actions are done: here for root, by the helper for everyone else.

use crate::audit::AuditEntry;
use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::input::{Echo, ask};
use crate::text::Text;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::action::{Action, Done};
use wardkey_core::desk::{
    DeskAnswer, DeskRequest, DeskWork, Keep, NotDone, Problem, Terminal, Wish, ask_with,
};
use wardkey_core::login::PamItems;
use wardkey_core::policy::account::Account;
use wardkey_core::site::Site;
use wardkey_core::store::StoreError;
use wardkey_core::system::clock::SystemClock;
use wardkey_core::user::UserName;
use wardkey_core::wire::{Denial, Helper, Question, Silence, VERSION};

/// Why an action is not done.
pub(crate) enum Undone {
    /// It may not be, or the record is in the way.
    Problem(Problem),
    /// Nobody could be asked, or the helper would not.
    Failure(Failure),
}

impl Undone {
    /// Whether nothing was changed for certain, because it may not be.
    pub(crate) const fn is_refused(&self) -> bool {
        matches!(self, Self::Problem(Problem::Refused(_)))
    }

    /// As the command ends with it.
    pub(crate) fn into_failure(self, context: &Context, account: &Account) -> Failure {
        match self {
            Self::Problem(problem) => context.problem(&account.name)(problem),
            Self::Failure(failure) => failure,
        }
    }
}

/// For actions that make no codes.
pub(crate) fn nothing_to_keep(_: &[SingleUseCode]) -> Result<(), StoreError> {
    Ok(())
}

impl Context {
    /// Does one action, and writes it down; `keep` is given new recovery codes before they are in force.
    pub(crate) fn action(&self, account: &Account, action: &Action, keep: Keep<'_>) -> Result<Done, Undone> {
        if !self.is_root {
            return self.ask_helper(account, action, keep);
        }
        let done = action.carry_out(&self.site(), account, keep).map_err(Undone::Problem)?;
        let told = done.told(action);
        if action.is_written_down() {
            self.audit.write(AuditEntry {
                event: action.name(),
                user: Some(&account.name.to_string()),
                service: None,
                method: told.method,
                result: told.result,
                reason: told.reason.as_deref(),
                seat: None,
            });
        }
        if let Some(notice) = done.notice() {
            self.notify(&account.name, self.notice_address(&account.name), notice);
        }
        Ok(done)
    }

    /// The same with nothing to keep, of a command that changed nothing before; a failure is the command's own.
    pub(crate) fn first_action(&self, account: &Account, action: &Action) -> Result<Done, Failure> {
        self.action(account, action, &mut nothing_to_keep)
            .map_err(|undone| undone.into_failure(self, account).at_first(&self.text))
    }

    /// What root's own commands work with.
    pub(crate) fn site(&self) -> Site<'_> {
        Site { config: &self.config, store: &self.store, accounts: &self.accounts, clock: &SystemClock }
    }

    /// An answer to another question than was asked.
    pub(crate) fn odd_answer(&self) -> Failure {
        self.helper_failed("another answer")
    }

    /// Where no reason was told, the log has it.
    fn helper_failed(&self, why: &str) -> Failure {
        if why.is_empty() {
            return Failure::new(Kind::System, &self.text, |t| {
                (t.helper_broken(), t.call_support(&t.support()))
            });
        }
        Failure::new(Kind::System, &self.text, |t| (t.helper_failed(why), t.call_support(&t.support())))
    }

    fn ask_helper(&self, account: &Account, action: &Action, keep: Keep<'_>) -> Result<Done, Undone> {
        let items = PamItems { service: "wardkey".into(), rhost: None, tty: None };
        let question = self.question(&account.name, items, DeskWork::Action(action.clone()));
        let socket = self.config.helper.socket.path();
        let helper = Helper { socket: &socket, deadline: self.config.helper.deadline.get() };
        let mut person = AtTheConsole { context: self, keep, trouble: None };
        let answer = ask_with(&helper, &question, &mut person);
        if let Some(trouble) = person.trouble {
            return Err(Undone::Problem(trouble.into()));
        }
        match answer {
            Ok(DeskAnswer::Done(done)) => Ok(done),
            Ok(DeskAnswer::NotDone(why)) => Err(self.not_done(account, &why)),
            Ok(_) => Err(Undone::Failure(self.odd_answer())),
            Err(silence) => Err(Undone::Failure(self.silence(&silence))),
        }
    }

    /// What is asked of the helper about somebody.
    pub(crate) fn question(&self, user: &UserName, items: PamItems, work: DeskWork) -> Question<DeskRequest> {
        let (config, request) = (self.config_path.clone(), DeskRequest { items, work });
        Question { version: VERSION, config, user: user.clone(), request }
    }

    fn not_done(&self, account: &Account, why: &NotDone) -> Undone {
        let words: &dyn Fn(&Text) -> (String, String) = match why {
            NotDone::NoSelfService => &|t| (t.no_self_service(), t.call_support(&t.support())),
            NotDone::Password => &|t| (t.password_wrong(), t.try_password_again()),
            NotDone::Code(refusal) => &|t| t.refusal(&account.name.to_string(), refusal),
            NotDone::AtVerifier => &|t| (t.is_a_seat(), t.call_support(&t.support())),
            NotDone::Why(why) => return Undone::Problem((*why).into()),
            NotDone::Broken(why) => return Undone::Failure(self.helper_failed(why)),
        };
        Undone::Failure(Failure::refused(&self.text, words))
    }

    fn silence(&self, silence: &Silence) -> Failure {
        let text = &self.text;
        match silence {
            Silence::NotThere(_) => {
                Failure::new(Kind::System, text, |t| (t.no_helper(), t.start_helper())).of_clean_step()
            }
            Silence::Left => Failure::refused(text, |t| (t.nothing_typed(), t.type_it_again())),
            Silence::Denied(Denial::Busy) => {
                Failure::new(Kind::System, text, |t| (t.helper_busy(), t.try_again_later())).of_clean_step()
            }
            Silence::Denied(Denial::OtherConfig { asked, own }) => {
                let (asked, own) = (asked.display().to_string(), own.display().to_string());
                let words = |t: &Text| {
                    let told = if own.is_empty() {
                        t.helper_of_some_other_config(&asked)
                    } else {
                        t.helper_of_another_config(&asked, &own)
                    };
                    (told, t.one_helper_each())
                };
                Failure::new(Kind::System, text, words)
            }
            Silence::Denied(Denial::Broken(why)) => self.helper_failed(why),
            other => self.helper_failed(&other.to_string()),
        }
    }
}

/// The person before this command.
struct AtTheConsole<'a, 'k> {
    context: &'a Context,
    keep: Keep<'k>,
    trouble: Option<StoreError>,
}

impl Terminal for AtTheConsole<'_, '_> {
    fn reply(&mut self, wish: &Wish) -> Option<Secret> {
        let console = &self.context.console;
        match wish {
            Wish::Line { prompt, hidden } => {
                let echo = if *hidden { Echo::Hidden } else { Echo::Shown };
                ask(console, &wardkey_core::printable::escaped(prompt.trim_end()), echo)
            }
            Wish::Code => ask(console, &self.context.text.own_code_prompt(), Echo::Hidden),
            Wish::Keep(codes) => match (self.keep)(codes) {
                Ok(()) => Some(Secret::default()),
                Err(trouble) => {
                    self.trouble = Some(trouble);
                    None
                }
            },
        }
    }

    fn told(&mut self, text: &str) {
        self.context.console.aside(&wardkey_core::printable::escaped(text));
    }
}
