//! What is wrong with a command line.

use super::Text;
use super::system::foreign;
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use wardkey_core::invalid_value::InvalidValue;
use wardkey_core::policy::config::Language;

impl Text {
    /// The sentence, and after it a list or a tip in lines of their own. English has clap's own words.
    pub(crate) fn usage_error(&self, error: &Error) -> String {
        match (self.language, error.kind()) {
            (_, ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand) => {
                self.no_command()
            }
            (Language::English, _) => in_english(error),
            (Language::French, _) => format!("{}{}", in_french(self, error), tip(error)),
        }
    }
}

/// Without the lead and without the usage.
fn in_english(error: &Error) -> String {
    let whole = error.render().to_string();
    let said = whole.lines().map(str::trim_end).take_while(|line| !line.starts_with("Usage:"));
    let words: Vec<&str> = said.filter(|line| !line.is_empty() && !line.starts_with("For more")).collect();
    words.join("\n").trim_start_matches("error: ").to_owned()
}

fn in_french(text: &Text, error: &Error) -> String {
    let argument = word(error, ContextKind::InvalidArg);
    let value = word(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::UnknownArgument => format!("argument inattendu : « {argument} »"),
        ErrorKind::InvalidSubcommand => {
            format!("commande inconnue : « {} »", word(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => {
            format!("il manque :{}", lines(&words(error, ContextKind::InvalidArg)))
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            format!("il manque la valeur de « {argument} »{}", possible(error))
        }
        ErrorKind::InvalidValue => format!("« {value} » ne convient pas à « {argument} »{}", possible(error)),
        ErrorKind::ValueValidation => {
            format!("« {value} » ne convient pas à « {argument} » : {}", why(text, error))
        }
        ErrorKind::TooManyValues => format!("« {value} » est de trop pour « {argument} »"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("« {argument} » n'a pas le bon nombre de valeurs")
        }
        ErrorKind::NoEquals => format!("il faut un signe égal entre « {argument} » et sa valeur"),
        ErrorKind::ArgumentConflict => conflict(error, &argument),
        ErrorKind::InvalidUtf8 => "un argument n'est pas en UTF-8".to_owned(),
        _ => foreign(&in_english(error)),
    }
}

fn conflict(error: &Error, argument: &str) -> String {
    let others = words(error, ContextKind::PriorArg);
    if others.is_empty() || others.iter().any(|other| other == argument) {
        return format!("« {argument} » ne peut être donné qu'une fois");
    }
    format!("« {argument} » ne va pas avec :{}", lines(&others))
}

/// What the reader of one value said.
fn why(text: &Text, error: &Error) -> String {
    let Some(source) = error.source() else { return "valeur refusée".to_owned() };
    source.downcast_ref::<InvalidValue>().map_or_else(|| foreign(&source), |value| text.invalid_value(*value))
}

fn possible(error: &Error) -> String {
    let values = words(error, ContextKind::ValidValue);
    if values.is_empty() { String::new() } else { format!("\n  [valeurs : {}]", values.join(", ")) }
}

fn tip(error: &Error) -> String {
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near: Vec<String> = kinds.into_iter().flat_map(|kind| words(error, kind)).collect();
    if near.is_empty() {
        String::new()
    } else {
        format!("\n  Vouliez-vous dire « {} » ?", near.join(" », « "))
    }
}

fn lines(words: &[String]) -> String {
    words.iter().map(|word| format!("\n  {word}")).collect()
}

fn word(error: &Error, kind: ContextKind) -> String {
    words(error, kind).join(", ")
}

fn words(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => Vec::new(),
    }
}
