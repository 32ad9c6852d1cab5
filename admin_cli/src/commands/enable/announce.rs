//! What will change, in plain words, before it does.

use super::packages::packages;
use crate::context::Context;
use crate::doctor::Foreseen;
use crate::enable::{AuthLines, Change, Course, LeftAlone, Reach, sshd};
use crate::failure::Failure;
use crate::input::{Echo, ask};
use crate::one_field::has_one_field;
use crate::text::Text;
use serde::Serialize;
use similar::TextDiff;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wardkey_core::printable::escaped;

/// What will change.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Announcement {
    /// Services whose files change, with the file.
    changed: BTreeMap<String, String>,
    /// Services that ask already, or by a service that they include.
    asking: BTreeSet<String>,
    /// Services that ask by lines that pam-auth-update keeps.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    by_profile: BTreeSet<String>,
    /// Services that stay as they are, and why.
    left: BTreeMap<String, String>,
    /// What authselect's files would need, each with its `auth` lines.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    authselect: BTreeMap<String, Vec<String>>,
    /// People who are refused until they are enrolled.
    not_enrolled: Vec<String>,
    /// Accounts whose keys go on to open without a code.
    keys: Vec<String>,
    /// Accounts whose keys open only with password and code from now on.
    keys_ask: Vec<String>,
    /// Whether `--keys-too` would have them ask.
    #[serde(skip)]
    keys_can_ask: bool,
    /// Accounts of programs that could log in or become root no more.
    stopped: Vec<String>,
    /// Packages whose files will be other than as they ship them.
    packages: BTreeSet<String>,
    /// Packages whose files will be again as they ship them.
    #[serde(skip)]
    as_shipped: BTreeSet<String>,
    /// Whether sshd takes no password by its own method any more.
    #[serde(skip)]
    method_goes: bool,
    /// The files' changes, as diff(1) shows them.
    diff: String,
}

/// Puts it together.
pub(crate) fn announce(text: &Text, reach: &Reach) -> Announcement {
    let mut said = Announcement::default();
    for (name, course) in &reach.plan {
        let name = escaped(name);
        match course {
            Course::Edited(edit) if reach.changes.iter().any(|change| change.path == edit.path) => {
                said.changed.insert(name, escaped(&edit.path.display().to_string()));
            }
            Course::Edited(_) | Course::Asks => {
                said.asking.insert(name);
            }
            Course::ByProfile => {
                said.by_profile.insert(name);
            }
            Course::LeftAlone(why) => {
                said.left.insert(name.clone(), left_alone(text, &name, why));
                if let LeftAlone::Authselect(profile) = why {
                    said.authselect.extend(needed(profile));
                }
            }
        }
    }
    for change in &reach.changes {
        let (other, as_shipped) = packages(change);
        said.packages.extend(other);
        said.as_shipped.extend(as_shipped);
    }
    let is_drop_in = |change: &Change| change.path == Path::new(sshd::DROP_IN);
    said.method_goes = reach.changes.iter().any(|change| is_drop_in(change) && change.before.is_none());
    said.diff = reach.changes.iter().map(diff).collect();
    said
}

impl Announcement {
    /// With those who will meet a question.
    pub(crate) fn with(self, foreseen: Foreseen, keys_too: bool) -> Self {
        let Foreseen { unenrolled, keys_go_on, keys_ask, keys_stopped, become_stopped } = foreseen;
        let stopped: BTreeSet<String> = keys_stopped.into_iter().chain(become_stopped).collect();
        let stopped = stopped.into_iter().collect();
        Self {
            not_enrolled: unenrolled,
            keys: keys_go_on,
            keys_can_ask: !keys_too,
            keys_ask,
            stopped,
            ..self
        }
    }

    /// For a person: the diff first, so that what it comes to still stands on the screen.
    pub(crate) fn to_text(&self, text: &Text, heading: &str) -> String {
        let mut lines = Vec::new();
        if !self.diff.is_empty() {
            lines.push(format!("{}\n", self.diff.trim_end()));
        }
        if !self.changed.is_empty() {
            lines.push(heading.to_owned());
        }
        for (service, file) in &self.changed {
            let line = text.in_file(service, file);
            lines.push(if has_one_field(service) { text.in_one_entry(&line) } else { line });
        }
        if !self.asking.is_empty() {
            lines.push(text.ask_too(&joined(&self.asking)));
        }
        lines.extend(self.by_profile(text));
        if !self.left.is_empty() {
            lines.push(text.left_as_they_are());
            lines.extend(self.left.iter().map(|(service, why)| text.left_alone(service, why)));
        }
        if !self.authselect.is_empty() {
            lines.push(text.authselect_needs());
        }
        for (file, needed) in &self.authselect {
            lines.push(format!("  {file}:"));
            lines.extend(needed.iter().map(|line| format!("    {line}")));
        }
        let named = |names: &[String]| names.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(", ");
        let mut of_people = |names: &[String], say: &dyn Fn(&str) -> String| {
            if !names.is_empty() {
                lines.push(say(&named(names)));
            }
        };
        of_people(&self.not_enrolled, &|names| text.not_enrolled_yet(names));
        of_people(&self.stopped, &|names| text.programs_stopped(names));
        of_people(&self.keys_ask, &|names| text.keys_ask_too(names));
        of_people(&self.keys, &|names| {
            let said = text.keys_go_on(names);
            if self.keys_can_ask { format!("{said}. {}", text.ask_keys_too()) } else { said }
        });
        if self.method_goes {
            lines.push(text.method_goes());
        }
        if !self.packages.is_empty() {
            lines.push(text.dpkg_will_ask(&joined(&self.packages)));
        }
        let silent = &self.as_shipped - &self.packages;
        if !silent.is_empty() {
            lines.push(text.dpkg_asks_no_more(&joined(&silent)));
        }
        lines.join("\n")
    }

