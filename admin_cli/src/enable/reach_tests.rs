//! Histories of switching on, editing by hand and switching off, on a copy of a distribution's files.
#![expect(clippy::disallowed_methods, reason = "looks at files from outside")]

use super::super::plan::tests::{everything, stocks, with_about};
use super::*;
use std::fs;

/// A copy of Debian 12's files in a directory.
struct Machine(tempfile::TempDir);

impl Machine {
    fn new() -> Self {
        let machine = Self(tempfile::tempdir().unwrap());
        let stock = stocks().into_iter().find(|stock| stock.ends_with("debian-12")).unwrap();
        for place in ["etc/pam.d", "usr/lib/pam.d"] {
            fs::create_dir_all(machine.0.path().join(place)).unwrap();
            for file in fs::read_dir(stock.join(place)).unwrap() {
                let file = file.unwrap();
                fs::copy(file.path(), machine.0.path().join(place).join(file.file_name())).unwrap();
            }
        }
        machine
    }

    fn root(&self) -> Root {
        Root::new(self.0.path())
    }

    /// All service files and their content.
    fn files(&self) -> BTreeMap<PathBuf, String> {
        let mut files = BTreeMap::new();
        for place in ["etc/pam.d", "usr/lib/pam.d"] {
            for file in fs::read_dir(self.0.path().join(place)).unwrap() {
                let path = file.unwrap().path();
                files.insert(path.clone(), fs::read_to_string(path).unwrap());
            }
        }
        files
    }

    /// Reaches these services and answers what is on then.
    fn go(&self, on: &Switched, names: &[&str]) -> Switched {
        let root = self.root();
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let reach =
            with_about(&root, |about| reach(&root, &on.files, &names, &BTreeMap::new(), about)).unwrap();
        assert_eq!(reach.stuck, Vec::<PathBuf>::new());
        for change in &reach.changes {
            let here = Change { path: self.root().join(&change.path), ..change.clone() };
            assert_eq!(here.carry_out().unwrap(), super::super::change::Stand::Due, "{change:?}");
        }
        reach.to
    }

    fn edit(&self, path: &str, edit: impl FnOnce(String) -> String) {
        let path = self.0.path().join(path);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, edit(text)).unwrap();
    }
}

#[test]
fn on_and_off_again_leaves_every_file_to_the_byte() {
    let machine = Machine::new();
    let stock = machine.files();
    let names: Vec<String> = everything(&machine.root()).into_iter().collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let first = machine.go(&Switched::default(), &["sudo", "polkit-1"]);
    let only = machine.files();
    assert_ne!(only, stock);
    let all = machine.go(&first, &names);
    let back = machine.go(&all, &["sudo", "polkit-1"]);
    assert_eq!((machine.files(), &back), (only, &first));
    machine.go(&back, &[]);
    assert_eq!(machine.files(), stock);
}

#[test]
fn what_somebody_adds_meanwhile_stays_when_our_lines_go() {
    let machine = Machine::new();
    let stock = machine.files();
    let on = machine.go(&Switched::default(), &["sudo", "login", "polkit-1"]);
    for file in ["sudo", "i3lock", "polkit-1"] {
        machine.edit(&format!("etc/pam.d/{file}"), |text| {
            format!("# by hand\n{text}session optional pam_umask.so\n")
        });
    }
    machine.go(&on, &[]);
    let mut expected = stock;
    let vendor = expected[&machine.0.path().join("usr/lib/pam.d/polkit-1")].clone();
    for (file, text) in [("sudo", None), ("i3lock", None), ("polkit-1", Some(vendor))] {
        let path = machine.0.path().join("etc/pam.d").join(file);
        let text = text.unwrap_or_else(|| expected[&path].clone());
        expected.insert(path, format!("# by hand\n{text}session optional pam_umask.so\n"));
    }
    assert_eq!(machine.files(), expected);
}

#[test]
fn a_file_with_half_a_mark_is_left_and_named() {
    let machine = Machine::new();
    let on = machine.go(&Switched::default(), &["sudo"]);
    machine.edit("etc/pam.d/sudo", |text| text.replacen("# wardkey: end\n", "", 1));
    let root = machine.root();
    let reach = with_about(&root, |about| reach(&root, &on.files, &BTreeSet::new(), &BTreeMap::new(), about))
        .unwrap();
    assert_eq!((reach.stuck, reach.changes), (vec![PathBuf::from("/etc/pam.d/sudo")], Vec::new()));
}

