//! What is wrong in a configuration apart from values, in French. English has the error's own words.

use super::system::foreign;
use wardkey_core::policy::config::{Advice, Fault, GivenValue, KeyHome, Type};

pub(super) fn fault_in_french(fault: &Fault) -> String {
    match fault {
        Fault::UnknownKey { key, advice } => format!("clé inconnue « {key} » : {}", advice_in_french(advice)),
        Fault::UnknownWord { word, near: Some(near), .. } => {
            format!("valeur inconnue « {word} » : vouliez-vous dire « {near} » ?")
        }
        Fault::UnknownWord { word, known, .. } => {
            format!("valeur inconnue « {word} » ; possibles : {}", known.join(", "))
        }
        Fault::MissingKey(key) => format!("il manque la clé « {key} »"),
        Fault::Twice => "figure deux fois dans le fichier".to_owned(),
        Fault::Type(expected, found) => {
            format!("doit être {}, et non {}", type_in_french(*expected), found_in_french(found))
        }
        Fault::NoQuotes => "un texte doit être entre guillemets, comme clé = \"texte\"".to_owned(),
        Fault::NoValue => "une ligne doit être une [section] ou clé = valeur".to_owned(),
        Fault::Syntax(words) => format!("erreur de syntaxe ({})", foreign(&words.replace('\n', " ; "))),
    }
}

fn advice_in_french(advice: &Advice) -> String {
    match advice {
        Advice::Belongs(homes) if homes[..] == [KeyHome::Top] => {
            "sa place est en tête du fichier, avant la première [section]".to_owned()
        }
        Advice::Belongs(homes) => {
            let homes: Vec<String> = homes.iter().map(home_in_french).collect();
            format!("sa place est dans {}", homes.join(" ou "))
        }
        Advice::Near(near) => format!("vouliez-vous dire « {near} » ?"),
        Advice::Known(known) => format!("possibles ici : {}", known.join(", ")),
    }
}

fn home_in_french(home: &KeyHome) -> String {
    match home {
        KeyHome::Top => "l'en-tête du fichier".to_owned(),
        KeyHome::Section("service") => "[service.NOM]".to_owned(),
        KeyHome::Section(_) => home.to_string(),
    }
}

const fn type_in_french(expected: Type) -> &'static str {
    match expected {
        Type::Text => "un texte entre guillemets",
        Type::Word => "un mot entre guillemets",
        Type::Flag => "true ou false",
        Type::Number => "un nombre entier",
        Type::List => "une liste entre crochets",
        Type::Section => "une section",
        Type::Day => "un jour comme 2027-03-31, sans guillemets",
    }
}

/// The value itself is repeated as it stands.
fn found_in_french(found: &GivenValue) -> String {
    match found {
        GivenValue::Text(text) => format!("le texte {text}"),
        GivenValue::Number(number) => format!("le nombre {number}"),
        GivenValue::Flag(flag) => flag.clone(),
        GivenValue::List => "une liste".to_owned(),
        GivenValue::Section => "une section".to_owned(),
        GivenValue::Day => "une date".to_owned(),
    }
}
