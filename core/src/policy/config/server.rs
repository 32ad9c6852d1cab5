//! Where a verifier answers.

use super::value::is_host;
use crate::invalid_value::InvalidValue;
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use std::net::Ipv6Addr;

/// A host and a port, written `verifier1.clinic:7443`, `192.0.2.7:7443` or `[2001:db8::7]:7443`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub struct Server {
    host: String,
    port: u16,
}

impl Server {
    /// A name, or an address.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }
}

impl std::str::FromStr for Server {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let read = || {
            let (host, port) = text.rsplit_once(':')?;
            let port = port.parse().ok().filter(|p| *p > 0 && port.bytes().all(|b| b.is_ascii_digit()))?;
            let inner = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
            let host = match inner {
                Some(inner) => inner.parse::<Ipv6Addr>().ok().map(|_| inner)?,
                None => Some(host).filter(|host| is_host(host) && !host.contains(':'))?,
            };
            Some(Self { host: host.to_owned(), port })
        };
        read().ok_or(InvalidValue::NoServer)
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') { write!(f, "[{host}]:{port}") } else { write!(f, "{host}:{port}") }
    }
}

impl From<Server> for String {
    fn from(server: Server) -> Self {
        server.to_string()
    }
}

impl<'de> Deserialize<'de> for Server {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(InvalidValue::into_serde)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_port_are_a_server_and_nothing_else_is() {
        for text in ["verifier1.clinic:7443", "192.0.2.7:1", "[2001:db8::7]:65535"] {
            let server: Server = text.parse().unwrap();
            assert_eq!(server.to_string(), text);
        }
        for text in [
            "",
            "verifier1",
            "verifier1:",
            ":7443",
            "v:0",
            "v:65536",
            "v:+1",
            "2001:db8::7:7443",
            "[v]:1",
            "a b:1",
        ] {
            assert_eq!(text.parse::<Server>(), Err(InvalidValue::NoServer), "{text}");
        }
    }
}
