//! Errors in pairs - what went wrong, what to do - and the one table from their kind to everything else.

use crate::text::{Text, local, shell_word};
use serde::Serialize;
use std::path::Path;
use wardkey_core::credential::single_use::MakeError;
use wardkey_core::desk::{Problem, Why};
use wardkey_core::policy::account::LookupError;
use wardkey_core::policy::config::ConfigError;
use wardkey_core::printable::in_json;
use wardkey_core::record::seal::SealError;
use wardkey_core::store::StoreError;
use wardkey_core::system::trusted_file::{Reason, Untrusted};

/// What kind of error it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It may not be, or is not right.
    Refused,
    /// The command line is wrong.
    Usage,
    /// The configuration is missing or wrong.
    Config,
    /// A record is damaged or not to be believed.
    State,
    /// Records cannot be read or written now.
    Store,
    /// The sealing key is missing or another one.
    Key,
    /// The system does not give what it must.
    System,
}

impl Kind {
    /// The table: word in JSON, exit status.
    const fn row(self) -> (&'static str, u8) {
        match self {
            Self::Refused => ("refused", 1),
            Self::Usage => ("usage", 2),
            Self::Config => ("config", 3),
            Self::State => ("state", 3),
            Self::Store => ("store", 3),
            Self::Key => ("key", 3),
            Self::System => ("system", 3),
        }
    }

    /// The word in JSON.
    pub(crate) const fn name(self) -> &'static str {
        self.row().0
    }

    /// The exit status.
    pub(crate) const fn status(self) -> u8 {
        self.row().1
    }
}

/// An error as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Its kind.
    pub(crate) kind: Kind,
    /// What went wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) hint: String,
    /// What went wrong, as audit lines have it: in English, whatever the site speaks.
    pub(crate) logged: String,
    /// What was or was not changed, where that is certain; else empty. Only who knows what came before can say it.
    assurance: String,
    step: Step,
}

/// What the step that failed changed itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Perhaps something: what the system refuses may come after a code is spent, or before a name is on the disk.
    Unknown,
    /// Nothing.
    Clean,
}

/// The error of the contract's JSON.
#[derive(Serialize)]
struct Json<'a> {
    kind: &'static str,
    message: &'a str,
    hint: &'a str,
}

impl Failure {
    /// An error of this kind: `words` gives what went wrong and what to do, in any language.
    pub(crate) fn new(kind: Kind, text: &Text, words: impl Fn(&Text) -> (String, String)) -> Self {
        let (message, hint) = words(text);
        let logged = words(&Text::default()).0;
        Self { kind, message, hint, logged, assurance: String::new(), step: Step::Unknown }
    }

    /// The same, of a step that changed nothing.
    pub(crate) fn of_clean_step(self) -> Self {
        Self { step: Step::Clean, ..self }
    }

    /// The same, before the command changed anything.
    pub(crate) fn with_nothing_changed(self, text: &Text) -> Self {
        self.of_clean_step().at_first(text)
    }

    /// The same, where it ends the first step of the command: nothing was changed, if that step changed nothing.
    pub(crate) fn at_first(self, text: &Text) -> Self {
        self.leaving(text.nothing_changed())
    }

    /// The same, where steps before it were done: how things stand after them, if this one changed nothing.
    pub(crate) fn leaving(self, stands: String) -> Self {
        match self.step {
            Step::Clean => Self { assurance: stands, ..self },
            Step::Unknown => self,
        }
    }

    /// The same with other words for the log.
    pub(crate) fn logged_as(self, logged: String) -> Self {
        Self { logged, ..self }
    }

    /// The same, after this was made.
    pub(crate) fn after(self, text: &Text, made: &[String]) -> Self {
        match made {
            [] => self.at_first(text),
            _ => Self { assurance: text.made_so_far(&made.join(", ")), ..self },
        }
    }

    /// What was changed, as far as that is known, and what to do.
    pub(crate) fn advice(&self) -> String {
        if self.assurance.is_empty() {
            self.hint.clone()
        } else {
            format!("{} {}", self.assurance, self.hint)
        }
    }

    /// Something refused.
    pub(crate) fn refused(text: &Text, words: impl Fn(&Text) -> (String, String)) -> Self {
        Self::new(Kind::Refused, text, words)
    }

    /// The contract's JSON.
    pub(crate) fn to_json(&self) -> String {
        let error = Json { kind: self.kind.name(), message: &self.message, hint: &self.advice() };
        in_json(
            serde_json::to_string(&std::collections::BTreeMap::from([("error", error)])).unwrap_or_default(),
        )
    }

    /// A configuration that does not load; in the language that it asks for, if that much can be read.
    pub(crate) fn config_at(error: &ConfigError, named: Option<&Path>) -> Self {
        let text = Text::new(error.language(), "").with_config(named);
        Self::new(Kind::Config, &text, |t| (t.config_error(error), t.config_remedy(error)))
    }

