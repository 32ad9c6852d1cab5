//! The pages that people follow step by step: what they have one type is a command that there is.

use wardkey_tests::proof::documents::read;

const PAGES: [&str; 5] = [
    "docs/quick-start.md",
    "docs/ssh.md",
    "docs/lock-screens.md",
    "docs/automation.md",
    "docs/break-glass.md",
];

/// What a page has one type for `wardkey` by root, word by word.
fn commands(page: &str) -> Vec<Vec<String>> {
    let typed = page.lines().filter_map(|line| line.trim_start().trim_start_matches('`').strip_prefix("# "));
    let ours =
        typed.filter_map(|line| line.strip_prefix("chroot /mnt ").unwrap_or(line).strip_prefix("wardkey "));
    let words = ours.map(|line| line.split('`').next().unwrap_or_default().split_whitespace());
    words.map(|words| words.map(str::to_owned).collect()).collect()
}

/// The first word that the manual page does not have: a command, or an option.
fn unknown(command: &[String], manual: &str) -> Option<String> {
    let is_named = |word: &&String| {
        let bold = format!("**{}**", word.replace("--", "\\--"));
        manual.contains(&bold) || manual.contains(&format!("**{word} "))
    };
    let first = command.iter().find(|word| !word.starts_with('-'));
    let options = command.iter().filter(|word| word.starts_with("--"));
    first.into_iter().chain(options).find(|word| !is_named(word)).cloned()
}

#[test]
fn every_command_of_a_walk_is_in_the_manual_page() {
    let manual = read("packaging/man/wardkey.8.md").expect("the page");
    for page in PAGES {
        let commands = commands(&read(page).expect(page));
        assert!(!commands.is_empty(), "{page} has one type nothing");
        for command in commands {
            assert_eq!(unknown(&command, &manual), None, "{page}: wardkey {}", command.join(" "));
        }
    }
    let mistyped = ["enable", "--keys"].map(str::to_owned);
    assert_eq!(unknown(&mistyped, &manual).as_deref(), Some("--keys"));
}

/// `enabling_commands` runs these five, and so holds the quick start true too.
#[test]
fn the_quick_start_has_the_commands_of_the_readme_in_their_order() {
    let (readme, walk) = (read("README.md").expect("it"), read("docs/quick-start.md").expect("it"));
    let block =
        readme.split_once("## Install").and_then(|(_, rest)| rest.split("```").nth(1)).expect("commands");
    let ours = block.lines().filter_map(|line| line.strip_prefix("sudo wardkey "));
    let five: Vec<Vec<String>> = ours
        .map(|line| {
            line.split('#').next().unwrap_or_default().split_whitespace().map(str::to_owned).collect()
        })
        .collect();
    assert_eq!(five.len(), 4, "behind what installs it: {five:?}");
    let mut typed = commands(&walk).into_iter();
    for command in five {
        assert!(typed.any(|other| other == command), "the quick start lacks, or has too early: {command:?}");
    }
}
