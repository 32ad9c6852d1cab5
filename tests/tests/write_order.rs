//! In which order things come to the disk: content before its name, each name before the next step, and all of it before
//! the answer. Faults find only calls that are there, and a kill keeps what is in memory: a sync that is missing shows
//! here alone.

use wardkey_tests::machine::host::{ALONE, CODE, STATE};
use wardkey_tests::machine::interrupt::trace;
use wardkey_tests::people::history::History;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::proof::writing_commands::WritingCommand;

/// The word in the ledger that says what is settled: nobody waits for it.
const WORD: &str = " = 8";

/// One system call that worked.
struct Step<'a> {
    name: &'a str,
    /// Its arguments, each descriptor with the path of its file.
    arguments: &'a str,
    line: &'a str,
}

/// `123 fsync(5</var/lib/wardkey/users/alice>) = 0`
fn step(line: &str) -> Option<Step<'_>> {
    let (name, rest) = line.split_once(' ')?.1.trim_start().split_once('(')?;
    let (arguments, result) = rest.rsplit_once(" = ")?;
    (!result.starts_with('-')).then_some(Step { name, arguments, line })
}

impl Step<'_> {
    fn is_of_the_state(&self) -> bool {
        self.arguments.contains(STATE)
    }

    /// Without a name, or under the hidden one of a file system that has no files without.
    fn is_of_an_unnamed_file(&self) -> bool {
        self.arguments.contains("/#") && self.arguments.contains("(deleted)") || self.is_of_a_hidden_name()
    }

    fn is_of_a_hidden_name(&self) -> bool {
        self.arguments.contains("/.wardkey.") || self.arguments.contains("\".wardkey.")
    }

    fn file(&self) -> String {
        let path = self.arguments.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
        path.map(|(path, _)| path.to_owned()).unwrap_or_default()
    }

    /// The directories whose names it changes: of two descriptors, the last that is one of the state's.
    fn directory(&self) -> String {
        let paths = self.arguments.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
        let ours = paths.map(|(path, _)| path).filter(|path| path.contains(STATE));
        ours.last().unwrap_or_default().to_owned()
    }
}

/// What has been done and is not yet on the disk, and what has been seen.
#[derive(Default)]
struct Order {
    unsynced: Vec<String>,
    unsynced_names: Vec<String>,
    /// Content without a name that is on the disk.
    is_prepared: bool,
    /// Somebody's lock is held, and the names that others may have made are on the disk.
    is_locked: bool,
    names_are_settled: bool,
    /// Blocks are written by a command that amends a record, and not by a login.
    is_amendment: bool,
    is_answered: bool,
    /// What was done, in order.
    done: Vec<&'static str>,
}

impl Order {
    fn follow(&mut self, step: &Step<'_>, is_answer: fn(&str) -> bool) {
        let line = step.line;
        if step.name == "write" && step.arguments.starts_with("1<") {
            if is_answer(line) && !self.is_answered {
                self.is_on_disk("the answer", line);
                self.is_answered = true;
            }
            return;
        }
        if !step.is_of_the_state() {
            return;
        }
        match step.name {
            "write" | "pwrite64" if step.file().ends_with("/ledger") && line.ends_with(WORD) => {}
            "write" | "pwrite64" => self.writes(step),
            "fsync" | "fdatasync" => self.syncs(step),
            "unlinkat" | "flock" if step.is_of_a_hidden_name() => {}
            "linkat" | "renameat2" | "renameat" if step.is_of_a_hidden_name() || step.name == "linkat" => {
                self.changes("link", step);
                assert!(self.is_prepared, "a name before its content: {line}");
                assert!(!self.is_locked || self.names_are_settled, "names of others may go: {line}");
                self.is_prepared = false;
            }
            "renameat" | "renameat2" | "rename" => self.changes("rename", step),
            "unlinkat" => self.changes(if line.contains("AT_REMOVEDIR") { "rmdir" } else { "unlink" }, step),
            "mkdirat" => self.changes("mkdir", step),
            "flock" if line.contains("LOCK_EX") => {
                self.is_on_disk("the lock", line);
                (self.is_locked, self.names_are_settled) = (true, false);
            }
            _ => {}
        }
    }

    fn writes(&mut self, step: &Step<'_>) {
        assert!(!self.is_answered, "after the answer: {}", step.line);
        if !step.is_of_an_unnamed_file() {
            self.is_on_disk("a block of the ledger", step.line);
            assert!(!self.is_amendment || self.names_are_settled, "names of others may go: {}", step.line);
            self.done.push("block");
        }
        self.unsynced.push(step.file());
    }

