//! What a record does not know of, and what proves nothing.

use super::history::{History, histories};
use super::lines::{AuditLine, READ_MAX, newest};
use super::{Forgotten, forgotten};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use wardkey_core::credential::Typed;
use wardkey_core::store::Store;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::system::owner::Owner;
use wardkey_core::system::trusted_file::{self, Readers};
use wardkey_core::testing::{Fixture, RULES, Watch, is_accepted, typed, wanted};

/// Codes of a set: each costs a hash.
const SET: usize = 2;

/// One person's desk and audit file, as the programs would write it.
struct Ward {
    fixture: Fixture,
    lines: Vec<AuditLine>,
    codes: Vec<Typed>,
}

impl Ward {
    fn new() -> Self {
        Self { fixture: Fixture::new(), lines: Vec::new(), codes: Vec::new() }
    }

    fn write(&mut self, event: &str, result: &str, method: Option<&str>, reason: Option<&str>) {
        let own = |text: &str| text.to_owned();
        self.lines.push(AuditLine {
            time: self.fixture.now(),
            event: own(event),
            user: Some(own("roy")),
            method: method.map(own),
            result: own(result),
            reason: reason.map(own),
        });
    }

    fn is_enrolled(&self) -> bool {
        self.fixture
            .store
            .record(&self.fixture.roy.name)
            .unwrap()
            .is_some_and(|record| record.enrolment.state == wardkey_core::record::enrolment::State::Enrolled)
    }

    fn enrol(&mut self) {
        self.fixture.begin().unwrap();
        self.write("enroll", "done", None, Some("pending"));
        let (terms, code) = (self.fixture.terms(&RULES, SET), self.fixture.code(0));
        let confirmed =
            self.fixture.desk().confirm(&self.fixture.roy, terms, &code, &mut |_| Ok(())).unwrap();
        self.codes = confirmed.recovery_codes.iter().map(typed).collect();
        self.write("confirm", "done", None, None);
    }

    fn log_in(&mut self, with_recovery: bool) {
        let code = if with_recovery { self.codes.pop() } else { Some(self.fixture.code(0)) };
        let method = if with_recovery { "recovery" } else { "authenticator" };
        if code.is_some_and(|code| is_accepted(&self.fixture.spend(&code))) {
            self.write("login", "accepted", Some(method), None);
        }
    }

    fn replace(&mut self) {
        let (desk, roy) = (self.fixture.desk(), &self.fixture.roy);
        let successor = wardkey_core::desk::Successor {
            old: None,
            label: None,
            parameters: wanted(None).parameters,
            key: None,
        };
        desk.replace(roy, &self.fixture.key, &successor).unwrap();
        self.fixture.confirm(&self.fixture.code(0)).unwrap();
        self.write("confirm", "done", None, Some("replaced: app"));
    }

    fn new_codes(&mut self) {
        let codes = self.fixture.desk().recovery_codes(&self.fixture.roy, SET, &mut |_| Ok(())).unwrap();
        self.codes = codes.iter().map(typed).collect();
        self.write("recovery-codes", "done", None, None);
    }

    fn reset(&mut self) {
        self.fixture.desk().reset(&self.fixture.roy).unwrap();
        self.write("reset", "done", None, Some("verified by: badge"));
    }

    fn remove(&mut self) {
        self.fixture.store.purge(&self.fixture.roy.name).unwrap();
        self.write("remove", "done", None, Some("left"));
    }

    fn history(&self) -> History {
        histories(&self.lines, "/state").remove("roy").unwrap_or_default()
    }

    /// What the record as it is now does not know of.
    fn found(&self) -> Option<Forgotten> {
        let record = self.fixture.store.record(&self.fixture.roy.name).unwrap();
        forgotten(&self.history(), record.as_ref(), SET)
    }

    /// The files of the record, or that there are none.
    fn back_up(&self) -> Vec<(std::path::PathBuf, Vec<u8>)> {
        let files = ["enrolment", "ledger"].map(|name| self.fixture.file(name));
        files
            .into_iter()
            .filter_map(|file| {
                Some((file.clone(), trusted_file::read(&file, Readers::RootOnly, 1 << 20).ok()?))
            })
            .collect()
    }

    fn restore(&self, backup: &[(std::path::PathBuf, Vec<u8>)]) {
        let _ = self.fixture.store.purge(&self.fixture.roy.name);
        for (file, bytes) in backup {
            wardkey_core::testing::private_dir(file.parent().unwrap());
            wardkey_core::testing::private_file(file, bytes);
        }
    }
}

