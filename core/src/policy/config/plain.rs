//! A reader for configurations as people write them, since a login in a fresh process reads one first: TOML's own reader
//! is ten times the code. It says only yes, and then what `toml` says; at anything else, a mistake first of all, it gives up,
//! and `toml` reads the file. What it takes: sections, bare keys, texts in quotes without escapes, whole numbers, flags, days and
//! lists of texts, a line for each. What keys there are and what they take stands in the types that either reader fills.

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use std::iter::once;

/// More keys or sections side by side than anybody writes.
const MOST: usize = 100;

/// What a text means, or `None`: ask `toml`.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Option<T> {
    means(sections(text)?)
}

/// What sections mean together.
pub(super) fn means<T: DeserializeOwned>(sections: Section<'_>) -> Option<T> {
    T::deserialize(Value::Section(sections)).ok()
}

/// The sections of a text.
pub(super) fn sections(text: &str) -> Option<Section<'_>> {
    let is_control = |b: u8| (b < b' ' && b != b'\n' && b != b'\t') || b == 0x7f;
    // Every byte is looked at, wherever the first is: that is done many at a time.
    if text.bytes().fold(false, |found, b| found | is_control(b)) {
        return None;
    }
    let mut rest = text;
    let mut top = section(&mut rest)?;
    while !rest.is_empty() {
        let header = header(line(&mut rest))?;
        header.put(&mut top, section(&mut rest)?)?;
    }
    Some(top)
}

pub(super) type Section<'a> = Vec<(&'a str, Value<'a>)>;

#[derive(Clone)]
pub(super) enum Value<'a> {
    Text(&'a str),
    Number(i64),
    Flag(bool),
    Day(&'a str),
    /// Of texts, or of sections.
    List(Vec<Value<'a>>),
    Section(Section<'a>),
}

enum Header<'a> {
    One(&'a str),            // [name]
    Inner(&'a str, &'a str), // [outer.name]
    Next(&'a str),           // [[name]]
}

impl<'a> Header<'a> {
    fn put(self, top: &mut Section<'a>, section: Section<'a>) -> Option<()> {
        let section = Value::Section(section);
        match self {
            Self::One(name) => add(top, name, section),
            Self::Inner(outer, name) => match find(top, outer) {
                None => add(top, outer, Value::Section(vec![(name, section)])),
                Some(Value::Section(outer)) => add(outer, name, section),
                Some(_) => None,
            },
            Self::Next(name) => match find(top, name) {
                None => add(top, name, Value::List(vec![section])),
                Some(Value::List(list)) if matches!(list.last(), Some(Value::Section(_))) => {
                    list.push(section);
                    Some(())
                }
                Some(_) => None,
            },
        }
    }
}

pub(super) fn find<'s, 'a>(section: &'s mut Section<'a>, name: &str) -> Option<&'s mut Value<'a>> {
    section.iter_mut().find(|(other, _)| *other == name).map(|(_, value)| value)
}

/// Nothing stands there twice.
pub(super) fn add<'a>(section: &mut Section<'a>, name: &'a str, value: Value<'a>) -> Option<()> {
    let is_new = section.len() < MOST && find(section, name).is_none();
    is_new.then(|| section.push((name, value)))
}

/// Takes lines of keys and values, up to a header or the end.
fn section<'a>(rest: &mut &'a str) -> Option<Section<'a>> {
    let mut section = Section::new();
    while !rest.is_empty() {
        let mut after = *rest;
        let line = line(&mut after);
        if line.starts_with('[') {
            break;
        }
        if !is_end(line) {
            let (key, value) = while_all(line, is_of_key);
            let (value, end) = self::value(blank(blank(value).strip_prefix('=')?))?;
            is_end(end).then(|| add(&mut section, bare(key)?, value))??;
        }
        *rest = after;
    }
    Some(section)
}

fn header(line: &str) -> Option<Header<'_>> {
    let (inside, end) = line.strip_prefix('[')?.split_once(']')?;
    let (header, end) = match (inside.strip_prefix('['), inside.split_once('.')) {
        (Some(next), _) => (Header::Next(bare(next)?), end.strip_prefix(']')?),
        (None, Some((outer, name))) => (Header::Inner(bare(outer)?, bare(name)?), end),
        (None, None) => (Header::One(bare(inside)?), end),
    };
    is_end(end).then_some(header)
}

