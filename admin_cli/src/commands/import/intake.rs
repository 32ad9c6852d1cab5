//! One import: what is taken over, what is left out, and what is said at its end. One person's trouble holds nobody
//! else up.

use crate::actor::user_name;
use crate::audit::AuditEntry;
use crate::commands::Ended;
use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::show::{Shape, have_kept, plain_codes, show_codes};
use crate::signals::Held;
use crate::text::shell_word;
use nix::unistd::Uid;
use serde::Serialize;
use std::path::Path;
use wardkey_core::audit::AuditResult;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::desk::importing::{
    BrokenLine, Found, ImportNote, MAX_LEN, NotTaken, Reading, ShortKeys, TOLD, carry,
};
use wardkey_core::desk::{Incoming, Problem, Terms, Why};
use wardkey_core::policy::account::Account;
use wardkey_core::printable::escaped;
use wardkey_core::record::enrolment::State;
use wardkey_core::record::seal::SealingKey;
use wardkey_core::store::Store;
use wardkey_core::system::trusted_file::read_with_owner;
use zeroize::Zeroizing;

/// An import under way.
pub(super) struct Intake<'a> {
    context: &'a Context,
    sealing: SealingKey,
    source: Source<'a>,
    short_keys: ShortKeys,
    imported: Vec<Imported>,
    left_out: Vec<LeftOut>,
    /// How many things are left out besides.
    more: usize,
    /// Whose the file is.
    owner: u32,
    is_broken: bool,
    /// Whether the audit log has a line about it.
    is_written: bool,
}

/// Where people come from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The file.
    pub(super) file: &'a Path,
    /// What it is, which is also what its authenticators are called.
    pub(super) kind: &'static str,
}

/// Somebody who was taken over.
struct Imported {
    user: String,
    authenticators: Vec<(String, Parameters)>,
    codes: Vec<SingleUseCode>,
}

impl Imported {
    fn to_item<'a>(&'a self, codes: &'a [Zeroizing<String>]) -> Item<'a> {
        Item {
            user: &self.user,
            authenticators: self.authenticators.iter().map(|(label, p)| Shape::of(label, *p)).collect(),
            recovery_codes: codes.iter().map(|code| code.as_str()).collect(),
        }
    }
}

/// What was not, and why.
#[derive(Serialize)]
struct LeftOut {
    #[serde(skip)]
    line: usize,
    #[serde(rename = "where")]
    place: String,
    user: Option<String>,
    why: String,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    imported: Vec<Item<'a>>,
    left_out: &'a [LeftOut],
    left_out_count: usize,
}

/// Adds one authenticator, unless another of the person has its key: then that one has used what both have.
fn join(incoming: &mut Vec<Incoming>, one: Incoming) -> Option<NotTaken> {
    match incoming.iter_mut().find(|other| other.parameters.is_one_key(&other.key, &one.key)) {
        Some(other) => {
            // Steps of another length are other numbers, and other codes.
            if other.parameters.period == one.parameters.period {
                other.next = other.next.max(one.next);
            }
            Some(NotTaken::SameKey)
        }
        None => {
            incoming.push(one);
            None
        }
    }
}

#[derive(Serialize)]
struct Item<'a> {
    user: &'a str,
    authenticators: Vec<Shape<'a>>,
    recovery_codes: Vec<&'a str>,
}

impl<'a> Intake<'a> {
    /// An import from `source`.
    pub(super) fn open(
        context: &'a Context,
        source: Source<'a>,
        allows_short: bool,
    ) -> Result<Self, Failure> {
        let sealing = context.sealing_key().map_err(|failure| failure.at_first(&context.text))?;
        let short_keys = if allows_short { ShortKeys::TakenOver } else { ShortKeys::LeftOut };
        let (imported, left_out, is_broken, is_written) = (Vec::new(), Vec::new(), false, false);
        let (more, owner) = (0, 0);
        Ok(Self {
            context,
            sealing,
            source,
            short_keys,
            imported,
            left_out,
            more,
            owner,
            is_broken,
            is_written,
        })
    }

