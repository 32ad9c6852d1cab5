use super::*;
use crate::PamResult::{AuthErr, Ignore, NewAuthtokReqd, Success};

fn of(word: &str) -> [Action; 4] {
    let control = Control::parse(word).expect(word);
    [Success, AuthErr, Ignore, NewAuthtokReqd].map(|result| control.action(result))
}

#[test]
fn each_word_leads_where_pam_conf_says() {
    use Action::{Bad, Die, Done, Ignore, Jump, Ok, Reset};
    for (word, expected) in [
        ("required", [Ok, Bad, Ignore, Ok]),
        ("REQUISITE", [Ok, Die, Ignore, Ok]),
        ("sufficient", [Done, Ignore, Ignore, Done]),
        ("optional", [Ok, Ignore, Ignore, Ok]),
        ("success=1 default=ignore", [Jump(1), Ignore, Ignore, Ignore]),
        ("success=ok", [Ok, Bad, Bad, Bad]),
        (" success = 12 auth_err=reset ", [Jump(12), Reset, Bad, Bad]),
        ("default=die success=ok", [Ok, Die, Die, Die]),
        ("success=okdefault=ignore", [Ok, Ignore, Ignore, Ignore]),
        ("success=ok success=die", [Die, Bad, Bad, Bad]),
        ("", [Bad, Bad, Bad, Bad]),
    ] {
        assert_eq!(of(word), expected, "{word}");
    }
}

#[test]
fn a_mistake_is_named_where_libpam_stumbles() {
    for (word, at) in [
        ("needed", "needed"),
        ("success=1 sucess=1", "sucess=1"),
        ("success", "success"),
        ("success=0", "success=0"),
        ("success=-1", "success=-1"),
        ("success=99999999999", "success=99999999999"),
        ("success=ok, default=bad", ", default=bad"),
        ("required\r", "required\r"),
    ] {
        assert_eq!(Control::parse(word), Err(InvalidControl { at: at.to_owned() }), "{word}");
    }
}
