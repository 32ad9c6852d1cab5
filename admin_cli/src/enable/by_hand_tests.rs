//! Lines written by hand from the shipped examples, and others.
#![expect(clippy::disallowed_methods, reason = "looks at files from outside")]

use super::super::plan::tests::with_about;
use super::*;
use std::fs;

const COMMON: [(&str, &str); 5] = [
    (
        "common-auth",
        "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n",
    ),
    ("common-account", "account required pam_unix.so\n"),
    ("common-session", "session required pam_unix.so\n"),
    ("common-session-noninteractive", "session required pam_unix.so\n"),
    ("common-password", "password required pam_unix.so\n"),
];
const OTHER_FILE: &str =
    "@include common-auth\n@include common-account\n@include common-password\n@include common-session\n";

/// The shipped examples of a machine.
fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/pam.d").join(name);
    fs::read_to_string(path).unwrap()
}

/// A machine of these service files besides Debian's common ones.
fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Root) {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("etc/pam.d");
    fs::create_dir_all(&place).unwrap();
    for (name, text) in COMMON.iter().chain([&("other", OTHER_FILE)]).chain(files) {
        fs::write(place.join(name), text).unwrap();
    }
    let root = Root::new(directory.path());
    (directory, root)
}

fn planned(root: &Root, only: &[&str]) -> ByHand {
    let names: BTreeSet<String> = only.iter().map(|name| (*name).to_owned()).collect();
    with_about(root, |about| by_hand(root, (!only.is_empty()).then_some(&names), &BTreeSet::new(), about))
}

fn after(hand: &ByHand, name: &str) -> String {
    hand.changes
        .iter()
        .find(|change| change.path.ends_with(name))
        .and_then(|change| change.after.clone())
        .unwrap()
}

fn names(hand: &ByHand) -> (String, String) {
    let joined = |names: Vec<&str>| names.join(" ");
    (
        joined(hand.off.iter().map(String::as_str).collect()),
        joined(hand.left.keys().map(String::as_str).collect()),
    )
}

#[test]
fn every_shipped_example_is_switched_off() {
    for name in [
        "sshd",
        "login",
        "sudo",
        "su",
        "polkit-1",
        "i3lock",
        "swaylock",
        "kde",
        "greetd",
        "gdm-password",
        "lightdm",
        "sddm",
        "cockpit",
        "sudo-i",
        "vlock",
        "xscreensaver",
        "xsecurelock",
        "xrdp-sesman",
    ] {
        let (_directory, root) = machine(&[(name, &example(name))]);
        let hand = planned(&root, &[name]);
        assert_eq!(names(&hand), (name.to_owned(), String::new()));
        let after = after(&hand, name);
        assert!(
            !after.lines().any(|line| !line.starts_with('#') && line.contains("pam_wardkey")),
            "{name}: {after}"
        );
        assert!(after.lines().all(|line| example(name).contains(line)), "{name}");
    }
}

#[test]
fn the_password_lines_go_where_the_example_says_that_it_added_them() {
    let (_directory, root) = machine(&[("sudo", &example("sudo")), ("sshd", &example("sshd"))]);
    let hand = planned(&root, &[]);
    assert!(!after(&hand, "sudo").contains("@include common-password"), "{}", after(&hand, "sudo"));
    assert!(after(&hand, "sshd").contains("@include common-password"), "Debian's own line");
}

#[test]
fn a_line_that_others_include_goes_for_all_or_for_none() {
    let shared = format!("{}auth requisite pam_wardkey.so\n", COMMON[0].1);
    let account = "@include common-auth\naccount required pam_wardkey.so\n@include common-account\n";
    let files = [("common-auth", shared.as_str()), ("sudo", account), ("login", account)];
    let (_directory, root) = machine(&files);
    assert_eq!(names(&planned(&root, &["sudo"])), (String::new(), "sudo".to_owned()));
    let hand = planned(&root, &[]);
    assert_eq!((hand.changes.len(), &hand.left), (3, &BTreeMap::new()));
    assert_eq!(after(&hand, "common-auth"), COMMON[0].1);
    assert!(hand.off.contains("sudo") && hand.off.contains("login"), "{hand:?}");
}

