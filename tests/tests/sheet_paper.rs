//! Sheets on paper, and the one for an envelope.

use wardkey_tests::machine::host::{Host, SUPPORT};
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::proof::sheet::Sheet;
use wardkey_tests::proof::terminal_screen::printed_codes;

const SHEET: &str = "/var/sheets/alice.html";

fn host(tables: &str) -> Host {
    let host = Host::with_config(tables);
    host.add_account("alice");
    host.must("mkdir -m 700 /var/sheets");
    host
}

fn phone(secret: &str) -> Authenticator {
    Authenticator { secret: secret.to_owned(), algorithm: "SHA1".into(), digits: 6, period: 30 }
}

const ONE_LEAF: &str = "A4 1\nLetter 1\n";

#[test]
fn each_sheet_is_one_leaf_of_a4_and_of_letter() {
    for language in ["en", "fr"] {
        let host = host(&format!(
            "language = \"{language}\"\nissuer = \"Lakeside Clinic, East Wing\"\n[recovery]\ncodes = 20"
        ));
        let printed = host.json(&["enroll", "alice", "--sheet", SHEET], "");
        assert_eq!(Sheet::leaves(&host, SHEET), ONE_LEAF, "{language}: the key");
        let code = phone(printed["secret"].as_str().expect("a key")).code(host.now() / 30);
        host.json(&["confirm", "alice", "--sheet", "/var/sheets/codes.html"], &format!("{code}\n"));
        assert_eq!(Sheet::leaves(&host, "/var/sheets/codes.html"), ONE_LEAF, "{language}: codes");
        let envelope =
            ["emergency", "alice", "--count", "11", "--reason", "safe", "--sheet", "/var/sheets/e.html"];
        host.json(&envelope, "");
        assert_eq!(Sheet::leaves(&host, "/var/sheets/e.html"), ONE_LEAF, "{language}: the envelope");
        host.add_account("bob");
        let key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let code = phone(key).code(host.now() / 30);
        let words = ["enroll", "bob", "--secret-stdin", "--sheet", "/var/sheets/bob.html"];
        host.wardkey(&words, &format!("{key}\n{code}\n")).exits(0);
        assert_eq!(Sheet::leaves(&host, "/var/sheets/bob.html"), ONE_LEAF, "{language}: an enrolment's end");
    }
}

#[test]
fn an_envelope_goes_to_a_sheet_and_a_full_disk_makes_none() {
    let host = host("");
    host.person("alice");
    host.must("mount -t tmpfs -o size=64k,mode=700 none /var/sheets");
    host.must("head -c 65536 /dev/zero >/var/sheets/ballast || :");
    let words = ["emergency", "alice", "--count", "2", "--reason", "pharmacy safe", "--sheet", SHEET];
    let full = host.wardkey(&words, "").exits(3);
    assert!(printed_codes(&full.stdout).is_empty(), "{full:?}");
    assert!(host.json(&["status", "alice"], "")["emergency_codes"].is_null(), "none was made");
    host.must("rm /var/sheets/ballast");
    let said = host.wardkey(&words, "").exits(0).stdout;
    assert!(printed_codes(&said).is_empty() && said.contains("shred -u"), "{said}");
    let sheet = Sheet::read(&host, SHEET);
    assert_eq!((sheet.pages.len(), sheet.codes(0).len()), (1, 2));
    assert_eq!(host.must(&format!("stat -c '%a %U %h' {SHEET}")).trim(), "600 root 1");
    for part in ["Emergency codes of alice", "sealed envelope", "logged as an alert", SUPPORT] {
        assert!(sheet.pages[0].contains(part), "{part}: {sheet:?}");
    }
    let opened = host.types("alice", &sheet.codes(0)[1]);
    assert!(opened.accepted() && opened.messages().contains("1 emergency code left."), "{opened:#?}");
    let left = host.json(&["status", "alice"], "")["emergency_codes"].clone();
    assert_eq!(left, serde_json::json!({"left": 1, "issued": 2}));
    let list = host.wardkey(&["list"], "").exits(0).stdout;
    assert!(list.contains("5 + 1 emergency"), "{list}");
    let opened = host.types("alice", &sheet.codes(0)[0]);
    assert!(opened.messages().contains("No emergency codes left"), "{opened:#?}");
    assert!(host.wardkey(&["status", "alice"], "").exits(0).stdout.contains("emergency codes: none left."));
}
