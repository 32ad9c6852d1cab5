//! Replies judged for somebody known, somebody reset, nobody, and where something is broken.

use super::*;
use crate::credential::Typed;
use crate::credential::secret::Secret;
use crate::policy::account::{Accounts, LookupError};
use crate::policy::config::Config;
use crate::store::Store;
use crate::system::clock::{Clock, Timestamp};
use crate::testing::{Fixture, START, typed};
use crate::user::UserName;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Roy, and nobody else.
pub(in crate::login) struct One(Account);

impl Accounts for One {
    fn find(&self, name: &UserName) -> Result<Option<Account>, LookupError> {
        Ok(Some(self.0.clone()).filter(|account| account.name == *name))
    }

    fn is_member(&self, _: &Account, _: &str) -> Result<bool, LookupError> {
        Ok(false)
    }
}

pub(in crate::login) struct Noon(pub(in crate::login) u64);

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        Timestamp(self.0)
    }
}

/// A fixture whose sealing key lies in its file, and what a judge there goes by.
pub(in crate::login) struct Door {
    pub(in crate::login) fixture: Fixture,
    pub(in crate::login) config: Config,
    accounts: One,
    pub(in crate::login) clock: Noon,
}

impl Door {
    pub(in crate::login) fn new(tables: &str) -> Self {
        let fixture = Fixture::new();
        let (key, audit) = (fixture.dir.path().join("sealing.key"), fixture.dir.path().join("audit.jsonl"));
        std::fs::write(&key, fixture.key.to_file().as_bytes()).unwrap();
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
        let run = fixture.dir.path().join("run/grace");
        let text =
            format!("[seal]\nkey = {key:?}\n[log]\naudit_file = {audit:?}\n[run]\npath = {run:?}\n{tables}");
        let config = Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap();
        let accounts = One(fixture.roy.clone());
        Self { fixture, config, accounts, clock: Noon(START) }
    }

    pub(in crate::login) fn site(&self) -> Site<'_> {
        Site {
            config: &self.config,
            store: &self.fixture.store,
            accounts: &self.accounts,
            clock: &self.clock,
        }
    }

    pub(in crate::login) fn judge(&self) -> Judge<'_> {
        Judge::of(self.site())
    }

    pub(in crate::login) fn roy(&self) -> Who {
        Who::Known(self.fixture.roy.clone())
    }

    fn check(&self, who: &Who, reply: &str) -> Heard {
        heard(self.judge(), who, Step::Check(separate(reply)))
    }

    pub(in crate::login) fn audit(&self) -> String {
        std::fs::read_to_string(self.fixture.dir.path().join("audit.jsonl")).unwrap_or_default()
    }

    /// Roy's code of now, as he types it.
    pub(in crate::login) fn code(&self) -> String {
        let enrolment = self.fixture.record().enrolment;
        let app = enrolment.authenticators.first().unwrap();
        let key = self.fixture.key.open(app.home(&self.fixture.roy.name), &app.sealed).unwrap();
        app.parameters.code(&key, app.parameters.step(Timestamp(self.clock.0))).to_string()
    }

    pub(in crate::login) fn failures(&self) -> u64 {
        self.fixture.record().ledger.tallies.iter().map(|tally| tally.failures).sum()
    }
}

pub(in crate::login) fn nobody() -> Who {
    Who::Unknown(UserName::new(b"nobody").ok())
}

pub(in crate::login) fn separate(typed: &str) -> Reply {
    Reply::Separate(Secret::new(typed.as_bytes().to_vec()))
}

pub(in crate::login) fn combined(typed: &str) -> Reply {
    Reply::Combined(Secret::new(typed.as_bytes().to_vec()))
}

/// What came of a step, and what syslog heard.
#[derive(Debug)]
pub(in crate::login) struct Heard {
    pub(in crate::login) ask: Option<Ask>,
    pub(in crate::login) outcome: Outcome,
    pub(in crate::login) generation: Option<u64>,
    pub(in crate::login) lines: Vec<Line>,
}

