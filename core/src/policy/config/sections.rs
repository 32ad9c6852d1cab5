//! The sections of a configuration, each with its defaults.

use super::value::{Absolute, Bounded, Day, KeyPlace, Line, Span, is_host};
use crate::credential::mailed::Address;
use crate::credential::totp::{Algorithm, Digits, Parameters, Period};
use crate::invalid_value::InvalidValue;
use serde::de::{Error, IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident: $type:ty = $default:expr,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $($(#[$fdoc])* pub $field: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }
    };
}

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
        #[serde(remote = "Self", rename_all = "lowercase")]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                /// Takes a number or a truth value for a word that is none of those there are, so that the error
                /// names them.
                struct Words;

                impl Visitor<'_> for Words {
                    type Value = $name;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a word in quotes")
                    }

                    fn visit_str<E: Error>(self, word: &str) -> Result<$name, E> {
                        $name::deserialize(word.into_deserializer())
                    }

                    fn visit_i64<E: Error>(self, number: i64) -> Result<$name, E> {
                        self.visit_str(&number.to_string())
                    }

                    fn visit_bool<E: Error>(self, value: bool) -> Result<$name, E> {
                        self.visit_str(&value.to_string())
                    }
                }

                from.deserialize_any(Words)
            }
        }
    };
}

choice! {
    /// Language of everything people read.
    Language {
        /// English.
        #[default] #[serde(rename = "en")] English,
        /// French.
        #[serde(rename = "fr")] French,
    }
}

choice! {
    /// Where records are kept.
    StoreKind {
        /// Files of this machine.
        #[default] Files,
        /// A store shared by several machines.
        Etcd,
    }
}

section! {
    /// `[store]`
    Store {
        /// The kind.
        kind: StoreKind = StoreKind::Files,
        /// Its directory.
        path: Absolute = Absolute::new("/var/lib/wardkey"),
    }
}

section! {
    /// `[seal]`
    Seal {
        /// Where the sealing key is.
        key: KeyPlace = KeyPlace::File("/etc/wardkey/seal.key".into()),
    }
}

section! {
    /// `[totp]`
    Totp {
        /// Hash of new authenticators.
        algorithm: Algorithm = Algorithm::Sha1,
        /// Digits of new authenticators.
        digits: Digits = Digits::default(),
        /// Period of new authenticators, in seconds.
        period: Period = Period::default(),
        /// Steps accepted either side of now and the learned drift.
        window: Bounded<0, 5> = Bounded::new(1),
        /// Largest learned drift, in steps.
        drift_limit: Bounded<0, 10> = Bounded::new(4),
    }
}

impl Totp {
    /// What a new authenticator is told to compute.
    #[must_use]
    pub const fn parameters(&self) -> Parameters {
        Parameters { algorithm: self.algorithm, digits: self.digits, period: self.period }
    }
}

section! {
    /// `[recovery]`
    Recovery {
        /// Codes in a set.
        codes: Bounded<5, 20> = Bounded::new(5),
    }
}

section! {
    /// `[throttle]`
    Throttle {
        /// Wrong codes before the first wait.
        free_tries: Bounded<0, 100> = Bounded::new(5),
        /// The first wait.
        first_wait: Span = Span::seconds(30),
        /// The longest wait.
        longest_wait: Span = Span::seconds(3600),
        /// Consecutive wrong authenticator codes that disable (NIST SP 800-63B-4 §3.2.2: at most 100).
        disable_after: Bounded<1, 100> = Bounded::new(50),
    }
}

choice! {
    /// What happens to someone concerned who has no second factor.
    Unenrolled {
        /// They are refused.
        #[default] Deny,
        /// They need none yet.
        Ignore,
    }
}

section! {
    /// `[policy]`
    Policy {
        /// Whom wardkey concerns: members of these groups; empty: everyone.
        groups: Vec<String> = Vec::new(),
        /// What happens to those without a second factor.
        unenrolled: Unenrolled = Unenrolled::Deny,
        /// Through this day they need none yet.
        enroll_by: Option<Day> = None,
        /// Whether people may help themselves.
        self_service: bool = true,
    }
}

choice! {
    /// How password and code are typed.
    Entry {
        /// One after the other.
        #[default] Separate,
        /// The password, then a code, in one entry.
        Combined,
    }
}

