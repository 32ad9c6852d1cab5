//! Manual pages in two languages: what must be the same in both, so that neither is changed alone.

use std::collections::BTreeSet;

/// Words that the French pages and the program have in French, although they are written as names are.
const IN_FRENCH: [(&str, &str); 3] =
    [("ACCOUNT", "COMPTE"), ("THE SHEET", "LA FEUILLE"), ("unset", "non défini")];

/// Of one section of a page, all that no language changes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section {
    /// `#` or `##`, and a table's name after it.
    heading: String,
    /// Commands, options, keys, values and paths: whatever is bold, and files in italics.
    names: BTreeSet<String>,
    /// What is explained one by one, in order, with its built-in value; words that stand for a value are left out.
    terms: Vec<String>,
    /// Lines of examples, without their comments.
    examples: Vec<String>,
}

/// What stands in one of two pages and not in the other, a line each; empty if they say the same.
#[must_use]
pub fn drift(english: &str, french: &str) -> Vec<String> {
    let mut faults = difference("head", &head(english), &head(french));
    let (english, french) = (sections(english), sections(french));
    let headings = |page: &[Section]| page.iter().map(|section| section.heading.clone()).collect::<Vec<_>>();
    if headings(&english) != headings(&french) {
        faults.push(format!("sections: {:?} and {:?}", headings(&english), headings(&french)));
        return faults;
    }
    for (number, (english, french)) in english.iter().zip(&french).enumerate() {
        let place = format!("section {} {}", number + 1, english.heading);
        let names: BTreeSet<String> = english.names.iter().map(|name| translated(name)).collect();
        faults.extend(difference(&place, &names, &french.names));
        let terms: Vec<String> = english.terms.iter().map(|term| translated(term)).collect();
        if terms != french.terms {
            faults.push(format!("{place} explains {terms:?} and {:?}", french.terms));
        }
        if english.examples != french.examples {
            faults.push(format!("{place} shows {:?} and {:?}", english.examples, french.examples));
        }
    }
    faults
}

fn difference(place: &str, english: &BTreeSet<String>, french: &BTreeSet<String>) -> Vec<String> {
    let missing = english.difference(french).map(|name| format!("{place}: {name} is missing in French"));
    let added = french.difference(english).map(|name| format!("{place}: {name} stands in French alone"));
    missing.chain(added).collect()
}

fn translated(name: &str) -> String {
    let french = |(word, french): &(&str, &str)| (name == *word).then(|| (*french).to_owned());
    let whole = IN_FRENCH.iter().find_map(french);
    whole.unwrap_or_else(|| {
        IN_FRENCH.iter().fold(name.to_owned(), |name, (word, french)| {
            name.replace(&format!("[{word}]"), &format!("[{french}]"))
        })
    })
}

/// Name, section and version, and the name by which whatis(1) finds the page.
fn head(page: &str) -> BTreeSet<String> {
    let kept = |line: &&str| ["title:", "section:", "footer:"].iter().any(|key| line.starts_with(key));
    let whatis = page.lines().find_map(|line| Some(line.split_once(" - ")?.0.to_owned()));
    page.lines().filter(kept).map(str::to_owned).chain(whatis).collect()
}

fn sections(page: &str) -> Vec<Section> {
    let body =
        page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map_or(page, |(_, body)| body);
    let lines: Vec<&str> = body.lines().collect();
    let (mut sections, mut prose, mut explains) = (Vec::new(), String::new(), false);
    for (at, line) in lines.iter().enumerate() {
        explains = line.starts_with(":   ") || explains && (line.is_empty() || line.starts_with(' '));
        if line.starts_with('#') {
            finish(&mut sections, &mut prose);
            sections.push(Section { heading: heading(line), ..Section::default() });
        } else if let Some(section) = sections.last_mut() {
            if line.starts_with("    ") && !explains {
                section.examples.push(line.split(" #").next().unwrap_or(line).trim_end().to_owned());
                continue;
            }
            if lines.get(at + 1).is_some_and(|next| next.starts_with(":   ")) {
                section.terms.push(term(line));
            }
            prose.push_str(line.trim_start());
            prose.push(' ');
        }
    }
    finish(&mut sections, &mut prose);
    sections
}

/// Gives the last section the names in its prose.
fn finish(sections: &mut [Section], prose: &mut String) {
    if let Some(section) = sections.last_mut() {
        section.names = names(&prose.replace('\\', ""));
    }
    prose.clear();
}

/// Titles are translated; the names of tables are not.
fn heading(line: &str) -> String {
    let (level, title) = line.split_once(' ').unwrap_or((line, ""));
    if title.starts_with('[') { line.to_owned() } else { level.to_owned() }
}

fn names(prose: &str) -> BTreeSet<String> {
    let is_file = |word: &&str| word.contains(['/', '.']) && !word.contains(' ');
    let bold = prose.split("**").skip(1).step_by(2);
    let outside: String = prose.split("**").step_by(2).collect::<Vec<_>>().join(" ");
    let files: Vec<&str> = outside.split('*').skip(1).step_by(2).filter(is_file).collect();
    bold.chain(files).map(str::to_owned).collect()
}

/// A term without the words that stand for a value: `*PATH*` is `*CHEMIN*` in French.
fn term(line: &str) -> String {
    let line = line.replace('\\', "").replace("**", "\u{1}");
    let stands_for_value = |(at, word): &(usize, &str)| at % 2 == 1 && !word.contains(char::is_lowercase);
    let words = line.split('*').enumerate().map(|word| if stands_for_value(&word) { "_" } else { word.1 });
    words.collect::<Vec<_>>().join("*").replace('\u{1}', "**")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "---\ntitle: A\nheader: Files\n---\n# NAME\n\na - does it\n\n# KEYS\n\n## [totp]\n\n\
                           **digits** [6], **\\--x** *PATH*\n:   See **THE\n    SHEET** or */etc/a*, **b**.\n\nSo:\n\n    run  # now\n";
    const FRENCH: &str = "---\ntitle: A\nheader: Fichiers\n---\n# NOM\n\na - le fait\n\n# CLÉS\n\n## [totp]\n\n\
                          **digits** [6], **--x** *CHEMIN*\n:   Voir **b**, **LA FEUILLE** ou */etc/a*.\n\nAinsi :\n\n    run  # vite\n";

    #[test]
    fn pages_that_say_the_same_do_not_drift() {
        assert_eq!(drift(ENGLISH, FRENCH), Vec::<String>::new());
    }

    #[test]
    fn each_thing_that_one_page_says_alone_is_found() {
        let found = |was: &str, is: &str| drift(ENGLISH, &FRENCH.replace(was, is)).join("; ");
        assert_eq!(found("Voir **b**", "Voir"), "section 3 ## [totp]: b is missing in French");
        assert_eq!(found("Voir", "Voir **c**"), "section 3 ## [totp]: c stands in French alone");
        assert_eq!(found("*/etc/a*", "*/etc/b*").matches("; ").count(), 1);
        assert!(found("[6]", "[8]").contains("explains"), "another built-in value");
        assert!(found("    run", "    stop").contains("shows"), "another example");
        assert!(found("## [totp]", "## [otp]").contains("sections"), "another table");
        assert!(found("a - le fait", "le fait").contains("a is missing"), "not found by whatis");
    }
}
