//! How files are laid over each other, what is blamed for a fault of the whole, and which files of the directory count.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fs;

const SHIPPED: &str = include_str!("../../../../config/wardkey.toml");
const EVERY_KEY: &str = include_str!("every_key.toml");

/// A main file and further ones, named 1.toml, 2.toml and so on.
fn laid(texts: &[&str]) -> Layers {
    let path = |n: usize| if n == 0 { "/w.toml".to_owned() } else { format!("/w.toml.d/{n}.toml") };
    let none = Layers::none(Some(Path::new("/w.toml")));
    texts
        .iter()
        .enumerate()
        .fold(none, |layers, (n, text)| layers.with(Path::new(&path(n)), text.as_bytes()).unwrap())
}

fn exempt(user: &str) -> String {
    format!("[[exempt]]\nuser = \"{user}\"\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2027-01-01\n")
}

/// The lines of a text that are kept; always its headers, and tables with keys that must be given.
fn some_of(text: &str, is_kept: &[bool]) -> String {
    let mut is_whole = false;
    let lines = text.lines().zip(is_kept).filter(|(line, is_kept)| {
        if line.starts_with('[') {
            is_whole = line.starts_with("[[") || *line == "[verifier]";
        }
        **is_kept || is_whole || line.starts_with('[')
    });
    lines.map(|(line, _)| format!("{line}\n")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn both_readers_lay_files_over_each_other_alike(kept in vec(vec(any::<bool>(), 200), 2..5)) {
        let text = |kept: &Vec<bool>| some_of([SHIPPED, EVERY_KEY][usize::from(kept[0])], kept);
        let texts: Vec<String> = kept.iter().map(text).collect();
        let layers = laid(&texts.iter().map(String::as_str).collect::<Vec<_>>());
        let plain = layers.plain();
        prop_assert!(plain.is_some());
        prop_assert_eq!(plain, layers.by_toml().ok());
    }
}

#[test]
fn sections_are_merged_exemptions_joined_and_lists_replaced() {
    let base = "support = \"a\"\n[totp]\ndigits = 8\nwindow = 0\n[policy]\ngroups = [\"a\", \"b\"]\n[service.sshd]\nenroll = true\n";
    let over = "[totp]\nwindow = 2\n[policy]\ngroups = [\"c\"]\n[service.sshd]\nentry = \"combined\"\n";
    let (base, over) = (base.to_owned() + &exempt("x"), over.to_owned() + &exempt("y"));
    for end in ["", "# left to toml\r\n"] {
        let config = laid(&[&base, &(over.clone() + end), "[totp]\nwindow = 3\n"]).config().unwrap();
        assert_eq!(
            (config.support.as_str(), config.totp.digits.get(), config.totp.window.get()),
            ("a", 8, 3)
        );
        assert_eq!(config.policy.groups, ["c"]);
        let users: Vec<&str> = config.exempt.iter().map(|exempt| exempt.user.as_deref().unwrap()).collect();
        assert_eq!(users, ["x", "y"]);
        assert!(
            config.service("sshd").enroll
                && config.service("sshd").entry == crate::policy::config::EntryForm::Combined
        );
    }
}

#[test]
fn a_fault_of_the_whole_is_that_of_the_file_that_set_the_key() {
    let [x, nobody] = [exempt("x"), exempt("y").replace("user = \"y\"\n", "")];
    for (texts, expected) in [
        (
            &["[throttle]\nlongest_wait = \"10m\"", "\n[throttle]\nfirst_wait = \"20m\""][..],
            "/w.toml.d/1.toml, line 3, key `throttle.first_wait`",
        ),
        (
            &["[throttle]\nfirst_wait = \"2m\"", "[throttle]\nlongest_wait = \"1m\""],
            "/w.toml, line 2, key `throttle.f",
        ),
        (&["", "\n[throttle]\nlongest_wait = \"1s\""], "/w.toml.d/1.toml, line 2, key `throttle.first_wait`"),
        (&["[service.A]", "[service.a]", "[service.b]"], "/w.toml.d/1.toml, line 1, key `service.a`: two"),
        (&["", &x, &nobody, &x], "/w.toml.d/2.toml, line 1, key `exempt`: an exemption must"),
        (&["[email]\nmode = \"factor\"", "[email]\nport = 26"], "/w.toml, line 2, key `email.mode`"),
        (
            &["", "[service.SSHD]\nenroll = true", "[service.SSHD]\nunlock_grace = \"1h\""],
            "/w.toml.d/2.toml, line 2, key",
        ),
    ] {
        let said = laid(texts).config().unwrap_err().to_string();
        assert!(said.starts_with(expected), "{texts:?} gave {said}");
    }
    assert!(laid(&["[email]\nmode = \"factor\"", "[email]\nfrom = \"w@x\""]).config().is_ok());
}

#[test]
fn each_file_must_be_right_by_itself_whatever_replaces_its_values() {
    for (wrong, line) in
        [("[totp]\ndigits = 7", 2), ("[totp]\ncolour = 1", 2), ("[totp", 1), ("[policy]\ngroups = 1", 2)]
    {
        for (texts, file) in [([wrong, "[totp]\ndigits = 8"], "/w.toml"), (["", wrong], "/w.toml.d/1.toml")] {
            let said = laid(&texts).config().unwrap_err().to_string();
            assert!(said.starts_with(&format!("{file}, line {line}")), "{texts:?}: {said}");
        }
    }
}

#[test]
fn an_error_is_told_in_the_language_of_the_last_file_that_asks_for_one() {
    let language = |texts: &[&str]| laid(texts).config().unwrap_err().language();
    assert_eq!(language(&["language = \"fr\"", "no"]), Language::French);
    assert_eq!(language(&["language = \"fr\"", "language = \"en\"\nno"]), Language::English);
    assert_eq!(language(&["language = \"fr\"\nno", ""]), Language::French);
}

#[test]
fn each_key_has_the_file_and_line_that_count() {
    let origins = laid(&[
        "issuer = \"a\"\n[service.SSHD]\nenroll = true\n",
        "issuer = \"b\"\n",
        &exempt("x"),
        &exempt("y"),
    ])
    .origins();
    let place = |way: &[&str]| {
        let way: Vec<String> = way.iter().map(|part| (*part).to_owned()).collect();
        origins.place(&way).map(|at| (at.file.to_str().unwrap().to_owned(), at.line))
    };
    assert_eq!(place(&["issuer"]), Some(("/w.toml.d/1.toml".into(), 1)));
    assert_eq!(place(&["service", "sshd", "enroll"]), Some(("/w.toml".into(), 3)));
    assert_eq!(place(&["exempt", "1", "user"]), Some(("/w.toml.d/3.toml".into(), 2)));
    assert_eq!((place(&["support"]), place(&["exempt", "2"])), (None, None));
    let of_value = |key: &str, value: &str| origins.of_value(key, value).map(|at| at.line);
    assert_eq!((of_value("exempt.user", "y"), of_value("exempt.user", "z")), (Some(2), None));
    assert_eq!(of_value("exempt.reason", "r"), None, "two have it");
}

#[test]
fn the_files_that_count_are_read_in_the_order_of_their_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let main = dir.path().join("w.toml");
    let further = dir.path().join("w.toml.d");
    fs::write(&main, "support = \"main\"").unwrap();
    fs::create_dir(&further).unwrap();
    let put = |name: &[u8], text: &str| fs::write(further.join(OsStr::from_bytes(name)), text).unwrap();
    for name in [
        &b".50.toml"[..],
        b"50.toml~",
        b".50.toml.swp",
        b"50.TOML",
        b"#50.toml#",
        b".toml",
        b"50.toml.dpkg-new",
    ] {
        put(name, "nonsense");
    }
    let support = || Config::load(Some(&main)).unwrap().support.as_str().to_owned();
    assert_eq!(support(), "main");
    for name in [&b"9.toml"[..], b"a.toml", b"B.toml", b"10.toml", b"\xff.toml", b"\xc3\xa9.toml"] {
        put(name, &format!("support = \"{}\"", name.escape_ascii().to_string().replace('\\', "/")));
    }
    put(b"empty.toml", "");
    let names: Vec<String> = Layers::read(Some(&main))
        .unwrap()
        .files()
        .skip(1)
        .map(|path| path.file_name().unwrap().as_bytes().escape_ascii().to_string())
        .collect();
    assert_eq!(
        names,
        ["10.toml", "9.toml", "B.toml", "a.toml", "empty.toml", "\\xc3\\xa9.toml", "\\xff.toml"]
    );
    assert_eq!(support(), "/xff.toml");
}

