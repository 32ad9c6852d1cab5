//! What the documents about security say is shown by tests that exist.

use std::collections::{BTreeMap, BTreeSet};

use wardkey_tests::proof::documents::{exists, faults, named, pages_in, read, read_all, tests, tests_of};
use wardkey_tests::proof::manuals::drift;

const DOCUMENTS: [&str; 4] =
    ["docs/threat-model.md", "docs/known-weaknesses.md", "docs/hardening.md", "docs/standards.md"];

/// What every contributor reads first.
const MAP: &str = "core/DESIGN.md";

const MANUAL: &str = "packaging/man";
const FRENCH_MANUAL: &str = "packaging/man/fr";

#[test]
fn every_test_that_a_document_names_is_there() {
    let tests = tests().expect("the sources");
    for document in DOCUMENTS {
        let text = read(document).expect(document);
        assert_eq!(faults(&text, &tests), Vec::<String>::new(), "{document}");
        assert!(named(&text).len() > 10, "{document} names hardly a test");
    }
}

#[test]
fn every_known_weakness_stands_once_and_with_an_answer() {
    let text = read("docs/known-weaknesses.md").expect("the document");
    let ids: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("| CVE-")?.split(' ').next()).collect();
    let once: BTreeSet<&str> = ids.iter().copied().collect();
    assert!(ids.len() > 20 && ids.len() == once.len(), "{ids:?}");
}

/// The pages that people read, by their names from the project's directory on.
fn pages() -> Vec<String> {
    let first = ["README.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", MAP].map(str::to_owned);
    let folders = ["docs", "docs/design"].into_iter().flat_map(|folder| pages_in(folder).expect(folder));
    first.into_iter().chain(folders).collect()
}

#[test]
fn every_link_leads_to_a_file_that_is_there() {
    let pages = pages();
    assert!(pages.len() > 20, "{pages:?}");
    for from in pages {
        let text = read(&from).expect(&from);
        let folder = from.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let target = link.0.split('#').next().unwrap_or_default();
            if !target.contains("://") && !target.is_empty() {
                assert!(exists(&format!("{folder}{target}")), "{from} leads to {target}");
            }
        }
    }
}

#[test]
fn the_map_is_short_and_leads_to_every_page_of_the_design() {
    let map = read(MAP).expect(MAP);
    assert!(map.lines().count() <= 120, "{MAP} has {} lines", map.lines().count());
    assert_eq!(map.matches("## The way of a typed code").count(), 1);
    let tests = tests().expect("the sources");
    for page in pages().iter().filter(|page| page.starts_with("docs/design/")) {
        assert!(map.contains(&format!("](../{page})")), "{MAP} does not lead to {page}");
        assert_eq!(faults(&read(page).expect(page), &tests), Vec::<String>::new(), "{page}");
    }
}

#[test]
fn each_reader_finds_the_way_to_every_page() {
    let index = read("docs/README.md").expect("the index");
    for reader in ["sysadmin", "help desk", "auditor", "contributor"] {
        assert!(
            index.to_lowercase().contains(&format!("\n## {reader}")),
            "the index has nothing for: {reader}"
        );
    }
    for page in
        pages().iter().filter_map(|page| page.strip_prefix("docs/")).filter(|page| !page.contains('/'))
    {
        assert!(page == "README.md" || index.contains(&format!("]({page})")), "the index leads to no {page}");
    }
}

#[test]
fn the_page_about_security_leads_to_its_documents() {
    let security = read("SECURITY.md").expect("the document");
    for document in DOCUMENTS {
        assert!(security.contains(document), "SECURITY.md does not lead to {document}");
    }
}

/// The variables of a shell stand between two signs that pandoc takes for mathematics, and prints as something else.
fn is_mathematics(page: &str) -> bool {
    let prose = page.lines().filter(|line| !line.starts_with("    "));
    prose.map(|line| line.replace("\\$", "")).any(|line| line.contains('$'))
}

#[test]
fn no_manual_page_has_words_that_are_printed_as_mathematics() {
    assert!(is_mathematics("with **$VISUAL** or **$EDITOR**") && is_mathematics("    code\n$x$"));
    assert!(!is_mathematics("with **\\$VISUAL** or **\\$EDITOR**\n\n    echo \"$code\""));
    for folder in [MANUAL, FRENCH_MANUAL] {
        let pages = read_all(folder).expect("the pages");
        assert!(pages.len() > 3);
        for (name, page) in pages {
            assert!(!is_mathematics(&page), "{name}");
        }
    }
}

/// The manual pages in a folder, by their names.
fn manual(folder: &str) -> BTreeMap<String, String> {
    let pages = read_all(folder).expect("the pages").into_iter();
    pages.map(|(path, page)| (path.rsplit('/').next().unwrap_or_default().to_owned(), page)).collect()
}

#[test]
fn every_manual_page_says_the_same_in_both_languages() {
    let (english, french) = (manual(MANUAL), manual(FRENCH_MANUAL));
    assert_eq!(english.keys().collect::<Vec<_>>(), french.keys().collect::<Vec<_>>());
    for (name, page) in english {
        let faults = drift(&page, &french[&name]);
        assert!(faults.is_empty(), "{name}\n{}\n", faults.join("\n"));
    }
}

#[test]
fn a_test_that_never_runs_shows_nothing() {
    let source = "#[test]\nfn one() {}\n#[test]\n#[ignore]\nfn two() {}\nfn three() {}\n#[test]\n// Why.\nfn four() {}";
    assert_eq!(tests_of(source), ["one", "four"]);
}

#[test]
fn a_claim_without_its_test_is_a_fault() {
    let tests = BTreeSet::from(["a.rs::one".to_owned()]);
    assert_eq!(faults("`a.rs::two` and `a.rs::one`.", &tests), ["there is no test a.rs::two"]);
    let rows =
        |rows: &str| faults(&format!("| clause | answer | shown by |\n|---|---|---|\n{rows}\n"), &tests);
    assert_eq!(rows("| 1 | met | `a.rs::one` |\n| 2 | not applicable | a reason |"), Vec::<String>::new());
    assert_eq!(rows("| 1 | met | a reason |"), ["1: no test shows that it is met"]);
    assert_eq!(rows("| 1 | the site's | |"), ["1: no test shows that it is the site's"]);
    assert_eq!(rows("| 1 | perhaps | `a.rs::one` |"), [r#"1: "perhaps" is not an answer"#]);
    assert_eq!(faults("| word | meaning |\n|---|---|\n| a | b |", &tests), Vec::<String>::new());
}

/// What stands between two texts, at the first place where both are there.
fn between(text: &str, before: &str, behind: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(behind).map(|(found, _)| found.to_owned())
}

#[test]
fn cargo_the_package_and_the_changelog_name_one_newest_version() {
    let of = |file: &str, before: &str, behind: &str| {
        between(&read(file).expect(file), before, behind).unwrap_or_else(|| panic!("{file} names no version"))
    };
    let version = of("Cargo.toml", "[workspace.package]\nversion = \"", "\"");
    assert_eq!(of("debian/changelog", "wardkey (", ") "), version, "debian/changelog");
    let changelog = read("CHANGELOG.md").expect("the page");
    let sections: Vec<&str> = changelog.lines().filter_map(|line| line.strip_prefix("## [")).collect();
    assert_eq!(sections.first(), Some(&"Unreleased]"), "the first section");
    let newest = sections.get(1).and_then(|section| section.split_once("] - ")).map(|(newest, _)| newest);
    assert_eq!(newest, Some(version.as_str()), "CHANGELOG.md");
}
