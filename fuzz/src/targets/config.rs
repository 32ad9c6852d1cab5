//! `wardkey.toml`, and further files laid over it: what is accepted keeps its promises, what is not is named by a line of the
//! file, and both readers lay files over each other alike.

use std::path::Path;
use wardkey_core::credential::mailed::MailMode;
use wardkey_core::policy::config::{Config, ConfigError, DEFAULT_PATH, Layers, MAX_LEN, MOST_FILES};
use wardkey_core::printable::is_unprintable;

/// Ends one file and begins the next: TOML has no such byte.
const NEXT_FILE: u8 = 0x0c;

pub(super) fn run(bytes: &[u8]) {
    if bytes.contains(&NEXT_FILE) {
        return laid(bytes);
    }
    let path = Path::new("/etc/wardkey/wardkey.toml");
    let parsed = Config::parse(bytes, path);
    match &parsed {
        Ok(config) => sound(config),
        Err(error) => named(bytes, error),
    }
    // A comment changes nothing; but for its end, which no plain file has, it would be read as before. So toml reads it.
    let mut longer = bytes.to_vec();
    longer.extend_from_slice(b"\n# the end\r\n");
    let again = Config::parse(&longer, path);
    if let Ok(config) = &parsed {
        assert_eq!(again.as_ref().ok(), Some(config));
    }
}

/// Several files.
fn laid(bytes: &[u8]) {
    let layers = |end: &[u8]| {
        let files = bytes.split(|b| *b == NEXT_FILE).take(MOST_FILES).enumerate();
        files.fold(Layers::none(None), |layers, (n, text)| {
            let path = if n == 0 { DEFAULT_PATH.to_owned() } else { format!("{DEFAULT_PATH}.d/{n:02}.toml") };
            layers.with(Path::new(&path), &[text, end].concat()).unwrap_or_else(|e| panic!("{e}"))
        })
    };
    let plain = layers(b"");
    // Where each ends by a return and a line feed, toml reads them all.
    match (plain.config(), layers(b"\n# the end\r\n").config()) {
        (Ok(config), again) => {
            sound(&config);
            assert_eq!(again.ok(), Some(config));
        }
        (Err(error), _) => {
            let ConfigError::Content { path, .. } = &error else { panic!("no file was read: {error}") };
            assert!(plain.files().any(|file| file == path), "{error}");
            assert!(!error.to_string().contains(is_unprintable), "it could steer a terminal: {error}");
        }
    }
    let (_, _) = (plain.origins(), plain.retired());
}

fn sound(config: &Config) {
    let rules = config.rules();
    assert!(rules.limits.first_wait <= rules.limits.longest_wait);
    assert!(rules.window <= 5 && rules.drift_limit <= 10);
    assert!((5..=20).contains(&config.recovery.codes.get()));
    for (name, service) in &config.service {
        assert_eq!(*name, name.to_lowercase());
        assert!(
            config.service(&name.to_uppercase()) == *service || name.to_uppercase().to_lowercase() != *name
        );
        let grace = config.unlock_grace(name);
        assert!(grace.is_none_or(|span| span.as_secs() <= 24 * 3600 && !name.starts_with("sshd")));
        let mail = config.rules_in(name).mail;
        assert!(mail == MailMode::Off || config.email.sender().is_some());
    }
    assert!(config.seal_key().is_absolute() && config.store.path.path().is_absolute());
    assert!(!config.issuer.as_str().contains(':') && !config.issuer.as_str().trim().is_empty());
    for text in [config.issuer.as_str(), config.support.as_str()] {
        assert!(!text.contains(is_unprintable) && text.len() <= 200);
    }
    for exempt in &config.exempt {
        let is_any = exempt.group.is_some() || exempt.user.is_some() || exempt.network.is_some();
        assert!(exempt.service.as_ref().map_or(is_any, |names| !names.is_empty()));
    }
}

fn named(bytes: &[u8], error: &ConfigError) {
    let ConfigError::Content { line, invalid, .. } = error else { panic!("no file was read: {error}") };
    let lines = bytes.iter().filter(|b| **b == b'\n').count() + 1;
    assert!((1..=lines).contains(line), "line {line} of {lines}");
    assert!(!invalid.to_string().is_empty() && bytes.len() as u64 <= MAX_LEN);
    let said = error.to_string();
    assert!(!said.contains(is_unprintable), "it could steer a terminal: {said:?}");
}