#[test]
fn what_is_not_proven_without_us_stays() {
    for text in [
        // Nobody would be asked anything.
        "auth requisite pam_wardkey.so\nauth required pam_permit.so\naccount required pam_unix.so\n",
        // Nothing would be left to say yes.
        "auth [success=1 default=ignore] pam_unix.so\nauth requisite pam_deny.so\nauth sufficient pam_wardkey.so\nauth requisite pam_deny.so\naccount required pam_unix.so\n",
        // Nobody asks for the password any more.
        "auth requisite pam_wardkey.so forward_pass\nauth required pam_unix.so use_first_pass\naccount required pam_unix.so\n",
        // A skip would lead somewhere else.
        "auth [success=2 default=ignore] pam_unix.so\nauth optional pam_wardkey.so\nauth requisite pam_deny.so\nauth requisite pam_wardkey.so\nauth required pam_permit.so\n",
    ] {
        let (_directory, root) = machine(&[("sudo", text)]);
        let hand = planned(&root, &["sudo"]);
        assert_eq!((names(&hand), hand.changes.len()), ((String::new(), "sudo".to_owned()), 0), "{text}");
    }
}

#[test]
fn a_link_and_half_a_mark_are_not_touched() {
    let (directory, root) =
        machine(&[("su", "# wardkey: end\n@include common-auth\nauth requisite pam_wardkey.so\n")]);
    fs::write(directory.path().join("elsewhere"), example("sudo")).unwrap();
    std::os::unix::fs::symlink("../../elsewhere", directory.path().join("etc/pam.d/sudo")).unwrap();
    let hand = planned(&root, &[]);
    assert_eq!((names(&hand), hand.changes.len()), ((String::new(), "su sudo".to_owned()), 0));
}

#[test]
fn what_is_changed_already_is_changed_once() {
    let change = |before: &str, after: &str| Change {
        path: "/etc/pam.d/sudo".into(),
        before: Some(before.to_owned()),
        after: Some(after.to_owned()),
    };
    let hand = ByHand { changes: vec![change("b", "c")], ..ByHand::default() };
    let mut changes = vec![change("a", "b")];
    hand.join(&mut changes);
    assert_eq!(changes, [change("a", "c")]);
}

#[test]
fn what_pam_auth_update_keeps_stays_and_is_named_apart() {
    let mut root = crate::profile::tests::machine("debian-12");
    let hand = planned(&root, &[]);
    assert_eq!((hand.changes.len(), hand.off.len()), (0, 0));
    assert!(hand.left.is_empty() && hand.held.is_empty(), "{hand:?}");
    for name in ["login", "sshd", "su", "sudo"] {
        assert_eq!(hand.by_profile[name], Path::new("/etc/pam.d/common-auth"));
    }
    // Lines by hand beside it ask twice, and go as ever: also those behind its block.
    let (_, sudo) = read(&root, "sudo").unwrap();
    let (_, auth) = read(&root, "common-auth").unwrap();
    let line = "auth requisite pam_wardkey.so\n";
    root.lay("/etc/pam.d/sudo", Some(format!("{sudo}{line}").into_bytes()));
    let hand = planned(&root, &["sudo"]);
    assert_eq!(after(&hand, "sudo"), sudo);
    assert_eq!((hand.off.len(), hand.by_profile.len()), (0, 1));
    root.lay("/etc/pam.d/common-auth", Some(format!("{auth}{line}").into_bytes()));
    let hand = planned(&root, &[]);
    assert_eq!((after(&hand, "sudo"), after(&hand, "common-auth")), (sudo, auth));
}
