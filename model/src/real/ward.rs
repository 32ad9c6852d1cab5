//! A store with one person in it, whose ledger has never been written.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use wardkey_core::credential::mailed::MailMode;
use wardkey_core::credential::throttle::Limits;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::credential::{SingleUseCode, Typed};
use wardkey_core::desk::{Desk, Terms, Wanted};
use wardkey_core::policy::account::Account;
use wardkey_core::record::ledger::{Blocks, Ledger};
use wardkey_core::record::seal::SealingKey;
use wardkey_core::store::{FileStore, Store};
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::user::UserName;
use wardkey_core::verify::Rules;

/// Whose record it is.
#[must_use]
pub fn roy() -> Account {
    Account { name: UserName::new(b"roy").expect("a name"), uid: 1000, gid: 1000 }
}

/// No code ever waits: schedules have wrong ones in any number.
pub const RULES: Rules = Rules {
    window: 1,
    drift_limit: 4,
    limits: Limits {
        free_tries: 1_000_000,
        first_wait: Duration::from_secs(30),
        longest_wait: Duration::from_secs(3600),
        disable_after: 1_000_000,
    },
    mail: MailMode::Off,
};

/// Makes the store under `root`; the answer is the person's codes, in their places.
pub(super) fn furnish(root: &Path, codes: usize) -> Vec<String> {
    for path in [root.to_path_buf(), root.join("users")] {
        fs::create_dir_all(&path).expect("a directory");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("its mode");
    }
    let store = FileStore::new(root.to_path_buf());
    let desk = Desk { store: &store, clock: &SystemClock };
    let (roy, sealing) = (roy(), SealingKey::generate().expect("a key"));
    let wanted = Wanted { label: "app".into(), parameters: Parameters::default(), key: None };
    let begun = desk.begin(&roy, &sealing, &wanted).expect("begun");
    let code = begun.parameters.code(&begun.key, begun.parameters.step(SystemClock.now()));
    let terms = Terms { rules: &RULES, sealing: &sealing, recovery_codes: codes };
    let confirmed =
        desk.confirm(&roy, terms, &Typed::parse(code.as_bytes()), &mut |_| Ok(())).expect("confirmed");
    store.enrolment(&roy.name).expect("readable").expect("enrolled");
    fs::write(root.join("users/roy/ledger"), Blocks::new_file(&Ledger::default())).expect("a new ledger");
    texts(&confirmed.recovery_codes)
}

/// Codes as they are typed.
#[must_use]
pub fn texts(codes: &[SingleUseCode]) -> Vec<String> {
    codes.iter().map(|code| code.to_text().to_string()).collect()
}
