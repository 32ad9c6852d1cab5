//! A site for conversations: configurations, one person enrolled, and a state that is set up again for each input.

use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
/// The key of the one who is enrolled.
pub(crate) use wardkey_core::testing::KEY;
use wardkey_core::testing::{Fixture, RULES, account, phone, private_dir, private_file, texts};

/// A password that must come back nowhere.
pub(crate) const CANARY: &str = "canary-in-the-coal-mine";

/// Configurations, but for their paths.
const CONFIGS: [&str; 8] = [
    "",
    "language = \"fr\"\nsupport = \"la garde, poste 12\"\n[service.login]\nenroll = true\n",
    "[service.login]\nentry = \"combined\"\nenroll = true\n[policy]\nunenrolled = \"ignore\"\n",
    "[service.login]\nunlock_grace = \"8h\"\n[service.vlock]\nunlock_grace = \"8h\"\n",
    "[email]\nmode = \"recovery\"\nfrom = \"wardkey@clinic.example\"\n[throttle]\nfree_tries = 1\n",
    "language = \"fr\"\n[recovery]\ncodes = 20\n[service.login]\nenroll = true\n[service.gdm-password]\nenroll = true\n",
    "[totp]\ndigits = 8\nperiod = 60\nalgorithm = \"SHA256\"\n[service.login]\nenroll = true\n",
    "[totp]\nwindow = \"wide\"\n",
];

/// The site.
pub(crate) struct Site {
    dir: PathBuf,
    enrolment: Vec<u8>,
    ledger: Vec<u8>,
    codes: Vec<(&'static str, String)>,
}

static SITE: OnceLock<Site> = OnceLock::new();

/// Removes what conversations of this process laid out, when they are over.
pub fn clear_away() {
    if let Some(site) = SITE.get() {
        let _ = fs::remove_dir_all(&site.dir);
    }
}

/// The one of this process. It lies where `TMPDIR` says.
///
/// # Panics
/// It cannot be made: nothing would be shown without it.
pub(crate) fn site() -> &'static Site {
    SITE.get_or_init(Site::new)
}

/// The single-use codes of the one who is enrolled, each with what it counts as when it opens.
pub(crate) fn single_use_codes() -> &'static [(&'static str, String)] {
    &site().codes
}

impl Site {
    fn new() -> Self {
        let dir = tempfile::Builder::new().prefix("wardkey-fuzz").tempdir().expect("a directory").keep();
        for (number, config) in CONFIGS.into_iter().enumerate() {
            let dir = dir.display();
            let paths = format!(
                "[store]\npath = \"{dir}/state\"\n[seal]\nkey = \"{dir}/seal.key\"\n[log]\naudit_file = \"{dir}/audit.jsonl\"\n\
                 [helper]\nsocket = \"{dir}/helper.sock\"\n[run]\npath = \"{dir}/run\"\n"
            );
            fs::write(format!("{dir}/{number}.toml"), format!("{config}{paths}")).expect("a configuration");
        }
        let nobody = Fixture::at(&dir.join("state"), account("nobody", 65534), now() - 3600);
        nobody.write_key(&dir.join("seal.key"));
        let codes = enrol(&nobody);
        let enrolment = fs::read(nobody.file("enrolment")).expect("an enrolment");
        let ledger = fs::read(nobody.file("ledger")).expect("a ledger");
        let site = Self { dir, enrolment, ledger, codes };
        site.lay();
        site
    }

    /// Lays the state as it was when only nobody was enrolled.
    pub(crate) fn lay(&self) {
        for name in ["state", "run"] {
            match fs::remove_dir_all(self.dir.join(name)) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => panic!("{name}: {e}"),
                _ => {}
            }
        }
        let users = self.dir.join("state/users");
        for dir in [self.dir.join("state"), users.clone(), users.join("nobody")] {
            private_dir(&dir);
        }
        private_file(&users.join("nobody/enrolment"), &self.enrolment);
        private_file(&users.join("nobody/ledger"), &self.ledger);
        private_file(&self.dir.join("audit.jsonl"), b"");
    }

    /// The argument that names one of the configurations; the last numbers have none.
    pub(crate) fn config_word(&self, number: u8) -> String {
        format!("config={}/{}.toml", self.dir.display(), usize::from(number) % (CONFIGS.len() + 1))
    }

    /// What that one says, but for its paths; nothing where there is none.
    pub(crate) fn config(&self, number: u8) -> &'static str {
        CONFIGS.get(usize::from(number) % (CONFIGS.len() + 1)).copied().unwrap_or_default()
    }

    /// All that the audit file has.
    pub(crate) fn audit(&self) -> String {
        fs::read_to_string(self.dir.join("audit.jsonl")).expect("the audit file is text")
    }

    /// The ledger of someone, as it lies there.
    pub(crate) fn ledger_of(&self, user: &str) -> Option<Vec<u8>> {
        fs::read(self.dir.join("state/users").join(user).join("ledger")).ok()
    }

    /// The enrolment of someone, as it lies there.
    pub(crate) fn enrolment_of(&self, user: &str) -> Option<Vec<u8>> {
        fs::read(self.dir.join("state/users").join(user).join("enrolment")).ok()
    }
}

/// Enrols somebody with a code of each kind; each comes with what it counts as when it opens.
fn enrol(person: &Fixture) -> Vec<(&'static str, String)> {
    let recovery = person.enrolled_with(&phone(), &RULES, 5);
    let emergency = person.desk().emergency(&person.roy, (1, 5), &mut |_| Ok(())).expect("an emergency code");
    let month = Duration::from_secs(30 * 86_400);
    let pass = person.desk().pass(&person.roy, month).expect("a pass");
    let kinds = [
        ("opened by a recovery code", recovery),
        ("opened by an emergency code", emergency),
        ("opened by a pass", vec![pass.code]),
    ];
    kinds.iter().flat_map(|(kind, codes)| texts(codes).into_iter().map(|code| (*kind, code))).collect()
}

/// The machine's clock.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
