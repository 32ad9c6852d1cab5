//! The whole help, as it stands in `help.txt` and `help.fr.txt`, and wrong command lines.

use crate::scratch::{Said, Scratch, say};
use std::process::Command;

const COMMANDS: [&str; 37] = [
    "",
    "init",
    "enroll",
    "confirm",
    "replace",
    "authenticator",
    "authenticator add",
    "authenticator remove",
    "authenticator list",
    "recovery-codes",
    "status",
    "list",
    "check",
    "reset",
    "pass",
    "emergency",
    "unlock",
    "rebind",
    "rename",
    "remove",
    "import",
    "import google-authenticator",
    "import oath",
    "config",
    "config check",
    "config edit",
    "fleet",
    "fleet init",
    "fleet token",
    "fleet remove",
    "fleet status",
    "fleet join",
    "doctor",
    "try",
    "enable",
    "disable",
    "completions",
];

fn wardkey(words: &[&str]) -> Said {
    say(Command::new(env!("CARGO_BIN_EXE_wardkey")).env_clear().args(words), "")
}

/// The help of every command, one after the other; compared with what was kept under `name`.
fn compare(name: &str, kept: &str, help: impl Fn(&[&str]) -> Said) {
    let mut whole = String::new();
    for command in COMMANDS {
        let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let said = help(&words).exits(0);
        let line = ["wardkey"].iter().chain(&words).copied().collect::<Vec<_>>().join(" ");
        whole.push_str(&format!("$ {line}\n{}\n", said.out));
    }
    let trimmed: Vec<&str> = whole.lines().map(str::trim_end).collect();
    let whole = trimmed.join("\n") + "\n";
    let new = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&new, &whole).unwrap();
    assert!(whole == kept, "the help changed: look at {} and keep it", new.display());
}

#[test]
fn the_whole_help_is_as_written_down() {
    compare("help.txt", include_str!("help.txt"), wardkey);
}

#[test]
fn the_whole_french_help_is_as_written_down() {
    let scratch = Scratch::bare("language = \"fr\"");
    compare("help.fr.txt", include_str!("help.fr.txt"), |words| scratch.run(words, ""));
}

#[test]
fn the_help_is_french_wherever_the_configuration_is_named() {
    let scratch = Scratch::bare("language = \"fr\"");
    let file = scratch.path("wardkey.toml");
    let named = format!("--config={}", file.display());
    let is_french = |words: &[&str]| wardkey(words).exits(0).out.contains("Utilisation :");
    assert!(is_french(&[&named, "pass", "-h"]) && is_french(&[&named, "help", "pass"]));
    std::fs::write(&file, "language = \"fr\"\n[totp]\ndigits = 7\n").unwrap();
    assert!(is_french(&["pass", "--help", &named]));
    std::fs::write(&file, "nonsense\n").unwrap();
    assert!(!is_french(&["pass", "--help", &named]));
    std::fs::remove_file(&file).unwrap();
    assert!(!is_french(&["pass", "--help", &named]));
}

#[test]
fn a_wrong_command_line_is_explained_in_french() {
    let scratch = Scratch::bare("language = \"fr\"");
    for (words, expected) in [
        (&["nonsense"][..], "commande inconnue : « nonsense »"),
        (&["statu"], "commande inconnue : « statu » Vouliez-vous dire « status » ?"),
        (&["list", "--stat"], "option inconnue : « --stat » Vouliez-vous dire « --state » ?"),
        (&["unlock", "a", "b"], "argument inattendu : « b »"),
        (&["reset", "roy"], "il manque : --verified-by <TEXTE>"),
        (&["pass", "roy", "--for"], "il manque la valeur de « --for <DURÉE> »"),
        (
            &["list", "--state", "x"],
            "« x » ne convient pas à « --state <ÉTAT> » [valeurs : not-enrolled, pending, enrolled, must-enroll, \
             disabled]",
        ),
        (&["enroll", "--digits", "7"], "« 7 » ne convient pas à « --digits <N> » : doit être 6 ou 8"),
        (
            &["enroll", "--algorithm", "MD5"],
            "« MD5 » ne convient pas à « --algorithm <A> » : doit être SHA1, SHA256 ou SHA512",
        ),
        (
            &["pass", "roy", "--verified-by", "x", "--for", "2d"],
            "« 2d » ne convient pas à « --for <DURÉE> » : doit être une durée comme 90s",
        ),
        (
            &["emergency", "roy", "--reason", "x", "--count", "33"],
            "« 33 » ne convient pas à « --count <N> » : doit être compris entre 1 et 32, et non 33",
        ),
        (&["emergency", "roy", "--reason", "x", "--count", "many"], "doit être un nombre entier"),
        (
            &["list", "--color", "never", "--color", "never"],
            "« --color <QUAND> » ne peut être donné qu'une fois",
        ),
        (&[], "Aucune commande n'a été donnée."),
        (&["config"], "Aucune commande n'a été donnée."),
    ] {
        let (kind, message, hint) = scratch.json(words, "").exits(2).error();
        assert_eq!((kind.as_str(), hint.as_str()), ("usage", "Voir wardkey --help."), "{words:?}");
        let message = message.replace("; ", " ");
        assert!(message.contains(expected), "{words:?} gave {message:?}, wanted {expected:?}");
        let shown = scratch.run(words, "").exits(2);
        assert!(
            shown.out.is_empty() && !shown.err.contains("Usage:") && !shown.err.contains("error:"),
            "{shown:?}"
        );
    }
    let shown = scratch.run(&["reset", "roy"], "").exits(2).err;
    let expected = "erreur : il manque :\n  --verified-by <TEXTE>\n\nUtilisation : wardkey reset --verified-by <TEXTE> \
                    <UTILISATEUR>\n\nPour en savoir plus : --help\n";
    assert_eq!(shown, expected);
}

