//! What another version left or says: nobody is let in by it, it stays as it is, and who reads of it reads what to do. The same
//! with the programs of the previous version: `make neighbours`.

use wardkey_tests::machine::host::{ALONE, Host, SUPPORT};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::proof::documents::read;

const JOURNAL: &str = "/var/lib/wardkey/enabled/journal.json";

#[test]
fn a_helper_of_another_version_opens_nothing_and_the_log_has_the_cure() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_other_helper();
    let code = alice.fresh_code(&host);
    let said = host.syslog().lines_of(|| {
        let refused = host.pam_as("alice", &Script::new(ALONE, "alice"));
        assert_eq!((refused.result(), refused.cannot_check()), (PamResult::AuthErr, true), "{refused:?}");
        assert!(refused.messages().contains(SUPPORT), "{refused:?}");
        assert!(!refused.messages().contains("version"), "the person cannot mend it: {refused:?}");
    });
    let cure = ["another version", "systemctl reload wardkey-helper"];
    assert!(said.iter().any(|line| line.is_authpriv_with(&cure)), "{said:?}");
    let refused = host.wardkey_as("alice", &["recovery-codes", "--json"], &format!("{PASSWORD}\n{code}\n"));
    assert_ne!(refused.code(), Some(0), "{refused:?}");
    assert!(cure.iter().all(|part| (refused.stdout.clone() + &refused.stderr).contains(part)), "{refused:?}");
    assert!(host.types("alice", &code).accepted(), "it is not spent");
}

#[test]
fn a_journal_of_a_newer_version_is_left_and_named() {
    let host = Host::new();
    let newer = "{\"form\": 2, \"what\": [\"a later version\", \"knows\"]}";
    host.must("install -d -m 700 /var/lib/wardkey/enabled");
    host.write(JOURNAL, newer);
    host.must(&format!("chmod 600 {JOURNAL}"));
    for words in [&["disable", "--all"][..], &["enable", "--status"], &["enable", "sudo", "--no-revert"]] {
        let refused = host.wardkey(words, "").exits(3);
        for part in [JOURNAL, "was written by a newer version of wardkey", "or a newer one", "move it aside"]
        {
            assert!(refused.stderr.contains(part), "{words:?}: {refused:?}");
        }
        assert_eq!(host.read(JOURNAL), newer, "{words:?}");
    }
    host.must(&format!("mv {JOURNAL} {JOURNAL}.aside"));
    assert!(!host.wardkey(&["disable", "--all"], "").stderr.contains(JOURNAL));
    assert!(
        !host.read("/etc/pam.d/sudo").contains("pam_wardkey.so"),
        "out of a backup there is this way out"
    );
}

/// Who raises a number reads there what goes with it.
#[test]
fn the_page_about_versions_has_the_numbers_of_the_sources() {
    let page = read("docs/design/versions.md").expect("the page");
    let rows = page.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let number: u32 = cells.nth(1)?.split(' ').next()?.parse().ok()?;
        Some((number, cells.next()?.trim_matches('`').to_owned()))
    });
    let rows: Vec<(u32, String)> = rows.collect();
    assert_eq!(rows.len(), 8, "{rows:?}");
    for (number, file) in rows {
        let source = read(&file).expect(&file);
        let is_it = |name: &str| source.contains(&format!("const {name}: u32 = {number};"));
        assert!(is_it("VERSION") || is_it("FORM"), "{file}: {number}");
    }
}
