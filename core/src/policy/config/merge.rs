//! How a file is laid over those before it: sections are merged key by key, exemptions are joined, and any other value or list
//! is replaced. The same for either reader; a property holds them together.

use super::plain::{Section, Value, add, find, means, sections};
use serde::de::DeserializeOwned;
use toml::de::{DeTable, DeValue};

/// The one list that is joined: an exemption that a package or a playbook adds takes away none of the site's.
const JOINED: &str = "exempt";

/// What these texts mean together, or `None`: ask `toml`. Each must be right by itself: what another one replaces, too.
pub(super) fn read_plain<T: DeserializeOwned>(texts: &[&str]) -> Option<T> {
    let mut whole = Section::new();
    for text in texts {
        let layer = sections(text)?;
        means::<T>(layer.clone())?;
        plain(&mut whole, layer)?;
    }
    means(whole)
}

/// As the plain reader has them; `None` where there is more side by side than it takes.
fn plain<'a>(whole: &mut Section<'a>, layer: Section<'a>) -> Option<()> {
    for (key, value) in layer {
        match (find(whole, key), value) {
            (Some(Value::Section(below)), Value::Section(above)) => plain(below, above)?,
            (Some(Value::List(below)), Value::List(above)) if key == JOINED => below.extend(above),
            (Some(below), above) => *below = above,
            (None, above) => add(whole, key, above)?,
        }
    }
    Some(())
}

/// As `toml` has them.
pub(super) fn toml<'a>(whole: &mut DeTable<'a>, layer: DeTable<'a>) {
    for (key, value) in layer {
        let Some(below) = whole.get_mut(key.get_ref().as_ref()) else {
            whole.insert(key, value);
            continue;
        };
        match (below.get_mut(), value.into_inner()) {
            (DeValue::Table(below), DeValue::Table(above)) => toml(below, above),
            (DeValue::Array(below), DeValue::Array(above)) if key.get_ref() == JOINED => {
                above.into_iter().for_each(|exemption| below.push(exemption));
            }
            (below, above) => *below = above,
        }
    }
}