#[test]
fn lockers_get_their_lines_before_login_and_lose_them_after_it() {
    let machine = Machine::new();
    let order = |on: &Switched, names: &[&str]| {
        let root = machine.root();
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let reach =
            with_about(&root, |about| reach(&root, &on.files, &names, &BTreeMap::new(), about)).unwrap();
        reach.changes.iter().map(|change| change.path.file_name().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(order(&Switched::default(), &["login"]), ["i3lock", "swaylock", "login"]);
    let on = machine.go(&Switched::default(), &["login"]);
    assert_eq!(order(&on, &[]), ["login", "i3lock", "swaylock"]);
}

#[test]
fn a_service_that_is_left_as_it_is_is_not_on() {
    let machine = Machine::new();
    machine.edit("etc/pam.d/sudo", |_| "auth sufficient pam_unix.so\nauth required pam_deny.so\n".to_owned());
    let on = machine.go(&Switched::default(), &["login", "sudo"]);
    assert_eq!(on.services, BTreeSet::from(["login".to_owned()]));
}

#[test]
fn sshd_can_ask_before_its_service_does_and_until_it_no_longer_does() {
    let machine = Machine::new();
    let root = machine.root();
    let drop_in = PathBuf::from(DROP_IN);
    let more = BTreeMap::from([(drop_in.clone(), "UsePAM yes\n".to_owned())]);
    let names = BTreeSet::from(["sshd".to_owned()]);
    let way =
        |ours: &BTreeMap<PathBuf, Change>, names: &BTreeSet<String>, more: &BTreeMap<PathBuf, String>| {
            with_about(&root, |about| reach(&root, ours, names, more, about)).unwrap()
        };
    let there = way(&BTreeMap::new(), &names, &more);
    let paths = |reach: &Reach| reach.changes.iter().map(|change| change.path.clone()).collect::<Vec<_>>();
    let service = PathBuf::from("/etc/pam.d/sshd");
    assert_eq!(paths(&there), [drop_in.clone(), service.clone()]);
    for change in &there.changes {
        let path = machine.0.path().join(change.path.strip_prefix("/").unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, change.after.as_ref().unwrap()).unwrap();
    }
    let back = way(&there.to.files, &BTreeSet::new(), &BTreeMap::new());
    assert_eq!(paths(&back), [service.clone(), drop_in.clone()]);

    // Where what is left of its service is not proven, the service stays, and sshd's settings with it.
    machine.edit("etc/pam.d/sshd", |text| format!("{text}# mine\n"));
    for (proves, stuck) in [(true, vec![]), (false, vec![service, drop_in])] {
        let mut back = way(&there.to.files, &BTreeSet::new(), &BTreeMap::new());
        back.hold_unproven(&there.to.files, &|_, _| proves);
        assert_eq!((back.changes.is_empty(), back.stuck), (!proves, stuck));
    }
}

/// A locker that includes `login` again, and sshd without its drop-in, would meet the lines that are left there.
#[test]
fn what_needs_a_file_with_half_a_mark_stays_with_it() {
    let machine = Machine::new();
    fs::create_dir_all(machine.0.path().join("etc/ssh/sshd_config.d")).unwrap();
    let names = ["login", "sshd"].map(str::to_owned).into();
    let drop_in = PathBuf::from(DROP_IN);
    let more = BTreeMap::from([(drop_in.clone(), "ours\n".to_owned())]);
    let root = machine.root();
    let there = with_about(&root, |about| reach(&root, &BTreeMap::new(), &names, &more, about)).unwrap();
    for change in &there.changes {
        Change { path: root.join(&change.path), ..change.clone() }.carry_out().unwrap();
    }
    for name in ["login", "sshd"] {
        machine.edit(&format!("etc/pam.d/{name}"), |text| text.replacen("# wardkey: end\n", "", 1));
    }
    let root = machine.root();
    let (none, nothing) = (BTreeSet::new(), BTreeMap::new());
    let back = with_about(&root, |about| reach(&root, &there.to.files, &none, &nothing, about)).unwrap();
    assert_eq!(back.changes, Vec::new());
    for stays in [drop_in, PathBuf::from("/etc/pam.d/i3lock")] {
        assert!(back.stuck.contains(&stays), "{:?}", back.stuck);
    }
}

/// Switched on before the profile, a service would be asked twice.
#[test]
fn lines_of_ours_go_where_the_profile_asks_and_one_field_keeps_its_own() {
    let machine = Machine::new();
    let before = machine.files();
    let on = machine.go(&Switched::default(), &["sudo", "sddm"]);
    let with = crate::profile::tests::machine("debian-12");
    let parts = ["auth", "account", "session", "session-noninteractive"];
    for path in
        parts.into_iter().flat_map(|of| [format!("etc/pam.d/common-{of}"), format!("var/lib/pam/{of}")])
    {
        let Some(pam_stack::Found::File(_, content)) = with.file(&Path::new("/").join(&path)) else {
            panic!()
        };
        let file = machine.0.path().join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
    let on = machine.go(&on, &["sudo", "sddm"]);
    // sudo's file changes, so it is proven by a login once more.
    assert_eq!(on.services, BTreeSet::from(["sddm".to_owned(), "sudo".to_owned()]));
    assert_eq!(on.files.keys().collect::<Vec<_>>(), ["/etc/pam.d/sddm"].map(Path::new));
    let sddm = fs::read_to_string(machine.0.path().join("etc/pam.d/sddm")).unwrap();
    assert_eq!(sddm.matches("pam_wardkey.so").count(), 4, "{sddm}");
    let on = machine.go(&on, &["sddm"]);
    assert_eq!(machine.go(&on, &[]), on, "while the profile asks");
    let parts: Vec<_> = before.keys().filter(|path| path.to_string_lossy().contains("/common-")).collect();
    parts.into_iter().for_each(|path| fs::write(path, &before[path]).unwrap());
    assert_eq!(machine.go(&on, &[]), Switched::default());
    for name in ["sudo", "sddm"] {
        let path = machine.0.path().join("etc/pam.d").join(name);
        assert_eq!(fs::read_to_string(&path).unwrap(), before[&path]);
    }
}
