//! `doas.conf(5)`: rules with `nopass`.

use super::line::Extent;
use pam_stack::{Found, Place, Root};

const FILE: &str = "/etc/doas.conf";

/// Each rule that asks nothing: where it stands, for whom it is, and how far it goes.
pub(super) fn unasked(root: &Root) -> Vec<(Place, String, Extent)> {
    let Some(Found::File(file, text)) = root.service_file(FILE) else { return Vec::new() };
    let text = String::from_utf8_lossy(&text);
    let found = (1..).zip(text.lines()).filter_map(|(line, rule)| {
        let (whom, extent) = of_rule(rule.split('#').next().unwrap_or_default())?;
        Some((Place { file: file.clone(), line }, whom, extent))
    });
    found.collect()
}

fn of_rule(rule: &str) -> Option<(String, Extent)> {
    let rule =
        rule.split('{').map(|part| part.split('}').next_back().unwrap_or_default()).collect::<String>();
    let mut words = rule.split_whitespace();
    if words.next() != Some("permit") {
        return None;
    }
    let words: Vec<&str> = words.collect();
    let options = ["nopass", "persist", "keepenv", "nolog", "setenv"];
    let whom = words.iter().find(|word| !options.contains(word))?;
    let is_unasked = words.iter().take_while(|word| *word != whom).any(|word| *word == "nopass");
    let extent = if words.contains(&"cmd") { Extent::Commands } else { Extent::Everything };
    (is_unasked && *whom != "root").then(|| ((*whom).to_owned(), extent))
}
