use crate::policy::config::{Config, Layers};
use std::path::Path;

const SEAT: &str = "[store]\nkind = \"verifier\"\nservers = [\"verifier1.clinic:7443\"]\n";

fn said(text: &str) -> String {
    Config::parse(text.as_bytes(), Path::new("w.toml")).err().map_or_else(String::new, |e| e.to_string())
}

#[test]
fn a_seat_has_servers_and_nobody_else_has() {
    assert_eq!(said(SEAT), "");
    let nine: Vec<String> = (1..=9).map(|n| format!("\"v{n}:1\"")).collect();
    let of = |servers: &str| format!("[store]\nkind = \"verifier\"\nservers = [{servers}]");
    assert_eq!(said(&of(&nine.join(", "))), "");
    for (text, expected) in [
        (
            "[store]\nkind = \"verifier\"".to_owned(),
            "line 2, key `store.kind`: a seat must name 1 to 9 servers",
        ),
        (of(""), "line 2, key `store.kind`: a seat must name 1 to 9"),
        (
            of(&[&nine.join(", "), ", \"v10:1\""].concat()),
            "line 3, key `store.servers`: a seat must name 1 to 9",
        ),
        (of("\"v:1\", \"v:1\""), "line 3, key `store.servers`: a seat must name 1 to 9"),
        (of("\"v\""), "line 3, key `servers`: must be a host and a port"),
        (
            "[store]\nservers = [\"v:1\"]".to_owned(),
            "line 2, key `store.servers`: only with kind = \"verifier\"",
        ),
        ("[store]\nseat_key = \"/k\"".to_owned(), "line 2, key `store.seat_key`: only with"),
        ("[store]\nauthority = \"/k\"".to_owned(), "line 2, key `store.authority`: only with"),
    ] {
        assert!(said(&text).contains(expected), "{text:?} gave {:?}, wanted {expected:?}", said(&text));
    }
}

#[test]
fn a_seat_has_none_of_the_sections_by_which_a_verifier_judges() {
    for section in ["totp", "recovery", "throttle", "email", "seal"] {
        for text in [format!("{SEAT}[{section}]\n"), format!("{SEAT}[{section}] # here\n\n[run]\n")] {
            let expected = format!("line 4, key `{section}`: the verifier decides this");
            assert!(said(&text).contains(&expected), "{}", said(&text));
        }
        assert_eq!(said(&format!("{SEAT}# no [{section}] here\n")), "");
        assert_eq!(said(&format!("[{section}]\n")), "", "where the records are here");
    }
    assert!(said(&format!("throttle.free_tries = 3\n{SEAT}")).contains("line 1, key `throttle`"));
}

#[test]
fn a_section_in_another_file_is_as_wrong_as_in_the_first() {
    let layers = Layers::of(Path::new("/w.toml"), SEAT.as_bytes());
    let both = layers.with(Path::new("/w.toml.d/mail.toml"), b"\n[email]\nmode = \"off\"\n").unwrap();
    let said = both.config().unwrap_err().to_string();
    assert!(said.starts_with("/w.toml.d/mail.toml, line 2, key `email`: the verifier decides"), "{said}");
    let kind = Layers::of(Path::new("/w.toml"), b"[totp]\nwindow = 2\n")
        .with(Path::new("/w.toml.d/seat.toml"), SEAT.as_bytes());
    let said = kind.unwrap().config().unwrap_err().to_string();
    assert!(said.starts_with("/w.toml, line 1, key `totp`"), "{said}");
}

#[test]
fn every_path_of_a_seat_follows_from_its_file() {
    let config = Config::parse(SEAT.as_bytes(), Path::new("w.toml")).unwrap();
    let own =
        |text: &str| Config::parse(format!("{SEAT}{text}").as_bytes(), Path::new("w.toml")).unwrap().store;
    assert_eq!(config.store.seat_key(), Path::new("/etc/wardkey/seat.key"));
    assert_eq!(config.store.authority(), Path::new("/etc/wardkey/authority.crt"));
    assert_eq!(config.store.certificate(), ("/var/lib/wardkey/seat".into(), "seat.crt"));
    let moved = own("path = \"/t/s\"\nseat_key = \"/t/k\"\nauthority = \"/t/a\"\n");
    assert_eq!(moved.seat_key(), Path::new("/t/k"));
    assert_eq!(moved.authority(), Path::new("/t/a"));
    assert_eq!(moved.certificate().0, Path::new("/t/s/seat"));
}