    /// What the file holds.
    pub(super) fn read(
        &mut self,
        parse: fn(&[u8]) -> Result<Reading, BrokenLine>,
    ) -> Result<Reading, Failure> {
        let text = &self.context.text;
        let (bytes, owner) = read_with_owner(self.source.file, MAX_LEN)
            .map_err(|e| Failure::new(Kind::State, text, |t| (t.untrusted(&e), t.give_source())))?;
        let bytes = Zeroizing::new(bytes);
        let reading = parse(&bytes).map_err(|broken| {
            let place = self.place(broken.line);
            Failure::new(Kind::State, text, |t| {
                (t.broken_line(&place, &t.wrong_line(broken.what)), t.look_at_source())
            })
        })?;
        self.owner = owner;
        self.more = reading.more;
        Ok(reading)
    }

    /// Nobody is enrolled by a file of another account: a link in a person's home may lead to somebody else's, and in a file of
    /// one's own anybody's name can stand.
    pub(super) fn check_owner(&self, account: &Account) -> Result<(), Failure> {
        if [0, account.uid].contains(&self.owner) {
            return Ok(());
        }
        let (file, owner) =
            (self.source.file.display().to_string(), escaped(&user_name(Uid::from_raw(self.owner))));
        let (user, word) = (account.name.to_string(), shell_word(&file));
        Err(Failure::refused(&self.context.text, |t| {
            (t.foreign_source(&escaped(&file), &owner, &user), t.copy_source(&user, &word))
        }))
    }

