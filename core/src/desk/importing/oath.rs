//! The users file of `pam_oath` (liboath): one authenticator a line, in fields between blanks: type, user, PIN, key in
//! hexadecimal, and after the first login counter, last code and its time.

use super::{Found, ImportNote, NotTaken, Reading, Spent, TOLD, lines};
use crate::credential::OtpCode;
use crate::credential::secret::Secret;
use crate::credential::totp::{Digits, Parameters, Period};
use crate::system::clock::Timestamp;
use data_encoding::HEXLOWER_PERMISSIVE;

/// How the type of every token begins.
const TYPE: &str = "HOTP";

/// Reads the file of all people. A line that is not understood is left out, as that module skips it.
#[must_use]
pub fn read(bytes: &[u8]) -> Reading {
    let mut reading = Reading::default();
    for (line, text) in lines(bytes) {
        let text = text.trim_ascii();
        if text.is_empty() || text.starts_with(b"#") {
            continue;
        }
        // What is not text has the form of no line there.
        let text = std::str::from_utf8(text).ok().filter(|text| !text.contains('\0'));
        let mut fields = text.unwrap_or_default().split_ascii_whitespace();
        let kind = fields.next().unwrap_or_default();
        let user = fields.clone().next().filter(|_| kind.starts_with(TYPE)).map(str::to_owned);
        match authenticator(line, kind, fields) {
            Ok(found) => reading.found.push(found),
            Err(what) if reading.left.len() < TOLD => reading.left.push((user, ImportNote { line, what })),
            Err(_) => reading.more += 1,
        }
    }
    reading
}

fn authenticator<'a>(
    line: usize,
    kind: &str,
    mut fields: impl Iterator<Item = &'a str>,
) -> Result<Found, NotTaken> {
    let parameters = parameters(kind)?;
    let user = fields.next().ok_or(NotTaken::BadLine)?.to_owned();
    let pin = fields.next().ok_or(NotTaken::BadLine)?;
    let key = HEXLOWER_PERMISSIVE.decode(fields.next().ok_or(NotTaken::BadLine)?.as_bytes());
    let key = key.map(Secret::new).map_err(|_| NotTaken::BadKey)?;
    let spent = spent(fields)?;
    // A minus stands for none, a plus for any.
    let has_pin = !matches!(pin, "-" | "+");
    let left = has_pin.then_some(ImportNote { line, what: NotTaken::Pin }).into_iter().collect();
    Ok(Found { line, user: Some(user), parameters, key, skew: 0, window: None, spent, left })
}

/// What a type such as `HOTP/T30/6` computes; SHA1, always.
fn parameters(kind: &str) -> Result<Parameters, NotTaken> {
    let mut parts = kind.split('/');
    if parts.next() != Some(TYPE) {
        return Err(NotTaken::UnknownType);
    }
    let seconds: u32 = match parts.next() {
        None | Some("E") => return Err(NotTaken::CounterBased),
        Some(step) => step.strip_prefix('T').and_then(|n| n.parse().ok()).ok_or(NotTaken::UnknownType)?,
    };
    let digits: u32 = parts.next().map_or(Ok(6), |n| n.parse().map_err(|_| NotTaken::UnknownType))?;
    if parts.next().is_some() {
        return Err(NotTaken::UnknownType);
    }
    let period = Period::try_from(seconds).map_err(|_| NotTaken::Period(seconds.into()))?;
    let digits = Digits::try_from(digits).map_err(|_| NotTaken::Digits(digits.into()))?;
    Ok(Parameters { digits, period, ..Parameters::default() })
}

/// The last code is all that it keeps of a time-based authenticator: the counter means nothing then.
fn spent<'a>(mut fields: impl Iterator<Item = &'a str>) -> Result<Spent, NotTaken> {
    let Some(counter) = fields.next() else { return Ok(Spent::Nothing) };
    let counter: u64 = counter.parse().map_err(|_| NotTaken::BadLine)?;
    Ok(match (fields.next(), counter) {
        (None, 0) => Spent::Nothing,
        (None, _) => Spent::Unknown,
        (Some(code), _) => match OtpCode::parse(code.as_bytes()) {
            Some(code) => Spent::Code(code, fields.next().and_then(moment)),
            None => Spent::Unknown,
        },
    })
}

/// Its times are local, to the second: `2009-12-07T00:23:23L`.
fn moment(text: &str) -> Option<Timestamp> {
    Timestamp::from_local(text.strip_suffix('L')?)
}

#[cfg(test)]
#[path = "oath_tests.rs"]
mod tests;
