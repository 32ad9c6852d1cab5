//! The PAM examples that are shipped: nothing acts after a refusal, and what an earlier try left does not count.

use wardkey_tests::programs::example;
use wardkey_tests::proof::example_stacks::{KEY, OK, OURS, START, every_run, module, stack};

use pam_stack::{Kind, Module};

/// Modules that may act after our no: a keyring that opens, a session that is made, a command that runs.
fn acts_after_our_no(text: &str, kind: Kind) -> Vec<String> {
    let lines = stack(text, kind);
    let ours = lines.iter().position(|line| module(line) == OURS).unwrap_or(lines.len());
    let later = (ours + 1..lines.len()).filter(|number| module(&lines[*number]) != "pam_deny.so");
    let acts = later.filter(|number| {
        let mut lines = lines.clone();
        lines[*number].module = Module::Named("the one watched".to_owned());
        every_run(&lines, &[OURS, "the one watched"]).iter().any(|run| {
            run.of(OURS).is_some_and(|ours| !OK.contains(&ours)) && run.of("the one watched").is_some()
        })
    });
    acts.map(|number| module(&lines[number]).to_owned()).collect()
}

#[test]
fn nothing_acts_after_our_no() {
    for name in example::names() {
        for kind in [Kind::Auth, Kind::Session] {
            assert_eq!(acts_after_our_no(&example::text(&name), kind), [""; 0], "{name}: {kind:?}");
        }
    }
    let keyring = |control: &str| {
        let stack = format!(
            "@include common-auth\nauth {control} {OURS}\nauth optional pam_gnome_keyring.so\n\
             auth requisite pam_deny.so\n"
        );
        acts_after_our_no(&stack, Kind::Auth)
    };
    for control in ["requisite", "[success=ok ignore=ignore default=die]"] {
        assert_eq!(keyring(control), [""; 0], "{control}");
    }
    for control in
        ["required", "optional", "sufficient", "[success=ok default=1]", "[success=ok default=bad]"]
    {
        let acts = keyring(control);
        let skips = control.ends_with("=1]");
        assert_eq!(acts.contains(&"pam_gnome_keyring.so".to_owned()), !skips, "{control}: {acts:?}");
    }
}

/// libpam tells no module that another try begins: where another one opens instead, the line `start` must come before
/// all others, and nothing may hang on it.
#[test]
fn where_something_else_opens_the_first_line_forgets_the_last_try() {
    for name in example::names() {
        let auth = stack(&example::text(&name), Kind::Auth);
        let opens = auth.iter().any(|line| module(line) == KEY);
        let starts: Vec<_> = (0..).zip(&auth).filter(|(_, line)| module(line) == START).collect();
        assert_eq!(starts.len(), usize::from(opens), "{name}");
        for (number, line) in starts {
            assert_eq!((number, line.written.as_str(), line.arguments.len()), (0, "optional", 1), "{name}");
        }
    }
}
