//! Defaults, and every invalid value with its line and key.

use super::*;
use proptest::prelude::*;

fn parse(text: &str) -> Result<Config, String> {
    Config::parse(text.as_bytes(), Path::new("w.toml")).map_err(|e| e.to_string())
}

#[test]
fn the_shipped_file_is_the_defaults() {
    let shipped = include_str!("../../../../config/wardkey.toml");
    assert_eq!(parse(shipped).unwrap(), Config::default());
    assert_eq!(parse("").unwrap(), Config::default());
}

#[test]
fn every_documented_key_is_read() {
    let config = parse(include_str!("every_key.toml")).unwrap();
    assert_eq!(config.issuer.as_str(), "Lakeside Clinic");
    assert_eq!(config.language, Language::French);
    assert_eq!(config.rules().limits.first_wait.as_secs(), 90);
    assert_eq!(config.exempt.len(), 2);
    assert_eq!(config.exempt[1].service.as_deref().unwrap(), ["cups", "lpd"], "compared in lower case");
    assert_eq!(config.service("SWAYLOCK").entry, EntryForm::Combined);
    assert!(config.service("sshd").enroll && !config.service("login").enroll);
    assert_eq!(config.seal_key(), Path::new("/run/credentials/@system/wardkey"));
}

#[test]
fn mailed_codes_open_by_mode_and_not_in_denied_services() {
    let mail = |text: &str, service: &str| {
        parse(&format!("[email]\nfrom = \"w@x\"\n{text}")).unwrap().rules_in(service).mail
    };
    assert_eq!(mail("mode = \"factor\"", "login"), MailMode::Factor);
    assert_eq!(mail("mode = \"recovery\"", "login"), MailMode::Recovery);
    assert_eq!(mail("", "login"), MailMode::Off);
    assert_eq!(parse("[email]\nfrom = \"w@x\"\nmode = \"factor\"").unwrap().rules().mail, MailMode::Off);
}

#[test]
fn unless_a_site_says_otherwise_mail_makes_nobody_root() {
    let mail = |denied: &str, service: &str| {
        let text = format!("[email]\nfrom = \"w@x\"\nmode = \"factor\"\n{denied}");
        parse(&text).unwrap().rules_in(service).mail
    };
    for service in ["sudo", "sudo-i", "su", "su-l", "polkit-1", "SUDO", "Sudo-I"] {
        assert_eq!(mail("", service), MailMode::Off, "{service}");
    }
    for service in ["login", "sshd", "sud", "sudo-x", "su-", "l", "i"] {
        assert_eq!(mail("", service), MailMode::Factor, "{service}");
    }
    // A list of a site's own replaces the built-in one; a program that is denied is denied altogether.
    for (denied, off, on) in [
        ("[\"Sudo\"]", ["sudo", "sudo-i", "SUDO-I"], ["su", "su-l", "polkit-1"]),
        ("[\"Su\"]", ["su", "su-l", "SU-L"], ["sudo", "sudo-i", "polkit-1"]),
        ("[\"sudo-i\", \"su-l\"]", ["sudo-i", "su-l", "Sudo-i"], ["sudo", "su", "login"]),
    ] {
        let denied = format!("deny_services = {denied}");
        assert!(off.iter().all(|service| mail(&denied, service) == MailMode::Off), "{denied}");
        assert!(on.iter().all(|service| mail(&denied, service) == MailMode::Factor), "{denied}");
    }
}

