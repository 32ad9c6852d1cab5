//! `config edit`: only what checks out takes the file's place.

use crate::scratch::{Said, Scratch, exists, say};
use serde_json::json;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

/// Edits the configuration by `editor`, and answers questions with `input`.
fn edit(scratch: &Scratch, editor: &str, options: &[&str], input: &str) -> Said {
    let mut command = scratch.command(&[options, &["config", "edit"]].concat());
    say(command.env("PATH", "/usr/bin:/bin").env("EDITOR", editor), input)
}

fn text(scratch: &Scratch) -> String {
    std::fs::read_to_string(scratch.path("wardkey.toml")).unwrap()
}

/// Nothing lies beside the file that was not there before.
fn is_clean(scratch: &Scratch) -> bool {
    let names =
        std::fs::read_dir(scratch.path("")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("edit") || name.contains("new")).count() == 0
}

#[test]
fn a_sound_copy_takes_the_files_place_with_its_mode_and_group() {
    let scratch = Scratch::new();
    let path = scratch.path("wardkey.toml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    chown(&path, Some(0), Some(4)).unwrap();
    let before = text(&scratch);
    let said = edit(&scratch, "sed -i s/204/205/", &["--json"], "").exits(0).json();
    assert_eq!((&said["path"], &said["changed"]), (&json!(path.to_str().unwrap()), &json!(true)));
    assert_eq!(text(&scratch), before.replace("204", "205"));
    let about = std::fs::metadata(&path).unwrap();
    assert_eq!((about.mode() & 0o7777, about.uid(), about.gid()), (0o640, 0, 4));
    assert!(is_clean(&scratch));
    assert_eq!(scratch.audit().pop().unwrap()["event"], "config edit");
}

#[test]
fn what_does_not_check_out_is_said_and_the_file_stays_as_it_was() {
    let scratch = Scratch::new();
    let before = text(&scratch);
    for (editor, part) in [
        ("sed -i s/support/suport/", "`suport`"),
        ("sed -i $a[policy]\\ngroups=[\"no-such-group\"]", "no-such-group"),
    ] {
        let said = edit(&scratch, editor, &["--json"], "").exits(3);
        let (kind, message, _) = said.error();
        assert!(kind == "config" && message.contains(part), "{message}");
        let said = edit(&scratch, editor, &[], "what?\ng\n").exits(1);
        assert!(said.out.contains("Nothing was replaced") && said.err.contains(part), "{said:?}");
        assert_eq!(text(&scratch), before);
        assert!(is_clean(&scratch));
    }
}

#[test]
fn a_wrong_copy_can_be_edited_again() {
    let scratch = Scratch::new();
    let before = text(&scratch);
    let script = scratch.path("editor.sh");
    // Wrong at first, then right.
    let lines = "#!/bin/sh\nif grep -q suport \"$1\"; then sed -i 's/suport/support/; s/204/206/' \"$1\"; else sed -i s/support/suport/ \"$1\"; fi\n";
    std::fs::write(&script, lines).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    edit(&scratch, script.to_str().unwrap(), &[], "e\n").exits(0);
    assert_eq!(text(&scratch), before.replace("204", "206"));
}

#[test]
fn nothing_edited_or_no_editor_changes_nothing() {
    let scratch = Scratch::new();
    let before = std::fs::metadata(scratch.path("wardkey.toml")).unwrap().ino();
    assert_eq!(edit(&scratch, "true", &["--json"], "").exits(0).json()["changed"], false);
    for editor in ["false", "/nonexistent/editor"] {
        assert_eq!(edit(&scratch, editor, &["--json"], "").exits(3).error().0, "system");
    }
    assert_eq!(std::fs::metadata(scratch.path("wardkey.toml")).unwrap().ino(), before);
    assert!(is_clean(&scratch));
}

#[test]
fn a_configuration_that_does_not_load_can_be_mended() {
    let scratch = Scratch::new();
    let sound = text(&scratch);
    std::fs::write(scratch.path("wardkey.toml"), sound.replace("support", "suport")).unwrap();
    scratch.run(&["list"], "").exits(3);
    edit(&scratch, "sed -i s/suport/support/", &[], "").exits(0);
    assert_eq!(text(&scratch), sound);
    scratch.run(&["list"], "").exits(0);
}

/// An editor's script.
fn editor(scratch: &Scratch, lines: &str) -> String {
    let script = scratch.path("script.sh");
    std::fs::write(&script, format!("#!/bin/sh\n{lines}\n")).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    script.to_str().unwrap().to_owned()
}

#[test]
fn an_edit_that_others_could_have_written_is_neither_taken_nor_lost() {
    let scratch = Scratch::new();
    let before = text(&scratch);
    let kept = scratch.path(".edit-wardkey.toml");
    for (left, cure) in [("chmod 666 \"$1\"", "chmod go-w "), ("chown games \"$1\"", "chown root: ")] {
        let script = editor(&scratch, &format!("echo '# mine' >>\"$1\"\n{left}"));
        let (_, _, hint) = edit(&scratch, &script, &["--json"], "").exits(3).error();
        assert_eq!(text(&scratch), before);
        assert!(hint.ends_with(&format!("{cure}{}", kept.display())), "{hint}");
        assert!(hint.contains("Your version is kept") && !hint.contains("directory"), "{hint}");
        assert!(std::fs::read_to_string(&kept).unwrap().ends_with("# mine\n"));
    }
    let script = editor(&scratch, "rm \"$1\"");
    let (_, message, hint) = edit(&scratch, &script, &["--json"], "").exits(3).error();
    assert!(message.ends_with("is missing") && hint.contains("Nothing was replaced"), "{message} {hint}");
    edit(&scratch, "sed -i s/204/205/", &[], "").exits(0);
    assert!(is_clean(&scratch), "the next edit that is taken leaves nothing");
}

#[test]
fn what_somebody_else_wrote_meanwhile_stays_and_the_copy_is_kept() {
    let scratch = Scratch::new();
    let script = scratch.path("editor.sh");
    let other = scratch.path("wardkey.toml");
    let lines = format!("#!/bin/sh\necho '# mine' >>\"$1\"\necho '# theirs' >>{}\n", other.display());
    std::fs::write(&script, lines).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let said = edit(&scratch, script.to_str().unwrap(), &["--json"], "").exits(1);
    assert!(text(&scratch).ends_with("# theirs\n"));
    let kept = scratch.path(".edit-wardkey.toml");
    assert!(said.error().2.contains(kept.to_str().unwrap()), "{said:?}");
    assert!(exists(&kept) && std::fs::read_to_string(&kept).unwrap().ends_with("# mine\n"));
}
