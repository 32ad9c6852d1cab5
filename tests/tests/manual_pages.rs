//! Where `make install` puts the manual pages, and that man(1) takes those of the reader's language.

use wardkey_tests::machine::host::Host;
use wardkey_tests::proof::promises::root;

const PAGES: [&str; 4] = ["wardkey.8", "pam_wardkey.8", "wardkey-helper.8", "wardkey.toml.5"];
const MANUAL: &str = "/var/dest/usr/share/man";

/// Runs make(1) on built files whose content does not matter.
fn make(host: &Host, target: &str) {
    let places = "CARGO_TARGET_DIR=/var/built DESTDIR=/var/dest PREFIX=/usr PAMDIR=/usr/lib/security";
    host.must(&format!("make -C {} {target} {places}", root().display()));
}

/// The page that man(1) would show in this language.
fn found(host: &Host, language: &str, page: &str) -> String {
    let variables = format!("LOCPATH=/var/locales LANG={language} MANPATH={MANUAL}");
    host.must(&format!("env -u LC_ALL {variables} man --where {page}")).trim().to_owned()
}

#[test]
fn man_finds_the_pages_of_both_languages_until_they_are_uninstalled() {
    let host = Host::bare();
    host.must("mkdir -p /var/built/release/completions /var/built/man/fr /var/locales");
    host.must("localedef --inputfile=fr_FR --charmap=UTF-8 /var/locales/fr_FR.UTF-8");
    for file in ["libpam_wardkey.so", "wardkey", "wardkey-helper"] {
        host.write(&format!("/var/built/release/{file}"), "");
    }
    for shell in ["bash", "zsh", "fish"] {
        host.write(&format!("/var/built/release/completions/{shell}"), "");
    }
    for page in PAGES {
        host.write(&format!("/var/built/man/{page}"), ".TH A 8\n.SH NAME\na - it\n");
        host.write(&format!("/var/built/man/fr/{page}"), ".TH A 8\n.SH NOM\na - cela\n");
    }
    make(&host, "install");
    for page in PAGES {
        let (name, section) = page.rsplit_once('.').expect("a section");
        assert_eq!(found(&host, "fr_FR.UTF-8", name), format!("{MANUAL}/fr/man{section}/{page}"));
        assert_eq!(found(&host, "C.UTF-8", name), format!("{MANUAL}/man{section}/{page}"));
    }
    make(&host, "uninstall");
    assert_eq!(host.must(&format!("find {MANUAL} -type f")), "");
}
