//! What a failed command says and writes.

use super::*;
use wardkey_core::policy::config::Language;
use wardkey_core::testing::every_why;

#[test]
fn every_refusal_says_what_is_wrong_and_what_to_do_in_both_languages() {
    let (english, french) = (Text::default(), Text::new(Language::French, ""));
    for why in every_why() {
        let [a, b] = [&english, &french].map(|text| Failure::problem(text, "roy", &why.into()));
        for failure in [&a, &b] {
            assert_eq!(failure.kind, kind_of(why), "{why:?}");
            assert!(!failure.message.is_empty() && !failure.hint.is_empty(), "{why:?}");
        }
        assert!(a.message != b.message && a.hint != b.hint, "{why:?}");
        assert_eq!((&a.logged, &b.logged), (&a.message, &a.message), "{why:?}");
    }
}

#[test]
fn nothing_changed_is_said_at_the_first_step_alone_and_where_certain() {
    use wardkey_core::store::Doing;
    let text = Text::default();
    let busy = || Failure::store(&text, &StoreError::Busy("/s/ledger".into(), None));
    let full = std::io::Error::from_raw_os_error(28);
    let io = Failure::store(&text, &StoreError::Io("/s/ledger".into(), Doing::Syncing, full));
    let says = |failure: Failure| failure.advice().contains("Nothing was changed");
    assert!(says(busy().at_first(&text)) && says(busy().after(&text, &[])));
    assert!(!says(busy()) && !says(busy().leaving("It waits.".into())));
    assert!(busy().leaving("It waits.".into()).advice().starts_with("It waits. "));
    assert!(!says(busy().after(&text, &["/s".to_owned()])));
    assert!(!says(io.clone().at_first(&text)) && io.clone().leaving("It waits.".into()) == io);
}

#[test]
fn an_error_in_json_has_the_contracts_three_keys() {
    let words = |_: &Text| ("a \"b\"".to_owned(), "c".to_owned());
    let failure = Failure::new(Kind::Store, &Text::default(), words);
    assert_eq!(failure.to_json(), r#"{"error":{"kind":"store","message":"a \"b\"","hint":"c"}}"#);
}
