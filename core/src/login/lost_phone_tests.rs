//! A recovery code counts for `replace` in the session that it opened, and for nothing else anywhere.

use super::*;
use crate::desk::Successor;
use crate::desk::action::Action;
use crate::grace::{Kernel, Machine, Process};
use crate::login::judge::tests::{Door, heard, separate};
use crate::login::{Reply, Step};
use crate::testing::texts;

/// The process that opens the session, and one in it.
const LOGIN: u32 = 40;
const SHELL: u32 = 60;
/// One in another session of the same person.
const OTHER: u32 = 70;

struct Ward {
    door: Door,
    machine: Machine,
    codes: Vec<String>,
}

impl Ward {
    fn new(tables: &str) -> Self {
        let mut door = Door::new(tables);
        let codes = texts(&door.fixture.enrolled());
        door.clock.0 += 60;
        let machine = Machine::new();
        machine.process(LOGIN, 0, LOGIN, 0x403, 700).process(SHELL, 1000, LOGIN, 0x403, 900);
        machine.process(OTHER, 1000, OTHER, 0, 950);
        for (pid, session) in [(LOGIN, "5"), (SHELL, "5"), (OTHER, "6")] {
            machine.says(pid, "loginuid", "1000").says(pid, "sessionid", session);
        }
        Self { door, machine, codes }
    }

