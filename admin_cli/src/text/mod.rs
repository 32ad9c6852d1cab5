//! Everything people read, in every language the tool speaks; the two stand side by side, so that neither can be
//! forgotten: a message without one of them does not compile.

mod by_hand;
mod config;
mod config_faults;
mod desk;
mod devices;
mod doctor;
mod doctor_machine;
mod doctor_past;
mod doctor_people;
mod doctor_report;
mod doctor_settings;
mod doctor_sshd;
mod doctor_ways;
mod editing;
mod enabling;
mod enrolment;
mod errors;
mod fleet;
mod help;
mod helper;
mod importing;
mod invalid_values;
mod mail;
mod pam_results;
mod profile;
mod refusals;
mod seats;
mod sheet;
mod status;
mod store;
mod switching;
mod system;
mod trying;
mod usage;
mod watching;

pub(crate) use help::{in_french, rendered};
pub(crate) use pam_results::constant;
pub(crate) use sheet::APPS;

use std::path::Path;
use std::time::Duration;
use wardkey_core::policy::config::Language;
use wardkey_core::system::clock::Timestamp;

/// The words of one site: its language, and who helps a stuck person, or where.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text {
    language: Language,
    support: String,
    config: Option<String>,
}

/// The commands that messages name, as they follow the program's name.
const NAMED: [&str; 23] = [
    "init",
    "enroll",
    "confirm",
    "replace",
    "authenticator",
    "recovery-codes",
    "status",
    "list",
    "check",
    "reset",
    "rebind",
    "rename",
    "pass",
    "emergency",
    "unlock",
    "remove",
    "import",
    "config",
    "fleet",
    "doctor",
    "try",
    "enable",
    "disable",
];

impl Text {
    /// For a site with this language and support line.
    pub(crate) fn new(language: Language, support: &str) -> Self {
        Self { language, support: support.to_owned(), config: None }
    }

    /// For a command line that named its configuration: so do the commands in its messages.
    pub(crate) fn with_config(self, named: Option<&Path>) -> Self {
        Self { config: named.map(|path| shell_word(&path.display().to_string())), ..self }
    }

    /// What every message goes through: a command in it can be copied and run as it stands.
    fn copyable(&self, message: String) -> String {
        let Some(config) = &self.config else { return message };
        NAMED.iter().fold(message, |message, name| {
            message.replace(&format!("wardkey {name}"), &format!("wardkey --config {config} {name}"))
        })
    }

    /// Who helps, or where: it stands behind a colon, since it is a name, a number or a place.
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
                    self.copyable(match self.language {
                        wardkey_core::policy::config::Language::English => format!($english),
                        wardkey_core::policy::config::Language::French => format!($french),
                    })
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

/// A name or path as a shell takes it back.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/@%+:,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A moment in the machine's own zone, to the second: `2026-11-05 14:03:20`.
pub(crate) fn local(moment: Timestamp) -> String {
    moment.local().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_in_a_message_names_the_configuration_and_quotes_words() {
        let text = Text::default().with_config(Some(Path::new("/a b/w.toml")));
        assert!(text.enrol_first("roy").ends_with("wardkey --config '/a b/w.toml' enroll roy"));
        assert!(Text::default().enrol_first("roy").ends_with("wardkey enroll roy"));
        assert_eq!(shell_word(r"CLINIC\roy's"), r"'CLINIC\roy'\''s'");
    }
}
