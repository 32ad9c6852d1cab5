//! Everything people read, in every language the tool speaks; the two stand side by side, so that neither can be
//! forgotten: a message without one of them does not compile.

mod config;
mod desk;
mod enrolment;
mod errors;
mod refusals;
mod status;
mod store;

use std::time::Duration;
use wardkey_core::clock::Timestamp;
use wardkey_core::config::Language;

/// The words of one site: its language, and whom a stuck person calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    language: Language,
    support: String,
}

impl Text {
    /// For a site with this language and support line.
    pub(crate) fn new(language: Language, support: &str) -> Self {
        Self { language, support: support.to_owned() }
    }

    /// Whom to call.
    pub(crate) fn support(&self) -> String {
        if self.support.is_empty() { self.the_administrator() } else { self.support.clone() }
    }

    /// A length of time, rounded as people say it.
    pub(crate) fn span(&self, span: Duration) -> String {
        match span.as_secs() {
            seconds if seconds < 90 => self.seconds(seconds),
            seconds if seconds < 90 * 60 => self.minutes((seconds + 30) / 60),
            seconds if seconds < 36 * 3600 => self.hours((seconds + 1800) / 3600),
            seconds => self.days((seconds + 43200) / 86400),
        }
    }
}

/// Defines one method a message: its name, what goes into it, English, French.
macro_rules! messages {
    ($($name:ident($($arg:ident: $type:ty),*): $english:literal | $french:literal;)*) => {
        impl $crate::text::Text {
            $(
                pub(crate) fn $name(&self $(, $arg: $type)*) -> String {
                    match self.language {
                        wardkey_core::config::Language::English => format!($english),
                        wardkey_core::config::Language::French => format!($french),
                    }
                }
            )*
        }
    };
}
use messages;

messages! {
    the_administrator(): "your system administrator" | "votre administrateur système";
    warning(): "Warning:" | "Attention :";
    seconds(n: u64): "{n} s" | "{n} s";
    minutes(n: u64): "{n} min" | "{n} min";
    hours(n: u64): "{n} h" | "{n} h";
    days(n: u64): "{n} days" | "{n} jours";
    never(): "never" | "jamais";
}

/// A moment in the machine's own zone, to the second: `2026-11-05 14:03:20`.
pub(crate) fn local(moment: Timestamp) -> String {
    moment.local().strftime("%Y-%m-%d %H:%M:%S").to_string()
}
