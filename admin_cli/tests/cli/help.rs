//! The whole help, as it stands in `help.txt`.

use crate::scratch::say;
use std::process::Command;

const COMMANDS: [&str; 16] = [
    "",
    "init",
    "enroll",
    "confirm",
    "recovery-codes",
    "status",
    "list",
    "check",
    "reset",
    "pass",
    "emergency",
    "unlock",
    "remove",
    "config",
    "config check",
    "completions",
];

fn wardkey(words: &[&str]) -> crate::scratch::Said {
    say(Command::new(env!("CARGO_BIN_EXE_wardkey")).env_clear().args(words), "")
}

#[test]
fn the_whole_help_is_as_written_down() {
    let mut whole = String::new();
    for command in COMMANDS {
        let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let said = wardkey(&words).exits(0);
        let line = ["wardkey"].iter().chain(&words).copied().collect::<Vec<_>>().join(" ");
        whole.push_str(&format!("$ {line}\n{}\n", said.out));
    }
    let trimmed: Vec<&str> = whole.lines().map(str::trim_end).collect();
    let whole = trimmed.join("\n") + "\n";
    let kept = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("help.txt");
    std::fs::write(&kept, &whole).unwrap();
    assert!(whole == include_str!("help.txt"), "the help changed: look at {} and keep it", kept.display());
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
    assert_eq!(wardkey(&["--version"]).exits(0).out, concat!("wardkey ", env!("CARGO_PKG_VERSION"), "\n"));
}