    fn as_process<T>(&self, pid: u32, step: impl FnOnce(Judge<'_>) -> T) -> T {
        let kernel = Kernel::below(self.machine.root());
        let process = Process::open(&kernel, pid).unwrap();
        step(Judge { origin: Some(&process), ..self.door.judge() })
    }

    fn check(&self, typed: &str) -> Checked {
        let heard =
            self.as_process(LOGIN, |judge| heard(judge, &self.door.roy(), Step::Check(separate(typed))));
        Checked { outcome: heard.outcome, generation: heard.generation }
    }

    fn ticket_at(&self, service: &str, checked: &Checked) -> Option<Ticket> {
        let items = PamItems { service: service.to_owned(), ..PamItems::default() };
        self.as_process(LOGIN, |judge| judge.recovery_accepted(&self.door.roy(), &items, checked).0)
    }

    fn ticket(&self, typed: &str) -> Option<Ticket> {
        let checked = self.check(typed);
        assert!(matches!(checked.outcome, Outcome::Accepted(_)), "{checked:?}");
        self.ticket_at("sshd", &checked)
    }

    fn opens(&self, ticket: &Ticket) -> Vec<Line> {
        self.as_process(LOGIN, |judge| judge.recovery_session(&self.door.roy(), ticket))
    }

    /// Logs in by the first recovery code, whose session is opened.
    fn logs_in(&self) {
        let ticket = self.ticket(&self.codes[0]).unwrap();
        assert!(!self.counts(SHELL), "before the session is open");
        assert!(self.opens(&ticket).is_empty());
    }

    fn counts(&self, pid: u32) -> bool {
        let enrolment = self.door.fixture.record().enrolment;
        self.as_process(pid, |judge| judge.counts_for_replace(&self.door.fixture.roy, &enrolment).0)
    }
}

#[test]
fn it_counts_in_the_session_that_it_opened_and_in_no_other() {
    let ward = Ward::new("");
    assert!(!ward.counts(SHELL));
    ward.logs_in();
    assert!(ward.counts(SHELL) && ward.counts(SHELL) && !ward.counts(OTHER));
    ward.machine.says(SHELL, "cgroup", "0::/user.slice/user-1000.slice/user@1000.service/app.slice/x\n");
    assert!(!ward.counts(SHELL), "the service manager's are of every session");
}

#[test]
fn any_other_success_ends_it() {
    let later: [fn(&Ward); 3] = [
        |ward| drop(ward.check(&ward.door.code())),
        |ward| drop(ward.check(&ward.codes[1])),
        |ward| {
            let typed = separate(&ward.codes[1]);
            let Reply::Separate(code) = typed else { unreachable!() };
            let done =
                Action::Check(code).carry_out(&ward.door.site(), &ward.door.fixture.roy, &mut |_| Ok(()));
            assert!(done.is_ok());
        },
    ];
    for (number, success) in later.iter().enumerate() {
        let ward = Ward::new("");
        ward.logs_in();
        let _ = ward.check("000000");
        assert!(ward.counts(SHELL), "a wrong code is no success");
        success(&ward);
        assert!(!ward.counts(SHELL), "{number}");
    }
}

#[test]
fn nothing_but_a_recovery_code_of_a_login_leaves_a_ticket() {
    let ward = Ward::new("");
    assert!(ward.ticket(&ward.door.code()).is_none(), "an authenticator's");
    let by = |method| {
        let Outcome::Accepted(acceptance) = ward.check(&ward.codes[0]).outcome else { return None };
        let outcome = Outcome::Accepted(Acceptance { method, ..acceptance });
        Some(Checked { outcome, generation: Some(ward.door.fixture.record().enrolment.generation) })
    };
    let checked = by(Method::SingleUse(Kind::Recovery)).unwrap();
    for service in ["login", "sshd", "gdm-password"] {
        assert!(ward.ticket_at(service, &checked).is_some(), "{service}");
    }
    for service in SWITCHING {
        assert!(ward.ticket_at(service, &checked).is_none(), "{service}");
    }
    let Outcome::Accepted(accepted) = &checked.outcome else { unreachable!() };
    for method in [
        Method::SingleUse(Kind::Pass),
        Method::SingleUse(Kind::Emergency),
        Method::Mailed { as_factor: false },
        Method::Authenticator("app".into()),
    ] {
        let outcome = Outcome::Accepted(Acceptance { method, ..accepted.clone() });
        assert!(ward.ticket_at("sshd", &Checked { outcome, ..checked.clone() }).is_none());
    }
    let items = PamItems { service: "sshd".into(), ..PamItems::default() };
    for asker in [Asker::Person(1000), Asker::Untold] {
        let judge = Judge { asker, ..ward.door.judge() };
        assert!(judge.recovery_accepted(&ward.door.roy(), &items, &checked).0.is_none(), "{asker:?}");
    }
}

#[test]
fn where_replace_is_refused_nobody_is_sent_to_it() {
    let ward = Ward::new("[policy]\nself_service = false");
    assert!(ward.ticket(&ward.codes[0]).is_none());
    let root = Account { uid: 0, ..ward.door.fixture.roy.clone() };
    assert!(ward.door.judge().may_replace(&root), "root needs nobody's leave");
}

#[test]
fn a_session_that_is_not_certain_has_none_and_the_log_says_why() {
    let ward = Ward::new("");
    let ticket = ward.ticket(&ward.codes[0]).unwrap();
    for (name, text) in [("loginuid", "4294967295"), ("sessionid", "4294967295")] {
        ward.machine.says(LOGIN, name, text);
    }
    let lines = ward.opens(&ticket);
    assert!(lines.iter().any(|line| line.text.contains("asks for a code: no login session")), "{lines:?}");
    assert!(!ward.counts(SHELL));
}

#[test]
fn a_reset_or_a_confirmation_meanwhile_ends_it() {
    let ward = Ward::new("");
    ward.logs_in();
    replaces_the_phone(&ward);
    assert!(!ward.counts(SHELL), "the new phone has confirmed");
    let ward = Ward::new("");
    ward.logs_in();
    ward.door.fixture.desk().reset(&ward.door.fixture.roy).unwrap();
    assert!(!ward.counts(SHELL));
    let ward = Ward::new("");
    let checked = ward.check(&ward.codes[0]);
    ward.door.fixture.desk().reset(&ward.door.fixture.roy).unwrap();
    let ticket = ward.ticket_at("sshd", &checked).unwrap();
    let _ = ward.opens(&ticket);
    assert!(!ward.counts(SHELL), "nothing was noted");
}

fn replaces_the_phone(ward: &Ward) {
    let fixture = &ward.door.fixture;
    fixture.later(60);
    let parameters = ward.door.config.totp.parameters();
    let successor = Successor { old: None, label: None, parameters, key: None };
    fixture.desk().replace(&fixture.roy, &fixture.key, &successor).unwrap();
    assert!(ward.counts(SHELL), "it may be begun as often as they like");
    fixture.confirm(&fixture.code(0)).unwrap();
}