#[test]
fn a_wrong_command_line_is_explained_in_plain_english() {
    for (words, expected) in [
        (&["nonsense"][..], "unknown command 'nonsense'"),
        (&["statu"], "unknown command 'statu' Did you mean 'status'?"),
        (&["list", "--stat"], "unknown option '--stat' Did you mean '--state'?"),
        (&["unlock", "a", "b"], "unexpected argument 'b'"),
        (&["reset", "roy"], "missing: --verified-by <TEXT>"),
        (&["reset"], "missing: --verified-by <TEXT> <USER>"),
        (&["pass", "roy", "--for"], "'--for <DURATION>' needs a value"),
        (
            &["list", "--state", "enroled"],
            "'enroled' is not a value for '--state <STATE>' [possible values: not-enrolled, pending, enrolled, \
             must-enroll, disabled] Did you mean 'enrolled'?",
        ),
        (&["enroll", "--digits", "7"], "'7' is not a value for '--digits <N>': must be 6 or 8"),
        (
            &["pass", "roy", "--verified-by", "x", "--for", "2d"],
            "'2d' is not a value for '--for <DURATION>': must be a time such as 90s",
        ),
        (&["list", "--color", "never", "--color", "never"], "'--color <WHEN>' can be given only once"),
    ] {
        let (_, message, hint) = wardkey(&[words, &["--json"]].concat()).exits(2).error();
        let message = message.replace("; ", " ");
        assert!(message.starts_with(expected), "{words:?} gave {message:?}, wanted {expected:?}");
        assert_eq!(hint, "See wardkey --help.", "{words:?}");
    }
    let shown = wardkey(&["reset", "roy"]).exits(2).err;
    let expected = "error: missing:\n  --verified-by <TEXT>\n\nUsage: wardkey reset --verified-by <TEXT> <USER>\n\n\
                    For more information, try '--help'.\n";
    assert_eq!(shown, expected);
}

/// The command is `enroll`; prose says enrol.
#[test]
fn the_other_spelling_of_enroll_is_understood() {
    let help = |word| wardkey(&[word, "--help"]).exits(0).out;
    assert_eq!(help("enrol"), help("enroll"));
    let scratch = Scratch::new();
    let listed = |word| scratch.json(&["list", "--state", word], "").exits(0).out;
    assert_eq!(listed("must-enrol"), listed("must-enroll"));
}

#[test]
fn a_wrong_command_line_exits_2_in_words_or_in_json() {
    for words in
        [&["nonsense"][..], &[], &["reset"], &["reset", "x"], &["enroll", "--digits", "7"], &["config"]]
    {
        assert_eq!(wardkey(words).status, 2, "{words:?}");
        let json = wardkey(&[words, &["--json"]].concat()).exits(2);
        let (kind, message, hint) = json.error();
        assert_eq!((kind.as_str(), hint.as_str()), ("usage", "See wardkey --help."), "{words:?}");
        assert!(!message.is_empty() && !message.contains('\n'), "{message}");
    }
}

#[test]
fn a_wrong_command_line_in_json_names_what_is_missing() {
    let said = wardkey(&["--json", "reset", "roy"]).exits(2);
    assert!(said.error().1.contains("--verified-by <TEXT>"), "{said:?}");
    assert_eq!(wardkey(&["--json"]).exits(2).error().1, "No command was given.");
}

#[test]
fn each_shell_gets_its_completions() {
    for (shell, part) in
        [("bash", "complete -F"), ("zsh", "#compdef wardkey"), ("fish", "complete -c wardkey")]
    {
        let said = wardkey(&["completions", shell]).exits(0);
        assert!(said.out.contains(part) && said.out.contains("recovery-codes"), "{shell}");
    }
    wardkey(&["completions", "tcsh"]).exits(2);
}

#[test]
fn the_version_is_the_packages() {
    let said = wardkey(&["--version"]).exits(0).out;
    let commit =
        said.strip_prefix(concat!("wardkey ", env!("CARGO_PKG_VERSION"))).expect("the version").trim_end();
    // Nothing where it is not built in a repository.
    let of_git = commit.strip_prefix(" (").and_then(|commit| commit.strip_suffix(')'));
    assert!(
        commit.is_empty()
            || of_git.is_some_and(|c| c.len() == 12 && c.chars().all(|c| c.is_ascii_hexdigit())),
        "{said}"
    );
}
