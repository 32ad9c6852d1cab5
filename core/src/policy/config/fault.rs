//! What the reader of TOML found wrong, taken out of its words: a message names the key, and what may have been meant.

use super::keys::{self, KeyHome};
use crate::printable::escaped;
use std::fmt;

/// What is wrong in a file, apart from the values that have rules of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A key, or a section, that is not known where it stands.
    UnknownKey {
        /// It.
        key: String,
        /// What was meant, or where it belongs.
        advice: Advice,
    },
    /// A word that the key does not take.
    UnknownWord {
        /// It.
        word: String,
        /// The one that it resembles.
        near: Option<String>,
        /// Those there are.
        known: Vec<String>,
    },
    /// A key that this section must have.
    MissingKey(String),
    /// A key or a section stands there for the second time.
    Twice,
    /// A value of another type.
    Type(Type, GivenValue),
    /// A text without quotes.
    NoQuotes,
    /// A line with neither a section nor `key = value`.
    NoValue,
    /// Anything else, in the reader's own words.
    Syntax(String),
}

/// What is said of an unknown key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// It belongs to these places.
    Belongs(Vec<KeyHome>),
    /// It resembles this one, which is known here.
    Near(String),
    /// These are known here.
    Known(Vec<String>),
}

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A text.
    Text,
    /// One word of several.
    Word,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number,
    /// A list.
    List,
    /// A section.
    Section,
    /// A day.
    Day,
}

/// What stands there instead; values as they stand, characters that reach no terminal apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenValue {
    /// A text, in its quotes.
    Text(String),
    /// A number.
    Number(String),
    /// `true` or `false`.
    Flag(String),
    /// A list.
    List,
    /// A section.
    Section,
    /// A day or a time.
    Day,
}

/// The line that is complained of, and the section that it stands in.
pub(super) struct Place<'a> {
    pub(super) line: &'a str,
    pub(super) section: &'a str,
}

impl Fault {
    /// Out of what serde or the reader said.
    pub(super) fn of(words: &str, place: &Place<'_>) -> Self {
        of_keys(words, place)
            .or_else(|| of_types(words))
            .or_else(|| of_line(place.line))
            .unwrap_or_else(|| Self::Syntax(escaped(words)))
    }
}

/// An unknown key, a missing one, a word that is none of those expected: what is named stands in backticks.
fn of_keys(words: &str, place: &Place<'_>) -> Option<Fault> {
    if words.starts_with("duplicate ") {
        return Some(Fault::Twice);
    }
    let mut named = words.split('`').skip(1).step_by(2).map(str::to_owned);
    let first = named.next()?;
    let known: Vec<String> = named.collect();
    if words.starts_with("unknown field ") {
        let advice = advice(&first, place.section, known);
        Some(Fault::UnknownKey { key: escaped(&first), advice })
    } else if words.starts_with("unknown variant ") {
        let near = keys::nearest(&first, known.iter().map(String::as_str)).map(str::to_owned);
        Some(Fault::UnknownWord { word: escaped(&first), near, known })
    } else if words.starts_with("missing field ") {
        Some(Fault::MissingKey(first))
    } else {
        None
    }
}

fn advice(key: &str, section: &str, known: Vec<String>) -> Advice {
    let homes = keys::homes(key, section);
    if !homes.is_empty() {
        return Advice::Belongs(homes);
    }
    match keys::nearest(key, known.iter().map(String::as_str)) {
        Some(near) => Advice::Near(near.to_owned()),
        None => Advice::Known(known),
    }
}

/// A value of the wrong type: `invalid type: string "6", expected u32`.
fn of_types(words: &str) -> Option<Fault> {
    let told = words.strip_prefix("invalid type: ").or_else(|| words.strip_prefix("invalid value: "))?;
    let (found, expected) = told.rsplit_once(", expected ")?;
    let expected = match expected {
        "a string" | "string or table" => Type::Text,
        "a word in quotes" => Type::Word,
        "a boolean" => Type::Flag,
        "u8" | "u16" | "u32" | "u64" | "i64" => Type::Number,
        "a sequence" => Type::List,
        "a map" => Type::Section,
        "a TOML datetime" => Type::Day,
        other if other.starts_with("struct ") => Type::Section,
        other if other.starts_with("enum ") => Type::Word,
        _ => return None,
    };
    Some(Fault::Type(expected, found_type(found)?))
}

fn found_type(found: &str) -> Option<GivenValue> {
    let (kind, value) = found.split_once(' ').unwrap_or((found, ""));
    let value = escaped(value).replace('`', "");
    Some(match kind {
        "string" => GivenValue::Text(value),
        "integer" => GivenValue::Number(value),
        "floating" => GivenValue::Number(value.trim_start_matches("point ").to_owned()),
        "boolean" => GivenValue::Flag(value),
        "sequence" => GivenValue::List,
        "map" => GivenValue::Section,
        "datetime" => GivenValue::Day,
        _ => return None,
    })
}

