//! Names nobody has, and names made to do harm: the same prompt and refusal as a wrong code, and no file.

use wardkey_tests::machine::world::{ALONE, CODE, World};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};

/// What a person can tell two refusals apart by.
fn as_seen(login: &Transcript) -> (PamResult, String, String) {
    (login.result(), login.prompts(), login.messages())
}

/// Every file that a login could have made.
fn files(world: &World) -> String {
    world.must("find /var/lib /etc /home /run -maxdepth 4 | sort")
}

// Row: S1-2
#[test]
fn a_name_nobody_has_is_refused_as_a_wrong_code_is() {
    let world = World::new();
    let alice = world.person("alice");
    world.add_account("bob");
    let refused = as_seen(&world.types("alice", &alice.wrong_code(&world)));
    assert_eq!(refused.0, PamResult::AuthErr);
    let before = files(&world);
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
            let login = world.pam(&Script::new(ALONE, name).types(CODE, code));
            assert_eq!(as_seen(&login), refused, "{what}, {code}");
        }
    }
    assert_eq!(files(&world), before);
}

#[test]
fn the_command_refuses_such_names_and_makes_no_file() {
    let world = World::new();
    world.add_account("bob");
    let before = files(&world);
    let long = "x".repeat(300);
    for name in ["../x", "", &long, "nobody-here", "a/b", ".."] {
        let outcome = world.wardkey(&["--json", "enroll", "--", name], "");
        assert!(matches!(outcome.code(), Some(1 | 2)), "{name:?}: {outcome:?}");
        assert_eq!(files(&world), before, "{name:?}");
    }
}

#[test]
fn names_of_directory_accounts_have_directories_of_their_own() {
    let world = World::new();
    for name in ["roy@clinic.example", "CLINIC\\roy", ".hidden"] {
        let mut person = world.person(name);
        assert!(world.types(name, &person.fresh_code(&world)).accepted(), "{name}");
    }
    let listed = world.must("ls -A /var/lib/wardkey/users");
    assert_eq!(listed, "%2Ehidden\nCLINIC%5Croy\nroy@clinic.example\n");
}
