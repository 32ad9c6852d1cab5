use super::*;
use crate::credential::single_use::Kind;
use crate::grace::testing::{Hands, user};
use crate::testing::Fixture;
use std::os::unix::fs::{PermissionsExt, symlink};

const SESSION: Session = Session::Audit(5);

/// Roy's notes in a directory that is not there yet, and what he has.
struct Ground {
    root: tempfile::TempDir,
    notes: Notes<Hands>,
    hands: Hands,
    roy: UserName,
    enrolment: Enrolment,
}

impl Ground {
    fn new() -> Self {
        let (root, hands) = (tempfile::tempdir().unwrap(), Hands::at(1000));
        let fixture = Fixture::new();
        fixture.enrolled();
        let dir = root.path().join("wardkey/grace");
        let notes = Notes { dir, boot: BootId::new("this"), clock: hands.clone() };
        Self { root, notes, hands, roy: user("roy"), enrolment: fixture.record().enrolment }
    }

    fn file(&self) -> PathBuf {
        self.root.path().join("wardkey/grace/.recovery/roy")
    }

    fn logs_in(&self) -> Ticket {
        let ticket = Ticket::random().unwrap();
        let code = self.enrolment.codes_of(Kind::Recovery).next().unwrap().serial;
        let basis = Basis::of(&self.enrolment).unwrap();
        self.notes.write((&self.roy, 1000), &ticket, &basis, code).unwrap();
        ticket
    }

    fn opens(&self, ticket: &Ticket, session: &Session) -> Result<(), NoNote> {
        self.notes.open(Seat { user: &self.roy, uid: 1000, session }, ticket)
    }

    fn holds(&self) -> Result<(), NoNote> {
        self.notes.hold((&self.roy, 1000), &self.enrolment, || Ok(SESSION))
    }
}

#[test]
fn a_login_by_a_recovery_code_counts_in_its_session_and_may_be_used_again() {
    let ground = Ground::new();
    assert!(matches!(ground.holds(), Err(NoNote::None)));
    let ticket = ground.logs_in();
    assert!(ground.holds().is_err());
    ground.opens(&ticket, &SESSION).unwrap();
    for _ in 0..3 {
        ground.holds().unwrap();
    }
    ground.hands.set(1600);
    assert!(ground.holds().is_err());
}

#[test]
fn the_newest_login_alone_has_a_note() {
    let ground = Ground::new();
    let first = ground.logs_in();
    ground.opens(&first, &SESSION).unwrap();
    let second = ground.logs_in();
    assert!(ground.holds().is_err(), "the session of the first has it no more");
    assert!(ground.opens(&first, &SESSION).is_err());
    ground.opens(&second, &SESSION).unwrap();
    ground.holds().unwrap();
    forget_note(&ground.notes.dir, &ground.roy).unwrap();
    assert!(matches!(ground.holds(), Err(NoNote::None)));
    assert!(matches!(ground.opens(&second, &SESSION), Err(NoNote::None)));
    forget_note(&ground.notes.dir, &ground.roy).unwrap();
    forget_note(&ground.root.path().join("nothing/here"), &ground.roy).unwrap();
}

#[test]
fn a_process_without_a_session_is_asked_for_a_code() {
    let ground = Ground::new();
    let ticket = ground.logs_in();
    ground.opens(&ticket, &SESSION).unwrap();
    let nowhere = ground.notes.hold((&ground.roy, 1000), &ground.enrolment, || Err(NoSession::UserManager));
    assert!(matches!(nowhere, Err(NoNote::NoSession(_))));
}

#[test]
fn half_a_file_a_link_and_a_file_that_others_read_say_nothing() {
    let ground = Ground::new();
    let ticket = ground.logs_in();
    ground.opens(&ticket, &SESSION).unwrap();
    let whole = std::fs::read(ground.file()).unwrap();
    assert!(!String::from_utf8_lossy(&whole).contains(&ticket.to_text()), "the ticket opens what it names");
    for cut in [0, 1, whole.len() / 2, whole.len() - 1] {
        std::fs::write(ground.file(), &whole[..cut]).unwrap();
        assert!(ground.holds().is_err() && ground.opens(&ticket, &SESSION).is_err(), "{cut}");
    }
    std::fs::write(ground.file(), &whole).unwrap();
    ground.holds().unwrap();
    std::fs::set_permissions(ground.file(), std::fs::Permissions::from_mode(0o604)).unwrap();
    assert!(matches!(ground.holds(), Err(NoNote::Trouble(_))));
    let elsewhere = ground.root.path().join("elsewhere");
    std::fs::rename(ground.file(), &elsewhere).unwrap();
    std::fs::set_permissions(&elsewhere, std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink(&elsewhere, ground.file()).unwrap();
    assert!(ground.holds().is_err());
    let again = ground.logs_in();
    assert!(ground.opens(&again, &SESSION).is_ok() && ground.holds().is_ok(), "replaced, and not followed");
    assert_eq!(std::fs::read(&elsewhere).unwrap(), whole);
}

#[test]
fn it_is_roots_alone() {
    let ground = Ground::new();
    ground.logs_in();
    let mode = |path: &Path| std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(&ground.file()), 0o600);
    assert_eq!(mode(ground.file().parent().unwrap()), 0o700);
}
