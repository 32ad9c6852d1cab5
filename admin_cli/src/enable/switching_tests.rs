//! A step that ends anywhere is finished or taken back by the next one.
#![expect(clippy::disallowed_methods, reason = "looks at files from outside")]

use super::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Three files, the last of which a step makes, and the journal's desk.
struct Site {
    directory: tempfile::TempDir,
    desk: JournalDesk,
}

impl Site {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let desk = JournalDesk::take(&directory.path().join("state")).unwrap();
        fs::create_dir(directory.path().join("pam.d")).unwrap();
        let site = Self { directory, desk };
        site.write("i3lock", "a\n");
        site.write("login", "b\n");
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join("pam.d").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// What the three files hold.
    fn files(&self) -> [Option<String>; 3] {
        ["i3lock", "login", "polkit-1"].map(|name| fs::read_to_string(self.path(name)).ok())
    }

    fn reach(&self) -> Reach {
        let ours = |text: &str| {
            format!(
                "# wardkey: begin. `wardkey disable` takes these lines out.\nours\n# wardkey: end\n{text}"
            )
        };
        let change = |name: &str, before: Option<&str>| Change {
            path: self.path(name),
            before: before.map(str::to_owned),
            after: Some(ours(before.unwrap_or("c\n"))),
        };
        let changes =
            vec![change("i3lock", Some("a\n")), change("login", Some("b\n")), change("polkit-1", None)];
        let files = changes.iter().map(|change| (change.path.clone(), change.clone())).collect();
        let to = Switched { services: BTreeSet::from(["login".to_owned()]), files };
        Reach { plan: super::super::plan::Plan::new(), changes, to, stuck: Vec::new(), held: BTreeSet::new() }
    }

    /// A machine that has none of these files.
    fn root(&self) -> Root {
        Root::new(self.directory.path())
    }

    fn try_on(&self) -> Result<Settled, Stopped> {
        try_on(&self.desk, &self.reach(), BootTime(600), BootId::read().unwrap())
    }
}

/// Makes the file at `path` one that nobody can replace, as a directory in its place.
fn block(path: &Path) {
    fs::remove_file(path).unwrap();
    fs::create_dir(path).unwrap();
}

#[test]
fn what_is_tried_and_put_back_is_as_it_was() {
    let site = Site::new();
    let before = site.files();
    assert_eq!(site.try_on().unwrap().changed.len(), 3);
    assert_ne!(site.files(), before);
    assert_eq!(
        put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap().left,
        Vec::<PathBuf>::new()
    );
    assert_eq!(site.files(), before);
    let journal = site.desk.journal().unwrap();
    assert_eq!((journal.step, journal.on), (None, Switched::default()));
    let said = journal.put_back.unwrap();
    assert_eq!((said.services, said.why), (BTreeSet::from(["login".to_owned()]), WhyBack::TimeUp));
}

#[test]
fn a_step_that_stops_anywhere_is_put_back_whole() {
    for stop in 0..=3 {
        let site = Site::new();
        let before = site.files();
        let reach = site.reach();
        let step = SwitchStep::Trying {
            to: reach.to.clone(),
            changes: reach.changes.clone(),
            until: BootTime(600),
            boot: BootId::read().unwrap(),
        };
        site.desk.write(&Journal { step: Some(step), ..Journal::default() }).unwrap();
        reach.changes.iter().take(stop).for_each(|change| {
            change.carry_out().unwrap();
        });
        put_back(&site.desk, &site.root(), WhyBack::Boot, &|_, _| true).unwrap();
        assert_eq!(site.files(), before, "stopped after {stop}");
        // Once more does nothing.
        assert_eq!(
            put_back(&site.desk, &site.root(), WhyBack::Boot, &|_, _| true).unwrap(),
            Settled::default()
        );
    }
}