/// What is told where `does` is done an hour after a backup, which is restored then.
fn told(before: impl Fn(&mut Ward), does: impl Fn(&mut Ward)) -> (Ward, Option<Forgotten>) {
    let mut ward = Ward::new();
    before(&mut ward);
    let backup = ward.back_up();
    ward.fixture.later(3600);
    does(&mut ward);
    assert_eq!(ward.found(), None, "nothing went back: {:?}", ward.history());
    ward.fixture.later(3600);
    assert_eq!(ward.found(), None);
    ward.restore(&backup);
    let found = ward.found();
    (ward, found)
}

#[test]
fn all_that_a_restored_record_does_not_know_of_is_told() {
    let then = |ward: &Ward| ward.lines.last().unwrap().time;
    let (ward, found) = told(Ward::enrol, |ward| ward.log_in(false));
    assert_eq!(found, Some(Forgotten::Accepted(then(&ward))));
    let (ward, found) = told(Ward::enrol, |ward| ward.log_in(true));
    assert_eq!(found, Some(Forgotten::RecoveryCode(then(&ward))));
    let (ward, found) = told(Ward::enrol, Ward::replace);
    assert_eq!(found, Some(Forgotten::Replaced(then(&ward))));
    let (ward, found) = told(Ward::enrol, Ward::reset);
    assert_eq!(found, Some(Forgotten::Reset(then(&ward))));
    let (ward, found) = told(Ward::enrol, Ward::remove);
    assert_eq!(found, Some(Forgotten::Removed(then(&ward))));
    let (ward, found) = told(|_| {}, Ward::enrol);
    assert_eq!(found, Some(Forgotten::Enrolled(then(&ward))));
    let days = |ward: &mut Ward| {
        ward.fixture.later(2 * 24 * 3600);
        ward.new_codes();
    };
    let (ward, found) = told(Ward::enrol, days);
    assert_eq!(found, Some(Forgotten::Codes(then(&ward))));
}

#[test]
fn a_spent_recovery_code_and_a_reset_are_told_after_later_logins_too() {
    let later = |(mut ward, found): (Ward, Option<Forgotten>)| {
        assert!(found.is_some());
        ward.fixture.later(3600);
        ward.log_in(false);
        ward.found()
    };
    assert_eq!(later(told(Ward::enrol, |ward| ward.log_in(false))), None, "all that it knew is over");
    assert!(matches!(later(told(Ward::enrol, |ward| ward.log_in(true))), Some(Forgotten::RecoveryCode(_))));
    assert!(matches!(later(told(Ward::enrol, Ward::reset)), Some(Forgotten::Reset(_))));
}

#[test]
fn each_remedy_ends_what_is_told() {
    let mended = |(mut ward, found): (Ward, Option<Forgotten>), remedy: fn(&mut Ward)| {
        assert!(found.is_some());
        ward.fixture.later(60);
        remedy(&mut ward);
        ward.found()
    };
    assert_eq!(mended(told(Ward::enrol, |ward| ward.log_in(false)), Ward::new_codes), None);
    assert_eq!(mended(told(Ward::enrol, |ward| ward.log_in(true)), Ward::new_codes), None);
    assert_eq!(mended(told(Ward::enrol, Ward::replace), Ward::reset), None);
    assert_eq!(mended(told(Ward::enrol, Ward::reset), Ward::reset), None);
    assert_eq!(mended(told(Ward::enrol, Ward::remove), Ward::remove), None);
    assert_eq!(mended(told(|_| {}, Ward::enrol), Ward::enrol), None);
}

#[test]
fn a_clock_that_was_ahead_and_is_right_again_proves_nothing() {
    for void in [Ward::reset, Ward::remove] {
        let mut ward = Ward::new();
        ward.enrol();
        let now = ward.fixture.now().0;
        ward.fixture.later(400 * 24 * 3600);
        ward.log_in(true);
        void(&mut ward);
        ward.fixture.watch = Watch::at(now + 60);
        if ward.fixture.store.record(&ward.fixture.roy.name).unwrap().is_some() {
            ward.reset();
        } else {
            ward.enrol();
            ward.log_in(true);
        }
        assert_eq!(ward.found(), None, "{:#?}", ward.lines);
    }
}

/// Numbers without a pattern, the same in each run (Knuth, TAOCP 3.3.4).
fn drawn(seed: &mut u64, below: u64) -> u64 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) % below
}

