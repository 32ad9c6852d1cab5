//! What is printed of a configuration reads back as it.

use super::*;
use std::path::Path;

fn parse(text: &str) -> Config {
    Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

#[test]
fn what_is_printed_reads_back_as_what_is_in_force() {
    let every_key = include_str!("../../../core/src/policy/config/every_key.toml");
    let every_seat_key = include_str!("../../../core/src/policy/config/every_seat_key.toml");
    for text in ["", every_key, every_seat_key, "[service.\"a.b c\"]\nenroll = true\n"] {
        let config = parse(text);
        assert_eq!(parse(&InForce::of(&config).to_toml(|_| String::new())), config);
    }
}

#[test]
fn every_key_of_a_full_file_is_printed() {
    let every_key = include_str!("../../../core/src/policy/config/every_key.toml");
    let every_seat_key = include_str!("../../../core/src/policy/config/every_seat_key.toml");
    for text in [every_key, every_seat_key] {
        let printed = InForce::of(&parse(text)).to_toml(|_| String::new());
        for line in text.lines().filter(|line| line.contains(" = ")) {
            let key = line.split('=').next().unwrap_or_default().trim();
            assert!(printed.lines().any(|l| l.trim_start_matches("# ").starts_with(key)), "{key}");
        }
    }
}

#[test]
fn json_nests_services_and_lists_exemptions() {
    let every_key = include_str!("../../../core/src/policy/config/every_key.toml");
    let json = InForce::of(&parse(every_key)).to_json();
    assert_eq!(json["service"]["swaylock"]["unlock_grace"], "12h");
    assert_eq!(json["exempt"][1]["user"], "scanner");
    assert_eq!(json["exempt"][1]["service"], serde_json::json!(["cups", "lpd"]));
    assert_eq!((&json["exempt"][1]["group"], &json["exempt"][0]["service"]), (&Json::Null, &Json::Null));
    assert_eq!(json["policy"]["enroll_by"], "2027-03-31");
    assert_eq!(json["throttle"]["first_wait"], "90s");
}
