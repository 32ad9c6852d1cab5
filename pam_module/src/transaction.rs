//! What a PAM application and its stack are to this module.

use crate::answer::PasswordAnswer;
use crate::mark::{Left, Mark, Whose};
use crate::screen::Screen;
use crate::shadow::Ageing;
use wardkey_core::credential::secret::Secret;
use wardkey_core::grace::Ticket;
use wardkey_core::policy::account::Accounts;
use wardkey_core::system::clock::{Clock, Timestamp};
use wardkey_core::user::UserName;

/// The conversation, or an item it should have filled, is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

pub use wardkey_core::system::syslog::Severity as Priority;

/// For whom this process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Root, by real and effective uid: sshd, login, a display manager.
    Root,
    /// A person whose program is root by its effective uid only: su, sudo, polkit's helper.
    SetUid,
    /// A person, without root's rights: most screen lockers.
    Ordinary,
}

/// What a login takes from the machine.
pub struct Machine<'a> {
    /// The account database.
    pub accounts: &'a dyn Accounts,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// What a refusal wants said in the next prompt of the same person; login(1) asks several in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whom it is for.
    pub user: Option<String>,
    /// The text.
    pub text: String,
    /// What it speaks of is over at this moment.
    pub until: Option<Timestamp>,
}

/// How a text is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// `PAM_TEXT_INFO`
    Info,
    /// `PAM_ERROR_MSG`
    Error,
}

/// One PAM transaction, as a door sees it.
pub trait Transaction {
    /// Who logs in, as the application names them; may ask for it.
    ///
    /// # Errors
    /// [`Broken`]: the application has no name to give.
    fn user(&mut self) -> Result<Vec<u8>, Broken>;

    /// `PAM_SERVICE`, empty if unset.
    fn service(&self) -> String;

    /// `PAM_RHOST`
    fn rhost(&self) -> Option<String>;

    /// `PAM_TTY`
    fn tty(&self) -> Option<String>;

    /// `PAM_AUTHTOK`: the password an earlier module asked for.
    fn authtok(&self) -> Option<Secret>;

    /// Leaves a password for the modules that follow.
    ///
    /// # Errors
    /// [`Broken`]: PAM did not take it.
    fn set_authtok(&mut self, password: &[u8]) -> Result<(), Broken>;

    /// One hidden prompt (`PAM_PROMPT_ECHO_OFF`) and its reply.
    ///
    /// # Errors
    /// [`Broken`]: no reply.
    fn ask(&mut self, prompt: &str) -> Result<Secret, Broken>;

    /// One prompt whose reply is seen while it is typed (`PAM_PROMPT_ECHO_ON`): for anything that is not secret.
    ///
    /// # Errors
    /// [`Broken`]: no reply.
    fn ask_shown(&mut self, prompt: &str) -> Result<Secret, Broken>;

    /// What can be shown.
    fn screen(&self) -> Screen;

    /// A text; whether anyone sees it is the application's affair.
    fn tell(&mut self, tone: Tone, text: &str);

    /// A line in syslog, facility authpriv.
    fn log(&mut self, priority: Priority, line: &str);

    /// Asks libpam to wait before it reports a failure; microseconds.
    fn delay_failure(&mut self, microseconds: u32);

    /// What `auth` left and for whom; nothing when it did not run in this transaction.
    fn left(&self) -> Vec<Left>;

    /// Whether `auth` ran in this transaction, or its line `start`.
    fn has_begun(&self) -> bool;

    /// Leaves a mark in the place of all that were left before; `None` takes them away.
    ///
    /// # Errors
    /// [`Broken`]: PAM did not take it. What refuses may be there all the same, and what does not refuse is not.
    fn leave(&mut self, left: Option<Left>) -> Result<(), Broken>;

    /// Leaves a mark for someone.
    ///
    /// # Errors
    /// As [`Transaction::leave`].
    fn set_mark(&mut self, mark: Mark, whose: &Whose) -> Result<(), Broken> {
        self.leave(Some(Left { mark, whose: whose.clone() }))
    }

    /// Notes that the application has called `account`.
    fn account_is_called(&mut self);

    /// Whether the application has called `account` since the mark was left; `None` where another process left it.
    fn was_account_called(&self) -> Option<bool>;

    /// A session is open: takes away what no door needs any more, above all from the environment that it gets.
    fn settle(&mut self);

    /// What the last refusal in this transaction wants said in the next prompt; taken away by reading.
    fn take_note(&mut self) -> Option<Note>;

    /// Leaves such a note.
    fn set_note(&mut self, note: Note);

    /// What is to be said once a session is open; taken away by reading.
    fn take_notice(&mut self) -> Option<String>;

    /// Leaves that, behind what is to be said already. It is known in the process that opens the session.
    fn add_notice(&mut self, text: &str);

    /// Leaves the ticket of a login by a recovery code, where the process finds it that opens the session.
    fn leave_ticket(&mut self, ticket: &Ticket);

    /// That ticket; taken away by reading. Nothing proves that we left it but that it is the one noted.
    fn take_ticket(&mut self) -> Option<Ticket>;

    /// What the first of `password`'s two calls answered.
    fn first_answer(&self) -> Option<PasswordAnswer>;

    /// Notes that answer.
    ///
    /// # Errors
    /// [`Broken`]: PAM did not take it.
    fn set_first_answer(&mut self, answer: PasswordAnswer) -> Result<(), Broken>;

    /// The ageing of an account's password; `None` without a shadow entry.
    fn ageing(&self, user: &UserName) -> Option<Ageing>;

    /// For whom this process runs.
    fn caller(&self) -> Caller;
}
