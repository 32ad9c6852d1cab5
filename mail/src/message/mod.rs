//! What is sent: a code, or word that a second factor was changed.

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder};
use std::time::{Duration, UNIX_EPOCH};
use wardkey_core::credential::mailed::{Address, MailedCode, Notice};
use wardkey_core::credential::secret::Secret;
use wardkey_core::policy::config::{Config, Language};
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;
use zeroize::Zeroizing;

mod text;

/// What a mailed code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterPurpose {
    /// A login.
    Login,
    /// To show that the address is the person's own.
    Address,
}

/// Whose message it is, where and when it was made.
#[derive(Debug, Clone, Copy)]
pub struct Occasion<'a> {
    /// The site's language and contact.
    pub config: &'a Config,
    /// The person.
    pub user: &'a UserName,
    /// The machine's name.
    pub host: &'a str,
    /// The moment.
    pub now: Timestamp,
}

/// A message to one person.
#[derive(Debug)]
pub struct Message {
    to: Address,
    pub(super) subject: String,
    pub(super) body: Zeroizing<String>,
    now: Timestamp,
}

/// A message as it travels.
pub(super) struct Letter {
    pub(super) from: lettre::Address,
    pub(super) to: lettre::Address,
    pub(super) text: Zeroizing<Vec<u8>>,
}

impl Message {
    /// A code. The subject does not show it: telephones show subjects to everybody near.
    #[must_use]
    pub fn code(
        occasion: &Occasion<'_>,
        to: &Address,
        code: &MailedCode,
        purpose: LetterPurpose,
        lifetime: Duration,
    ) -> Self {
        let words = text::Words::of(occasion);
        let (subject, body) = words.code(purpose, &code.to_text(), lifetime);
        Self { to: to.clone(), subject, body: wrapped(&body), now: occasion.now }
    }

    /// Word of a change.
    #[must_use]
    pub fn notice(occasion: &Occasion<'_>, to: &Address, notice: Notice) -> Self {
        let (subject, body) = text::Words::of(occasion).notice(notice);
        Self { to: to.clone(), subject, body: wrapped(&body), now: occasion.now }
    }

    /// The message as it travels (RFC 5322); ASCII throughout, whatever the language.
    pub(super) fn compose(&self, from: &Address) -> Result<Letter, String> {
        let parse =
            |address: &Address| address.as_str().parse().map_err(|_| format!("{address}: no address"));
        let (from, to): (lettre::Address, lettre::Address) = (parse(from)?, parse(&self.to)?);
        let random = Secret::random(16).map_err(|e| e.to_string())?;
        let id = format!("<{}@{}>", random.to_base32().to_lowercase(), from.domain());
        let message = MessageBuilder::new()
            .date(UNIX_EPOCH + Duration::from_secs(self.now.0))
            .from(Mailbox::new(None, from.clone()))
            .to(Mailbox::new(None, to.clone()))
            .subject(self.subject.clone())
            .message_id(Some(id))
            // No vacation notice may answer it (RFC 3834 §5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".into(),
            ))
            .header(ContentType::TEXT_PLAIN)
            .body(self.body.as_str().to_owned())
            .map_err(|e| e.to_string())?;
        Ok(Letter { from, to, text: Zeroizing::new(message.formatted()) })
    }
}

/// Longest line: one that mail programs show as it is, and that needs no encoding to travel.
const WIDTH: usize = 72;

/// The text with its lines broken between words; in full from the start, since it may hold a code.
fn wrapped(text: &str) -> Zeroizing<String> {
    let mut whole = Zeroizing::new(String::with_capacity(2 * text.len()));
    for line in text.lines() {
        if line.starts_with(' ') {
            whole.push_str(line);
        } else {
            let mut width = 0;
            for word in line.split(' ') {
                let len = word.chars().count();
                if width > 0 {
                    let fits = width + 1 + len <= WIDTH;
                    whole.push(if fits { ' ' } else { '\n' });
                    width = if fits { width + 1 } else { 0 };
                }
                whole.push_str(word);
                width += len;
            }
        }
        whole.push('\n');
    }
    whole
}

/// In whose language.
const fn is_french(language: Language) -> bool {
    matches!(language, Language::French)
}
