//! Whose turn it is to run Argon2id, in a program that answers many callers: each run takes 19 MiB, and who asks
//! decides how many ask at once.
//!
//! The one state of a whole process in this crate. What bounds runs must hold for each of them, wherever it is made; as an
//! argument it would pass through everything that checks or makes a code, and a caller that forgot it would be unbounded.

use std::any::Any;
use std::sync::OnceLock;

/// Held for as long as a run lasts.
pub type Turn = Box<dyn Any>;

type Wait = Box<dyn Fn() -> Option<Turn> + Send + Sync>;

static WAIT: OnceLock<Wait> = OnceLock::new();

/// From now on each run of this process waits for `wait` to return, and gives back what that returned when it is over.
/// `None`: there is no turn to be had, and nothing is run.
pub fn wait_by(wait: impl Fn() -> Option<Turn> + Send + Sync + 'static) {
    let _ = WAIT.set(Box::new(wait));
}

/// Does `run` when its turn has come.
pub(crate) fn in_turn<T>(run: impl FnOnce() -> Option<T>) -> Option<T> {
    turned(&WAIT, run)
}

fn turned<T>(wait: &OnceLock<Wait>, run: impl FnOnce() -> Option<T>) -> Option<T> {
    let _turn = match wait.get() {
        Some(wait) => Some(wait()?),
        None => None,
    };
    run()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    static HELD: AtomicUsize = AtomicUsize::new(0);

    struct Counted;

    impl Drop for Counted {
        fn drop(&mut self) {
            HELD.fetch_sub(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn a_turn_is_held_while_it_lasts_and_then_given_back() {
        let wait: OnceLock<Wait> = OnceLock::new();
        assert_eq!(turned(&wait, || Some(HELD.load(Ordering::SeqCst))), Some(0), "nobody bounds it");
        let take: Wait = Box::new(|| {
            HELD.fetch_add(1, Ordering::SeqCst);
            Some(Box::new(Counted))
        });
        assert!(wait.set(take).is_ok());
        assert_eq!(turned(&wait, || Some(HELD.load(Ordering::SeqCst))), Some(1));
        assert_eq!(HELD.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn without_a_turn_nothing_runs() {
        let wait: OnceLock<Wait> = OnceLock::new();
        assert!(wait.set(Box::new(|| None)).is_ok());
        let ran = Rc::new(());
        assert_eq!(turned(&wait, || Some(Rc::clone(&ran))), None);
        assert_eq!(Rc::strong_count(&ran), 1);
    }
}
