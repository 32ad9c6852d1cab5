use super::*;
use crate::grace::process::Kernel;
use crate::grace::process::testing::Machine;
use crate::grace::testing::user;
use crate::policy::config::Config;
use crate::record::enrolment::{Enrolment, State};
use crate::system::clock::Timestamp;
use std::path::Path;

const LOGIN: u32 = 40;
const LOCKER: u32 = 60;

/// One machine, one enrolled person, and a configuration.
struct Seated {
    machine: Machine,
    config: Config,
    roy: UserName,
    enrolment: Enrolment,
}

impl Seated {
    fn new(services: &str) -> Self {
        let machine = Machine::new();
        machine.process(LOGIN, 0, LOGIN, 0x403, 700).process(LOCKER, 1000, LOGIN, 0x403, 900);
        for pid in [LOGIN, LOCKER] {
            machine.says(pid, "loginuid", "1000").says(pid, "sessionid", "5");
        }
        let text = format!("[run]\npath = \"{}/wardkey/grace\"\n{services}", machine.root().display());
        let config = Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap();
        let roy = user("roy");
        let mut enrolment = Enrolment::new(roy.clone(), 1000, 7);
        enrolment.state = State::Enrolled;
        Self { machine, config, roy, enrolment }
    }

    fn visit<'a>(&'a self, service: &'a str) -> Visit<'a> {
        let Self { config, roy: user, .. } = self;
        Visit { config, service, rhost: None, own_name: Some("ward3"), user, uid: 1000 }
    }

    fn kernel(&self) -> Kernel {
        Kernel::below(self.machine.root())
    }

    fn begin(&self, visit: Visit<'_>) -> Result<(), NoGrace> {
        visit.begin(&Process::open(&self.kernel(), LOGIN).unwrap(), Basis::of(&self.enrolment).as_ref())
    }

    /// Whether the locker reopens without a code; else why not.
    fn unlock(&self, visit: Visit<'_>) -> Result<(), NoGrace> {
        let basis = Basis::of(&self.enrolment).ok_or(NoGrace::Changed)?;
        match visit.take(&Process::open(&self.kernel(), LOCKER).unwrap(), &basis) {
            Taken::Granted => Ok(()),
            Taken::AskForCode(why) => Err(why),
        }
    }
}

const LOCKERS: &str = "[service.i3lock]\nunlock_grace = \"12h\"\n";

#[test]
fn a_login_with_a_code_lets_its_locker_reopen_until_the_logout() {
    let seated = Seated::new(LOCKERS);
    assert!(matches!(seated.unlock(seated.visit("i3lock")), Err(NoGrace::None)));
    seated.begin(seated.visit("login")).unwrap();
    seated.unlock(seated.visit("i3lock")).unwrap();
    let locker = seated.kernel();
    let locker = Process::open(&locker, LOCKER).unwrap();
    seated.visit("i3lock").succeeded(&locker, By::Grace).unwrap();
    assert!(matches!(seated.unlock(seated.visit("vlock")), Err(NoGrace::Off)), "a service without grace");
    let login = seated.kernel();
    seated.visit("login").end(&Process::open(&login, LOGIN).unwrap()).unwrap();
    assert!(matches!(seated.unlock(seated.visit("i3lock")), Err(NoGrace::None)));
    assert!(matches!(seated.visit("i3lock").succeeded(&locker, By::Code), Err(NoGrace::None)));
}

#[test]
fn an_unlock_by_code_begins_it_as_well() {
    let seated = Seated::new(LOCKERS);
    let kernel = seated.kernel();
    let locker = Process::open(&kernel, LOCKER).unwrap();
    let visit = seated.visit("i3lock");
    visit.code_accepted(&locker, Basis::of(&seated.enrolment).as_ref()).unwrap();
    visit.succeeded(&locker, By::Code).unwrap();
    seated.unlock(visit).unwrap();
}

#[test]
fn it_is_off_unless_a_service_asks_for_it() {
    let seated = Seated::new("");
    assert!(matches!(seated.begin(seated.visit("login")), Err(NoGrace::Off)));
    assert!(matches!(seated.unlock(seated.visit("i3lock")), Err(NoGrace::Off)));
    assert!(!seated.machine.root().join("wardkey").exists(), "nothing is kept");
}

#[test]
fn nobody_far_away_has_it() {
    let seated = Seated::new(LOCKERS);
    let far = |service| Visit { rhost: Some("10.0.0.7"), ..seated.visit(service) };
    assert!(matches!(seated.begin(far("remote")), Err(NoGrace::Off)));
    seated.begin(Visit { rhost: Some("Ward3"), ..seated.visit("login") }).unwrap();
    assert!(matches!(seated.unlock(far("i3lock")), Err(NoGrace::Off)));
    seated.unlock(seated.visit("i3lock")).unwrap();
}

#[test]
fn grace_is_not_for_a_person_who_is_not_enrolled() {
    for state in [State::NotEnrolled, State::MustEnroll] {
        let mut seated = Seated::new(LOCKERS);
        seated.begin(seated.visit("login")).unwrap();
        seated.enrolment.state = state;
        assert!(matches!(seated.begin(seated.visit("login")), Err(NoGrace::Changed)));
        assert!(matches!(seated.unlock(seated.visit("i3lock")), Err(NoGrace::Changed)));
    }
}

#[test]
fn reset_and_new_phone_end_it_without_touching_its_files() {
    let changes: [fn(&mut Enrolment); 2] = [
        |e| e.generation += 1,
        |e| {
            let sealed = crate::record::seal::SealingKey::generate().unwrap();
            let home = crate::record::seal::Home { user: &e.user, slot: 0, serial: 9 };
            e.authenticators.push(crate::record::enrolment::Authenticator {
                slot: 0,
                serial: 9,
                label: String::new(),
                added: Timestamp(0),
                sealed: sealed
                    .seal(home, &crate::credential::secret::Secret::new(b"0123456789abcdef".to_vec()))
                    .unwrap(),
                parameters: Config::default().totp.parameters(),
            });
        },
    ];
    for change in changes {
        let mut seated = Seated::new(LOCKERS);
        seated.begin(seated.visit("login")).unwrap();
        change(&mut seated.enrolment);
        assert!(matches!(seated.unlock(seated.visit("i3lock")), Err(NoGrace::Changed)));
    }
}

#[test]
fn a_process_of_no_session_is_asked_and_the_log_says_why() {
    let seated = Seated::new(LOCKERS);
    seated.begin(seated.visit("login")).unwrap();
    seated.machine.says(LOCKER, "loginuid", "1001");
    let why = seated.unlock(seated.visit("i3lock")).unwrap_err();
    assert!(why.is_worth_a_line());
    assert_eq!(why.to_string(), "no grace: no login session: in a login of uid 1001");
}

#[test]
fn where_no_service_has_grace_a_logout_looks_at_nothing() {
    let seated = Seated::new("");
    let kernel = seated.kernel();
    let process = Process::open(&kernel, LOGIN).unwrap();
    assert!(matches!(seated.visit("login").end(&process), Err(NoGrace::Off)));
    assert!(matches!(seated.begin(seated.visit("login")), Err(NoGrace::Off)));
}
