//! What others do to a record while somebody looks at it or waits for it.

use super::tests::roy;
use super::*;
use crate::testing::Fixture;
use crate::verify::Refusal;
use std::cell::RefCell;
use std::fs;

type Meanwhile = Box<dyn FnOnce()>;

thread_local! {
    /// What others do between this thread's look for the ledger and its look for the enrolment, once.
    static MEANWHILE: RefCell<Option<Meanwhile>> = const { RefCell::new(None) };
}

pub(super) fn between_the_looks() {
    if let Some(happens) = MEANWHILE.take() {
        happens();
    }
}

/// Lets others do this while `look` looks.
fn meanwhile<T>(
    scratch: &Fixture,
    does: impl FnOnce(&FileStore) + 'static,
    look: impl FnOnce(&FileStore) -> T,
) -> T {
    let other = FileStore::new(scratch.dir.path().to_path_buf());
    MEANWHILE.set(Some(Box::new(move || does(&other))));
    let seen = look(&scratch.store);
    assert!(MEANWHILE.take().is_none(), "nobody looked");
    seen
}

fn enrols(store: &FileStore) {
    let enrolment = Enrolment::new(roy(), 1000, 8);
    store.amend(&roy(), &mut |_, _| Amendment::Write(Box::new(enrolment.clone()), None)).unwrap();
}

/// The directory of someone about to be enrolled for the first time.
fn of_nobody() -> Fixture {
    let scratch = Fixture::with_record();
    fs::remove_file(scratch.file("enrolment")).unwrap();
    fs::remove_file(scratch.file("ledger")).unwrap();
    scratch
}

#[test]
fn someone_enrolled_between_the_two_looks_is_not_damage() {
    let scratch = of_nobody();
    let record = meanwhile(&scratch, enrols, |store| store.record(&roy()).unwrap());
    assert_eq!(record.map(|record| record.enrolment.generation), Some(8));
    let scratch = of_nobody();
    let mut judged = None;
    let mut decide = |record: &Record| (judged = Some(record.clone()), Judged::refused(Refusal::Wrong)).1;
    let seen = meanwhile(&scratch, enrols, |store| store.attempt(&roy(), &mut decide).unwrap());
    assert_eq!((seen.is_some(), judged), (true, scratch.store.record(&roy()).unwrap()));
}

#[test]
fn judged_under_the_lock_of_a_ledger_that_came_between_the_two_looks() {
    let scratch = of_nobody();
    let path = scratch.file("ledger");
    let mut decide = |_: &Record| {
        let other = fs::File::open(&path).unwrap();
        assert!(other.try_lock().is_err(), "judged without the lock");
        Judged::refused(Refusal::Wrong)
    };
    let _ = meanwhile(&scratch, enrols, |store| store.attempt(&roy(), &mut decide).unwrap()).unwrap();
}

/// How many descriptors of this process lead to a file.
fn opened(path: &Path) -> usize {
    let leads = |fd: &std::io::Result<fs::DirEntry>| {
        fd.as_ref().is_ok_and(|fd| fs::read_link(fd.path()).is_ok_and(|to| to == path))
    };
    fs::read_dir("/proc/self/fd").unwrap().filter(leads).count()
}

/// Returns when the waiter has the ledger open beside the one who holds its lock.
fn wait_for_the_lock<T>(path: &Path, waiter: &std::thread::ScopedJoinHandle<'_, T>) {
    while opened(path) < 2 && !waiter.is_finished() {
        std::thread::yield_now();
    }
}

#[test]
fn a_ledger_removed_while_waiting_is_not_written_to() {
    let scratch = Fixture::with_record();
    let path = fs::canonicalize(scratch.file("ledger")).unwrap();
    let holder = fs::File::open(&path).unwrap();
    holder.lock().unwrap();
    std::thread::scope(|scope| {
        let waiter =
            scope.spawn(|| scratch.store.attempt(&roy(), &mut |_| panic!("judged by a removed record")));
        wait_for_the_lock(&path, &waiter);
        fs::remove_file(scratch.file("enrolment")).unwrap();
        fs::remove_file(&path).unwrap();
        drop(holder);
        assert!(waiter.join().unwrap().unwrap().is_none());
    });
}

#[test]
fn a_ledger_replaced_while_waiting_is_not_judged_by() {
    let scratch = Fixture::with_record();
    let path = fs::canonicalize(scratch.file("ledger")).unwrap();
    let holder = fs::File::open(&path).unwrap();
    holder.lock().unwrap();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let mut spent = None;
            let look = |record: &Record| record.ledger.is_spent(3, 5);
            scratch
                .store
                .attempt(&roy(), &mut |record| {
                    (spent = Some(look(record)), Judged::refused(Refusal::Wrong)).1
                })
                .unwrap();
            spent
        });
        wait_for_the_lock(&path, &waiter);
        fs::remove_file(scratch.file("enrolment")).unwrap();
        fs::remove_file(&path).unwrap();
        scratch.write(&Enrolment::new(roy(), 1000, 8)).unwrap();
        scratch.spend_place(3, 5).unwrap();
        drop(holder);
        assert_eq!(waiter.join().unwrap(), Some(true));
    });
}

#[test]
fn a_ledger_made_while_nobody_is_removed_goes_under_its_lock() {
    let scratch = of_nobody();
    let path = fs::canonicalize(scratch.file("")).unwrap().join("ledger");
    let (ledger, enrolment) = (path.clone(), scratch.file("enrolment"));
    let (give, take) = std::sync::mpsc::channel();
    // Somebody is about to be enrolled: the ledger is made and locked, the enrolment not yet written.
    let begins = move |store: &FileStore| {
        enrols(store);
        let held = fs::File::open(&ledger).unwrap();
        held.lock().unwrap();
        let text = fs::read(&enrolment).unwrap();
        fs::remove_file(&enrolment).unwrap();
        give.send((held, text)).unwrap();
    };
    std::thread::scope(|scope| {
        let purger = scope.spawn(|| meanwhile(&scratch, begins, |store| store.purge(&roy())));
        let (held, text) = take.recv().unwrap();
        wait_for_the_lock(&path, &purger);
        assert!(path.exists(), "removed without its lock");
        fs::write(scratch.file("enrolment"), text).unwrap();
        drop(held);
        purger.join().unwrap().unwrap();
    });
    assert!(scratch.store.users().unwrap().is_empty());
}
