//! What is wrong with a command line.

use super::system::foreign;
use super::{Text, messages};
use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::error::Error as _;
use wardkey_core::invalid_value::InvalidValue;
use wardkey_core::policy::config::Language;

impl Text {
    /// The sentence, and after it a list or a question in lines of their own.
    pub(crate) fn usage_error(&self, error: &Error) -> String {
        match error.kind() {
            ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                self.no_command()
            }
            _ => format!("{}{}", self.misuse(error), self.near_words(error)),
        }
    }

    fn misuse(&self, error: &Error) -> String {
        let argument = word(error, ContextKind::InvalidArg);
        let value = word(error, ContextKind::InvalidValue);
        match error.kind() {
            ErrorKind::UnknownArgument if argument.starts_with('-') => self.unknown_option(&argument),
            ErrorKind::UnknownArgument => self.unexpected_argument(&argument),
            ErrorKind::InvalidSubcommand => {
                self.unknown_command(&word(error, ContextKind::InvalidSubcommand))
            }
            ErrorKind::MissingRequiredArgument => {
                self.missing_arguments(&lines(&words(error, ContextKind::InvalidArg)))
            }
            ErrorKind::InvalidValue if value.is_empty() => {
                self.missing_value(&argument, &self.possible(error))
            }
            ErrorKind::InvalidValue => self.unknown_value(&value, &argument, &self.possible(error)),
            ErrorKind::ValueValidation => self.wrong_value(&value, &argument, &self.why(error)),
            ErrorKind::TooManyValues => self.one_value_too_many(&value, &argument),
            ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => self.wrong_count_of_values(&argument),
            ErrorKind::NoEquals => self.equals_sign_missing(&argument),
            ErrorKind::ArgumentConflict => self.conflict(error, &argument),
            ErrorKind::InvalidUtf8 => self.argument_not_utf8(),
            _ => self.claps_own(error),
        }
    }

    fn conflict(&self, error: &Error, argument: &str) -> String {
        let others = words(error, ContextKind::PriorArg);
        if others.is_empty() || others.iter().any(|other| other == argument) {
            return self.only_once(argument);
        }
        self.not_together(argument, &lines(&others))
    }

    /// What the reader of one value said.
    fn why(&self, error: &Error) -> String {
        let Some(source) = error.source() else { return self.value_refused() };
        let value = source.downcast_ref::<InvalidValue>();
        value.map_or_else(|| self.others_words(&source), |value| self.invalid_value(*value))
    }

    fn possible(&self, error: &Error) -> String {
        let values = words(error, ContextKind::ValidValue);
        if values.is_empty() { String::new() } else { self.possible_values(&values.join(", ")) }
    }

    fn near_words(&self, error: &Error) -> String {
        let kinds =
            [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
        let near: Vec<String> = kinds.into_iter().flat_map(|kind| words(error, kind)).collect();
        match near.split_first() {
            None => String::new(),
            Some((first, rest)) => {
                let first = self.quoted(first);
                self.meant(&rest.iter().fold(first, |all, word| self.or(&all, &self.quoted(word))))
            }
        }
    }

    /// Of an error that is rare enough to have no words here. Without the lead and without the usage.
    fn claps_own(&self, error: &Error) -> String {
        let whole = error.render().to_string();
        let said = whole.lines().map(str::trim_end).take_while(|line| !line.starts_with("Usage:"));
        let said: Vec<&str> = said.filter(|line| !line.is_empty() && !line.starts_with("For more")).collect();
        self.others_words(&said.join("\n").trim_start_matches("error: "))
    }

    fn others_words(&self, words: &dyn std::fmt::Display) -> String {
        match self.language {
            Language::English => words.to_string(),
            Language::French => foreign(words),
        }
    }
}

messages! {
    unknown_option(word: &str): "unknown option '{word}'" | "option inconnue : « {word} »";
    unexpected_argument(word: &str): "unexpected argument '{word}'" | "argument inattendu : « {word} »";
    unknown_command(word: &str): "unknown command '{word}'" | "commande inconnue : « {word} »";
    missing_arguments(lines: &str): "missing:{lines}" | "il manque :{lines}";
    missing_value(argument: &str, possible: &str): "'{argument}' needs a value{possible}" | "il manque la valeur de « {argument} »{possible}";
    unknown_value(value: &str, argument: &str, possible: &str): "'{value}' is not a value for '{argument}'{possible}"
        | "« {value} » ne convient pas à « {argument} »{possible}";
    wrong_value(value: &str, argument: &str, why: &str): "'{value}' is not a value for '{argument}': {why}"
        | "« {value} » ne convient pas à « {argument} » : {why}";
    value_refused(): "value refused" | "valeur refusée";
    one_value_too_many(value: &str, argument: &str): "'{value}' is one value too many for '{argument}'" | "« {value} » est de trop pour « {argument} »";
    wrong_count_of_values(argument: &str): "'{argument}' has the wrong number of values" | "« {argument} » n'a pas le bon nombre de valeurs";
    equals_sign_missing(argument: &str): "'{argument}' needs an equals sign before its value" | "il faut un signe égal entre « {argument} » et sa valeur";
    only_once(argument: &str): "'{argument}' can be given only once" | "« {argument} » ne peut être donné qu'une fois";
    not_together(argument: &str, lines: &str): "'{argument}' cannot be used with:{lines}" | "« {argument} » ne va pas avec :{lines}";
    argument_not_utf8(): "an argument is not UTF-8" | "un argument n'est pas en UTF-8";
    possible_values(values: &str): "\n  [possible values: {values}]" | "\n  [valeurs : {values}]";
    meant(words: &str): "\n  Did you mean {words}?" | "\n  Vouliez-vous dire {words} ?";
    quoted(word: &str): "'{word}'" | "« {word} »";
    or(one: &str, other: &str): "{one} or {other}" | "{one} ou {other}";
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
