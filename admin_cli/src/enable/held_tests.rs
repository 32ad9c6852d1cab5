//! What goes and what stays, with the profile on and off.

use super::*;
use crate::profile::tests::machine;

/// The way back from these files, and what is on then.
fn back(machine: &Root, ours: &[Change]) -> (Vec<Change>, Switched, BTreeSet<String>) {
    let known = ours.iter().map(|change| (change.path.clone(), change.clone())).collect();
    let (mut changes, mut to) = (ours.iter().map(Change::reversed).collect(), Switched::default());
    let held = keep_needed(machine, &known, &mut changes, &mut to);
    (changes, to, held)
}

fn ours(path: &str, before: Option<&str>, after: &str) -> Change {
    Change { path: path.into(), before: before.map(str::to_owned), after: Some(after.to_owned()) }
}

#[test]
fn sshd_keeps_its_settings_and_a_locker_its_file_while_the_profile_asks() {
    let include = "@include common-auth\n";
    let files = [
        ours(DROP_IN, None, &drop_in(true)),
        ours("/etc/pam.d/i3lock", Some("auth include login\n"), "ours\n"),
        ours("/etc/pam.d/sudo", Some(include), "ours\n"),
    ];
    let on = machine("debian-12");
    let (changes, to, held) = back(&on, &files);
    assert_eq!(held, ["i3lock", SSHD].map(str::to_owned).into());
    assert_eq!(to.services, held);
    let keys_go = Change { after: Some(drop_in(false)), ..files[0].reversed() };
    assert_eq!(changes, [keys_go, files[2].reversed()]);
    let whole = ours(DROP_IN, None, &drop_in(false));
    assert_eq!(to.files.into_values().collect::<Vec<_>>(), [files[1].clone(), whole]);

    // Profile off, all of it goes; so does the file of a locker that asks by nothing else.
    let mut off = on.clone();
    off.lay("/var/lib/pam/auth", None);
    assert_eq!(back(&off, &files).0, files.iter().map(Change::reversed).collect::<Vec<_>>());
    let apart = ours("/etc/pam.d/i3lock", Some("auth required pam_unix.so\n"), "ours\n");
    assert_eq!(back(&on, std::slice::from_ref(&apart)).0, [apart.reversed()]);
}

#[test]
fn what_somebody_edited_in_it_stays() {
    let wrote = ours(DROP_IN, None, &drop_in(true));
    let edited = Change { before: Some("theirs\n".to_owned()), ..wrote.reversed() };
    let known = BTreeMap::from([(wrote.path.clone(), wrote.clone())]);
    let (mut changes, mut to) = (vec![edited], Switched::default());
    keep_needed(&machine("debian-12"), &known, &mut changes, &mut to);
    assert_eq!((changes, to.files), (Vec::new(), known));
}
