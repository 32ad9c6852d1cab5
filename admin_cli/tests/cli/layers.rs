//! Files of the directory beside the configuration: edited by name, checked with the whole, and retired keys in them.

use crate::scratch::{Said, Scratch, exists, say};
use serde_json::json;
use std::fs;
use std::os::unix::fs::MetadataExt;

fn edit(scratch: &Scratch, name: &str, editor: &str) -> Said {
    let mut command = scratch.command(&["--json", "config", "edit", name]);
    say(command.env("PATH", "/usr/bin:/bin").env("EDITOR", editor), "")
}

/// An editor that writes these lines.
fn writes(lines: &str) -> String {
    format!("sed -i -e $a{lines}")
}

fn layers(scratch: &Scratch) -> Vec<String> {
    let dir = fs::read_dir(scratch.path("wardkey.toml.d"));
    let mut names: Vec<String> =
        dir.into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_file_of_the_directory_is_made_from_nothing_and_edited() {
    let scratch = Scratch::new();
    let path = scratch.path("wardkey.toml.d/50-clinic.toml");
    assert_eq!(edit(&scratch, "50-clinic", "true").exits(0).json()["changed"], false);
    assert!(!exists(&scratch.path("wardkey.toml.d")), "nothing was edited");
    let said = edit(&scratch, "50-clinic", &writes("issuer=\"Lakeside\"")).exits(0).json();
    assert_eq!((&said["path"], &said["changed"]), (&json!(path.to_str().unwrap()), &json!(true)));
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("# ") && text.ends_with("issuer=\"Lakeside\"\n"), "{text}");
    for (place, mode) in [(path.as_path(), 0o644), (path.parent().unwrap(), 0o755)] {
        let about = fs::metadata(place).unwrap();
        assert_eq!((about.mode() & 0o7777, about.uid()), (mode, 0), "{}", place.display());
    }
    edit(&scratch, "50-clinic.toml", "sed -i s/Lakeside/Hill/").exits(0);
    let checked = scratch.json(&["config", "check"], "").exits(0).json();
    assert_eq!(checked["config"]["issuer"], "Hill");
    assert_eq!(checked["origins"]["issuer"]["file"], path.to_str().unwrap());
    assert_eq!(layers(&scratch), ["50-clinic.toml"]);
    assert_eq!(scratch.audit().pop().unwrap()["event"], "config edit");
}

#[test]
fn what_makes_the_whole_unsound_is_not_put_in_place() {
    let scratch = Scratch::with("[throttle]\nfirst_wait = \"90s\"\n");
    for (lines, part) in [
        ("suport=\"x\"", "50.toml, line 3, key `suport`"),
        ("[throttle]\\nlongest_wait=\"60s\"", "wardkey.toml, line 3, key `throttle.first_wait`"),
        ("[policy]\\ngroups=[\"no-such-group\"]", "50.toml, line 4, key `policy.groups`"),
    ] {
        let (kind, message, _) = edit(&scratch, "50", &writes(lines)).exits(3).error();
        assert!(kind == "config" && message.contains(part), "{part}: {message}");
        assert!(!exists(&scratch.path("wardkey.toml.d")));
    }
    // The same of the configuration itself.
    fs::create_dir(scratch.path("wardkey.toml.d")).unwrap();
    fs::write(scratch.path("wardkey.toml.d/50.toml"), "[throttle]\nlongest_wait = \"2m\"\n").unwrap();
    let mut command = scratch.command(&["--json", "config", "edit"]);
    let (_, message, _) = say(command.env("EDITOR", "sed -i s/90s/150s/"), "").exits(3).error();
    assert!(message.contains("throttle.first_wait"), "{message}");
    assert!(fs::read_to_string(scratch.path("wardkey.toml")).unwrap().contains("90s"));
}

#[test]
fn a_layer_that_does_not_load_is_mended_by_name() {
    let scratch = Scratch::new();
    edit(&scratch, "50", &writes("issuer=\"x\"")).exits(0);
    fs::write(scratch.path("wardkey.toml.d/50.toml"), "isuer = \"x\"\n").unwrap();
    let (kind, message, hint) = scratch.json(&["list"], "").exits(3).error();
    assert!(kind == "config" && message.contains("50.toml, line 1, key `isuer`"), "{message} {hint}");
    edit(&scratch, "50", "sed -i s/isuer/issuer/").exits(0);
    scratch.run(&["list"], "").exits(0);
}

#[test]
fn only_a_plain_name_is_one_of_a_file() {
    let scratch = Scratch::new();
    let long = "x".repeat(101);
    for name in ["", "a/b", "../x", ".hidden", "a b", "é", "x\u{1b}", &long] {
        let (kind, message, hint) = edit(&scratch, name, "true").exits(2).error();
        assert!(
            kind == "usage" && hint.contains("50-clinic") && !message.contains('\u{1b}'),
            "{name:?}: {message}"
        );
    }
    assert!(!exists(&scratch.path("wardkey.toml.d")));
}

#[test]
fn there_are_no_more_than_sixty_four() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.path("wardkey.toml.d")).unwrap();
    (0..64).for_each(|n| fs::write(scratch.path(&format!("wardkey.toml.d/{n}.toml")), "").unwrap());
    let (_, message, hint) = edit(&scratch, "x", &writes("issuer=\"x\"")).exits(3).error();
    assert!(message.contains("more than 64 files") && hint.contains(".toml"), "{message} {hint}");
    edit(&scratch, "5", &writes("issuer=\"x\"")).exits(0);
    assert_eq!(layers(&scratch).len(), 64);
}

/// This build alone has a retired key.
#[test]
fn a_retired_key_is_warned_of_by_its_place() {
    let scratch = Scratch::new();
    let said = edit(&scratch, "50", &writes("[helper]\\npatience=1")).exits(0).json();
    let place = "50.toml, line 4, key `helper.patience`: this key has no effect any more, `helper.deadline`";
    assert!(said["warnings"].to_string().contains(place), "{said}");
    for words in [&["config", "check"][..], &["doctor"]] {
        let said = scratch.json(words, "").json().to_string();
        assert!(said.contains(place), "{words:?}: {said}");
    }
    assert_eq!(scratch.run(&["list"], "").exits(0).err, "");
}