    /// A record or the store.
    pub(crate) fn store(text: &Text, error: &StoreError) -> Self {
        let kind = match error {
            StoreError::Untrusted(e) if is_of_the_disk(e) => Kind::Store,
            StoreError::Untrusted(_) | StoreError::Damaged(..) => Kind::State,
            StoreError::Io(..) | StoreError::Busy(..) | StoreError::FileSizeLimit => Kind::Store,
        };
        let failure = Self::new(kind, text, |t| (t.store_error(error), t.store_remedy(error)));
        if matches!(error, StoreError::Io(..)) { failure } else { failure.of_clean_step() }
    }

    /// A sheet that could not be written, which no record knows of.
    pub(crate) fn sheet(text: &Text, error: &StoreError) -> Self {
        Self::new(Kind::System, text, |t| (t.store_error(error), t.store_remedy(error))).of_clean_step()
    }

    /// The sealing key.
    pub(crate) fn key(text: &Text, error: &SealError) -> Self {
        let kind = if matches!(error, SealError::NoEntropy(_)) { Kind::System } else { Kind::Key };
        Self::new(kind, text, |t| (t.key_error(error), t.key_remedy(error))).of_clean_step()
    }

    /// The account database.
    pub(crate) fn lookup(text: &Text, error: &LookupError) -> Self {
        Self::new(Kind::System, text, |t| (t.lookup_failed(&t.lookup_error(error)), t.check_accounts()))
            .of_clean_step()
    }

    fn make(text: &Text, error: &MakeError) -> Self {
        Self::new(Kind::System, text, |t| (t.cannot_make_codes(&t.make_error(error)), t.try_again_later()))
            .of_clean_step()
    }

    /// What the desk could not do for `user`.
    pub(crate) fn problem(text: &Text, user: &str, problem: &Problem) -> Self {
        match problem {
            Problem::Refused(why) => Self::new(kind_of(*why), text, |t| why_pair(t, user, *why)),
            Problem::Store(error) => Self::store(text, error),
            Problem::Seal(error) => Self::key(text, error),
            Problem::Make(error) => Self::make(text, error),
            Problem::Changing => {
                Self::new(Kind::Store, text, |t| (t.record_changing(user), t.try_again_later()))
                    .of_clean_step()
            }
        }
    }
}

/// Whether the system refused, not the file's own shape.
pub(crate) fn is_of_the_disk(error: &Untrusted) -> bool {
    matches!(error.reason, Reason::Io(_)) && !error.is_missing()
}

/// What the command line gave wrong is wrong usage; everything else may not be.
fn kind_of(why: Why) -> Kind {
    match why {
        Why::KeyTooShort | Why::KeyTooLong | Why::BadLabel => Kind::Usage,
        _ => Kind::Refused,
    }
}

fn why_pair(text: &Text, user: &str, why: Why) -> (String, String) {
    let word = &shell_word(user);
    match why {
        Why::AlreadyEnrolled => (text.already_enrolled(user), text.replace_instead(word)),
        Why::NotEnrolled => (text.not_enrolled(user), text.enrol_first(word)),
        Why::NothingPending => (text.nothing_pending(user), text.enrol_first(word)),
        Why::MustEnroll => (text.must_enroll(user), text.enrol_or_pass(word)),
        Why::OtherUid => (text.other_uid(user), text.reset_or_remove(word)),
        Why::KeyTooShort => (text.key_too_short(), text.give_longer_key()),
        Why::KeyTooLong => (text.key_too_long(), text.give_shorter_key()),
        Why::KeyTaken => (text.key_taken(user), text.give_other_key(user)),
        Why::BadLabel => (text.bad_label(), text.give_label()),
        Why::WhichAuthenticator => (text.which_authenticator(user), text.name_authenticator(word)),
        Why::NoSuchAuthenticator => (text.no_such_authenticator(user), text.name_authenticator(word)),
        Why::LabelTaken => (text.label_taken(user), text.other_label()),
        Why::TooManyAuthenticators => (text.too_many_authenticators(user), text.remove_one_first(word)),
        Why::LastAuthenticator => (text.last_authenticator(user), text.never_the_last(word)),
        Why::SameUid => (text.same_uid(user), text.see_status(word)),
        Why::NoRoom { free } => (text.no_room(user, free), text.fewer_codes(word)),
        Why::MailIsOff => (text.mail_is_off(user), text.switch_mail_on()),
        Why::NoAddress => (text.no_address(user), text.set_address(word)),
        Why::TooManyMails(until) => (text.too_many_mails(user, &local(until)), text.take_newest_mail()),
        Why::Code(refusal) => text.refusal(word, &refusal),
        Why::NameTaken => (text.name_taken(user), text.look_at_record(word)),
        Why::Replaced => (text.replaced_meanwhile(user), text.codes_of_the_new(word)),
    }
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