    /// Which services ask by lines that pam-auth-update keeps, in words.
    fn by_profile(&self, text: &Text) -> Option<String> {
        (!self.by_profile.is_empty()).then(|| text.ask_by_profile(&joined(&self.by_profile)))
    }

    /// Where nothing changes.
    pub(crate) fn nothing(&self, text: &Text) -> String {
        [text.nothing_to_switch()].into_iter().chain(self.by_profile(text)).collect::<Vec<_>>().join("\n")
    }

    /// The services that will be left as they are.
    pub(crate) fn left(&self) -> &BTreeMap<String, String> {
        &self.left
    }
}

/// Refuses where services that stay on can no longer be proven: they would lose their lines, and nobody asked for that. One
/// whose package is gone has none.
///
/// # Errors
/// Names them.
pub(crate) fn unprovable(text: &Text, reach: &Reach, names: &BTreeSet<String>) -> Result<(), Failure> {
    let stay = reach.plan.iter().filter(|(name, _)| names.contains(*name));
    let lines: Vec<String> = stay
        .filter_map(|(name, course)| match course {
            Course::LeftAlone(why) if *why != LeftAlone::NoFile => {
                let name = escaped(name);
                Some(text.left_alone(&name, &left_alone(text, &name, why)))
            }
            _ => None,
        })
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    let list = lines.join("\n");
    let words = |t: &Text| (format!("{}\n{list}", t.on_and_unproven()), t.mend_or_all_off());
    Err(Failure::refused(text, words).with_nothing_changed(text))
}

/// Asks a person at a terminal, and says whether it did: a script has decided.
///
/// # Errors
/// They did not say yes.
pub(crate) fn confirmed(context: &Context, question: &str) -> Result<bool, Failure> {
    let (console, text) = (&context.console, &context.text);
    if !console.is_interactive() || console.is_json() {
        return Ok(false);
    }
    console.tell(question);
    let typed = ask(console, &text.yes_or_no(), Echo::Shown);
    if typed.is_some_and(|typed| super::super::somebody_else::is_yes(&typed)) {
        return Ok(true);
    }
    Err(Failure::refused(text, |t| (t.not_switched(), t.say_yes())).with_nothing_changed(text))
}

fn left_alone(text: &Text, service: &str, why: &LeftAlone) -> String {
    let first = |faults: &[crate::doctor::fault::StackFault]| {
        let words = |fault| {
            let (what, why, _) = text.stack_fault(service, fault);
            let what = what.strip_prefix(&format!("{service}: ")).unwrap_or(&what).to_owned();
            format!("{what}. {why}")
        };
        faults.first().map(words).unwrap_or_default()
    };
    match why {
        LeftAlone::NoFile => text.no_such_file(),
        LeftAlone::NotPlain(path) => text.not_plain(&path.display().to_string()),
        LeftAlone::Marks(path) => text.half_a_mark(&path.display().to_string()),
        LeftAlone::Authselect(profile) => {
            text.authselects(&needed(profile).into_keys().collect::<Vec<_>>().join(", "))
        }
        LeftAlone::Unproven(faults) => text.not_proven(&first(faults)),
        LeftAlone::Faulty(faults) => text.asks_by_hand(&first(faults)),
        LeftAlone::ByProfile(faults) => text.faulty_by_profile(&first(faults)),
    }
}

/// As a terminal may have it.
fn needed(profile: &AuthLines) -> BTreeMap<String, Vec<String>> {
    let lines = |lines: &Vec<String>| lines.iter().map(|line| tame(line)).collect();
    profile.iter().map(|(path, needed)| (escaped(&path.display().to_string()), lines(needed))).collect()
}

fn diff(change: &Change) -> String {
    let text = |side: &Option<String>| side.clone().unwrap_or_default();
    let (before, after) = (text(&change.before), text(&change.after));
    let diff = TextDiff::from_lines(&before, &after);
    let name = |side: &Option<String>| {
        side.as_ref().map_or("/dev/null".to_owned(), |_| change.path.display().to_string())
    };
    let shown =
        diff.unified_diff().context_radius(1).header(&name(&change.before), &name(&change.after)).to_string();
    shown.split('\n').map(tame).collect::<Vec<_>>().join("\n")
}

/// A line as a terminal may have it, whatever a file holds; PAM's files are full of tabs.
fn tame(line: &str) -> String {
    line.split('\t').map(escaped).collect::<Vec<_>>().join("\t")
}

fn joined(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<_>>().join(", ")
}