fn value(text: &str) -> Option<(Value<'_>, &str)> {
    match text.bytes().next()? {
        b'"' => string(text).map(|(text, end)| (Value::Text(text), end)),
        b'[' => list(text),
        b'0'..=b'9' => day(text).or_else(|| number(text)),
        b't' => Some((Value::Flag(true), text.strip_prefix("true")?)),
        _ => Some((Value::Flag(false), text.strip_prefix("false")?)),
    }
}

fn string(text: &str) -> Option<(&str, &str)> {
    let (text, end) = while_all(text.strip_prefix('"')?, |b| b != b'"' && b != b'\\');
    Some((text, end.strip_prefix('"')?))
}

fn list(text: &str) -> Option<(Value<'_>, &str)> {
    let mut rest = blank(text.strip_prefix('[')?);
    let mut list = Vec::new();
    while !rest.starts_with(']') {
        let (item, end) = string(rest)?;
        list.push(Value::Text(item));
        rest = blank(end);
        match rest.strip_prefix(',') {
            Some(end) => rest = blank(end),
            None if rest.starts_with(']') => {}
            None => return None,
        }
    }
    Some((Value::List(list), rest.strip_prefix(']')?))
}

/// `2027-03-31`; which days there are, the reader of the value knows.
fn day(text: &str) -> Option<(Value<'_>, &str)> {
    let (day, end) = text.split_at_checked(10)?;
    let is_like =
        |(place, b): (usize, u8)| if matches!(place, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
    day.bytes().enumerate().all(is_like).then_some((Value::Day(day), end))
}

fn number(text: &str) -> Option<(Value<'_>, &str)> {
    let (digits, end) = while_all(text, |b| b.is_ascii_digit());
    let is_whole = digits == "0" || !digits.starts_with('0');
    Some((Value::Number(digits.parse().ok().filter(|_| is_whole)?), end))
}

/// A key without quotes.
fn bare(key: &str) -> Option<&str> {
    (key.bytes().all(is_of_key) && !key.is_empty()).then_some(key)
}

fn is_of_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'-'
}

/// Takes a line, without its end, which is looked for in many bytes at a time.
fn line<'a>(rest: &mut &'a str) -> &'a str {
    let has_end = |bytes: &[u8; 32]| bytes.iter().fold(false, |found, b| found | (*b == b'\n'));
    let whole = 32 * rest.as_bytes().as_chunks().0.iter().take_while(|bytes| !has_end(bytes)).count();
    let end = rest.bytes().skip(whole).position(|b| b == b'\n').map_or(rest.len(), |end| whole + end);
    let (line, end) = rest.split_at_checked(end).unwrap_or((rest, ""));
    *rest = end.strip_prefix('\n').unwrap_or(end);
    blank(line)
}

fn blank(text: &str) -> &str {
    while_all(text, |b| b == b' ' || b == b'\t').1
}

fn is_end(text: &str) -> bool {
    matches!(blank(text).bytes().next(), None | Some(b'#'))
}

/// Up to the first byte that is none of those; it is one of ASCII, or all before it are.
fn while_all(text: &str, is_one: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|b| !is_one(b)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or(("", text))
}

impl<'de> IntoDeserializer<'de, Error> for Value<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Value<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Number(number) => visitor.visit_i64(number),
            Self::Flag(flag) => visitor.visit_bool(flag),
            Self::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Self::Section(section) => visitor.visit_map(MapDeserializer::new(section.into_iter())),
            Self::Day(_) => Err(Error::custom("left to toml")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    /// A day is read as `toml` hands one out: a struct of one field, which holds its text.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match (self, fields) {
            (section @ Self::Section(_), _) => section.deserialize_any(visitor),
            (Self::Day(day), [field]) => visitor.visit_map(MapDeserializer::new(once((*field, day)))),
            _ => Err(Error::custom("left to toml")),
        }
    }

    /// A word.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Text(word) => visitor.visit_enum(word.into_deserializer()),
            _ => Err(Error::custom("left to toml")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
