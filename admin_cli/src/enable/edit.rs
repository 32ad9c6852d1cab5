//! Our lines in one service's file, where every way through its stacks proves them.

use super::authselect::AuthLines;
use super::block::{Block, without_blocks};
use super::source::{Content, FileEntry, ServiceText};
use crate::doctor::fault::StackFault;
use crate::doctor::{About, Sort, faults_of, needs_mending, sort};
use crate::one_field::has_one_field;
use crate::profile::Profile;
use pam_stack::{Found, Kind, OTHER, Place, Root, Service};
use std::path::{Path, PathBuf};

/// Where a site's own service files lie.
const DIRECTORY: &str = "/etc/pam.d";

/// How deep included files are written out.
const INCLUDED: usize = 4;

/// Why a service is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LeftAlone {
    /// No program has such a service here.
    NoFile,
    /// The file is not a plain file in a directory of services: a link, `pam.conf`, or something that nobody can read.
    NotPlain(PathBuf),
    /// A comment that marks our lines has lost the other one.
    Marks(PathBuf),
    /// No place for our line is proven; these are the faults of the best one.
    Unproven(Vec<StackFault>),
    /// No place for our line is proven in what authselect writes; these lines of its files would prove one.
    Authselect(AuthLines),
    /// It asks already, by lines that somebody wrote by hand, with these faults.
    Faulty(Vec<StackFault>),
    /// It asks by lines that pam-auth-update keeps, with these faults.
    ByProfile(Vec<StackFault>),
}

/// A file as it is and as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    /// Its path on the machine.
    pub(crate) path: PathBuf,
    /// What it holds; `None` where it is made.
    pub(crate) before: Option<String>,
    /// What it would hold.
    pub(crate) after: String,
}

/// Puts our lines into the file of `name`, on the machine below `root`, in which no service that it includes has any, but for those
/// that pam-auth-update keeps.
pub(crate) fn with_our_lines(root: &Root, name: &str, about: &About<'_>) -> Result<Edit, LeftAlone> {
    let path = Path::new(DIRECTORY).join(name);
    let (found, text) = read(root, name)?;
    without_blocks(&text).ok_or_else(|| LeftAlone::Marks(found.clone()))?;
    let source = ServiceText::read(&text).ok_or_else(|| LeftAlone::NotPlain(found.clone()))?;
    let one_entry = has_one_field(name) || (about.is_combined)(name);
    let draft = Draft { root, name, source, one_entry, profile: Profile::of(root) };
    let mut least: Option<Vec<StackFault>> = None;
    for blocks in draft.candidates() {
        let after = draft.source.with(&blocks);
        let mut machine = root.clone();
        machine.lay(&path, Some(after.clone().into_bytes()));
        let service = Service::load(&machine, name, machine.reader());
        let faults: Vec<_> =
            faults_of(&machine, &service, about).into_iter().filter(|f| needs_mending(name, f)).collect();
        if faults.is_empty() {
            let before = (found == path).then_some(text);
            return Ok(Edit { path, before, after });
        }
        if least.as_ref().is_none_or(|least| faults.len() < least.len()) {
            least = Some(faults);
        }
    }
    Err(LeftAlone::Unproven(least.unwrap_or_default()))
}

/// The file of `name` that libpam opens, and its text.
pub(super) fn read(root: &Root, name: &str) -> Result<(PathBuf, String), LeftAlone> {
    match root.service_file(name) {
        Some(Found::File(path, content)) => {
            let text = String::from_utf8(content).map_err(|_| LeftAlone::NotPlain(path.clone()))?;
            if root.join(&path).is_symlink() { Err(LeftAlone::NotPlain(path)) } else { Ok((path, text)) }
        }
        Some(Found::Directory(path) | Found::NotAFile(path) | Found::TooLarge(path)) => {
            Err(LeftAlone::NotPlain(path))
        }
        None => Err(LeftAlone::NoFile),
    }
}

struct Draft<'a> {
    root: &'a Root,
    name: &'a str,
    source: ServiceText,
    /// Its program has one field, or the configuration has password and code in one entry.
    one_entry: bool,
    /// Lines that stand in for ours in the files that others include.
    profile: Profile,
}

type Blocks = Vec<(usize, Block)>;

