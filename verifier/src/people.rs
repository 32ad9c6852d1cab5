//! About how many people a seat asks. A workstation has its ward's; a seat that goes through the whole clinic is slowed, and
//! named.

use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;
use wardkey_core::user::UserName;

/// People about whom a seat may ask in a minute without waiting.
const MANY: usize = 10;

/// For how long somebody counts.
const MINUTE: Duration = Duration::from_secs(60);

/// For how long each further one waits, behind those before them.
const STEP: Duration = Duration::from_secs(1);

/// Whom a seat asked about within the last minute.
#[derive(Debug, Default)]
pub(crate) struct People {
    last: HashMap<UserName, Instant>,
    next: Option<Instant>,
}

impl People {
    /// How long the seat waits for an answer about this person; nothing where it is one of few. A person is waited for once a
    /// minute: a login has several questions.
    pub(crate) fn wait(&mut self, user: &UserName, now: Instant) -> Option<Duration> {
        self.last.retain(|_, last| now.duration_since(*last) < MINUTE);
        let is_further = self.last.len() >= MANY && !self.last.contains_key(user);
        self.last.insert(user.clone(), now);
        is_further.then_some(())?;
        let turn = self.next.map_or(now, |next| next.max(now)) + STEP;
        self.next = Some(turn);
        Some(turn.duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_within_a_minute_waits_and_each_one_after_it_longer() {
        let now = Instant::now();
        let mut people = People::default();
        let mut wait = |n: usize, after: u64| {
            let user = UserName::new(format!("p{n}").as_bytes()).unwrap();
            people.wait(&user, now + Duration::from_secs(after)).map(|wait| wait.as_secs())
        };
        assert!((0..10).all(|n| wait(n, 0).is_none()));
        assert_eq!([wait(10, 0), wait(11, 0), wait(12, 1)], [Some(1), Some(2), Some(2)]);
        assert_eq!([wait(3, 1), wait(11, 1)], [None, None], "they are among those already");
        assert_eq!(wait(99, 62), None, "a minute later");
    }
}
