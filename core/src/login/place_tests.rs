//! Where somebody enrols, and where nobody does: by what the kernel would say of the process.

use super::super::{Answer, Ask, Checked, Outcome, Request, Step, Who};
use super::*;
use crate::grace::{Kernel, Machine, Process};
use crate::login::judge::tests::{combined, separate};
use crate::policy::account::{Accounts, LookupError};
use crate::policy::config::Config;
use crate::site::Site;
use crate::testing::Fixture;
use crate::user::UserName;
use crate::verify::{Acceptance, Refusal};
use std::path::Path;
use std::time::Duration;

#[test]
fn only_programs_that_are_known_to_obey_do() {
    for name in ["login", "sudo", "sudo-i", "su", "su-l", "SU", "sshd", "sshd-keys", "wardkey"] {
        assert!(obeys_account(name), "{name}");
    }
    for name in ["", "gdm-password", "gdm-launch", "lightdm", "sddm", "xdm", "kde", "i3lock", "loginx", "ssh"]
    {
        assert!(!obeys_account(name), "{name}");
    }
}

fn step(judge: &Judge<'_>, who: &Who, items: &PamItems, step: Step) -> Answer {
    judge.answer(who, &Request { items: items.clone(), step }).0
}

fn asked(judge: &Judge<'_>, who: &Who, items: &PamItems) -> Ask {
    let Answer::Asked(ask) = step(judge, who, items, Step::Ask) else { panic!("not asked") };
    ask
}

fn checked(judge: &Judge<'_>, who: &Who, items: &PamItems, typed: &str) -> Outcome {
    let Answer::Checked(Checked { outcome, .. }) = step(judge, who, items, Step::Check(separate(typed)))
    else {
        panic!("not checked")
    };
    outcome
}

struct One(Account);

impl Accounts for One {
    fn find(&self, _: &UserName) -> Result<Option<Account>, LookupError> {
        Ok(Some(self.0.clone()))
    }

    fn is_member(&self, _: &Account, _: &str) -> Result<bool, LookupError> {
        Ok(false)
    }
}

/// GDM's worker on a machine on which audit numbers sessions.
const WORKER: u32 = 60;

struct Gdm {
    fixture: Fixture,
    machine: Machine,
    config: Config,
}

impl Gdm {
    fn new(tables: &str) -> Self {
        let fixture = Fixture::new();
        let audit = fixture.dir.path().join("audit.jsonl");
        let text = format!("[log]\naudit_file = {audit:?}\n{tables}");
        let config = Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap();
        let machine = Machine::new();
        machine.process(WORKER, 0, WORKER, 0, 900).group("user.slice");
        Self { fixture, machine, config }
    }

    /// The worker is a child of a session's of this uid.
    fn inside_a_session_of(&self, uid: u32) -> &Self {
        self.machine.says(WORKER, "loginuid", &uid.to_string()).says(WORKER, "sessionid", "7");
        self
    }

