//! Keys that were taken once. A file that has one still loads, and the key has no effect: a site is told for two minor versions,
//! by `config check`, `config edit` and `doctor`, and then refused as by any unknown key. Logins say nothing of it.

use toml::de::DeTable;

/// A key that nothing reads any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retired {
    /// It, with its section: `totp.digits`.
    pub key: &'static str,
    /// What stands in its place, as a key.
    pub instead: &'static str,
    /// The minor version that refuses it, such as `0.4`: the second after the one that retired it.
    pub refused_in: &'static str,
}

/// All of them.
const RETIRED: &[Retired] = &[
    #[cfg(any(test, feature = "testing"))]
    Retired { key: "helper.patience", instead: "helper.deadline", refused_in: "9999.0" },
];

/// Takes them out of a file's table, and says where each one stood.
pub(super) fn take(table: &mut DeTable<'_>) -> Vec<(Retired, usize)> {
    let mut found = Vec::new();
    for retired in RETIRED {
        let key = match retired.key.split_once('.') {
            None => table.remove_entry(retired.key),
            Some((section, key)) => match table.get_mut(section).map(|section| section.get_mut()) {
                Some(toml::de::DeValue::Table(section)) => section.remove_entry(key),
                _ => None,
            },
        };
        found.extend(key.map(|(key, _)| (*retired, key.span().start)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::config::Layers;
    use std::path::Path;

    #[test]
    fn a_retired_key_is_named_and_changes_nothing() {
        let text = "[helper]\n\npatience = [\n 1,\n]\ndeadline = \"9s\"\n";
        let layers = Layers::of(Path::new("w.toml"), text.as_bytes());
        assert_eq!(layers.config().unwrap().helper.deadline.get().as_secs(), 9);
        let found = layers.retired();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].1.line, found[0].0.key), (3, "helper.patience"));
        assert!(Layers::of(Path::new("w.toml"), b"[helper]\nimpatience = 1").config().is_err());
    }

    #[test]
    fn no_retired_key_is_taken_for_longer_than_it_says() {
        let version =
            |text: &str| -> Vec<u32> { text.split('.').take(2).map(|n| n.parse().unwrap()).collect() };
        let now = version(env!("CARGO_PKG_VERSION"));
        for retired in RETIRED {
            assert!(now < version(retired.refused_in), "take {} out of the table", retired.key);
        }
    }
}