#[test]
fn no_history_without_a_restore_is_told_whatever_the_clock() {
    for mut seed in 0..6 {
        let mut ward = Ward::new();
        for _ in 0..14 {
            ward.fixture.later(drawn(&mut seed, 4000) + 30);
            if drawn(&mut seed, 6) == 0 {
                // Somebody sets the clock: back or on, for hours or for years.
                let now = ward.fixture.now().0;
                let span = 1 << drawn(&mut seed, 26);
                let then = if drawn(&mut seed, 2) == 0 { now + span } else { now - span };
                ward.fixture.watch = Watch::at(then);
            }
            match (drawn(&mut seed, 10), ward.is_enrolled()) {
                (0, true) => ward.reset(),
                (1, true) => ward.new_codes(),
                (2, true) => ward.remove(),
                (3, true) => ward.replace(),
                (n, true) => ward.log_in(n % 2 == 0),
                (0, false) if ward.fixture.store.record(&ward.fixture.roy.name).unwrap().is_some() => {
                    ward.remove();
                }
                (_, false) => ward.enrol(),
            }
            assert_eq!(ward.found(), None, "{:#?}", ward.lines);
        }
    }
}

fn line(time: u64, event: &str, user: &str, rest: &str) -> String {
    let time = Timestamp(time);
    format!("{{\"time\":\"{time}\",\"event\":\"{event}\",\"user\":\"{user}\",\"result\":\"done\"{rest}}}\n")
}

fn audit(text: &str, max: u64) -> Vec<AuditLine> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("audit.jsonl");
    fs::write(&file, text).unwrap();
    newest(&file, Owner::ROOT, max)
}

#[test]
fn damaged_lines_are_passed_over_and_a_large_file_is_read_from_its_end() {
    let good = line(5, "reset", "roy", "");
    let damaged = format!("\0\0{good}{{\"time\":\"x\",\"result\":\"done\"}}\n\u{7f}{good}{}", &good[..20]);
    assert!(audit(&damaged, READ_MAX).is_empty());
    assert_eq!(audit(&format!("{good}{damaged}\n{good}"), READ_MAX).len(), 2);
    let mut many = String::new();
    for number in 0..1000 {
        write!(many, "{}", line(1_000_000 + number, "reset", "roy", "")).unwrap();
    }
    let last = audit(&many, 10 * good.len() as u64);
    assert!((7..=10).contains(&last.len()), "{}", last.len());
    assert_eq!(last.last().unwrap().time, Timestamp(1_000_999));
}

#[test]
fn rotated_files_are_read_up_to_the_first_that_is_compressed() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let put = |name: &str, age: u64, user: &str| {
        fs::write(path(name), line(9, "reset", user, "")).unwrap();
        let then = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(2_000_000 - age);
        File::options().write(true).open(path(name)).unwrap().set_modified(then).unwrap();
    };
    let users = || {
        let lines = newest(&path("audit.jsonl"), Owner::ROOT, READ_MAX);
        lines.into_iter().map(|line| line.user.unwrap()).collect::<Vec<_>>()
    };
    for (name, age, user) in [
        ("audit.jsonl.1", 1, "b"),
        ("audit.jsonl-20261101", 2, "a"),
        ("audit.jsonl.3.gz", 3, "never"),
        ("audit.jsonl.4", 4, "never"),
        ("audit.jsonl.bak", 1, "never"),
        ("other.jsonl.1", 1, "never"),
    ] {
        put(name, age, user);
    }
    assert_eq!(users(), ["a", "b"], "it was rotated a moment ago");
    put("audit.jsonl", 0, "c");
    assert_eq!(users(), ["a", "b", "c"]);
    fs::set_permissions(path("audit.jsonl.1"), std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
    assert_eq!(users(), ["c"], "others could have written it");
    assert!(newest(Path::new("/nowhere/audit.jsonl"), Owner::ROOT, READ_MAX).is_empty());
}

#[test]
fn a_new_state_and_a_renaming_make_what_was_before_void() {
    let told = |lines: &str| {
        let all = histories(&audit(lines, READ_MAX), "/var/lib/wardkey");
        all.into_iter().filter(|(_, history)| *history != History::default()).map(|(user, _)| user).collect()
    };
    let both = format!("{}{}", line(5, "reset", "roy", ""), line(6, "remove", "ann", ""));
    let all = |more: &str| -> Vec<String> { told(&format!("{both}{more}")) };
    assert_eq!(all(""), ["ann", "roy"]);
    let init = |made: &str| {
        format!(
            "{{\"time\":\"2026-12-01T10:00:00Z\",\"event\":\"init\",\"result\":\"done\",\"reason\":\"{made}\"}}\n"
        )
    };
    assert_eq!(all(&init("/var/lib/wardkey /var/lib/wardkey/users")), [""; 0]);
    assert_eq!(all(&init("/var/lib/wardkey/users /var/lib/wardkey/spare")), [""; 0]);
    assert_eq!(
        all(&init("/var/lib/wardkey/machine")),
        ["ann", "roy"],
        "a restored state is this machine's now"
    );
    let reason = ",\"reason\":\"verified by: badge; roy -> ann; uid 1 -> 2\"";
    assert_eq!(all(&line(7, "rename", "roy", reason)), [""; 0]);
}
