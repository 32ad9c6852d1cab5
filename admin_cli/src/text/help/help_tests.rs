//! Nothing of the help is without its French, and nothing French is without its command.

use super::*;
use crate::arguments::Arguments;
use clap::CommandFactory;
use std::collections::BTreeSet;

/// Each command with the path it is typed by, clap's own `help` left out.
fn commands() -> Vec<(String, Command)> {
    let mut root = Arguments::command();
    root.build();
    let mut found = vec![(String::new(), root)];
    let mut next = 0;
    while let Some((path, command)) = found.get(next).cloned() {
        let own = command.get_subcommands().filter(|sub| sub.get_name() != "help");
        found.extend(own.map(|sub| (format!("{path} {}", sub.get_name()).trim().to_owned(), sub.clone())));
        next += 1;
    }
    found
}

fn is_claps_own(arg: &Arg) -> bool {
    ["help", "version"].contains(&arg.get_id().as_str())
}

/// The arguments that are a command's own: options of the program reach all of them.
fn own_arguments<'a>(path: &str, command: &'a Command) -> Vec<&'a Arg> {
    let is_own = |arg: &&Arg| !is_claps_own(arg) && (path.is_empty() || !arg.is_global_set());
    command.get_arguments().filter(is_own).collect()
}

fn names(path: &str, command: &Command) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for arg in own_arguments(path, command) {
        let id = arg.get_id();
        names.insert(id.to_string());
        let explained = arg.get_possible_values().into_iter().filter(|value| value.get_help().is_some());
        names.extend(explained.map(|value| format!("{id}={}", value.get_name())));
    }
    names
}

#[test]
fn every_command_argument_and_value_has_its_french_and_nothing_else_has() {
    let commands = commands();
    for (path, command) in &commands {
        let entry = entry(path).unwrap_or_else(|| panic!("text/help/ has no French for `wardkey {path}`"));
        let french: BTreeSet<String> = entry.arguments.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(french, names(path, command), "arguments of `wardkey {path}` in text/help/");
        assert_eq!(command.get_long_about().is_none(), entry.more.is_empty(), "`more` of `wardkey {path}`");
        assert_eq!(command.get_after_help().is_some(), path.is_empty(), "after_help of `wardkey {path}`");
    }
    let entries = CATALOGUE.iter().map(|part| part.len()).sum::<usize>();
    assert_eq!(entries, commands.len(), "text/help/ has French for a command that is gone, or has it twice");
}

#[test]
fn every_word_for_a_value_has_its_french() {
    for (path, command) in commands() {
        for arg in own_arguments(&path, &command).iter().filter(|arg| arg.get_action().takes_values()) {
            for name in arg.get_value_names().unwrap_or_default() {
                let known = VALUE_NAMES.iter().any(|(english, _)| english == name);
                assert!(known, "VALUE_NAMES has no French for <{name}> of `wardkey {path}`");
            }
        }
    }
}

#[test]
fn the_french_differs_from_the_english() {
    for (path, command) in commands() {
        let entry = entry(&path).unwrap();
        assert_ne!(command.get_about().unwrap().to_string(), entry.about, "{path}");
        for arg in own_arguments(&path, &command) {
            let english = arg.get_help().unwrap_or_else(|| panic!("no help for {} of {path}", arg.get_id()));
            assert_ne!(Some(english.to_string().as_str()), text_of(&path, arg.get_id().as_str()), "{path}");
        }
    }
}

#[test]
fn no_english_is_left_in_a_french_help() {
    let english =
        ["Print ", "[default", "possible values", "Possible values", "Commands:", "Usage:", "Before or"];
    let mut command = in_french(Arguments::command());
    for (path, _) in commands() {
        let mut sub = &mut command;
        for word in path.split_whitespace() {
            sub = sub.find_subcommand_mut(word).unwrap();
        }
        for help in [rendered(&sub.render_help()), rendered(&sub.render_long_help())] {
            for words in english {
                assert!(!help.contains(words), "{words:?} in the help of `wardkey {path}`:\n{help}");
            }
        }
    }
}

#[test]
fn options_mean_the_same_in_both_languages() {
    let line =
        ["wardkey", "--json", "pass", "roy", "--for", "30m", "--verified-by", "desk", "--color", "never"];
    let (english, french) = (Arguments::command(), in_french(Arguments::command()));
    let [english, french] =
        [english, french].map(|command| format!("{:?}", command.try_get_matches_from(line).unwrap()));
    assert_eq!(english, french);
}
