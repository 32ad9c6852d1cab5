//! `doas.conf(5)`: rules with `nopass`.

use super::line::Extent;
use pam_stack::{Found, Place, Root};

const FILE: &str = "/etc/doas.conf";

/// Each rule that asks nothing: where it stands, for whom it is, and how far it goes.
pub(super) fn unasked(root: &Root) -> Vec<(Place, String, Extent)> {
    let asks_nothing = |(_, rule): &(Place, Permit)| rule.is_unasked && rule.whom != "root";
    let found = rules(root).into_iter().filter(asks_nothing);
    found.map(|(place, rule)| (place, rule.whom, rule.extent)).collect()
}

/// Whom a rule lets run everything as root, as sudo writes it.
pub(super) fn granted(root: &Root) -> Vec<String> {
    let is_everything =
        |rule: &Permit| rule.is_as_root && rule.extent == Extent::Everything && rule.whom != "root";
    let found = rules(root).into_iter().map(|(_, rule)| rule).filter(is_everything);
    found.map(|rule| rule.whom.strip_prefix(':').map_or(rule.whom.clone(), |of| format!("%{of}"))).collect()
}

/// A rule that lets somebody run something.
struct Permit {
    whom: String,
    is_unasked: bool,
    is_as_root: bool,
    extent: Extent,
}

fn rules(root: &Root) -> Vec<(Place, Permit)> {
    let Some(Found::File(file, text)) = root.service_file(FILE) else { return Vec::new() };
    let text = String::from_utf8_lossy(&text);
    let found = (1..).zip(text.lines()).filter_map(|(line, rule)| {
        let rule = of_rule(rule.split('#').next().unwrap_or_default())?;
        Some((Place { file: file.clone(), line }, rule))
    });
    found.collect()
}

fn of_rule(rule: &str) -> Option<Permit> {
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
    let target = words.iter().skip_while(|word| **word != "as").nth(1);
    let extent = if words.contains(&"cmd") { Extent::Commands } else { Extent::Everything };
    let is_as_root = target.is_none_or(|target| *target == "root");
    Some(Permit { whom: (*whom).to_owned(), is_unasked, is_as_root, extent })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_run_everything_as_root_is_told_from_who_may_run_something() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("etc")).unwrap();
        let text = "permit persist :wheel\npermit ann as root\npermit ben as www-data\npermit eve cmd /bin/true\n\
                    permit nopass root\ndeny roy\n";
        std::fs::write(directory.path().join("etc/doas.conf"), text).unwrap();
        assert_eq!(granted(&Root::new(directory.path())), ["%wheel", "ann"]);
    }
}
