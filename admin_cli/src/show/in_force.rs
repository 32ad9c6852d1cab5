//! Every key of the configuration with the value that holds, as TOML and as JSON.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use std::fmt::{self, Write as _};
use std::time::Duration;
use wardkey_core::policy::config::{Config, Day, Exempt, KeyPlace, Origins, Service, Verifier};

/// A value as the file would have it.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Number(u64),
    Flag(bool),
    List(Vec<String>),
    Day(String),
    Unset,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Number(n) => n.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::List(items) => {
                write!(f, "[{}]", items.iter().map(|item| quoted(item)).collect::<Vec<_>>().join(", "))
            }
            Self::Day(day) => f.write_str(day),
            Self::Unset => Ok(()),
        }
    }
}

/// JSON's strings are TOML's basic strings.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// One table and its keys, in the order of the documentation.
struct Table {
    /// The way to it: none, `["totp"]`, `["service", "sshd"]`, `["exempt", "0"]`.
    way: Vec<String>,
    keys: Vec<(&'static str, Value)>,
}

impl Table {
    fn heading(&self) -> String {
        match &*self.way {
            [exempt, _] if exempt == "exempt" => "[exempt]".to_owned(),
            way => way.iter().map(|part| bare(part)).collect::<Vec<_>>().join("."),
        }
    }

    /// The way to one of its keys.
    fn way_to(&self, key: &str) -> Vec<String> {
        [&*self.way, &[key.to_owned()]].concat()
    }
}

/// The configuration in force.
pub(crate) struct InForce(Vec<Table>);

impl InForce {
    /// All of `config`.
    pub(crate) fn of(config: &Config) -> Self {
        let mut tables = vec![
            table(&[], top(config)),
            table(&["store"], store(config)),
            table(&["seal"], vec![("key", Value::Text(key_place(&config.seal.key)))]),
            table(&["totp"], totp(config)),
            table(&["recovery"], vec![("codes", Value::Number(config.recovery.codes.get()))]),
            table(&["throttle"], throttle(config)),
            table(&["policy"], policy(config)),
        ];
        let exempt = config.exempt.iter().enumerate();
        tables.extend(exempt.map(|(n, exempt)| table(&["exempt", &n.to_string()], exemption(exempt))));
        tables.extend(config.service.iter().map(|(name, s)| table(&["service", name], service(s))));
        tables.extend([
            table(&["email"], email(config)),
            table(&["helper"], helper(config)),
            table(&["run"], vec![("path", path(&config.run.path.path()))]),
            table(&["log"], vec![("audit_file", path(&config.log.audit_file.path()))]),
        ]);
        tables.extend(config.verifier.as_ref().map(|own| table(&["verifier"], verifier(own))));
        tables.retain(|table| table.way.first().is_none_or(|name| config.store.has_section(name)));
        Self(tables)
    }

    /// As a file that says the same; `note` is the comment behind a key.
    pub(crate) fn to_toml(&self, note: impl Fn(&[String]) -> String) -> String {
        let mut text = String::new();
        for table in &self.0 {
            if !table.way.is_empty() {
                let _ = write!(text, "\n[{}]\n", table.heading());
            }
            for (key, value) in &table.keys {
                let _ = match value {
                    Value::Unset => writeln!(text, "# {key}"),
                    value => writeln!(text, "{key} = {value}  # {}", note(&table.way_to(key))),
                };
            }
        }
        text
    }

    /// As nested objects; exemptions are an array.
    pub(crate) fn to_json(&self) -> Json {
        let mut all = Map::new();
        for table in &self.0 {
            let object = |value: &Value| serde_json::to_value(value).unwrap_or(Json::Null);
            let mut keys: Map<String, Json> =
                table.keys.iter().map(|(k, v)| ((*k).to_owned(), object(v))).collect();
            match &*table.way {
                [name] => drop(all.insert(name.clone(), Json::Object(keys))),
                [exempt, _] if exempt == "exempt" => {
                    if let Json::Array(list) = all.entry("exempt").or_insert_with(|| Json::Array(Vec::new()))
                    {
                        list.push(Json::Object(keys));
                    }
                }
                [outer, name, ..] => {
                    if let Json::Object(tables) = all.entry(outer).or_insert_with(|| Json::Object(Map::new()))
                    {
                        tables.insert(name.clone(), Json::Object(keys));
                    }
                }
                [] => all.append(&mut keys),
            }
        }
        Json::Object(all)
    }