section! {
    /// `[service.NAME]`
    Service {
        /// Whether an unenrolled person enrols in this login.
        enroll: bool = false,
        /// How password and code are typed.
        entry: Entry = Entry::Separate,
        /// For how long a session that had both factors may be reopened without a code.
        unlock_grace: Option<Span<86400>> = None,
    }
}

choice! {
    /// What codes by mail may do.
    MailMode {
        /// Nothing.
        #[default] Off,
        /// Stand in for a lost authenticator (NIST SP 800-63B-4 §4.2.1.2).
        Recovery,
        /// Be a factor of their own, against NIST SP 800-63B-4 §3.1.3.1.
        Factor,
    }
}

choice! {
    /// How mail leaves.
    MailTransport {
        /// To a server.
        #[default] Smtp,
        /// By the local command.
        Sendmail,
    }
}

choice! {
    /// Encryption on the way to the server.
    MailTls {
        /// Agreed upon after the greeting.
        #[default] Starttls,
        /// From the first byte.
        Implicit,
        /// Only to a loopback address.
        None,
    }
}

section! {
    /// `[email]`
    Email {
        /// What codes by mail may do.
        mode: MailMode = MailMode::Off,
        /// The sender.
        from: Line = Line::default(),
        /// How mail leaves.
        transport: MailTransport = MailTransport::Smtp,
        /// The server.
        host: String = "127.0.0.1".into(),
        /// Its port.
        port: Bounded<1, 65535> = Bounded::new(25),
        /// Encryption.
        tls: MailTls = MailTls::Starttls,
        /// Name to log in to the server with.
        user: Option<String> = None,
        /// File that holds the password for it.
        password_file: Option<Absolute> = None,
        /// How long a mailed code opens.
        lifetime: Span<600> = Span::seconds(600),
        /// Services in which no mailed code opens anything.
        deny_services: Vec<String> = ["sudo", "sudo-i", "su", "su-l", "polkit-1"].map(str::to_owned).into(),
    }
}

impl Email {
    pub(super) fn check(&self) -> Result<(), (&'static str, InvalidValue)> {
        let loopback = self.host.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback());
        if self.tls == MailTls::None && !loopback {
            return Err(("email.tls", InvalidValue::PlainMail));
        }
        if !is_host(&self.host) {
            return Err(("email.host", InvalidValue::NoHost));
        }
        if self.user.is_some() != self.password_file.is_some() {
            let key = if self.user.is_some() { "email.user" } else { "email.password_file" };
            return Err((key, InvalidValue::HalfLogin));
        }
        if self.sender().is_none() && (self.mode != MailMode::Off || !self.from.as_str().is_empty()) {
            let key = if self.from.as_str().is_empty() { "email.mode" } else { "email.from" };
            return Err((key, InvalidValue::NoSender));
        }
        Ok(())
    }

    /// Whom mail comes from.
    #[must_use]
    pub fn sender(&self) -> Option<Address> {
        self.from.as_str().parse().ok()
    }

    /// What mailed codes open in one PAM service; names are compared in lower case.
    #[must_use]
    pub fn mode_in(&self, service: &str) -> MailMode {
        let service = service.to_lowercase();
        // Asked for a login shell, these are other services, and the same programs.
        let program = match service.as_str() {
            "sudo-i" => "sudo",
            "su-l" => "su",
            other => other,
        };
        let is_either = |name: &String| [&service, program].contains(&name.to_lowercase().as_str());
        if self.deny_services.iter().any(is_either) { MailMode::Off } else { self.mode }
    }
}

section! {
    /// `[helper]`
    Helper {
        /// Where it listens.
        socket: Absolute = Absolute::new("/run/wardkey/helper.sock"),
        /// Time for a whole answer.
        deadline: Span = Span::seconds(10),
    }
}

section! {
    /// `[run]`
    Run {
        /// Where grace is remembered until the next boot.
        path: Absolute = Absolute::new("/run/wardkey/grace"),
    }
}

section! {
    /// `[log]`
    Log {
        /// The audit file.
        audit_file: Absolute = Absolute::new("/var/log/wardkey/audit.jsonl"),
    }
}
