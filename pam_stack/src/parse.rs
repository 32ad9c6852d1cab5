//! From text to lines, as `_pam_parse_conf_file` takes them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::lines::{Written, written};
use crate::{
    Control, Found, Kind, Line, MAX_FILE, Module, Place, Reader, Remark, Root, Stack, Trouble, token,
};

/// How deep files may be nested (`PAM_SUBSTACK_MAX_LEVEL`).
const MAX_DEPTH: usize = 16;

/// The most that is read of one service, each file counted as a block at least: files that each include the next one twice
/// are read some ten thousand times.
const MAX_READ: u64 = 4 * MAX_FILE;
const BLOCK: u64 = 4096;

/// libpam gives the whole service up.
pub(crate) struct Refused;

/// Reads files, and keeps what is to be said of them.
pub(crate) struct Parser<'a> {
    pub(crate) root: &'a Root,
    pub(crate) reader: Reader,
    pub(crate) remarks: Vec<Remark>,
    pub(crate) includes: BTreeSet<String>,
    /// How much was read.
    pub(crate) bytes: u64,
}

/// In which file, and for whom it is read.
#[derive(Clone, Copy)]
struct Context<'a> {
    file: &'a Path,
    /// The one stack for which it was included.
    only: Option<Kind>,
    depth: usize,
    level: usize,
}

