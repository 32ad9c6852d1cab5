//! `config edit`. It works on a configuration that does not load, too: that is when it is needed most.

mod draft;
mod editor;
mod target;

use self::draft::Draft;
use self::target::Target;
use super::Ended;
use super::config_check::{judge, warnings};
use super::config_files::{Refusing, refusing};
use crate::console::Console;
use crate::context::Context;
use crate::everybody::Everybody;
use crate::failure::{Failure, Kind};
use crate::input::{Echo, ask};
use crate::options::Options;
use crate::text::Text;
use serde::Serialize;
use std::path::Path;
use wardkey_core::policy::config::{Config, Layers};
use wardkey_core::store::StoreError;

/// Edit a copy of the configuration, and replace the file only if the copy checks out
///
/// The editor is the one of VISUAL or EDITOR, else sensible-editor or vi. The copy is checked as `config check` does, together
/// with the other files of the configuration.
#[derive(Debug, clap::Args)]
pub(crate) struct ConfigEdit {
    /// A file of wardkey.toml.d, with or without .toml, which need not be there yet [default: wardkey.toml itself]
    name: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    path: &'a str,
    changed: bool,
    warnings: Vec<String>,
}

impl ConfigEdit {
    /// Edits it.
    pub(crate) fn run(&self, options: &Options, console: &Console) -> Result<Ended, Failure> {
        let named = options.config.as_deref();
        let now = Layers::read(named).and_then(|layers| Ok((layers.config()?, layers)));
        let text = match &now {
            Ok((config, _)) => Text::new(config.language, config.support.as_str()),
            Err(error) => Text::new(error.language(), ""),
        };
        let text = text.with_config(named);
        // Of a configuration that does not load it is not known where its audit file is.
        let has_journal = now.is_ok();
        let (config, layers) = now.unwrap_or_else(|_| (Config::default(), Layers::none(named)));
        let context = Context::with((config, layers), named, console, text);
        context.needs_root()?;
        let target = Target::of(&context.text, named, self.name.as_deref())?;
        let failed = |failure: &Failure| {
            if has_journal {
                context.audit.failed("config edit", None, failure);
            }
        };
        match edit(&context, named, target) {
            Ok(GivenUp(Some(why))) => {
                failed(&why);
                Ok(Ended::Refused)
            }
            Ok(GivenUp(None)) => Ok(Ended::Done),
            Err(why) => {
                failed(&why);
                Err(why)
            }
        }
    }
}

/// Why the last copy was not taken, if it was not.
struct GivenUp(Option<Failure>);

fn edit(context: &Context, named: Option<&Path>, target: Target) -> Result<GivenUp, Failure> {
    let path = target.path.clone();
    let shown = path.display().to_string();
    let mut draft = Draft::open(context, target)?;
    loop {
        editor::run(context, draft.copy())?;
        let bytes = draft.read(context)?;
        if draft.is_unchanged(&bytes) {
            let answer = Answer { path: &shown, changed: false, warnings: Vec::new() };
            context.console.answer(&answer, || context.text.config_unchanged(&shown));
            return Ok(GivenUp(None));
        }
        match candidate(context, (&path, &bytes), named) {
            Ok(new) => {
                draft.replace(context, &bytes)?;
                new.audit.done_alone("config edit", &shown);
                report(&new, &shown);
                return Ok(GivenUp(None));
            }
            Err(failure) => match wants_to_go_on(context, &failure) {
                None => return Err(failure),
                Some(true) => {}
                Some(false) => {
                    context.console.say(&context.text.nothing_replaced(&shown));
                    return Ok(GivenUp(Some(failure)));
                }
            },
        }
    }
}

/// The context as it would be with these bytes in that file, if the whole is sound.
fn candidate(
    context: &Context,
    (path, bytes): (&Path, &[u8]),
    named: Option<&Path>,
) -> Result<Context, Failure> {
    let failed = |e| Failure::config_at(&e, named);
    let layers = Layers::read(named).and_then(|layers| layers.with(path, bytes)).map_err(failed)?;
    let config = layers.config().map_err(failed)?;
    let text = Text::new(config.language, config.support.as_str()).with_config(named);
    let new = Context::with((config, layers), named, &context.console, text);
    judge(&new)?;
    Ok(new)
}

/// Says what is wrong and asks what now; `None` when nobody answers.
fn wants_to_go_on(context: &Context, failure: &Failure) -> Option<bool> {
    context.warn(&failure.message);
    loop {
        let word = ask(&context.console, &context.text.edit_or_give_up(), Echo::Shown)?;
        match word.expose().trim_ascii().first().map(u8::to_ascii_lowercase) {
            Some(b'e' | b'm') => return Some(true),
            Some(b'g' | b'a' | b'q' | b'x') => return Some(false),
            _ => {}
        }
    }
}

fn report(new: &Context, shown: &str) {
    let everybody = Everybody::read(new);
    let refusing = refusing(new, &everybody).iter().map(Refusing::to_line).collect();
    let warnings = [refusing, warnings(new, &everybody)].concat();
    let answer = Answer { path: shown, changed: true, warnings };
    new.console.answer(&answer, || new.text.config_replaced(shown));
    if !new.console.is_json() {
        answer.warnings.iter().for_each(|warning| new.warn(warning));
    }
}

/// Something about the file itself.
fn cannot(context: &Context, error: &StoreError) -> Failure {
    Failure::new(Kind::Config, &context.text, |t| (t.store_error(error), t.store_remedy(error)))
}