/// What the line itself tells, where the reader's words tell little.
fn of_line(line: &str) -> Option<Fault> {
    let line = line.trim();
    let is_bare = |word: &str| word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let Some((key, value)) = line.split_once('=') else {
        let is_word = line.starts_with(|c: char| c.is_ascii_alphabetic());
        return is_word.then_some(Fault::NoValue);
    };
    let (key, value) = (key.trim(), value.split('#').next().unwrap_or_default().trim());
    let is_key = !key.is_empty() && is_bare(key);
    let is_text = value.starts_with(|c: char| c.is_alphabetic() || "/@.".contains(c));
    (is_key && is_text && !["true", "false"].contains(&value)).then_some(Fault::NoQuotes)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey { key, advice } => write!(f, "unknown key `{key}`: {advice}"),
            Self::UnknownWord { word, near: Some(near), .. } => {
                write!(f, "unknown word `{word}`: did you mean `{near}`?")
            }
            Self::UnknownWord { word, known, .. } => {
                write!(f, "unknown word `{word}`: must be {}", either(known))
            }
            Self::MissingKey(key) => write!(f, "the key `{key}` is missing"),
            Self::Twice => f.write_str("this is in the file twice"),
            Self::Type(expected, found) => write!(f, "must be {expected}, not {found}"),
            Self::NoQuotes => f.write_str("a text must be in quotes, as in key = \"text\""),
            Self::NoValue => f.write_str("a line must be a [section] or key = value"),
            Self::Syntax(words) => write!(f, "not readable as TOML ({})", words.replace('\n', "; ")),
        }
    }
}

/// `a`, `b` or `c`.
fn either(words: &[String]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Belongs(homes) if homes[..] == [KeyHome::Top] => {
                f.write_str("it belongs at the top of the file, above the first [section]")
            }
            Self::Belongs(homes) => {
                let homes: Vec<String> = homes.iter().map(KeyHome::to_string).collect();
                write!(f, "it belongs under {}", homes.join(" or "))
            }
            Self::Near(near) => write!(f, "did you mean `{near}`?"),
            Self::Known(known) => write!(f, "known here: {}", known.join(", ")),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "a text in quotes",
            Self::Word => "a word in quotes",
            Self::Flag => "true or false",
            Self::Number => "a whole number",
            Self::List => "a list in square brackets",
            Self::Section => "a section",
            Self::Day => "a day such as 2027-03-31, without quotes",
        })
    }
}

impl fmt::Display for GivenValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "the text {text}"),
            Self::Number(number) => write!(f, "the number {number}"),
            Self::Flag(flag) => f.write_str(flag),
            Self::List => f.write_str("a list"),
            Self::Section => f.write_str("a section"),
            Self::Day => f.write_str("a date"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::config::Config;
    use std::path::Path;

    fn said(text: &str) -> String {
        Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap_err().to_string()
    }

    #[test]
    fn a_key_in_the_wrong_place_is_told_its_own() {
        for (text, expected) in [
            ("[log]\nsupport = \"x\"", "line 2, key `support`: unknown key `support`: it belongs at the top"),
            ("digits = 6", "unknown key `digits`: it belongs under [totp]"),
            ("[policy]\nunlock_grace = \"1h\"", "it belongs under [service.NAME]"),
            ("path = \"/x\"", "it belongs under [store] or [run]"),
            ("[policy]\nsupport = \"x\"\n[log]\n", "line 2, key `support`: unknown key `support`"),
            ("suport = \"x\"", "unknown key `suport`: did you mean `support`?"),
            ("[polcy]\n", "unknown key `polcy`: did you mean `policy`?"),
            ("[run]\ncolour = 1", "unknown key `colour`: known here: path"),
            ("language = \"de\"", "unknown word `de`: must be `en` or `fr`"),
            ("[policy]\nunenrolled = \"denny\"", "unknown word `denny`: did you mean `deny`?"),
            ("issuer = Lakeside", "line 1, key `issuer`: a text must be in quotes"),
            ("support\n", "line 1, key `support`: a line must be a [section] or key = value"),
            ("issuer = 1", "key `issuer`: must be a text in quotes, not the number 1"),
            ("[policy]\ngroups = \"staff\"", "must be a list in square brackets, not the text \"staff\""),
            ("[totp]\n[totp]\n", "line 2, key `totp`: this is in the file twice"),
        ] {
            let message = said(text);
            assert!(message.contains(expected), "{text:?} gave {message:?}, wanted {expected:?}");
        }
    }
}