#[test]
fn a_mistake_is_named_by_file_line_and_key() {
    for (text, expected) in [
        ("issuer = 1", "w.toml, line 1, key `issuer`: "),
        ("\n[totp]\ndigits = 7", "w.toml, line 3, key `digits`: must be 6 or 8"),
        ("[totp]\nwindow = 6", "w.toml, line 2, key `window`: must be from 0 to 5, not 6"),
        ("[totp]\nwindow = -1", "w.toml, line 2, key `window`: must be from 0 to 5, not -1"),
        ("[totp]\ncolour = 1", "w.toml, line 2, key `colour`: unknown key `colour`"),
        ("[totps]\n", "w.toml, line 1, key `totps`: unknown key `totps`: did you mean `totp`?"),
        ("[throttle]\nfirst_wait = \"2 weeks\"", "w.toml, line 2, key `first_wait`: must be a time such as"),
        (
            "[throttle]\n\nfirst_wait = \"2h\"",
            "w.toml, line 3, key `throttle.first_wait`: must not be longer",
        ),
        ("[throttle]\ndisable_after = 101", "line 2, key `disable_after`: must be from 1 to 100, not 101"),
        (
            "[policy]\nenroll_by = \"2027-03-31\"",
            "line 2, key `enroll_by`: must be a day such as 2027-03-31, without quotes, not the text",
        ),
        ("[policy]\nenroll_by = 2027-03-31T10:00:00", "line 2, key `enroll_by`: must be a day such as"),
        ("[policy]\nenroll_by = 2027-02-30", "w.toml, line 2"),
        ("[policy]\nunenrolled = \"maybe\"", "line 2, key `unenrolled`: unknown word `maybe`"),
        (
            "[[exempt]]\nuser = \"x\"\nreason = \"r\"\napproved_by = \"a\"",
            "line 1, key `exempt`: the key `until` is missing",
        ),
        (
            "[[exempt]]\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2027-01-01",
            "line 1, key `exempt`: an exemption must",
        ),
        (
            "[[exempt]]\nuser = \"x\"\nservice = []\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2027-01-01",
            "key `exempt`: an exemption must",
        ),
        (
            "[[exempt]]\nservice = \"cups\"\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2027-01-01",
            "line 2, key `service`: must be a list in square brackets, not the text",
        ),
        ("[store]\npath = \"relative\"", "line 2, key `path`: must be an absolute path"),
        ("[store]\nkind = \"etcd\"", "line 2, key `store.kind`: this version"),
        (
            "[seal]\nkey = \"credential:../x\"",
            "line 2, key `key`: must be an absolute path or credential:NAME",
        ),
        ("[email]\ntls = \"none\"\nhost = \"mail.example\"", "line 2, key `email.tls`: none is only for"),
        ("[service.a]\n[service.A]", "line 2, key `service.a`: two services of one name"),
        ("[totp]\n[service.a]\n[service.A]", "line 3, key `service.a`: two services of one name"),
        ("[email]\nmode = \"recovery\"", "line 2, key `email.mode`: mail needs `from`"),
        ("[email]\nmode = \"factor\"\nfrom = \"Wardkey\"", "line 3, key `email.from`: mail needs `from`"),
        ("[email]\nfrom = \"a b@c\"", "line 2, key `email.from`: mail needs `from`"),
        ("[email]\nhost = \"mail example\"", "line 2, key `email.host`: must be the name"),
        ("[email]\nhost = \"\"", "line 2, key `email.host`: must be the name"),
        ("email = { mode = \"recovery\" }", "line 1, key `email.mode`: mail needs `from`"),
        ("[email]\nuser = \"u\"", "line 2, key `email.user`: user and password_file go together"),
        ("[email]\npassword_file = \"/p\"", "line 2, key `email.password_file`: user and"),
        (
            "[email]\nlifetime = \"11m\"",
            "line 2, key `lifetime`: must be a time such as 90s or 5m, at most 10m",
        ),
        ("[policy]\nunenrolled = 1", "key `unenrolled`: unknown word `1`: must be `deny` or `ignore`"),
        ("[policy]\nunenrolled = true", "key `unenrolled`: unknown word `true`: must be `deny` or `ignore`"),
        (
            "[service.x]\nunlock_grace = \"25h\"",
            "line 2, key `unlock_grace`: must be a time such as 90s or 5m, at most 24h",
        ),
        (
            "[service.sshd]\nenroll = true\nunlock_grace = \"1h\"",
            "line 3, key `service.sshd.unlock_grace`: not for sshd",
        ),
        (
            "[service.sudo]\nunlock_grace = \"1h\"\n[service.SSHD-clinic]\nunlock_grace = \"1h\"",
            "line 4, key `service.SSHD-clinic.unlock_grace`: not for sshd",
        ),
        ("[throttle]\nfirst_wait = \"90\"", "line 2, key `first_wait`: must be a time such as"),
        ("[seal]\nkey = \"credential:\"", "line 2, key `key`: must be an absolute path or credential:NAME"),
        ("[seal]\nkey = \"sealing.key\"", "line 2, key `key`: must be an absolute path or credential:NAME"),
        (
            "[seal]\nkey = \"credential:.key\"",
            "line 2, key `key`: must be an absolute path or credential:NAME",
        ),
        ("issuer = \" \"", "line 1, key `issuer`: must be a name without a colon"),
        ("issuer = \"a:b\"", "line 1, key `issuer`: must be a name without a colon"),
        ("support = \"a\\nb\"", "line 1, key `support`: must be one line"),
        ("= 1", "w.toml, line 1"),
        ("issuer = \"a\"\nissuer = \"b\"", "w.toml, line 2, key `issuer`: this is in the file twice"),
    ] {
        let message = parse(text).unwrap_err();
        assert!(message.contains(expected), "{text:?} gave {message:?}, wanted {expected:?}");
    }
    let message = Config::parse(b"a = 1\n\xff", Path::new("w.toml")).unwrap_err().to_string();
    assert_eq!(message, "w.toml, line 2: not UTF-8");
}

