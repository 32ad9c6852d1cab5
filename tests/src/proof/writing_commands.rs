//! The commands that write, each with somebody to write about: what tests of crashes and of broken disks go through.

use std::process::Command;

use crate::machine::missing_calls::MissingCall;
use crate::people::history::History;
use crate::programs::authenticator_app::Authenticator;

/// A command that writes.
pub struct WritingCommand {
    /// Its words.
    pub arguments: &'static [&'static str],
    /// Whom it is about, and the state from which each round starts.
    pub history: History,
    takes_a_code: bool,
}

impl WritingCommand {
    /// `wardkey enroll`
    #[must_use]
    pub fn enroll() -> Self {
        Self::new(&["enroll", "alice"], not_enrolled)
    }

    /// `wardkey confirm`
    #[must_use]
    pub fn confirm() -> Self {
        Self::new(&["confirm", "alice"], pending)
    }

    /// `wardkey replace`
    #[must_use]
    pub fn replace() -> Self {
        Self::new(&["replace", "alice"], as_it_is)
    }

    /// `wardkey confirm`, of a new phone in the old one's place
    #[must_use]
    pub fn confirm_replacement() -> Self {
        Self::new(&["confirm", "alice"], replacing)
    }

    /// `wardkey recovery-codes`
    #[must_use]
    pub fn recovery_codes() -> Self {
        Self::new(&["recovery-codes", "alice"], as_it_is)
    }

    /// `wardkey reset`
    #[must_use]
    pub fn reset() -> Self {
        Self::new(&["reset", "alice", "--verified-by", "passport"], as_it_is)
    }

    /// `wardkey pass`
    #[must_use]
    pub fn pass() -> Self {
        Self::new(&["pass", "alice", "--verified-by", "passport"], as_it_is)
    }

    /// `wardkey emergency`
    #[must_use]
    pub fn emergency() -> Self {
        Self::new(&["emergency", "alice", "--count", "1", "--reason", "envelope"], as_it_is)
    }

    /// `wardkey unlock`
    #[must_use]
    pub fn unlock() -> Self {
        Self::new(&["unlock", "alice"], waiting)
    }

    /// `wardkey remove`
    #[must_use]
    pub fn remove() -> Self {
        Self::new(&["remove", "alice", "--reason", "left"], as_it_is)
    }

    /// `wardkey rename`
    #[must_use]
    pub fn rename() -> Self {
        Self::new(&["rename", "alice", "alicia", "--verified-by", "badge 17"], renamed)
    }

    /// `wardkey check`
    #[must_use]
    pub fn check() -> Self {
        Self::new(&["check", "alice"], as_it_is)
    }

    fn new(arguments: &'static [&'static str], prepare: fn(&mut History)) -> Self {
        let mut history = History::new();
        prepare(&mut history);
        history.keep();
        let takes_a_code = matches!(arguments[0], "confirm" | "check" | "recovery-codes");
        Self { arguments, history, takes_a_code }
    }

    /// The same from now on without something.
    #[must_use]
    pub fn lacking(self, what: MissingCall) -> Self {
        self.history.host.lack(what);
        self
    }

    /// The command, to be started by the test.
    #[must_use]
    pub fn command(&self) -> Command {
        self.history.host.wardkey_command(&[&["--json"], self.arguments].concat())
    }

    /// What is typed into it.
    #[must_use]
    pub fn input(&self) -> Vec<u8> {
        if self.takes_a_code { (self.history.next_code() + "\n").into_bytes() } else { Vec::new() }
    }

    /// Whatever happened to it: what it told on standard output holds, and the record is whole.
    ///
    /// # Panics
    /// If one of these does not hold; `when` says what happened.
    pub fn survives(&self, told: &str, when: &str) {
        let what = format!("{:?}: {when}", self.arguments);
        if told.contains("accepted") {
            let code = self.history.next_code();
            assert!(!self.history.host.types("alice", &code).accepted(), "{what}: accepted twice");
        }
        self.history.survives(&what);
    }
}

impl WritingCommand {
    /// Whatever happened to a renaming: one name has the record, whole, and the other has nothing. The answer is which, before
    /// a login by it.
    ///
    /// # Panics
    /// If that does not hold; `when` says what happened.
    pub fn keeps_one_name(&self, when: &str) -> String {
        let History { host, alice, spent_code } = &self.history;
        let names = |host: &crate::machine::host::Host| {
            host.must(&format!("ls -A {}/users", crate::machine::host::STATE))
        };
        let holder = names(host).trim().to_owned();
        assert!(["alice", "alicia"].contains(&holder.as_str()), "{when}: {holder:?}");
        assert_eq!(host.state(&holder), "enrolled", "{when}");
        // Whichever name the record has, the account has it for a moment.
        host.renames_account("alicia", &holder);
        for spent in [spent_code, &alice.recovery_codes[0]] {
            assert!(!host.types(&holder, spent).accepted(), "{when}: a spent code was accepted");
        }
        let login = host.types(&holder, &self.history.next_code());
        assert!(login.accepted(), "{when}: {login:#?}\n{}", host.syslog().text());
        host.renames_account(&holder, "alicia");
        assert_eq!(host.files_of(&holder), ["enrolment", "ledger"], "{when}");
        // What was left half done is done by doing it again.
        let again = crate::proof::outcome::run(&mut self.command(), b"");
        assert_eq!(again.code(), Some(if holder == "alice" { 0 } else { 1 }), "{when}: {again:?}");
        assert_eq!(names(host), "alicia\n", "{when}");
        holder
    }
}

fn as_it_is(_: &mut History) {}

fn renamed(history: &mut History) {
    history.host.renames_account("alice", "alicia");
}

fn not_enrolled(history: &mut History) {
    history.host.wardkey(&["remove", "alice", "--reason", "starts over"], "").exits(0);
}

fn pending(history: &mut History) {
    not_enrolled(history);
    let printed = history.host.json(&["enroll", "alice"], "");
    history.alice.phone = Authenticator::from_enrolment(&printed);
}

fn replacing(history: &mut History) {
    let printed = history.host.json(&["replace", "alice"], "");
    history.alice.phone = Authenticator::from_enrolment(&printed);
}

fn waiting(history: &mut History) {
    for _ in 0..6 {
        history.host.types("alice", &history.alice.wrong_code(&history.host));
    }
}