    fn syncs(&mut self, step: &Step<'_>) {
        let file = step.file();
        self.is_prepared |= step.is_of_an_unnamed_file() && self.unsynced.contains(&file);
        self.names_are_settled |= file.ends_with("/alice");
        self.unsynced.retain(|other| *other != file);
        self.unsynced_names.retain(|other| *other != file);
    }

    /// A name comes, goes, or takes another's place.
    fn changes(&mut self, what: &'static str, step: &Step<'_>) {
        assert!(!self.is_answered, "after the answer: {}", step.line);
        self.is_on_disk(what, step.line);
        self.unsynced_names.push(step.directory());
        self.done.push(what);
    }

    fn is_on_disk(&self, before: &str, line: &str) {
        let Self { unsynced, unsynced_names, done, .. } = self;
        assert!(
            unsynced.is_empty() && unsynced_names.is_empty(),
            "{before} comes before {unsynced:?} and the names in {unsynced_names:?} are on the disk, \
             after {done:?}: {line}"
        );
    }
}

/// Follows all that was traced; the answer is what was done, in order.
fn done(trace: &str, is_amendment: bool, is_answer: fn(&str) -> bool) -> Vec<&'static str> {
    let mut order = Order { is_amendment, ..Order::default() };
    trace.lines().filter_map(step).for_each(|step| order.follow(&step, is_answer));
    assert!(order.is_answered, "no answer: {trace}");
    order.done
}

pub(crate) fn command_does(writing: &WritingCommand, is_amendment: bool, expected: &[&str]) {
    let (outcome, trace) = trace(&writing.history.host, &writing.command(), &writing.input());
    outcome.exits(0);
    assert_eq!(done(&trace, is_amendment, |_| true), expected, "{trace}");
}

/// The first line of standard output is not the answer yet: `pamclient` prints prompts there.
fn login_does(code: fn(&History) -> String, expected: &[&str]) {
    let history = History::new();
    let script = Script::new(ALONE, "alice").types(CODE, code(&history));
    let (outcome, trace) = trace(&history.host, &history.host.pam_command(&[script]), b"");
    assert!(outcome.exits(0).stdout.contains(r#""result":"Success""#));
    let done = done(&trace, false, |line| line.contains(r#"\"result\":\"Success\""#));
    assert_eq!(done, expected, "{trace}");
}

#[test]
fn what_enroll_writes_is_on_the_disk_in_order() {
    command_does(&WritingCommand::enroll(), true, &["mkdir", "link", "link", "rename"]);
}

#[test]
fn what_confirm_writes_is_on_the_disk_in_order() {
    command_does(&WritingCommand::confirm(), false, &["block", "link", "rename"]);
}

#[test]
fn new_recovery_codes_are_on_the_disk_in_order() {
    command_does(&WritingCommand::recovery_codes(), false, &["link", "rename"]);
}

#[test]
fn a_new_phone_is_on_the_disk_in_order() {
    command_does(&WritingCommand::replace(), true, &["link", "rename"]);
    command_does(&WritingCommand::confirm_replacement(), false, &["block", "link", "rename"]);
}

#[test]
fn a_reset_is_on_the_disk_in_order() {
    command_does(&WritingCommand::reset(), true, &["link", "rename"]);
}

#[test]
fn a_pass_is_on_the_disk_in_order() {
    command_does(&WritingCommand::pass(), true, &["link", "rename"]);
}

// A file that says both, the directory's name, a file that says one.
#[test]
fn another_name_is_on_the_disk_in_order() {
    command_does(&WritingCommand::rename(), true, &["link", "rename", "rename", "link", "rename"]);
}

#[test]
fn an_unlock_is_on_the_disk_before_it_is_told() {
    command_does(&WritingCommand::unlock(), true, &["block"]);
}

// The enrolment's name first: without a ledger it would be damage, a ledger alone is someone not enrolled.
#[test]
fn a_removal_takes_the_enrolment_off_the_disk_before_the_ledger() {
    let writing = WritingCommand::remove();
    let (outcome, trace) = trace(&writing.history.host, &writing.command(), b"");
    outcome.exits(0);
    assert_eq!(done(&trace, true, |_| true), ["unlink", "unlink", "rmdir"], "{trace}");
    let place =
        |part: &str| trace.lines().filter(|line| line.contains("unlinkat")).position(|l| l.contains(part));
    let (enrolment, ledger) = (place("\"enrolment\""), place("\"ledger\""));
    assert!(enrolment.is_some() && enrolment < ledger, "{trace}");
}

#[test]
fn a_code_is_spent_on_the_disk_before_it_opens() {
    login_does(History::next_code, &["block"]);
}

#[test]
fn a_recovery_code_is_spent_on_the_disk_before_it_opens() {
    login_does(|history| history.alice.recovery_codes[1].clone(), &["block"]);
}