#[test]
fn texts_and_hosts_have_a_length() {
    let line = |n: usize| parse(&format!("support = \"{}\"", "a".repeat(n)));
    assert!(line(200).is_ok() && line(201).is_err());
    let host = |n: usize| parse(&format!("[email]\nfrom = \"w@x\"\nhost = \"{}\"", "a".repeat(n)));
    assert!(host(253).is_ok() && host(254).is_err());
}

#[test]
fn a_file_that_does_not_load_still_says_in_which_language() {
    let language = |text: &str| Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap_err().language();
    for text in [
        "language = \"fr\"\n[totp]\ndigits = 7",
        "nonsense\n  language='fr' # chosen",
        "language = \"fr\"\n[service.a]\n[service.A]",
    ] {
        assert_eq!(language(text), Language::French, "{text}");
    }
    for text in ["= 1", "language = \"de\"", "language = 1", "x = 1\n[run]\nlanguage = \"fr\""] {
        assert_eq!(language(text), Language::English, "{text}");
    }
    let error = Config::parse(b"language = \"fr\"\n\xff", Path::new("w.toml")).unwrap_err();
    assert_eq!(error.language(), Language::French);
}

#[test]
fn grace_is_off_until_a_service_asks_for_it_and_never_for_sshd() {
    let mut config = Config::default();
    assert_eq!(config.unlock_grace("i3lock"), None);
    let text = "[service.I3lock]\nunlock_grace = \"12h\"\n[service.sshd]\nenroll = true";
    config = Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap();
    assert_eq!(config.unlock_grace("i3LOCK"), Some(Duration::from_secs(12 * 3600)));
    assert_eq!((config.unlock_grace("sshd"), config.unlock_grace("vlock")), (None, None));
    let span = config.service("i3lock").unlock_grace;
    config.service.insert("sshd".into(), Service { unlock_grace: span, ..Service::default() });
    assert_eq!(config.unlock_grace("SSHD"), None, "whatever a configuration says");
}

#[test]
fn a_named_configuration_must_exist() {
    assert!(Config::load(Some(Path::new("/nonexistent/wardkey.toml"))).is_err());
}

#[test]
fn networks_match_literal_addresses_only() {
    let net = |text: &str| {
        parse(&format!(
            "[[exempt]]\nnetwork = \"{text}\"\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2027-01-01"
        ))
        .unwrap()
        .exempt[0]
            .network
            .unwrap()
    };
    for (network, host, inside) in [
        ("10.1.0.0/16", "10.1.2.3", true),
        ("10.1.0.0/16", "::ffff:10.1.2.3", true),
        ("10.1.0.0/16", "10.2.0.1", false),
        ("10.1.0.0/16", "ward-3.clinic.example", false),
        ("10.1.0.0/16", "", false),
        ("0.0.0.0/0", "127.0.0.1", false),
        ("::/0", "::1", false),
        ("::/0", "::ffff:127.0.0.1", false),
        ("2001:db8::/32", "2001:db8::7", true),
        ("10.1.2.3", "10.1.2.3", true),
        ("::ffff:10.1.0.0/112", "10.1.2.3", true),
        ("0.0.0.0/0", "0.0.0.0", false),
    ] {
        assert_eq!(net(network).contains(host), inside, "{host} in {network}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Config::parse(&bytes, Path::new("w.toml"));
    }

    #[test]
    fn any_line_of_the_example_may_be_spoilt_without_a_crash(line in 0usize..80, text in "[a-z=\\[\\]\"0-9]{0,12}") {
        let mut lines: Vec<&str> = include_str!("every_key.toml").lines().collect();
        let line = line % lines.len();
        lines[line] = &text;
        if let Err(e) = parse(&lines.join("\n")) {
            prop_assert!(e.starts_with("w.toml, line "), "{}", e);
        }
    }
}

#[test]
fn an_error_steers_no_terminal() {
    for text in ["language = \"\\u001b[2J\"\n", "\"\\u001b[2J\" = 1\n", "\u{9b}2J = 1\n", "[\u{202e}x]\n"] {
        let said = Config::parse(text.as_bytes(), Path::new("/w.toml")).unwrap_err().to_string();
        assert!(!said.contains(crate::printable::is_unprintable), "{said:?}");
    }
}
