//! The French of the help. Its English is the documentation of the arguments themselves; what stands here is laid over
//! it, by command and argument. A test walks all commands, so that nothing can be forgotten.

mod changing;
mod devices;
mod enrolling;
mod fleet;
mod importing;
mod looking;
mod seats;
mod site;

use clap::builder::{PossibleValue, Str, StyledStr};
use clap::{Arg, Command};

/// One command in French.
pub(super) struct Entry {
    /// The command as it is typed; empty: the program itself.
    pub(super) command: &'static str,
    /// What it does, in a line.
    pub(super) about: &'static str,
    /// What else there is to say; empty: nothing.
    pub(super) more: &'static str,
    /// Its arguments by their name in the program; `name=value` says what one of its values means.
    pub(super) arguments: &'static [(&'static str, &'static str)],
}

/// The catalogue, one part a group of commands.
const CATALOGUE: [&[Entry]; 8] = [
    site::ENTRIES,
    seats::ENTRIES,
    enrolling::ENTRIES,
    devices::ENTRIES,
    looking::ENTRIES,
    changing::ENTRIES,
    importing::ENTRIES,
    fleet::ENTRIES,
];

/// Words that stand for a value.
const VALUE_NAMES: [(&str, &str); 19] = [
    ("A", "A"),
    ("N", "N"),
    ("ADDR", "ADRESSE"),
    ("COMMAND", "COMMANDE"),
    ("DURATION", "DURÉE"),
    ("FILE", "FICHIER"),
    ("GROUP", "GROUPE"),
    ("LABEL", "NOM"),
    ("NAME", "NOM"),
    ("NEW", "NOUVEAU"),
    ("OLD", "ANCIEN"),
    ("PATH", "CHEMIN"),
    ("SEAT", "POSTE"),
    ("SERVICE", "SERVICE"),
    ("SHELL", "SHELL"),
    ("STATE", "ÉTAT"),
    ("TEXT", "TEXTE"),
    ("USER", "UTILISATEUR"),
    ("WHEN", "QUAND"),
];

/// Clap's own words, which no setting reaches. No French text has one of these with its colon.
const CLAPS_OWN: [(&str, &str); 3] =
    [("Usage:", "Utilisation :"), ("Arguments:", "Arguments :"), ("Options:", "Options :")];

/// Headings end in a blank: clap adds the colon.
const COMMANDS: &str = "Commandes ";
const EVERYWHERE: &str = "Avant ou après toute commande ";

/// After the help of the program.
const STATUSES: &str = "Code de retour : 0 fait, 1 refusé, 2 mauvaise utilisation, 3 panne.";

/// Commands and arguments that clap adds.
const HELP_COMMAND: &str = "Affiche l'aide d'une commande";
const HELP: &str = "Affiche l'aide";
const HELP_SHORT: &str = "Affiche l'aide (plus complète avec --help)";
const HELP_LONG: &str = "Affiche l'aide (un résumé avec -h)";
const VERSION: &str = "Affiche la version";

/// The same command line, explained in French.
pub(crate) fn in_french(mut command: Command) -> Command {
    // Only now are there the arguments that clap adds, and options have reached every command.
    command.build();
    translate(command, "")
}

/// What clap rendered, with its own words in French.
pub(crate) fn rendered(text: &StyledStr) -> String {
    let rendered = text.ansi().to_string();
    CLAPS_OWN.iter().fold(rendered, |text, (english, french)| text.replace(english, french))
}

/// `path` is the command as it is typed.
fn translate(command: Command, path: &str) -> Command {
    let has_more = command.get_long_about().is_some();
    let has_commands = command.has_subcommands();
    let mut command = command.mut_args(|arg| argument(arg, path)).mut_subcommands(|sub| {
        let path = format!("{path} {}", sub.get_name());
        translate(sub, path.trim())
    });
    if path.is_empty() {
        command = command.after_help(STATUSES);
    }
    if has_commands {
        command = command.subcommand_help_heading(COMMANDS).subcommand_value_name("COMMANDE");
    }
    let Some(entry) = entry(path) else {
        return if is_help(path) { command.about(HELP_COMMAND) } else { command };
    };
    command = command.about(entry.about);
    if has_more { command.long_about(format!("{}\n\n{}", entry.about, entry.more)) } else { command }
}

fn argument(arg: Arg, path: &str) -> Arg {
    let french = text_of(path, arg.get_id().as_str()).or_else(|| text_of("", arg.get_id().as_str()));
    let Some(help) = french else { return claps_own(arg) };
    let notes = [default(&arg), values(&arg)];
    let notes: Vec<String> = notes.into_iter().flatten().collect();
    let short = [vec![help.to_owned()], notes].concat().join(" ");
    let meanings = meanings(&arg, path);
    let arg = arg.hide_default_value(true).hide_possible_values(true).help(short.clone());
    let arg = if meanings.is_empty() { arg } else { arg.long_help(format!("{help}\n\n{meanings}")) };
    let arg = if arg.get_help_heading().is_some() { arg.help_heading(EVERYWHERE) } else { arg };
    if !arg.get_action().takes_values() {
        return arg;
    }
    let names: Vec<Str> = arg.get_value_names().unwrap_or_default().iter().map(value_name).collect();
    arg.value_names(names)
}

/// An argument that clap adds.
fn claps_own(arg: Arg) -> Arg {
    match arg.get_id().as_str() {
        "help" if arg.get_long_help().is_some() => arg.help(HELP_SHORT).long_help(HELP_LONG),
        "help" => arg.help(HELP),
        "version" => arg.help(VERSION),
        _ => arg,
    }
}

fn default(arg: &Arg) -> Option<String> {
    let quoted = |value: &str| if value.contains(' ') { format!("{value:?}") } else { value.to_owned() };
    let values = arg.get_default_values().iter();
    let defaults: Vec<String> = values.map(|value| quoted(&value.to_string_lossy())).collect();
    let is_shown = arg.get_action().takes_values() && !defaults.is_empty();
    is_shown.then(|| format!("[par défaut\u{a0}: {}]", defaults.join(" ")))
}

fn values(arg: &Arg) -> Option<String> {
    let values = arg.get_possible_values();
    let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
    let is_shown = arg.get_action().takes_values() && !names.is_empty();
    is_shown.then(|| format!("[valeurs\u{a0}: {}]", names.join(", ")))
}

/// The values with their meanings, one a line; empty where they have none.
fn meanings(arg: &Arg, path: &str) -> String {
    let line = |name: &str| {
        let meaning = text_of(path, &format!("{}={name}", arg.get_id()))?;
        Some(format!("\n- {name} : {meaning}"))
    };
    let lines: String = arg.get_possible_values().iter().filter_map(|value| line(value.get_name())).collect();
    if lines.is_empty() { lines } else { format!("Valeurs :{lines}") }
}

fn entry(path: &str) -> Option<&'static Entry> {
    // Clap repeats all commands under its own `help`.
    let path = path.strip_prefix("help ").unwrap_or(path);
    CATALOGUE.iter().flat_map(|part| part.iter()).find(|entry| entry.command == path)
}

fn is_help(path: &str) -> bool {
    path.split(' ').any(|word| word == "help")
}

fn text_of(path: &str, name: &str) -> Option<&'static str> {
    entry(path)?.arguments.iter().find(|(id, _)| *id == name).map(|(_, text)| *text)
}

fn value_name(english: &Str) -> Str {
    let known = VALUE_NAMES.iter().find(|(name, _)| english == name);
    known.map_or_else(|| english.clone(), |(_, french)| Str::from(*french))
}

#[cfg(test)]
#[path = "help_tests.rs"]
mod tests;
