//! Names nobody has, and names made to do harm: the same prompt and refusal as a wrong code, and no file.

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};

/// What a person can tell two refusals apart by.
fn as_seen(login: &Transcript) -> (PamResult, String, String) {
    (login.result(), login.prompts(), login.messages())
}

/// Every file that a login could have made.
fn files(host: &Host) -> String {
    host.must("find /var/lib /etc /home /run -maxdepth 4 | sort")
}

// Row: S1-2
#[test]
fn a_name_nobody_has_is_refused_as_a_wrong_code_is() {
    let host = Host::new();
    let alice = host.person("alice");
    host.add_account("bob");
    let refused = as_seen(&host.types("alice", &alice.wrong_code(&host)));
    assert_eq!(refused.0, PamResult::AuthErr);
    let before = files(&host);
    let long = "x".repeat(300);
    let names: [(&str, &[u8]); 10] = [
        ("not enrolled", b"bob"),
        ("unknown", b"nobody-here"),
        ("a path", b"../x"),
        ("a path to a person", b"../users/alice"),
        ("an option", b"-x"),
        ("empty", b""),
        ("long", long.as_bytes()),
        ("not UTF-8", b"al\xffice"),
        ("two lines", b"alice\nroot"),
        ("dots", b".."),
    ];
    for (what, name) in names {
        for code in ["123456", "ABCD-EFGH-JKMN-PQRS", "nonsense", ""] {
            let login = host.pam(&Script::new(ALONE, name).types(CODE, code));
            assert_eq!(as_seen(&login), refused, "{what}, {code}");
        }
    }
    assert_eq!(files(&host), before);
}

#[test]
fn the_command_refuses_such_names_and_makes_no_file() {
    let host = Host::new();
    host.add_account("bob");
    let before = files(&host);
    let long = "x".repeat(300);
    for name in ["../x", "", &long, "nobody-here", "a/b", ".."] {
        let outcome = host.wardkey(&["--json", "enroll", "--", name], "");
        assert!(matches!(outcome.code(), Some(1 | 2)), "{name:?}: {outcome:?}");
        assert_eq!(files(&host), before, "{name:?}");
    }
}

#[test]
fn names_of_directory_accounts_have_directories_of_their_own() {
    let host = Host::new();
    for name in ["roy@clinic.example", "CLINIC\\roy", ".hidden"] {
        let mut person = host.person(name);
        assert!(host.types(name, &person.fresh_code(&host)).accepted(), "{name}");
    }
    let listed = host.must("ls -A /var/lib/wardkey/users");
    assert_eq!(listed, "%2Ehidden\nCLINIC%5Croy\nroy@clinic.example\n");
}