    /// How many of those who are not enrolled yet have keys shorter than they should be, before anything is done.
    pub(super) fn tell_short_keys<'f>(&self, people: impl Iterator<Item = (&'f Account, &'f [Found])>) {
        let short = people.filter(|(_, found)| found.iter().any(Found::has_short_key));
        let count = short.filter(|(account, _)| self.settled(account).is_none()).count();
        let text = &self.context.text;
        match self.short_keys {
            _ if count == 0 => {}
            ShortKeys::LeftOut => self.context.warn(&text.short_keys_left(count)),
            ShortKeys::TakenOver => self.context.warn(&text.short_keys_taken(count)),
        }
    }

    /// Something that has no place here.
    pub(super) fn leave_note(&mut self, user: Option<&str>, note: &ImportNote) {
        self.leave_out(user, note.line, self.context.text.left(&note.what, self.short_keys));
    }

    /// A line that failed.
    pub(super) fn leave(&mut self, user: Option<&str>, line: usize, failure: &Failure) {
        self.is_broken |= failure.kind.status() == Ended::Broken.status();
        self.leave_out(user, line, format!("{} {}", failure.message, failure.hint));
    }

    fn leave_out(&mut self, user: Option<&str>, line: usize, why: String) {
        if self.left_out.len() < TOLD {
            self.left_out.push(LeftOut { line, place: self.place(line), user: user.map(escaped), why });
        } else {
            self.more += 1;
        }
    }

    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.source.file.display())
    }

    /// Takes one person over with all that was found of them.
    pub(super) fn take(&mut self, account: &Account, found: &[Found]) {
        let user = account.name.to_string();
        if let Some(why) = self.settled(account) {
            return self.fail(&user, found, &why.into());
        }
        let (incoming, left) = self.carry(&user, found);
        if incoming.is_empty() {
            return;
        }
        let rules = self.context.config.rules();
        let terms =
            Terms { rules: &rules, sealing: &self.sealing, recovery_codes: self.context.recovery_codes() };
        match self.context.desk().take_over(account, terms, &incoming) {
            Ok(confirmed) => {
                self.is_written = true;
                self.context.audit.done("import", &user, Some(&self.reason()));
                left.iter().for_each(|note| self.leave_note(Some(&user), note));
                let authenticators = incoming.into_iter().map(|one| (one.label, one.parameters)).collect();
                self.imported.push(Imported { user, authenticators, codes: confirmed.recovery_codes });
            }
            Err(problem) => self.fail(&user, found, &problem),
        }
    }

    fn fail(&mut self, user: &str, found: &[Found], problem: &Problem) {
        let failure = Failure::problem(&self.context.text, user, problem);
        self.is_written = true;
        self.context.audit.failed("import", Some(user), &failure);
        found.iter().for_each(|found| self.leave(Some(user), found.line, &failure));
    }

    /// Why somebody cannot be taken over, whatever their keys: said before anything about those.
    fn settled(&self, account: &Account) -> Option<Why> {
        match self.context.store.enrolment(&account.name).ok().flatten()?.state {
            State::Enrolled => Some(Why::AlreadyEnrolled),
            State::MustEnroll => Some(Why::MustEnroll),
            State::NotEnrolled => None,
        }
    }

    /// What ours can hold of each, and what is left out of it.
    fn carry(&mut self, user: &str, found: &[Found]) -> (Vec<Incoming>, Vec<ImportNote>) {
        let (rules, now) = (self.context.config.rules(), self.context.now());
        let (mut incoming, mut left) = (Vec::new(), Vec::new());
        for one in found {
            let label = match incoming.len() {
                0 => self.source.kind.to_owned(),
                before => format!("{} {}", self.source.kind, before + 1),
            };
            match carry(one, label, (&rules, self.short_keys), now) {
                Err(what) => self.leave_note(Some(user), &ImportNote { line: one.line, what }),
                Ok((taken, notes)) => {
                    left.extend(notes);
                    left.extend(join(&mut incoming, taken).map(|what| ImportNote { line: one.line, what }));
                }
            }
        }
        (incoming, left)
    }

    fn reason(&self) -> String {
        format!("{} {}", self.source.kind, self.source.file.display())
    }

    /// Says what was done.
    pub(super) fn finish(mut self) -> Ended {
        self.left_out.sort_by_key(|left| left.line);
        if self.context.console.is_json() {
            self.print();
        } else {
            self.say();
        }
        if !self.is_written {
            let (result, reason) = (AuditResult::Refused, self.reason());
            let reason = Some(reason.as_str());
            self.context.audit.write(AuditEntry {
                event: "import",
                user: None,
                service: None,
                method: None,
                result,
                reason,
                seat: None,
            });
        }
        match (self.is_broken, self.imported.is_empty()) {
            (true, _) => Ended::Broken,
            (false, true) => Ended::Refused,
            (false, false) => Ended::Done,
        }
    }

    fn print(&self) {
        let codes: Vec<_> = self.imported.iter().map(|one| plain_codes(&one.codes)).collect();
        let imported = self.imported.iter().zip(&codes).map(|(one, codes)| one.to_item(codes)).collect();
        self.context.console.answer(
            &Answer { imported, left_out: &self.left_out, left_out_count: self.left_out.len() + self.more },
            String::new,
        );
    }

    fn say(&self) {
        let Context { console, text, .. } = self.context;
        for one in &self.imported {
            let labels: Vec<&str> = one.authenticators.iter().map(|(label, _)| label.as_str()).collect();
            console.say(&text.taken_over(&one.user, &labels.join(", ")));
            let mut held = Held::at_a_terminal(console);
            show_codes(self.context, &one.codes, None);
            have_kept(self.context, &text.on_without_codes(&one.user, &shell_word(&one.user)), &mut held);
        }
        console.say(&text.people_imported(self.imported.len()));
        if !self.left_out.is_empty() {
            console.say(&text.left_out_heading());
        }
        for LeftOut { place, user, why, .. } in &self.left_out {
            let whose = user.as_ref().map(|user| format!(" ({user})")).unwrap_or_default();
            console.say(&format!("  {place}{whose}: {why}"));
        }
        if self.more > 0 {
            console.say(&format!("  {}", text.left_out_besides(self.more)));
        }
    }
}