#[test]
fn a_file_that_changed_after_the_plan_stops_the_step() {
    let site = Site::new();
    site.write("login", "edited\n");
    assert!(matches!(site.try_on(), Err(Stopped::Edited(path)) if path.ends_with("login")));
    put_back(&site.desk, &site.root(), WhyBack::Failed, &|_, _| true).unwrap();
    assert_eq!(site.files(), [Some("a\n".to_owned()), Some("edited\n".to_owned()), None]);
}

#[test]
fn what_somebody_edited_while_it_was_tried_loses_our_lines_alone() {
    let site = Site::new();
    site.try_on().unwrap();
    let text = fs::read_to_string(site.path("login")).unwrap();
    site.write("login", &format!("{text}mine\n"));
    put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap();
    assert_eq!(site.files(), [Some("a\n".to_owned()), Some("b\nmine\n".to_owned()), None]);
}

#[test]
fn a_file_that_cannot_be_proven_is_left_and_named() {
    let site = Site::new();
    site.try_on().unwrap();
    site.write("login", "# wardkey: end\nmine\n");
    let settled = put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap();
    assert_eq!(settled.left, [site.path("login")]);
    assert_eq!(site.files(), [Some("a\n".to_owned()), Some("# wardkey: end\nmine\n".to_owned()), None]);
}

#[test]
fn what_cannot_be_written_now_is_finished_later() {
    let site = Site::new();
    site.try_on().unwrap();
    let held = fs::read(site.path("login")).unwrap();
    block(&site.path("login"));
    assert!(matches!(
        put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true),
        Err(Stopped::Store(_))
    ));
    assert!(matches!(site.desk.journal().unwrap().step, Some(SwitchStep::Going { .. })));
    fs::remove_dir(site.path("login")).unwrap();
    fs::write(site.path("login"), held).unwrap();
    finish(&site.desk, &|_, _| true).unwrap();
    assert_eq!(site.files(), [Some("a\n".to_owned()), Some("b\n".to_owned()), None]);
}

#[test]
fn what_is_kept_stays_when_its_time_is_up() {
    let site = Site::new();
    site.try_on().unwrap();
    let on = site.files();
    keep(&site.desk, site.reach().to).unwrap();
    assert_eq!(
        put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap(),
        Settled::default()
    );
    assert_eq!(site.files(), on);
    assert_eq!(site.desk.journal().unwrap().on, site.reach().to);
}

#[test]
fn a_file_that_is_gone_with_its_package_leaves_nothing_to_look_at() {
    let site = Site::new();
    site.try_on().unwrap();
    fs::remove_file(site.path("login")).unwrap();
    assert_eq!(
        put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap().left,
        Vec::<PathBuf>::new()
    );
    assert_eq!(site.files(), [Some("a\n".to_owned()), None, None]);
}

#[test]
fn a_file_that_cannot_be_written_keeps_no_other_from_its_way() {
    let site = Site::new();
    site.try_on().unwrap();
    block(&site.path("polkit-1"));
    assert!(matches!(
        put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true),
        Err(Stopped::Store(_))
    ));
    assert_eq!(site.files()[..2], [Some("a\n".to_owned()), Some("b\n".to_owned())]);
    let said = site.desk.journal().unwrap().put_back.unwrap();
    assert_eq!(said.services, BTreeSet::from(["login".to_owned()]), "also before it is finished");
}

/// A locker with one field would be asked by the lines in the file that it includes.
#[test]
fn a_locker_stays_while_the_file_that_it_would_include_has_our_lines() {
    for half in [true, false] {
        let site = Site::new();
        site.write("i3lock", "auth include login\n");
        let mut reach = site.reach();
        reach.changes[0].before = Some("auth include login\n".to_owned());
        try_on(&site.desk, &reach, BootTime(600), BootId::read().unwrap()).unwrap();
        let [locker, login, _] = site.files();
        if half {
            site.write("login", &login.clone().unwrap().replace("# wardkey: end\n", ""));
            let left = put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap().left;
            assert_eq!(left, [site.path("login"), site.path("i3lock")]);
        } else {
            block(&site.path("login"));
            put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap_err();
        }
        assert_eq!(site.files()[0], locker, "{half}");
        if !half {
            fs::remove_dir(site.path("login")).unwrap();
            site.write("login", &login.unwrap());
            finish(&site.desk, &|_, _| true).unwrap();
            assert_eq!(site.files()[..2], [Some("auth include login\n".to_owned()), Some("b\n".to_owned())]);
        }
    }
}

