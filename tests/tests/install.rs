//! `make install`: what it puts where, and what it says at the end.

use std::path::Path;

use wardkey_tests::machine::host::Host;
use wardkey_tests::proof::promises::root;

const TO: &str = "PREFIX=/var/usr PAMDIR=/var/usr/security SYSCONFDIR=/var/etc";

fn make(host: &Host, words: &str) -> String {
    host.must(&format!("cd {} && make --no-print-directory {words} 2>&1", root().display()))
}

#[test]
fn it_ends_with_the_next_step_and_says_little_else() {
    let host = Host::bare();
    host.must("rm -f /etc/pam.d/*");
    let said = make(&host, &format!("install {TO}"));
    assert!(said.lines().count() <= 3, "{said}");
    assert!(said.contains("No login asks for codes yet"), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("Next: sudo wardkey init"), "{said}");
    assert!(last.ends_with("/var/usr/share/doc/wardkey/docs/quick-start.md"), "{said}");
    for file in ["security/pam_wardkey.so", "bin/wardkey", "share/doc/wardkey/examples/pam.d/sudo-i"] {
        assert!(host.path(format!("/var/usr/{file}")).exists(), "{file}");
    }
    assert!(host.path("/var/etc/wardkey/wardkey.toml").exists());
    let said = make(&host, &format!("install DESTDIR=/var/stage {TO}"));
    assert!(said.contains("under /var/stage") && said.contains("carry it over"), "{said}");
}

#[test]
fn an_upgrade_ends_with_the_steps_of_an_upgrade() {
    let host = Host::bare();
    host.write("/etc/pam.d/su", "auth requisite pam_wardkey.so\n");
    let said = make(&host, &format!("install {TO}"));
    assert!(said.contains("wardkey is upgraded") && !said.contains("No login asks"), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.starts_with("Next: sudo wardkey init") && last.contains("\"Upgrade\""), "{said}");
}

#[test]
fn a_configuration_that_is_there_stays_as_it_is() {
    let host = Host::bare();
    host.must("mkdir -p /var/etc/wardkey");
    host.write("/var/etc/wardkey/wardkey.toml", "issuer = \"Ours\"\n");
    make(&host, &format!("install {TO}"));
    assert_eq!(host.read("/var/etc/wardkey/wardkey.toml"), "issuer = \"Ours\"\n");
}

/// Whether a link of a page leads to a file that was installed with it.
fn leads(host: &Host, page: &str, link: &str) -> bool {
    let target = link.split('#').next().unwrap_or_default();
    let folder = Path::new(page).parent().unwrap_or(Path::new("/"));
    let path = folder.join(target).display().to_string();
    target.is_empty() || target.contains("://") || host.path(&path).exists()
}

#[test]
fn every_link_of_an_installed_page_leads_to_a_file_beside_it() {
    let host = Host::bare();
    make(&host, &format!("install {TO}"));
    let pages = host.must("find /var/usr/share/doc/wardkey -name '*.md'");
    assert!(pages.lines().count() > 20, "{pages}");
    let mut lost = Vec::new();
    for page in pages.lines() {
        let text = host.read(page);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
        lost.extend(
            links.filter(|(link, _)| !leads(&host, page, link)).map(|(link, _)| format!("{page}: {link}")),
        );
    }
    assert_eq!(lost, Vec::<String>::new());
}

#[test]
fn the_help_has_a_group_for_users_and_one_for_contributors() {
    let host = Host::bare();
    let said = make(&host, "help");
    let (users, contributors) = said.split_once("\n\n").expect("two groups");
    for target in ["demo", "build", "install", "uninstall"] {
        assert!(users.contains(&format!("make {target} ")), "{said}");
    }
    for target in ["check", "test", "fuzz", "mutants"] {
        assert!(
            contributors.contains(&format!("make {target} ")) && !users.contains(&format!("make {target} ")),
            "{said}"
        );
    }
}
