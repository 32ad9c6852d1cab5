//! Whose turn it is to run Argon2id, in a program that answers many callers: each run takes 19 MiB, and who asks
//! decides how many ask at once.
//!
//! The one state of a whole process in this crate. What bounds runs must hold for each of them, wherever it is made; as an
//! argument it would pass through everything that checks or makes a code, and a caller that forgot it would be unbounded.

use std::any::Any;
use std::sync::OnceLock;

/// Held for as long as a run lasts.
pub type Turn = Box<dyn Any>;

type Wait = Box<dyn Fn() -> Result<Turn, String> + Send + Sync>;

static WAIT: OnceLock<Wait> = OnceLock::new();

/// From now on each run of this process waits for `wait` to return, and gives back what that returned when it is over.
/// An error says why there is no turn to be had, and nothing is run.
pub fn wait_by(wait: impl Fn() -> Result<Turn, String> + Send + Sync + 'static) {
    let _ = WAIT.set(Box::new(wait));
}

/// Does `run` when its turn has come.
///
/// # Errors
/// Why it never does.
pub(crate) fn in_turn<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    turned(&WAIT, run)
}

fn turned<T>(wait: &OnceLock<Wait>, run: impl FnOnce() -> T) -> Result<T, String> {
    let _turn = wait.get().map(|wait| wait()).transpose()?;
    Ok(run())
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
        assert_eq!(turned(&wait, || HELD.load(Ordering::SeqCst)), Ok(0), "nobody bounds it");
        let take: Wait = Box::new(|| {
            HELD.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(Counted))
        });
        assert!(wait.set(take).is_ok());
        assert_eq!(turned(&wait, || HELD.load(Ordering::SeqCst)), Ok(1));
        assert_eq!(HELD.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn without_a_turn_nothing_runs() {
        let wait: OnceLock<Wait> = OnceLock::new();
        assert!(wait.set(Box::new(|| Err("why".to_owned()))).is_ok());
        let ran = Rc::new(());
        assert_eq!(turned(&wait, || Rc::clone(&ran)), Err("why".to_owned()));
        assert_eq!(Rc::strong_count(&ran), 1);
    }
}