#[test]
fn what_somebody_added_stays_to_the_byte_in_whatever_encoding() {
    let site = Site::new();
    site.try_on().unwrap();
    let mut text = fs::read(site.path("login")).unwrap();
    text.extend_from_slice(b"# caf\xe9\r\n# \xc3\xa9\n# no newline");
    fs::write(site.path("login"), &text).unwrap();
    assert_eq!(
        put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap().left,
        Vec::<PathBuf>::new()
    );
    assert_eq!(fs::read(site.path("login")).unwrap(), b"b\n# caf\xe9\r\n# \xc3\xa9\n# no newline");
}

#[test]
fn a_line_of_ours_that_somebody_moved_is_named() {
    let site = Site::new();
    site.try_on().unwrap();
    let text = fs::read_to_string(site.path("login")).unwrap();
    for (more, left) in
        [("auth required pam_wardkey.so\n", vec![site.path("login")]), ("# pam_wardkey.so\n", vec![])]
    {
        site.write("login", &format!("{text}{more}"));
        assert_eq!(put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap().left, left);
        assert_eq!(site.files()[1], Some(format!("b\n{more}")));
        site.write("login", "b\n");
        site.try_on().unwrap();
    }
}

#[test]
fn a_file_that_was_made_goes_though_somebody_edited_within_our_lines() {
    let site = Site::new();
    let mut reach = site.reach();
    reach.changes[2].after = reach.changes[2].after.clone().map(|text| text.replace("c\n", ""));
    try_on(&site.desk, &reach, BootTime(600), BootId::read().unwrap()).unwrap();
    let text = fs::read_to_string(site.path("polkit-1")).unwrap();
    site.write("polkit-1", &text.replace("ours", "mine"));
    put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap();
    assert_eq!(site.files()[2], None);
}

/// sshd has not read its files again when a kill comes between both.
#[test]
fn what_an_earlier_run_changed_counts_as_changed_again() {
    let site = Site::new();
    site.try_on().unwrap();
    let journal = site.desk.journal().unwrap();
    put_back(&site.desk, &site.root(), WhyBack::TimeUp, &|_, _| true).unwrap();
    let Some(SwitchStep::Trying { changes, .. }) = &journal.step else { panic!("{journal:?}") };
    let changes = changes.iter().rev().map(Change::reversed).collect();
    let step = SwitchStep::Going { to: journal.on.clone(), changes };
    site.desk.write(&Journal { step: Some(step), ..Journal::default() }).unwrap();
    assert_eq!(finish(&site.desk, &|_, _| true).unwrap().changed.len(), 3);
}

/// Put back, a locker would be asked twice by the profile's line, and let nobody in.
#[test]
fn a_locker_stays_while_the_profile_asks_and_nobody_is_told_otherwise() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    for (why, held) in
        [(WhyBack::TimeUp, &["i3lock"][..]), (WhyBack::Boot, &["i3lock"]), (WhyBack::Failed, &[])]
    {
        let site = Site::new();
        let before = site.files();
        site.try_on().unwrap();
        let [locker, ..] = site.files();
        put_back(&site.desk, &crate::profile::tests::machine("debian-12"), why, &|_, _| true).unwrap();
        let journal = site.desk.journal().unwrap();
        assert_eq!(site.files()[1..], before[1..]);
        assert_eq!(site.files()[0], if held.is_empty() { before[0].clone() } else { locker });
        assert_eq!(journal.on.services, names(held));
        assert_eq!(journal.on.files.len(), held.len());
        let said = journal.put_back.unwrap();
        let asking = [&["login"], held].concat();
        assert_eq!((said.off(), said.by_profile), (names(&[]), names(&asking)), "{why:?}");
    }
}
