//! `[email]`: codes by mail, and how mail leaves.

use super::choices::{MailTls, MailTransport, word};
use super::value::{Absolute, Bounded, OneLine, Span, is_host};
use crate::credential::mailed::{Address, MailMode};
use crate::invalid_value::InvalidValue;
use serde::Deserialize;

/// `[email]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Email {
    /// What codes by mail may do.
    #[serde(deserialize_with = "word")]
    pub mode: MailMode,
    /// The sender.
    pub from: OneLine,
    /// How mail leaves.
    #[serde(deserialize_with = "word")]
    pub transport: MailTransport,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: Bounded<1, 65535>,
    /// Encryption.
    #[serde(deserialize_with = "word")]
    pub tls: MailTls,
    /// Name to log in to the server with.
    pub user: Option<String>,
    /// File that holds the password for it.
    pub password_file: Option<Absolute>,
    /// How long a mailed code opens.
    pub lifetime: Span<600>,
    /// Services in which no mailed code opens anything.
    pub deny_services: Vec<String>,
}

impl Default for Email {
    fn default() -> Self {
        Self {
            mode: MailMode::Off,
            from: OneLine::default(),
            transport: MailTransport::Smtp,
            host: "127.0.0.1".into(),
            port: Bounded::new(25),
            tls: MailTls::Starttls,
            user: None,
            password_file: None,
            lifetime: Span::seconds(600),
            deny_services: ["sudo", "sudo-i", "su", "su-l", "polkit-1"].map(str::to_owned).into(),
        }
    }
}

impl Email {
    pub(super) fn check(&self) -> Result<(), (&'static str, InvalidValue)> {
        let loopback = self.host.parse::<std::net::IpAddr>().is_ok_and(|a| a.is_loopback());
        if self.tls == MailTls::None && !loopback {
            return Err(("tls", InvalidValue::PlainMail));
        }
        if !is_host(&self.host) {
            return Err(("host", InvalidValue::NoHost));
        }
        if self.user.is_some() != self.password_file.is_some() {
            let key = if self.user.is_some() { "user" } else { "password_file" };
            return Err((key, InvalidValue::HalfLogin));
        }
        if self.sender().is_none() && (self.mode != MailMode::Off || !self.from.as_str().is_empty()) {
            let key = if self.from.as_str().is_empty() { "mode" } else { "from" };
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
