//! Every invalid value in a configuration, as the two languages name it.

use super::*;
use std::path::Path;
use wardkey_core::policy::config::Config;

fn said(language: Language, toml: &str) -> String {
    let error = Config::parse(toml.as_bytes(), Path::new("w.toml")).unwrap_err();
    Text::new(language, "").config_error(&error)
}

#[test]
fn french_names_the_same_file_line_and_key() {
    for (toml, expected) in [
        ("\n[totp]\ndigits = 7", "w.toml, ligne 3, clé « digits » : doit être 6 ou 8"),
        (
            "[totp]\nwindow = -1",
            "w.toml, ligne 2, clé « window » : doit être compris entre 0 et 5, et non -1",
        ),
        (
            "issuer = 1",
            "w.toml, ligne 1, clé « issuer » : doit être un texte entre guillemets, et non le nombre 1",
        ),
        (
            "[policy]\nself_service = \"yes\"",
            "clé « self_service » : doit être true ou false, et non le texte \"yes\"",
        ),
        ("[policy]\ngroups = true", "clé « groups » : doit être une liste entre crochets, et non true"),
        ("[totp]\ndigits = \"6\"", "clé « digits » : doit être un nombre entier, et non le texte \"6\""),
        ("[totp]\nwindow = 1.5", "clé « window » : doit être un nombre entier, et non le nombre 1.5"),
        ("totp = 1", "clé « totp » : doit être une section, et non le nombre 1"),
        ("[totps]", "ligne 1, clé « totps » : clé inconnue « totps » : vouliez-vous dire « totp » ?"),
        ("[run]\ncolour = 1", "clé « colour » : clé inconnue « colour » : possibles ici : path"),
        (
            "[policy]\nunenrolled = \"maybe\"",
            "clé « unenrolled » : valeur inconnue « maybe » ; possibles : deny, ignore",
        ),
        (
            "[[exempt]]\nuser = \"x\"\nreason = \"r\"\napproved_by = \"a\"",
            "ligne 1, clé « exempt » : il manque la clé « until »",
        ),
        ("issuer = \"a\"\nissuer = \"b\"", "ligne 2, clé « issuer » : figure deux fois dans le fichier"),
        (
            "[service.x]\nunlock_grace = \"25h\"",
            "clé « unlock_grace » : doit être une durée comme 90s ou 5m, au plus 24h",
        ),
        (
            "[policy]\nenroll_by = \"2027-03-31\"",
            "clé « enroll_by » : doit être un jour comme 2027-03-31, sans guillemets, et non le texte",
        ),
        ("[policy]\nenroll_by = 2027-03-31T10:00:00", "doit être un jour comme 2027-03-31, sans guillemets"),
        ("[email]\ntls = \"none\"\nhost = \"mail.example\"", "clé « email.tls » : none ne vaut que pour"),
        ("[log]\nsupport = \"x\"", "clé inconnue « support » : sa place est en tête du fichier"),
        ("path = \"/x\"", "clé inconnue « path » : sa place est dans [store] ou [run]"),
        ("issuer = Lakeside", "clé « issuer » : un texte doit être entre guillemets"),
        ("= 1", "w.toml, ligne 1 : erreur de syntaxe (message d'origine, en anglais : "),
    ] {
        let french = said(Language::French, toml);
        assert!(french.contains(expected), "{toml:?} gave {french:?}, wanted {expected:?}");
        assert!(said(Language::English, toml).starts_with("w.toml, line "), "{toml}");
    }
}

#[test]
fn every_invalid_value_has_french() {
    for value in [
        InvalidValue::NoNumber,
        InvalidValue::NoAlgorithm,
        InvalidValue::NoDay,
        InvalidValue::NoNetwork,
        InvalidValue::RelativePath,
        InvalidValue::NoKeyPlace,
        InvalidValue::NoLine,
        InvalidValue::NoIssuer,
        InvalidValue::NotUtf8,
        InvalidValue::ServiceTwins,
        InvalidValue::GraceForSsh,
        InvalidValue::FirstWait,
        InvalidValue::ExemptsNobody,
        InvalidValue::NoSharedStore,
        InvalidValue::PlainMail,
        InvalidValue::NoHost,
        InvalidValue::HalfLogin,
        InvalidValue::NoSender,
    ] {
        let french = in_french(&Invalid::Value(value));
        assert!(french != value.to_string() && !french.contains("anglais"), "{french}");
    }
}
