//! The file of `pam_google_authenticator` (its FILEFORMAT): the key, settings after a double quote, scratch codes.

use super::{BrokenLine, Found, ImportNote, NotTaken, Reading, Spent, TOLD, Wrong, lines};
use crate::credential::secret::Secret;
use crate::credential::totp::{Parameters, Period};
use zeroize::Zeroizing;

/// Steps it accepts at most.
const WINDOW_MAX: u64 = 100;

/// Seconds a code lasts there at most.
const PERIOD_MAX: u64 = 60;

/// What its lines say after the key.
#[derive(Default)]
struct Settings {
    is_time_based: bool,
    counter: Option<usize>,
    period: Option<(usize, u64)>,
    window: Option<(usize, u64)>,
    skew: Option<i64>,
    spent: Option<Vec<u64>>,
    scratch: Option<(usize, usize)>,
    left: Vec<ImportNote>,
    /// What is left out besides.
    more: usize,
}

/// Reads the file of one person as that module does: the first setting of a name is in force, and lines that say nothing to
/// it are passed over.
///
/// # Errors
/// [`BrokenLine`], naming the line for which that module lets nobody in.
pub fn read(bytes: &[u8]) -> Result<Reading, BrokenLine> {
    if let Some((line, _)) = lines(bytes).find(|(_, text)| text.contains(&0)) {
        return Err(BrokenLine { line, what: Wrong::NotText });
    }
    let mut lines = lines(bytes);
    let first = lines.next().and_then(|(_, text)| std::str::from_utf8(text).ok());
    let key = first.and_then(key).ok_or(BrokenLine { line: 1, what: Wrong::NoKey })?;
    let mut settings = Settings::default();
    for (line, text) in lines {
        settings.take(line, text).map_err(|what| BrokenLine { line, what })?;
    }
    Ok(settings.into_reading(key))
}

/// The key as that module reads it: a mistyped 0, 1 or 8 stands for the letter it looks like, and bits that fill no byte are
/// nothing.
fn key(text: &str) -> Option<Secret> {
    let letter = |c: char| match c {
        '0' => 'O',
        '1' => 'L',
        '8' => 'B',
        other => other,
    };
    let mut spelt = Zeroizing::new(String::with_capacity(text.len() * 4));
    spelt.extend(text.trim_ascii_end().chars().map(letter));
    let read = Secret::from_base32(&spelt).ok();
    // All that a last letter can hold beyond a whole byte.
    read.or_else(|| {
        spelt.pop()?;
        Secret::from_base32(&spelt).ok()
    })
}

impl Settings {
    fn take(&mut self, line: usize, text: &[u8]) -> Result<(), Wrong> {
        if text.trim_ascii().is_empty() {
            return Ok(());
        }
        let setting = std::str::from_utf8(text).ok().and_then(|text| text.strip_prefix("\" "));
        if let Some(setting) = setting {
            let mut words = setting.split([' ', '\t', '\r']).filter(|word| !word.is_empty());
            return self.set(line, words.next().unwrap_or_default(), words);
        }
        if text.len() == 8 && text.iter().all(u8::is_ascii_digit) {
            self.scratch.get_or_insert((line, 0)).1 += 1;
        } else {
            self.leave(line, NotTaken::Remark);
        }
        Ok(())
    }

    fn leave(&mut self, line: usize, what: NotTaken) {
        if self.left.len() < TOLD {
            self.left.push(ImportNote { line, what });
        } else {
            self.more += 1;
        }
    }

    fn set<'a>(
        &mut self,
        line: usize,
        name: &str,
        mut values: impl Iterator<Item = &'a str>,
    ) -> Result<(), Wrong> {
        match name {
            "TOTP_AUTH" => self.is_time_based = true,
            "HOTP_COUNTER" => self.counter = Some(line),
            "STEP_SIZE" if self.period.is_none() => {
                self.period = Some((line, number(values.next(), 1..=PERIOD_MAX)?));
            }
            "WINDOW_SIZE" if self.window.is_none() => {
                self.window = Some((line, number(values.next(), 1..=WINDOW_MAX)?));
            }
            "TIME_SKEW" if self.skew.is_none() => {
                let skew = values.next().and_then(|text| text.parse::<i32>().ok());
                self.skew = skew.map(i64::from);
                if skew.is_none() {
                    self.leave(line, NotTaken::Setting(name.to_owned()));
                }
            }
            "DISALLOW_REUSE" => {
                let steps = values.map(|step| number(Some(step), 0..=u64::from(u32::MAX)));
                self.spent.get_or_insert_default().extend(steps.collect::<Result<Vec<_>, _>>()?);
            }
            "RATE_LIMIT" => self.leave(line, NotTaken::RateLimit),
            other if is_name(other) => self.leave(line, NotTaken::Setting(other.to_owned())),
            _ => self.leave(line, NotTaken::Remark),
        }
        Ok(())
    }

    fn into_reading(mut self, key: Secret) -> Reading {
        if let Some((line, count)) = self.scratch {
            self.left.push(ImportNote { line, what: NotTaken::ScratchCodes(count) });
        }
        let refused = self.refused();
        let period = self.period.map_or(Ok(Period::default()), |(_, seconds)| period(seconds));
        let (Ok(period), None) = (period, &refused) else {
            return Reading {
                found: Vec::new(),
                left: refused.into_iter().map(|note| (None, note)).collect(),
                more: 0,
            };
        };
        let spent = match self.spent {
            None => Spent::Unknown,
            Some(steps) => steps.into_iter().max().map_or(Spent::Nothing, Spent::Step),
        };
        let parameters = Parameters { period, ..Parameters::default() };
        let Self { window, left, more, .. } = self;
        let skew = self.skew.unwrap_or(0);
        let found = Found { line: 1, user: None, parameters, key, skew, window, spent, left };
        Reading { found: vec![found], left: Vec::new(), more }
    }

    /// Why the authenticator cannot be held at all.
    fn refused(&self) -> Option<ImportNote> {
        if let Some(line) = self.counter {
            return Some(ImportNote { line, what: NotTaken::CounterBased });
        }
        if !self.is_time_based {
            return Some(ImportNote { line: 1, what: NotTaken::NoMode });
        }
        let (line, seconds) = self.period?;
        period(seconds).err().map(|what| ImportNote { line, what })
    }
}

fn period(seconds: u64) -> Result<Period, NotTaken> {
    u32::try_from(seconds).ok().and_then(|s| Period::try_from(s).ok()).ok_or(NotTaken::Period(seconds))
}

fn number(text: Option<&str>, range: std::ops::RangeInclusive<u64>) -> Result<u64, Wrong> {
    let number = text.and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
    number.ok_or(Wrong::Number)
}

/// A name as its settings have them: nothing else is repeated to the reader.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.len() <= 40
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

#[cfg(test)]
#[path = "google_authenticator_tests.rs"]
mod tests;
