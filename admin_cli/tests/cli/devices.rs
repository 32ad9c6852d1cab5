//! New phones, further authenticators, and accounts that moved.

use crate::scratch::{GAMES, Phone, Scratch};
use serde_json::json;
use wardkey_core::desk::Desk;
use wardkey_core::policy::account::Account;
use wardkey_core::store::FileStore;
use wardkey_core::system::clock::SystemClock;
use wardkey_core::user::UserName;

/// A pending authenticator of `games`, by these words.
fn begun(scratch: &Scratch, words: &[&str]) -> Phone {
    let begun = scratch.json(words, "").exits(0).json();
    assert_eq!((&begun["user"], &begun["state"]), (&json!(GAMES), &json!("pending")));
    Phone::new(begun["secret"].as_str().unwrap())
}

fn accepted(scratch: &Scratch, code: &str) -> bool {
    scratch.json(&["check", GAMES], code).status == 0
}

fn refused(scratch: &Scratch, words: &[&str]) -> (String, String) {
    let (kind, message, hint) = scratch.json(words, "").exits(1).error();
    assert_eq!(kind, "refused", "{words:?}");
    (message, hint)
}

#[test]
fn the_old_phone_works_until_the_new_one_confirms_and_codes_stay() {
    let scratch = Scratch::new();
    let old = scratch.enrol(GAMES);
    assert!(accepted(&scratch, &old.recovery_codes[0]));
    let new = begun(&scratch, &["replace", GAMES]);
    assert_eq!(scratch.json(&["status", GAMES], "").json()["state"], "enrolled");
    assert!(accepted(&scratch, &old.code(1)));
    assert!(!accepted(&scratch, &new.code(0)), "not confirmed yet");
    let confirmed = scratch.json(&["confirm", GAMES], &new.code(0)).exits(0).json();
    assert_eq!(confirmed, json!({"user": GAMES, "state": "enrolled", "recovery_codes": []}));
    assert!(!accepted(&scratch, &old.code(1)) && !accepted(&scratch, &new.code(0)));
    assert!(accepted(&scratch, &new.code(1)));
    assert!(!accepted(&scratch, &old.recovery_codes[0]) && accepted(&scratch, &old.recovery_codes[1]));
    assert_eq!(
        scratch.json(&["status", GAMES], "").json()["recovery_codes"],
        json!({"left": 3, "issued": 5})
    );
    let reasons: Vec<_> = scratch.audit().into_iter().filter(|l| l["event"] == "confirm").collect();
    assert_eq!(reasons[1]["reason"], "replaced: app", "{reasons:#?}");
}

#[test]
fn in_words_the_person_reads_what_ended_and_what_is_left() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    let given = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let phone = Phone::new(given);
    let input = format!("{given}\n{}{}", phone.wrong_code(), phone.code(0));
    let said = scratch.run(&["replace", GAMES, "--secret-stdin", "--label", "new"], &input).exits(0);
    for part in [
        "old authenticator keeps working until",
        "Key: GEZD",
        "The code is wrong.",
        "(app) no longer does",
        "5 left",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    assert!(!said.out.contains("recovery codes. Each opens"), "no new set");
    let broken_off = scratch.run(&["replace", GAMES], "").exits(1);
    assert!(
        broken_off.err.contains("Nothing else has changed; the new authenticator stays pending"),
        "{broken_off:?}"
    );
    assert!(accepted(&scratch, &phone.code(1)));
}

// Row: S1-25
#[test]
fn authenticators_are_added_listed_and_removed_but_never_the_last() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    let tablet = begun(&scratch, &["authenticator", "add", GAMES, "tablet"]);
    scratch.json(&["confirm", GAMES], &tablet.code(0)).exits(0);
    let list = scratch.json(&["authenticator", "list", GAMES], "").exits(0).json();
    assert_eq!(list, scratch.json(&["status", GAMES], "").json()["authenticators"]);
    let labels: Vec<_> = list.as_array().unwrap().iter().map(|one| one["label"].clone()).collect();
    assert_eq!(labels, ["app", "tablet"]);
    let said = scratch.run(&["authenticator", "list", GAMES], "").exits(0);
    assert!(said.out.contains("tablet, since ") && said.out.lines().count() == 2, "{said:?}");

    for words in [&["replace", GAMES][..], &["authenticator", "remove", GAMES]] {
        let (message, hint) = refused(&scratch, words);
        assert!(message.contains("several") && hint.contains("authenticator list games"), "{message} {hint}");
    }
    assert!(refused(&scratch, &["replace", GAMES, "phone"]).0.contains("no authenticator with that label"));
    assert!(refused(&scratch, &["authenticator", "add", GAMES, "tablet"]).0.contains("already"));
    let removed = scratch.json(&["authenticator", "remove", GAMES, "app"], "").exits(0).json();
    assert_eq!(removed, json!({"user": GAMES, "removed": "app"}));
    let (message, hint) = refused(&scratch, &["authenticator", "remove", GAMES, "tablet"]);
    assert!(message.contains("last authenticator") && hint.contains("replace games"), "{message} {hint}");
    assert!(accepted(&scratch, &tablet.code(1)));
}

#[test]
fn somebody_not_enrolled_has_nothing_to_replace_or_add_to() {
    let scratch = Scratch::new();
    for words in
        [&["replace", GAMES][..], &["authenticator", "add", GAMES], &["authenticator", "remove", GAMES]]
    {
        assert!(refused(&scratch, words).1.contains("enroll games"), "{words:?}");
    }
    assert_eq!(scratch.json(&["authenticator", "list", GAMES], "").exits(0).json(), json!([]));
    assert_eq!(std::fs::read_dir(scratch.path("state/users")).unwrap().count(), 0);
    scratch.run(&["authenticator"], "").exits(2);
}

#[test]
fn rebind_takes_over_the_uid_that_the_account_has_now() {
    let scratch = Scratch::new();
    let desk = |uid: u32| {
        let games = Account { name: UserName::new(b"games").unwrap(), uid, gid: 0 };
        let store = FileStore::new(scratch.path("state"));
        Desk { store: &store, clock: &SystemClock }.rebind(&games).unwrap()
    };
    scratch.json(&["rebind", GAMES, "--verified-by", "desk"], "").exits(1);
    let phone = scratch.enrol(GAMES);
    assert!(
        refused(&scratch, &["rebind", GAMES, "--verified-by", "desk"]).0.contains("nothing to take over")
    );
    let uid = desk(4242).from;
    let said = scratch.json(&["check", GAMES], &phone.code(1)).exits(1).json();
    assert_eq!(said["reason"], "other uid than at enrolment");
    let (_, hint) = refused(&scratch, &["recovery-codes", GAMES]);
    assert!(hint.contains("rebind games"), "{hint}");
    scratch.run(&["rebind", GAMES], "").exits(2);
    let rebound = scratch.json(&["rebind", GAMES, "--verified-by", "call-back"], "").exits(0).json();
    assert_eq!(rebound, json!({"user": GAMES, "uid": uid, "was": 4242}));
    assert!(accepted(&scratch, &phone.code(1)));
    let line = scratch.audit().into_iter().rev().find(|line| line["event"] == "rebind").unwrap();
    assert_eq!(line["reason"], format!("verified by: call-back; uid 4242 -> {uid}"));
}
