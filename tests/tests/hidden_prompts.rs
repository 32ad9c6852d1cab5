//! Keys that correct a line at every other password prompt of a machine, at the hidden prompts of the command.

use wardkey_tests::machine::host::Host;
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::terminal::Terminal;

/// What comes after the right password, and after a wrong one.
const OUTCOMES: [&str; 2] = ["Code from your app", "was not right"];

/// Types `keys` at the prompt for the login password; whether that was the password.
fn is_the_password(host: &Host, keys: &str) -> bool {
    let command = host.wardkey_command(&["recovery-codes"]);
    let mut terminal = Terminal::attach(&mut host.under(&["runuser", "--user", "alice", "--"], &command));
    terminal.expect("assword");
    terminal.is_hidden();
    terminal.type_line(keys);
    let outcome = terminal.expect_any(&OUTCOMES);
    assert!(!terminal.transcript().contains(PASSWORD), "shown: {}", terminal.transcript());
    outcome == Some(0)
}

#[test]
fn the_password_prompt_edits_as_the_kernel_does() {
    let host = Host::new();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let (rest, last) = PASSWORD.split_at(PASSWORD.len() - 1);
    for (keys, is_right) in [
        (PASSWORD.to_owned(), true),
        (format!("x\u{7f}{PASSWORD}"), true),
        (format!("{rest}\u{e9}\u{7f}{last}"), true),
        (format!("{rest}\u{20ac}\u{7f}{last}"), true),
        (format!("{rest}\u{1f511}\u{7f}{last}"), true),
        (format!("{PASSWORD}\u{e9}\u{7f}\u{7f}{last}"), true),
        (format!("wrong\u{15}{PASSWORD}"), true),
        (format!("{PASSWORD} wr\u{f6}ng\u{17}\u{7f}"), true),
        (format!("{PASSWORD}\u{e9}"), false),
    ] {
        assert_eq!(is_the_password(&host, &keys), is_right, "{keys:?}");
    }
}