impl Parser<'_> {
    /// Whether there is more than anybody reads through.
    pub(crate) const fn is_endless(&self) -> bool {
        self.bytes > MAX_READ
    }

    /// Reads a service's file into its stacks.
    pub(crate) fn file(&mut self, found: Found, into: &mut [Stack; 4]) -> Result<(), Refused> {
        self.read(found, None, (0, 0), into)
    }

    /// Reads the lines of `service` in the one file of old, whose first word is the service's name.
    pub(crate) fn one_file(
        &mut self,
        path: &Path,
        content: &[u8],
        service: &str,
        into: &mut [Stack; 4],
    ) -> Result<(), Refused> {
        let (lines, is_cut) = written(content, self.reader);
        let context = Context { file: path, only: None, depth: 0, level: 0 };
        for line in &lines {
            let mut rest = line.text.as_str();
            if token::next(&mut rest).is_some_and(|name| name.eq_ignore_ascii_case(service)) {
                self.line(&context, line.number, rest, into)?;
            }
        }
        self.end(path, is_cut)
    }

    fn read(
        &mut self,
        found: Found,
        only: Option<Kind>,
        (depth, level): (usize, usize),
        into: &mut [Stack; 4],
    ) -> Result<(), Refused> {
        let (path, content) = match found {
            Found::File(path, content) => (path, content),
            Found::Directory(path) => return self.whole(path, Trouble::Directory, Ok(())),
            Found::NotAFile(path) => return self.whole(path, Trouble::NotAFile, Err(Refused)),
            Found::TooLarge(path) => return self.whole(path, Trouble::TooLarge, Err(Refused)),
        };
        self.bytes += BLOCK.max(u64::try_from(content.len()).unwrap_or(u64::MAX));
        let (lines, is_cut) = written(&content, self.reader);
        let context = Context { file: &path, only, depth, level };
        for Written { text, number } in &lines {
            self.line(&context, *number, text, into)?;
        }
        self.end(&path, is_cut)
    }

    fn whole(&mut self, file: PathBuf, trouble: Trouble, then: Result<(), Refused>) -> Result<(), Refused> {
        self.remarks.push(Remark { place: Place { file, line: 0 }, trouble });
        then
    }

    fn end(&mut self, path: &Path, is_cut: bool) -> Result<(), Refused> {
        if is_cut { self.whole(path.to_owned(), Trouble::Unfinished, Err(Refused)) } else { Ok(()) }
    }

    fn line(
        &mut self,
        context: &Context<'_>,
        number: usize,
        mut rest: &str,
        into: &mut [Stack; 4],
    ) -> Result<(), Refused> {
        let place = Place { file: context.file.to_owned(), line: number };
        let first = token::next(&mut rest).unwrap_or_default();
        let (word, is_silent) = first.strip_prefix('-').map_or((first.as_str(), false), |word| (word, true));
        let is_at_include = word.eq_ignore_ascii_case("@include");
        if is_at_include && self.root.knows_at_include() {
            return self.at_include(context, place, token::next(&mut rest), into);
        }
        let known = Kind::named(word);
        // libpam's choice for a word that it does not know: the most sensitive stack.
        let kind = known.or(context.only).unwrap_or(Kind::Auth);
        if context.only.is_some_and(|only| only != kind) {
            return Ok(());
        }
        if known.is_none() {
            let unknown = Trouble::UnknownKind(word.to_owned());
            self.remark(&place, if is_at_include { Trouble::NoAtInclude } else { unknown });
        }
        let written = token::next(&mut rest);
        let next = token::next(&mut rest);
        let (control, module) = match written.as_deref().map(str::to_ascii_lowercase).as_deref() {
            Some("include") => match self.include(context, &place, kind, next, into) {
                Ok(()) => return Ok(()),
                Err(Refused) => (Control::FAILS, None),
            },
            Some("substack") => {
                let name = next.clone().unwrap_or_default();
                let begin =
                    Line { module: Module::Substack(name), ..fails(kind, place.clone(), context.level) };
                push(into, begin);
                let deeper = Context { level: context.level + 1, ..*context };
                match self.include(&deeper, &place, kind, next, into) {
                    Ok(()) => return Ok(()),
                    Err(Refused) => (Control::FAILS, None),
                }
            }
            _ => (self.control(&place, written.as_deref()), self.module(&place, known.is_some(), next)),
        };
        let is_named = module.is_some();
        let line = Line {
            control,
            written: written.unwrap_or_default(),
            module: module.map_or(Module::Fails, Module::Named),
            arguments: std::iter::from_fn(|| token::next(&mut rest)).filter(|_| is_named).collect(),
            is_silent,
            ..fails(kind, place, context.level)
        };
        push(into, line);
        Ok(())
    }

    fn control(&mut self, place: &Place, written: Option<&str>) -> Control {
        let Some(written) = written else {
            self.remark(place, Trouble::NoControl);
            return Control::FAILS;
        };
        Control::parse(written).unwrap_or_else(|wrong| {
            self.remark(place, Trouble::InvalidControl(wrong.at));
            Control::FAILS
        })
    }

    fn module(&mut self, place: &Place, is_known_kind: bool, module: Option<String>) -> Option<String> {
        if module.is_none() {
            self.remark(place, Trouble::NoModule);
        }
        module.filter(|_| is_known_kind)
    }

    /// Debian's `@include`: the file's lines of every kind.
    fn at_include(
        &mut self,
        context: &Context<'_>,
        place: Place,
        name: Option<String>,
        into: &mut [Stack; 4],
    ) -> Result<(), Refused> {
        let Some(name) = name else {
            self.remark(&place, Trouble::NoIncludedName);
            return Err(Refused);
        };
        let found = self.deeper(context, &place, &name).ok_or(Refused).inspect_err(|_| {
            self.remarks
                .push(Remark { place: place.clone(), trouble: Trouble::NotIncludedAtAll(name.clone()) });
        })?;
        self.read(found, context.only, (context.depth + 1, context.level), into)
    }

    /// The file's lines of this one kind.
    fn include(
        &mut self,
        context: &Context<'_>,
        place: &Place,
        kind: Kind,
        name: Option<String>,
        into: &mut [Stack; 4],
    ) -> Result<(), Refused> {
        let Some(name) = name else {
            self.remark(place, Trouble::NoIncludedName);
            return Err(Refused);
        };
        let Some(found) = self.deeper(context, place, &name) else {
            self.remark(place, Trouble::NotIncluded(name));
            return Err(Refused);
        };
        self.read(found, Some(kind), (context.depth + 1, context.level), into)
    }

    fn deeper(&mut self, context: &Context<'_>, place: &Place, name: &str) -> Option<Found> {
        self.includes.insert(name.to_owned());
        if context.depth + 1 >= MAX_DEPTH {
            self.remark(place, Trouble::TooDeep(name.to_owned()));
            return None;
        }
        if self.is_endless() { None } else { self.root.included_file(name) }
    }

    fn remark(&mut self, place: &Place, trouble: Trouble) {
        self.remarks.push(Remark { place: place.clone(), trouble });
    }
}

fn fails(kind: Kind, place: Place, level: usize) -> Line {
    Line {
        kind,
        control: Control::FAILS,
        written: String::new(),
        module: Module::Fails,
        arguments: Vec::new(),
        place,
        level,
        is_silent: false,
    }
}

fn push(stacks: &mut [Stack; 4], line: Line) {
    if let Some(stack) = stacks.get_mut(line.kind.place()) {
        stack.push(line);
    }
}
