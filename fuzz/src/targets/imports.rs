//! Other modules' files: each thing found or left out stands on a line of the file, what is carried over is within our
//! bounds, and no code that was used there opens here.

use wardkey_core::credential::totp::{KEY_MAX, KEY_MIN, KEY_SHORTEST};
use wardkey_core::desk::importing::{
    BrokenLine, Found, NotTaken, Reading, ShortKeys, Spent, carry, google_authenticator, oath,
};
use wardkey_core::system::clock::Timestamp;
use wardkey_core::verify::Rules;

const NOW: Timestamp = Timestamp(1_800_000_000);

pub(super) fn run(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    let is_google = kind % 2 == 0;
    let read: Result<Reading, BrokenLine> =
        if is_google { google_authenticator::read(bytes) } else { Ok(oath::read(bytes)) };
    let lines = bytes.iter().filter(|b| **b == b'\n').count() + 1;
    let reading = match read {
        Ok(reading) => reading,
        Err(broken) => return assert!((1..=lines).contains(&broken.line), "{broken:?} of {lines}"),
    };
    assert!(reading.found.len() + reading.left.len() <= lines);
    assert!(!is_google || reading.found.len() + reading.left.len() == 1, "one file, one person");
    let notes =
        reading.left.iter().map(|(_, note)| note).chain(reading.found.iter().flat_map(|found| &found.left));
    for note in notes {
        assert!((1..=lines).contains(&note.line));
        if let NotTaken::Setting(name) = &note.what {
            assert!(name.len() <= 40 && name.bytes().all(|b| b.is_ascii_graphic()), "{name}");
        }
    }
    reading.found.iter().for_each(|found| one(found, is_google, lines));
}

fn one(found: &Found, is_google: bool, lines: usize) {
    assert!((1..=lines).contains(&found.line) && is_google == found.user.is_none());
    if let Some(user) = &found.user {
        assert!(!user.is_empty() && !user.contains([' ', '\t', '\n', '\0']));
    }
    let config = wardkey_core::policy::config::Config::default();
    let rules: Rules = config.rules();
    let carried = |short_keys| carry(found, "app".to_owned(), (&rules, short_keys), NOW);
    let Ok((incoming, _)) = carried(ShortKeys::TakenOver) else { return };
    assert!((KEY_SHORTEST..=KEY_MAX).contains(&incoming.key.len()));
    assert_eq!(carried(ShortKeys::LeftOut).is_ok(), (KEY_MIN..=KEY_MAX).contains(&incoming.key.len()));
    assert!(incoming.key == found.key && incoming.parameters == found.parameters);
    assert!(incoming.drift.unsigned_abs() <= rules.drift_limit);
    let step = found.parameters.step(NOW);
    match &found.spent {
        Spent::Nothing => assert_eq!(incoming.next, 0),
        Spent::Step(last) => assert!(incoming.next > *last, "a used step is open"),
        Spent::Unknown => assert!(incoming.next > step.saturating_add_signed(incoming.drift) + rules.window),
        Spent::Code(code, _) => {
            let open = step.saturating_sub(rules.window + rules.drift_limit).max(incoming.next);
            let last = step + rules.window + rules.drift_limit;
            let again = (open..=last).find(|s| code.matches(&found.parameters.code(&found.key, *s)));
            assert_eq!(again, None, "the code that was used opens again");
        }
    }
    // Nobody is kept out for more than about a day.
    assert!(incoming.next <= step + 26 * 3600 / 30 + 40, "{} is far ahead of {step}", incoming.next);
}