    fn judge<T>(&self, service: &str, work: impl FnOnce(Judge<'_>, &Who, &PamItems) -> T) -> T {
        let kernel = Kernel::below(self.machine.root());
        let process = Process::open(&kernel, WORKER).unwrap();
        let (accounts, roy) = (One(self.fixture.roy.clone()), Who::Known(self.fixture.roy.clone()));
        let (config, store, clock) = (&self.config, &self.fixture.store, &self.fixture.watch);
        let site = Site { config, store, accounts: &accounts, clock };
        let judge = Judge { origin: Some(&process), ..Judge::of(site) };
        work(judge, &roy, &PamItems { service: service.into(), rhost: None, tty: None })
    }

    fn asks(&self, service: &str) -> Ask {
        self.judge(service, |judge, who, items| asked(&judge, who, items))
    }

    fn checks(&self, service: &str, reply: &str) -> Outcome {
        self.judge(service, |judge, who, items| checked(&judge, who, items, reply))
    }

    fn audit(&self) -> String {
        std::fs::read_to_string(self.fixture.dir.path().join("audit.jsonl")).unwrap_or_default()
    }

    fn pass(&self) -> String {
        let pass = self.fixture.desk().pass(&self.fixture.roy, Duration::from_secs(3600)).unwrap();
        pass.code.to_text().to_string()
    }
}

const ENROLLING: &str = "[service.gdm-password]\nenroll = true\n[service.sudo]\nenroll = true\n";
const UNLOCK: Ask = Ask::EnrollElsewhere(NoPlace::Unlock);

#[test]
fn a_person_not_enrolled_enrols_at_a_login_and_not_at_an_unlock() {
    let gdm = Gdm::new(ENROLLING);
    assert_eq!(gdm.asks("gdm-password"), Ask::Enroll, "a fresh login");
    assert_eq!(gdm.inside_a_session_of(1001).asks("gdm-password"), Ask::Enroll, "of another");
    assert_eq!(gdm.audit(), "");
    assert_eq!(gdm.inside_a_session_of(1000).asks("gdm-password"), UNLOCK);
    assert!(gdm.audit().contains("\"reason\":\"nobody enrols at an unlock\""), "{}", gdm.audit());
    assert_eq!(gdm.asks("sudo"), Ask::Enroll, "which obeys");
    let entered =
        gdm.judge("gdm-password", |judge, who, items| step(&judge, who, items, Step::Enter(combined("pw"))));
    let outcome = Outcome::EnrollElsewhere(NoPlace::Unlock);
    assert_eq!(entered, Answer::Entered(UNLOCK, outcome.into()));
    assert_eq!(gdm.audit().lines().count(), 2, "one line each");
}

/// hyprlock falls back to the service of su.
#[test]
fn a_persons_own_program_enrols_nobody_whatever_it_calls_itself() {
    let gdm = Gdm::new(ENROLLING);
    for (service, expected) in
        [("sudo", UNLOCK), ("gdm-password", UNLOCK), ("su", Ask::Code), ("wardkey", Ask::Code)]
    {
        gdm.judge(service, |judge, who, items| {
            let judge = Judge { actor: Some("roy"), ..judge };
            assert_eq!(asked(&judge, who, items), expected, "{service}");
        });
    }
    let pass = gdm.pass();
    let by_pass = |service: &str| {
        gdm.judge(service, |judge, who, items| {
            let judge = Judge { actor: Some("roy"), ..judge };
            checked(&judge, who, items, &pass)
        })
    };
    assert_eq!(by_pass("su"), Outcome::EnrollElsewhere(NoPlace::Unlock));
    assert!(matches!(by_pass("wardkey"), Outcome::Accepted(_)), "an action is an enrolment");
}

/// Its screen lockers never call the door that enrols.
#[test]
fn a_persons_own_program_is_asked_for_a_code_in_place_of_an_enrolment() {
    let gdm = Gdm::new("[service.wardkey]\nenroll = true\n");
    gdm.judge("wardkey", |judge, who, items| {
        assert_eq!(asked(&judge, who, items), Ask::Enroll);
        assert_eq!(asked(&Judge { actor: Some("roy"), ..judge }, who, items), Ask::Code);
    });
}

#[test]
fn a_login_that_cannot_be_told_from_an_unlock_enrols_nobody() {
    let gdm = Gdm::new(ENROLLING);
    std::fs::remove_dir(gdm.machine.root().join("cgroup/user.slice")).unwrap();
    let untold = Ask::EnrollElsewhere(NoPlace::Untold);
    assert_eq!((gdm.asks("gdm-password"), gdm.asks("sudo")), (untold, Ask::Enroll));
    gdm.judge("gdm-password", |judge, who, items| {
        assert_eq!(asked(&Judge { origin: None, ..judge }, who, items), untold, "nor one of no process");
    });
}

#[test]
fn a_pass_that_leads_into_enrolment_opens_no_unlock_and_stays_unspent() {
    for tables in [ENROLLING, ""] {
        let gdm = Gdm::new(tables);
        let pass = gdm.pass();
        gdm.inside_a_session_of(1000);
        let asked = if tables.is_empty() { Ask::Code } else { UNLOCK };
        assert_eq!(gdm.asks("gdm-password"), asked);
        let before = gdm.fixture.record().ledger;
        for _ in 0..6 {
            assert_eq!(gdm.checks("gdm-password", &pass), Outcome::EnrollElsewhere(NoPlace::Unlock));
        }
        assert_eq!(gdm.fixture.record().ledger, before);
        let wrong = gdm.checks("gdm-password", "0ABC-DEFG-HJKM-NPQR");
        assert!(matches!(wrong, Outcome::Refused(_)), "which tells nothing: {wrong:?}");
        let opened = gdm.checks("sudo", &pass);
        assert!(matches!(opened, Outcome::Accepted(Acceptance { must_enroll: true, .. })), "{opened:?}");
    }
}

/// The reset came while the prompt stood.
#[test]
fn after_a_reset_no_unlock_is_opened() {
    let gdm = Gdm::new("");
    gdm.fixture.enrolled();
    gdm.inside_a_session_of(1000);
    assert_eq!(gdm.asks("gdm-password"), Ask::Code);
    gdm.fixture.desk().reset(&gdm.fixture.roy).unwrap();
    let pass = gdm.pass();
    assert_eq!(gdm.checks("gdm-password", &pass), Outcome::EnrollElsewhere(NoPlace::Unlock));
    assert_eq!(gdm.checks("gdm-password", "123456"), Outcome::EnrollElsewhere(NoPlace::Unlock));
    assert_eq!(gdm.asks("gdm-password"), Ask::Code, "the prompt tells nobody");
    assert_eq!(gdm.checks("sudo", "123456"), Outcome::Refused(Refusal::MustEnroll));
    gdm.machine.says(WORKER, "loginuid", "4294967295").says(WORKER, "sessionid", "4294967295");
    assert_eq!(gdm.asks("gdm-password"), Ask::Code, "a fresh login");
    assert!(matches!(gdm.checks("gdm-password", &pass), Outcome::Accepted(_)));
}