/// A step of a login by no service in particular.
pub(in crate::login) fn heard<A: Authority>(judge: Judge<'_, A>, who: &Who, step: Step) -> Heard {
    let (answer, lines) = judge.answer(who, &Request { items: PamItems::default(), step });
    let (ask, Checked { outcome, generation }) = match answer {
        Answer::Checked(checked) => (None, checked),
        Answer::Entered(ask, checked) => (Some(ask), checked),
        other => panic!("no check: {other:?}"),
    };
    Heard { ask, outcome, generation, lines }
}

pub(in crate::login) fn severities(checked: &Heard) -> Vec<Severity> {
    checked.lines.iter().map(|line| line.severity).collect()
}

#[test]
fn what_came_of_it_is_written_down_with_its_reason() {
    let mut door = Door::new("");
    let codes = door.fixture.enrolled();
    door.clock.0 += 60;
    let generation = Some(door.fixture.record().enrolment.generation);
    let right = door.check(&door.roy(), &door.code());
    assert!(matches!(right.outcome, Outcome::Accepted(_)) && right.generation == generation);
    assert_eq!(severities(&right), [Severity::Info]);
    for (who, reply, refusal, reason) in [
        (door.roy(), door.code(), Refusal::AlreadyUsed, "already used"),
        (door.roy(), "password".to_owned(), Refusal::Malformed, "malformed"),
        (nobody(), "123456".to_owned(), Refusal::NotEnrolled, "unknown user"),
        (nobody(), "0ABC-DEFG-HJKM-NPQR".to_owned(), Refusal::NotEnrolled, "unknown user"),
        (nobody(), "password".to_owned(), Refusal::Malformed, "unknown user"),
        (Who::Unknown(None), "123456".to_owned(), Refusal::NotEnrolled, "unknown user"),
    ] {
        let checked = door.check(&who, &reply);
        assert_eq!(checked.outcome, Outcome::Refused(refusal), "{reply}");
        assert_eq!(severities(&checked), [Severity::Notice]);
        let audit = door.audit();
        assert!(audit.lines().last().unwrap().contains(&format!("\"reason\":\"{reason}\"")), "{audit}");
    }
    assert!(matches!(door.check(&door.roy(), &codes[0].to_text()).outcome, Outcome::Accepted(_)));
    assert_eq!(door.audit().lines().filter(|line| line.contains("\"reason\":null")).count(), 2);
}

#[test]
fn an_emergency_code_is_an_alarm() {
    let door = Door::new("");
    door.fixture.enrolled();
    let codes = door.fixture.desk().emergency(&door.fixture.roy, (1, 5), &mut |_| Ok(())).unwrap();
    assert_eq!(severities(&door.check(&door.roy(), &codes[0].to_text())), [Severity::Alert]);
}

#[test]
fn a_code_of_another_time_is_told_to_the_log_alone() {
    let mut door = Door::new("");
    door.fixture.enrolled();
    door.clock.0 += 600;
    let late = door.code();
    door.clock.0 -= 300;
    let checked = door.check(&door.roy(), &late);
    assert_eq!(
        checked.outcome,
        Outcome::Refused(Refusal::WrongTime { seconds: 300, sure: false, then: None })
    );
    assert!(door.audit().contains("code of another time, 300 s from this clock"), "{}", door.audit());
}

#[test]
fn where_no_code_need_be_a_wrong_one_is_nothing_and_a_right_one_spent() {
    let mut door = Door::new("");
    door.fixture.enrolled();
    door.clock.0 += 60;
    let free = |reply: &str| heard(door.judge(), &door.roy(), Step::CheckFree(combined(reply)));
    let before = (door.fixture.record(), door.audit());
    for reply in ["password", "password000000", "password0ABC-DEFG-HJKM-NPQR"] {
        let checked = free(reply);
        assert!(matches!(checked.outcome, Outcome::Refused(_)), "{:?}", checked.outcome);
        assert!(checked.lines.is_empty() && checked.generation.is_none());
    }
    assert_eq!((door.fixture.record(), door.audit()), before);
    let right = format!("password{}", door.code());
    assert!(matches!(free(&right).outcome, Outcome::Accepted(_)));
    assert_eq!(free(&right).outcome, Outcome::Refused(Refusal::AlreadyUsed));
    assert_eq!(door.audit().lines().count(), before.1.lines().count() + 1);
    let unknown = heard(door.judge(), &nobody(), Step::CheckFree(combined("pw123456")));
    assert_eq!(unknown.outcome, Outcome::Refused(Refusal::NotEnrolled));
}

