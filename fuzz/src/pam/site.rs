//! A site for conversations: configurations, one person enrolled, and a state that is laid anew for each input.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::credential::{SingleUseCode, Typed};
use wardkey_core::desk::{Desk, Terms, Wanted};
use wardkey_core::policy::account::Account;
use wardkey_core::policy::config::Config;
use wardkey_core::record::seal::SealingKey;
use wardkey_core::store::FileStore;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;

/// The key of the one who is enrolled.
pub(crate) const KEY: &[u8] = b"12345678901234567890";

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
        let sealing = SealingKey::generate().expect("a key");
        fs::write(dir.join("seal.key"), sealing.to_file().as_bytes()).expect("a key file");
        fs::set_permissions(dir.join("seal.key"), fs::Permissions::from_mode(0o600)).expect("its mode");
        let mut site = Self { dir, enrolment: Vec::new(), ledger: Vec::new(), codes: Vec::new() };
        site.lay();
        site.codes = site.enrol(&sealing);
        let person = site.dir.join("state/users/nobody");
        site.enrolment = fs::read(person.join("enrolment.toml")).expect("an enrolment");
        site.ledger = fs::read(person.join("ledger")).expect("a ledger");
        site
    }

    /// Enrols nobody, an hour ago, with a code of each kind.
    fn enrol(&self, sealing: &SealingKey) -> Vec<(&'static str, String)> {
        let nobody = Account { name: UserName::new(b"nobody").expect("a name"), uid: 65534, gid: 65534 };
        let (store, clock) = (FileStore::new(self.dir.join("state")), Timestamp(now() - 3600));
        let desk = Desk { store: &store, clock: &clock };
        let (key, parameters) = (Some(Secret::new(KEY.to_vec())), Parameters::default());
        let wanted = Wanted { label: "phone".into(), parameters, key };
        let begun = desk.begin(&nobody, sealing, &wanted).expect("an authenticator");
        let rules = Config::default().rules();
        let terms = Terms { rules: &rules, sealing, recovery_codes: 5 };
        let code = parameters.code(&begun.key, parameters.step(clock));
        let confirmed =
            desk.confirm(&nobody, terms, &Typed::parse(code.as_bytes()), &mut |_| Ok(())).expect("confirmed");
        let emergency = desk.emergency(&nobody, 1, 5).expect("an emergency code");
        let pass = desk.pass(&nobody, Duration::from_secs(30 * 86_400)).expect("a pass");
        let kinds = [
            ("opened by a recovery code", confirmed.recovery_codes),
            ("opened by an emergency code", emergency),
            ("opened by a pass", vec![pass.code]),
        ];
        let text = |(kind, codes): (_, Vec<SingleUseCode>)| {
            codes.into_iter().map(move |code| (kind, code.to_text().to_string()))
        };
        kinds.into_iter().flat_map(text).collect()
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
        private_dir(&self.dir.join("state"));
        private_dir(&users);
        if !self.enrolment.is_empty() {
            private_dir(&users.join("nobody"));
            for (name, bytes) in [("enrolment.toml", &self.enrolment), ("ledger", &self.ledger)] {
                let path = users.join("nobody").join(name);
                fs::write(&path, bytes).expect("a file of a record");
                fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its mode");
            }
        }
        fs::write(self.dir.join("audit.jsonl"), b"").expect("the audit file");
        fs::set_permissions(self.dir.join("audit.jsonl"), fs::Permissions::from_mode(0o600))
            .expect("its mode");
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
    pub(crate) fn enrolment_of(&self, user: &str) -> Option<String> {
        fs::read_to_string(self.dir.join("state/users").join(user).join("enrolment.toml")).ok()
    }
}

fn private_dir(path: &Path) {
    fs::create_dir(path).expect("a directory");
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("its mode");
}

/// The machine's clock.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
