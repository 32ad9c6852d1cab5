//! A PAM application played from a script: it fails on a missing and on an unexpected prompt.

use crate::answer::PasswordAnswer;
use crate::mark::{Left, Mark};
use crate::screen::{Look, Screen, Window};
use crate::shadow::Ageing;
use crate::transaction::{Broken, Caller, Note, Priority, Tone, Transaction};
use wardkey_core::credential::secret::Secret;
use wardkey_core::grace::Ticket;
use wardkey_core::user::UserName;

/// One transaction.
pub(crate) struct Scripted {
    pub(crate) user: Vec<u8>,
    pub(crate) service: String,
    pub(crate) rhost: Option<String>,
    pub(crate) tty: Option<String>,
    pub(crate) authtok: Option<Vec<u8>>,
    pub(crate) caller: Caller,
    pub(crate) screen: Screen,
    pub(crate) ageing: Option<Ageing>,
    /// How many marks can still be set, if not any number.
    pub(crate) marks: Option<usize>,
    /// Whether libpam fails to give marks back: of one that is due there is still the environment's word.
    pub(crate) forgets: bool,
    script: Vec<(&'static str, Reply)>,
    pub(crate) told: Vec<(Tone, String)>,
    pub(crate) logged: Vec<(Priority, String)>,
    pub(crate) prompts: Vec<String>,
    pub(crate) delayed: bool,
    left: Option<Left>,
    has_begun: bool,
    pub(crate) account_is_called: bool,
    pub(crate) is_settled: bool,
    note: Option<Note>,
    pub(crate) notice: Option<String>,
    pub(crate) ticket: Option<Ticket>,
    first_answer: Option<PasswordAnswer>,
}

/// A terminal that has room for everything, and colours.
pub(crate) const TERMINAL: Screen = Screen::Terminal(Look {
    window: Some(Window { rows: 60, columns: 120 }),
    has_colours: true,
    can_clear: true,
});

/// What is done at a prompt.
enum Reply {
    Type(String),
    Work(Box<dyn FnOnce(&Seen) -> String>),
    HangUp,
}

/// What the person has seen so far.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) told: String,
    pub(crate) prompt: String,
}

impl Scripted {
    pub(crate) fn new(user: &[u8]) -> Self {
        Self {
            user: user.to_vec(),
            service: "login".into(),
            rhost: None,
            tty: None,
            authtok: None,
            caller: Caller::Root,
            screen: TERMINAL,
            ageing: None,
            marks: None,
            forgets: false,
            script: Vec::new(),
            told: Vec::new(),
            logged: Vec::new(),
            prompts: Vec::new(),
            delayed: false,
            left: None,
            has_begun: false,
            account_is_called: false,
            is_settled: false,
            note: None,
            notice: None,
            ticket: None,
            first_answer: None,
        }
    }

    /// Expects a prompt that contains `part`, and answers it.
    pub(crate) fn expect(mut self, part: &'static str, reply: &str) -> Self {
        self.script.push((part, Reply::Type(reply.to_owned())));
        self
    }

    /// Expects a prompt that contains `part`, and breaks off.
    pub(crate) fn expect_and_hang_up(mut self, part: &'static str) -> Self {
        self.script.push((part, Reply::HangUp));
        self
    }

    /// Expects a prompt that contains `part`, and answers what `work` makes of what was seen.
    pub(crate) fn expect_and(
        mut self,
        part: &'static str,
        work: impl FnOnce(&Seen) -> String + 'static,
    ) -> Self {
        self.script.push((part, Reply::Work(Box::new(work))));
        self
    }

    pub(crate) fn screen(mut self, screen: Screen) -> Self {
        self.screen = screen;
        self
    }

    pub(crate) fn service(mut self, name: &str) -> Self {
        self.service = name.to_owned();
        self
    }

    pub(crate) fn authtok(mut self, password: &str) -> Self {
        self.authtok = Some(password.as_bytes().to_vec());
        self
    }

    pub(crate) fn told(&self) -> String {
        self.told.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("|")
    }

    /// The mark that stands, whosesoever.
    pub(crate) fn mark(&self) -> Option<Mark> {
        crate::mark::of_anybody(&self.left())
    }