impl Draft<'_> {
    /// Every set of blocks that may do, the likeliest first.
    fn candidates(&self) -> Vec<Blocks> {
        if self.one_entry {
            return vec![self.combined()];
        }
        let behind = |entry: &FileEntry| (entry.end, Block::of([line(Kind::Auth)]));
        let within = |entry: &FileEntry| Some((entry.first, self.ending(entry)?));
        let auth = || self.source.entries.iter().filter(|entry| self.holds(entry, Kind::Auth));
        let places = auth().map(behind).chain(auth().filter_map(within));
        let later = || self.kinds().filter_map(|kind| self.first_of(kind));
        places.map(|place| [place].into_iter().chain(later()).collect()).collect()
    }

    /// The line once more with a control word that ends the login behind a wrong password, and ours behind it: after a
    /// `substack` or a `required` line the login goes on.
    fn ending(&self, entry: &FileEntry) -> Option<Block> {
        let was = self.source.text_of(entry);
        let [text] = &was[..] else { return None };
        let (weak, word) = match &entry.content {
            Content::Part(Kind::Auth, _) => ("substack", "include"),
            Content::Of(Kind::Auth) => ("required", "requisite"),
            _ => return None,
        };
        let is_weak = text.split_whitespace().nth(1) == Some(weak);
        let lines = vec![text.replacen(weak, word, 1), line(Kind::Auth)];
        is_weak.then_some(Block { was, lines })
    }

    /// The stacks besides `auth` that this program walks.
    fn kinds(&self) -> impl Iterator<Item = Kind> {
        let is_locker = sort(self.name) == Some(Sort::Locker);
        [Kind::Account, Kind::Session, Kind::Password]
            .into_iter()
            .filter(move |kind| !is_locker || *kind == Kind::Account)
    }

    /// Our line as the first of its stack; where the file has none of that kind, `other`'s lines follow it, as they
    /// answered before.
    fn first_of(&self, kind: Kind) -> Option<(usize, Block)> {
        let ours = line(kind);
        match self.source.entries.iter().find(|entry| self.holds(entry, kind)) {
            Some(entry) => Some((entry.first, Block::of([ours]))),
            None => {
                let other = self.lines_of(OTHER, kind)?;
                Some((self.source.end(), Block::of([ours].into_iter().chain(other))))
            }
        }
    }

    /// For a program with one field: the code in the same entry as the password, ahead of what checks that. Another
    /// program's service that the file includes is written out, as it would ask a second time once it has our lines.
    fn combined(&self) -> Blocks {
        let mut blocks = Vec::new();
        let mut due: Vec<Kind> = [Kind::Auth].into_iter().chain(self.kinds()).collect();
        for entry in &self.source.entries {
            let mut block = Block::default();
            for kind in Kind::ALL.into_iter().filter(|kind| self.holds(entry, *kind)) {
                if due.contains(&kind) {
                    block.lines.push(if kind == Kind::Auth {
                        format!("{} forward_pass", line(kind))
                    } else {
                        line(kind)
                    });
                    due.retain(|left| *left != kind);
                }
                if let Some(lines) = self.written_out(entry, kind) {
                    block.lines.extend(lines);
                    block.was = self.source.text_of(entry);
                }
            }
            if !block.lines.is_empty() {
                blocks.push((entry.first, block));
            }
        }
        blocks.extend(
            due.into_iter().filter(|kind| *kind != Kind::Auth).filter_map(|kind| self.first_of(kind)),
        );
        blocks
    }

    fn written_out(&self, entry: &FileEntry, kind: Kind) -> Option<Vec<String>> {
        let (Content::Whole(name) | Content::Part(_, name)) = &entry.content else { return None };
        (sort(name).is_some() || self.is_kept(name, kind)).then(|| self.lines_of(name, kind))?
    }

    /// The lines of another service's file for `kind`, each included file by its name.
    fn lines_of(&self, service: &str, kind: Kind) -> Option<Vec<String>> {
        self.lines_down_to(service, kind, INCLUDED)
    }

    /// The same, with the lines of included files that pam-auth-update keeps, down to this level, but ours.
    fn lines_down_to(&self, service: &str, kind: Kind, levels: usize) -> Option<Vec<String>> {
        let (path, text) = read(self.root, service).ok()?;
        let source = ServiceText::read(&text)?;
        let mut lines = Vec::new();
        for entry in &source.entries {
            let place = Place { file: path.clone(), line: entry.first + 1 };
            match &entry.content {
                Content::Whole(name) | Content::Part(_, name) if self.is_kept(name, kind) => {
                    lines.extend(self.lines_down_to(name, kind, levels.checked_sub(1)?)?);
                }
                Content::Whole(name) if self.has(name, kind) => lines.push(format!("{kind} include {name}")),
                Content::Of(of) | Content::Part(of, _) if *of == kind && !self.profile.has(&place) => {
                    lines.extend(source.text_of(entry));
                }
                _ => {}
            }
        }
        Some(lines)
    }

    /// Whether this file asks by lines that pam-auth-update keeps.
    fn is_kept(&self, name: &str, kind: Kind) -> bool {
        let service = || Service::load(self.root, name, self.root.reader());
        kind == Kind::Auth && self.profile.file_of(&service()).is_some()
    }

    /// Whether lines of this kind come from this entry.
    fn holds(&self, entry: &FileEntry, kind: Kind) -> bool {
        match &entry.content {
            Content::Of(of) | Content::Part(of, _) => *of == kind,
            Content::Whole(name) => self.has(name, kind),
        }
    }

    fn has(&self, name: &str, kind: Kind) -> bool {
        !Service::load(self.root, name, self.root.reader()).comes_from_other(kind)
    }
}

/// Our line for a stack, as the manual has it.
fn line(kind: Kind) -> String {
    let control = match kind {
        Kind::Auth | Kind::Session => "requisite",
        Kind::Account => "required",
        Kind::Password => "[success=done ignore=ignore default=die]",
    };
    format!("{kind} {control} {}", crate::services::MODULE)
}
