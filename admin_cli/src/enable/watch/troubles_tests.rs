//! What somebody, or a package, does to files of services that are on.

use super::super::super::plan::tests::with_about;
use super::super::super::{Change, reach};
use super::*;

const AUTH: &str = "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n";
const STOCK: &str =
    "@include common-auth\n@include common-account\n@include common-session\n@include common-password\n";
const FILES: [(&str, &str); 8] = [
    ("common-auth", AUTH),
    ("common-account", "account required pam_unix.so\n"),
    ("common-session", "session required pam_unix.so\n"),
    ("common-password", "password required pam_unix.so\n"),
    ("other", STOCK),
    ("sudo", STOCK),
    ("login", STOCK),
    ("i3lock", "auth include login\n"),
];

/// A machine on which sudo and login are on.
fn machine() -> (tempfile::TempDir, Root, Switched) {
    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(directory.path().join("etc/pam.d")).unwrap();
    FILES.iter().for_each(|(name, text)| write(&directory, name, text));
    let root = Root::new(directory.path());
    let names = ["login", "sudo"].map(str::to_owned).into();
    let none = BTreeMap::new();
    let way = with_about(&root, |about| reach(&root, &none, &names, &BTreeMap::new(), about)).unwrap();
    for change in &way.changes {
        let here = Change { path: root.join(&change.path), ..change.clone() };
        here.carry_out().unwrap();
    }
    (directory, root, way.to)
}

fn write(directory: &tempfile::TempDir, name: &str, text: &str) {
    std::fs::write(directory.path().join("etc/pam.d").join(name), text).unwrap();
}

/// Does this to a file, and says what is found, by name.
fn found(name: &str, edit: impl FnOnce(&str) -> String) -> Vec<String> {
    let (directory, root, on) = machine();
    let wrote = on.files.get(&Path::new("/etc/pam.d").join(name)).and_then(|change| change.after.clone());
    let stock = FILES.iter().find(|(other, _)| *other == name).map(|(_, text)| (*text).to_owned());
    write(&directory, name, &edit(&wrote.or(stock).unwrap()));
    let found = with_about(&root, |about| troubles(&root, &on, about, None));
    found.iter().map(|(service, trouble)| format!("{service} {}", trouble.name(service))).collect()
}

#[test]
fn what_is_as_it_was_left_and_a_note_beside_it_is_no_trouble() {
    assert_eq!(found("sudo", str::to_owned), [""; 0]);
    assert_eq!(found("sudo", |text| format!("# a note\n{text}")), [""; 0]);
    assert_eq!(found("common-auth", |text| format!("{text}auth optional pam_cap.so\n")), [""; 0]);
}

#[test]
fn a_line_that_went_is_found_in_each_service_that_asked_by_it() {
    assert_eq!(found("sudo", |_| STOCK.to_owned()), ["sudo not-asked"]);
    let file = "auth requisite pam_wardkey.so";
    let rest =
        |text: &str| text.lines().filter(|line| *line != file).map(|line| format!("{line}\n")).collect();
    assert_eq!(found("login", rest), ["login not-asked"]);
    assert_eq!(
        found("sudo", |text| text.replace("account required pam_wardkey.so\n", "")),
        ["sudo lines-changed"]
    );
}

#[test]
fn a_way_in_that_an_included_file_opens_is_found() {
    let opened = |_: &str| "auth sufficient pam_permit.so\n".to_owned();
    let all = found("common-auth", opened);
    assert!(
        all.contains(&"sudo way-past-code".to_owned()) && all.contains(&"login way-past-code".to_owned()),
        "{all:?}"
    );
}

#[test]
fn a_file_of_sshd_that_went_is_found() {
    let (_directory, root, mut on) = machine();
    let path = PathBuf::from(drop_in::DROP_IN);
    let change = Change { path: path.clone(), before: None, after: Some(drop_in::drop_in(false)) };
    on.files.insert(path.clone(), change);
    assert_eq!(watched(&root, &on), ["i3lock", "login", "sshd", "sudo"].map(str::to_owned).into());
    let found = with_about(&root, |about| troubles(&root, &on, about, None));
    assert_eq!(found, [(SSHD.to_owned(), WatchTrouble::DropIn(path))]);
}

/// sshd is on by its drop-in alone where the profile asks.
#[test]
fn a_service_that_asked_by_the_profile_and_asks_no_more_is_found() {
    let change = Change { path: drop_in::DROP_IN.into(), before: None, after: Some(drop_in::drop_in(false)) };
    let on = Switched {
        services: [SSHD.to_owned()].into(),
        files: [(change.path.clone(), change.clone())].into(),
    };
    let mut root = crate::profile::tests::machine("debian-12");
    let found = |root: &Root| with_about(root, |about| troubles(root, &on, about, None));
    // The file itself is not on this copy of a machine.
    let drop_in_gone = (SSHD.to_owned(), WatchTrouble::DropIn(change.path.clone()));
    assert_eq!(found(&root), std::slice::from_ref(&drop_in_gone));
    root.lay("/etc/pam.d/common-auth", Some(AUTH.as_bytes().to_vec()));
    assert_eq!(found(&root), [(SSHD.to_owned(), WatchTrouble::Unasked(None)), drop_in_gone]);
}