    /// Of each key that has a value the file and line that set it; null: no file did.
    pub(crate) fn origins_to_json(&self, origins: &Origins) -> Json {
        let keys = self.0.iter().flat_map(|table| table.keys.iter().map(move |key| (table, key)));
        let set = keys.filter(|(_, (_, value))| !matches!(value, Value::Unset));
        let one = |(table, (key, _)): (&Table, &(&str, Value))| {
            let way = table.way_to(key);
            let place = origins
                .place(&way)
                .map(|at| json!({ "file": at.file.display().to_string(), "line": at.line }));
            (way.iter().map(|part| bare(part)).collect::<Vec<_>>().join("."), place.unwrap_or(Json::Null))
        };
        Json::Object(set.map(one).collect())
    }
}

fn table(way: &[&str], keys: Vec<(&'static str, Value)>) -> Table {
    Table { way: way.iter().map(|part| (*part).to_owned()).collect(), keys }
}

fn top(config: &Config) -> Vec<(&'static str, Value)> {
    vec![
        ("issuer", text(config.issuer.as_str())),
        ("support", text(config.support.as_str())),
        ("language", word(config.language)),
    ]
}

fn store(config: &Config) -> Vec<(&'static str, Value)> {
    let store = &config.store;
    let at_seats = |value: Value| if store.is_seat() { value } else { Value::Unset };
    vec![
        ("kind", word(store.kind)),
        ("path", path(&store.path.path())),
        ("servers", at_seats(Value::List(store.servers.iter().map(ToString::to_string).collect()))),
        ("seat_key", at_seats(path(&store.seat_key()))),
        ("authority", at_seats(path(&store.authority()))),
    ]
}

fn totp(config: &Config) -> Vec<(&'static str, Value)> {
    let totp = &config.totp;
    vec![
        ("algorithm", text(totp.algorithm.name())),
        ("digits", Value::Number(totp.digits.get().into())),
        ("period", Value::Number(totp.period.get().into())),
        ("window", Value::Number(totp.window.get())),
        ("drift_limit", Value::Number(totp.drift_limit.get())),
    ]
}

fn throttle(config: &Config) -> Vec<(&'static str, Value)> {
    let throttle = &config.throttle;
    vec![
        ("free_tries", Value::Number(throttle.free_tries.get())),
        ("first_wait", span(throttle.first_wait.get())),
        ("longest_wait", span(throttle.longest_wait.get())),
        ("disable_after", Value::Number(throttle.disable_after.get())),
    ]
}

fn policy(config: &Config) -> Vec<(&'static str, Value)> {
    let policy = &config.policy;
    vec![
        ("groups", Value::List(policy.groups.clone())),
        ("unenrolled", word(policy.unenrolled)),
        ("enroll_by", policy.enroll_by.map_or(Value::Unset, day)),
        ("self_service", Value::Flag(policy.self_service)),
    ]
}

fn exemption(exempt: &Exempt) -> Vec<(&'static str, Value)> {
    vec![
        ("group", optional(exempt.group.as_deref())),
        ("user", optional(exempt.user.as_deref())),
        ("service", exempt.service.clone().map_or(Value::Unset, Value::List)),
        ("network", exempt.network.map_or(Value::Unset, |network| Value::Text(network.to_string()))),
        ("reason", text(exempt.reason.as_str())),
        ("approved_by", text(exempt.approved_by.as_str())),
        ("until", day(exempt.until)),
    ]
}

fn service(service: &Service) -> Vec<(&'static str, Value)> {
    vec![
        ("enroll", Value::Flag(service.enroll)),
        ("entry", word(service.entry)),
        ("unlock_grace", service.unlock_grace.map_or(Value::Unset, |grace| span(grace.get()))),
    ]
}

fn email(config: &Config) -> Vec<(&'static str, Value)> {
    let email = &config.email;
    vec![
        ("mode", word(email.mode)),
        ("from", text(email.from.as_str())),
        ("transport", word(email.transport)),
        ("host", text(&email.host)),
        ("port", Value::Number(email.port.get())),
        ("tls", word(email.tls)),
        ("user", optional(email.user.as_deref())),
        ("password_file", email.password_file.as_ref().map_or(Value::Unset, |file| path(&file.path()))),
        ("lifetime", span(email.lifetime.get())),
        ("deny_services", Value::List(email.deny_services.clone())),
    ]
}

fn helper(config: &Config) -> Vec<(&'static str, Value)> {
    vec![("socket", path(&config.helper.socket.path())), ("deadline", span(config.helper.deadline.get()))]
}

fn verifier(verifier: &Verifier) -> Vec<(&'static str, Value)> {
    vec![("listen", text(&verifier.listen.to_string())), ("user", text(verifier.user.as_str()))]
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn optional(value: Option<&str>) -> Value {
    value.map_or(Value::Unset, text)
}

/// A choice, by its word in the file.
fn word(choice: impl Serialize) -> Value {
    serde_json::to_value(choice).ok().as_ref().and_then(Json::as_str).map_or(Value::Unset, text)
}

fn path(path: &std::path::Path) -> Value {
    Value::Text(path.display().to_string())
}

fn key_place(place: &KeyPlace) -> String {
    match place {
        KeyPlace::File(path) | KeyPlace::Given(path) => path.display().to_string(),
        KeyPlace::Credential(name) => format!("credential:{name}"),
    }
}

fn day(day: Day) -> Value {
    Value::Day(day.to_string())
}

fn span(span: Duration) -> Value {
    let seconds = span.as_secs();
    let units = [(86400, 'd'), (3600, 'h'), (60, 'm')];
    let unit = units.into_iter().find(|(length, _)| seconds > 0 && seconds.is_multiple_of(*length));
    let (length, letter) = unit.unwrap_or((1, 's'));
    Value::Text(format!("{}{letter}", seconds / length))
}

/// A key of a table; quoted where a bare one cannot be.
fn bare(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(plain) { name.to_owned() } else { quoted(name) }
}

#[cfg(test)]
#[path = "in_force_tests.rs"]
mod tests;