#[test]
fn there_may_be_so_many_files_and_so_many_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let main = dir.path().join("w.toml");
    let further = dir.path().join("w.toml.d");
    fs::write(&main, "").unwrap();
    fs::create_dir(&further).unwrap();
    (0..MOST_FILES).for_each(|n| fs::write(further.join(format!("{n}.toml")), "").unwrap());
    let layers = Layers::read(Some(&main)).unwrap();
    assert!(layers.clone().with(&further.join("0.toml"), b"# known").is_ok());
    assert!(matches!(layers.with(&further.join("x.toml"), b""), Err(ConfigError::TooMany(..))));
    fs::write(further.join("x.toml"), "").unwrap();
    assert!(matches!(Layers::read(Some(&main)), Err(ConfigError::TooMany(..))));
    fs::remove_file(further.join("x.toml")).unwrap();
    let half = "#".repeat(usize::try_from(MAX_LEN / 2).unwrap());
    fs::write(&main, &half).unwrap();
    fs::write(further.join("0.toml"), &half).unwrap();
    let whole = Layers::read(Some(&main)).unwrap();
    assert!(whole.with(&further.join("1.toml"), b"#").is_err());
    fs::write(further.join("9.toml"), "#").unwrap();
    let said = Layers::read(Some(&main)).unwrap_err().to_string();
    assert!(said.ends_with("w.toml.d/9.toml: is too large"), "{said}");
}