#[test]
fn a_wrong_code_counts_where_one_is_asked() {
    let door = Door::new("");
    door.fixture.enrolled();
    let enter = |door: &Door| heard(door.judge(), &door.roy(), Step::Enter(combined("password000000")));
    let entered = enter(&door);
    assert_eq!(entered.ask, Some(Ask::Code));
    assert!(matches!(entered.outcome, Outcome::Refused(_)));
    assert_eq!(door.failures(), 1);
    let door = Door::new("[policy]\ngroups = [\"clinic\"]");
    door.fixture.enrolled();
    let asked = enter(&door).ask;
    assert_eq!((asked, door.failures()), (Some(Ask::Nothing { days_left: None }), 0));
}

#[test]
fn without_the_sealing_key_only_digits_cannot_be_judged_for_anybody() {
    let door = Door::new("");
    let codes = door.fixture.enrolled();
    std::fs::remove_file(door.config.seal_key()).unwrap();
    for who in [door.roy(), nobody(), Who::Unknown(None)] {
        for reply in [separate("000000"), combined("pw000000")] {
            let checked = heard(door.judge(), &who, Step::Check(reply));
            assert!(matches!(checked.outcome, Outcome::Unavailable(_)), "{:?}", checked.outcome);
            assert_eq!(severities(&checked), [Severity::Warning, Severity::Critical]);
        }
        for reply in [Reply::NoCode, combined("pw"), separate("pw")] {
            let checked = heard(door.judge(), &who, Step::Check(reply));
            assert_eq!(checked.outcome, Outcome::Refused(Refusal::Malformed));
            assert_eq!(severities(&checked), [Severity::Notice], "the key is not even looked for");
        }
    }
    let code = typed(&codes[0]);
    assert!(matches!(code, Typed::SingleUse(_)));
    assert!(matches!(door.check(&door.roy(), &codes[0].to_text()).outcome, Outcome::Accepted(_)));
}

#[test]
fn a_store_that_cannot_be_read_is_so_for_everybody() {
    let door = Door::new("");
    door.fixture.enrolled();
    let users = door.fixture.dir.path().join("users");
    std::fs::rename(&users, door.fixture.dir.path().join("elsewhere")).unwrap();
    assert!(door.fixture.store.enrolment(&door.fixture.roy.name).is_err());
    for who in [door.roy(), nobody()] {
        let checked = door.check(&who, "123456");
        let Outcome::Unavailable(why) = &checked.outcome else { panic!("{:?}", checked.outcome) };
        assert!(why.contains("users"), "{why}");
        assert_eq!(severities(&checked).last(), Some(&Severity::Critical));
    }
    let free = heard(door.judge(), &door.roy(), Step::CheckFree(combined("pw123456")));
    assert!(matches!(free.outcome, Outcome::Unavailable(_)));
    assert_eq!(severities(&free), [Severity::Warning]);
    let failed = Who::LookupFailed(door.fixture.roy.name.clone(), "no answer".into());
    assert_eq!(door.check(&failed, "123456").outcome, Outcome::Unavailable("no answer".into()));
}

#[test]
fn a_clock_behind_the_last_login_is_worth_a_word() {
    let mut door = Door::new("");
    door.fixture.enrolled();
    door.clock.0 -= 301;
    let behind = door.check(&door.roy(), "000000");
    assert!(behind.lines[0].text.contains("the clock is 301 s behind the last login of roy"), "{behind:?}");
    door.clock.0 += 1;
    assert_eq!(severities(&door.check(&door.roy(), "000000")), [Severity::Notice]);
}