    pub(crate) fn log(&self) -> String {
        self.logged.iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>().join("\n")
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let left: Vec<_> = self.script.iter().map(|(part, _)| *part).collect();
            assert!(left.is_empty(), "prompts that never came: {left:?}");
        }
    }
}

impl Transaction for Scripted {
    fn user(&mut self) -> Result<Vec<u8>, Broken> {
        Ok(self.user.clone())
    }

    fn service(&self) -> String {
        self.service.clone()
    }

    fn rhost(&self) -> Option<String> {
        self.rhost.clone()
    }

    fn tty(&self) -> Option<String> {
        self.tty.clone()
    }

    fn authtok(&self) -> Option<Secret> {
        self.authtok.clone().map(Secret::new)
    }

    fn set_authtok(&mut self, password: &[u8]) -> Result<(), Broken> {
        self.authtok = Some(password.to_vec());
        Ok(())
    }

    fn ask(&mut self, prompt: &str) -> Result<Secret, Broken> {
        self.prompts.push(prompt.to_owned());
        assert!(!self.script.is_empty(), "unexpected prompt {prompt:?}");
        let (part, reply) = self.script.remove(0);
        assert!(prompt.contains(part), "expected a prompt with {part:?}, got {prompt:?}");
        let text = match reply {
            Reply::Type(text) => text,
            Reply::Work(work) => work(&Seen { told: self.told(), prompt: prompt.to_owned() }),
            Reply::HangUp => return Err(Broken),
        };
        Ok(Secret::new(text.into_bytes()))
    }

    fn ask_shown(&mut self, prompt: &str) -> Result<Secret, Broken> {
        self.ask(prompt)
    }

    fn screen(&self) -> Screen {
        self.screen
    }

    fn tell(&mut self, tone: Tone, text: &str) {
        self.told.push((tone, text.to_owned()));
    }

    fn log(&mut self, priority: Priority, line: &str) {
        self.logged.push((priority, line.to_owned()));
    }

    fn delay_failure(&mut self, _microseconds: u32) {
        self.delayed = true;
    }

    fn left(&self) -> Vec<Left> {
        let only_the_word = |left: &Left| {
            let mark = match left.mark {
                Mark::Passed(_) => return None,
                Mark::MustEnroll(_) => Mark::MustEnrollElsewhere,
                mark => mark,
            };
            Some(Left { mark, whose: left.whose.clone() })
        };
        let left = self.left.iter();
        if self.forgets { left.filter_map(only_the_word).collect() } else { left.cloned().collect() }
    }

    fn has_begun(&self) -> bool {
        self.has_begun
    }

    fn leave(&mut self, left: Option<Left>) -> Result<(), Broken> {
        if let Some(marks) = &mut self.marks {
            *marks = marks.checked_sub(1).ok_or(Broken)?;
        }
        self.left = left;
        self.has_begun = true;
        Ok(())
    }

    fn account_is_called(&mut self) {
        self.account_is_called = true;
    }

    fn was_account_called(&self) -> Option<bool> {
        let is_due = |left: &Left| matches!(left.mark, Mark::MustEnroll(_));
        self.left.as_ref().is_some_and(is_due).then_some(self.account_is_called)
    }

    fn settle(&mut self) {
        self.is_settled = true;
    }

    fn take_note(&mut self) -> Option<Note> {
        self.note.take()
    }

    fn set_note(&mut self, note: Note) {
        self.note = Some(note);
    }

    fn take_notice(&mut self) -> Option<String> {
        self.notice.take()
    }

    fn add_notice(&mut self, text: &str) {
        let before = self.notice.take().map(|before| before + " ").unwrap_or_default();
        self.notice = Some(before + text);
    }

    fn leave_ticket(&mut self, ticket: &Ticket) {
        self.ticket = Some(ticket.clone());
    }

    fn take_ticket(&mut self) -> Option<Ticket> {
        self.ticket.take()
    }

    fn first_answer(&self) -> Option<PasswordAnswer> {
        self.first_answer
    }

    fn set_first_answer(&mut self, answer: PasswordAnswer) -> Result<(), Broken> {
        self.first_answer = Some(answer);
        Ok(())
    }

    fn ageing(&self, _user: &UserName) -> Option<Ageing> {
        self.ageing
    }

    fn caller(&self) -> Caller {
        self.caller
    }
}
