//! Somebody with one key at three modules: wardkey's, `pam_google_authenticator` and `pam_oath`.

use crate::machine::host::{ALONE, CODE, Host, STATE};
use crate::people::person::Person;
use crate::programs::pam::{PamResult, Reply, Script, Transcript};

/// The service of `pam_google_authenticator`, and its file.
pub const GOOGLE: &str = "google";
/// Where it keeps what it knows of alice.
pub const GOOGLE_FILE: &str = "/etc/peers/google";
/// The service of `pam_oath`.
pub const OATH: &str = "oath";
/// Where it keeps what it knows of everybody.
pub const OATH_FILE: &str = "/etc/peers/users.oath";

/// Steps after the enrolment at which stories begin: the code that confirmed it is far behind.
const LATER: u64 = 40;

/// A host with alice in it.
pub struct Beside {
    /// Where she is.
    pub host: Host,
    /// Her key and codes; nothing of them but one code far behind is used.
    pub alice: Person,
}

impl Beside {
    /// All three as they come: a window of one step either side.
    #[must_use]
    pub fn new() -> Self {
        Self::with("[totp]\nwindow = 1\n", "", 1)
    }

    /// wardkey with these tables, `pam_google_authenticator` with these settings, and `pam_oath` with this window.
    #[must_use]
    pub fn with(tables: &str, settings: &str, window: u32) -> Self {
        let host = Host::with_config(tables);
        let alice = host.person("alice");
        let beside = Self { host, alice };
        let secret = &beside.alice.phone.secret;
        beside.writes_google(&format!("{secret}\n\" TOTP_AUTH\n{settings}"));
        let hex = beside.hex(secret);
        beside.writes_oath(&format!("HOTP/T{}/6 alice - {hex}\n", beside.alice.phone.period));
        beside.google_service(GOOGLE, "");
        let line = format!("auth required pam_oath.so usersfile={OATH_FILE} window={window} digits=6\n");
        beside.host.service(OATH, &line);
        beside.later();
        beside.keep();
        beside
    }

    /// A service of `pam_google_authenticator` with these arguments.
    pub fn google_service(&self, name: &str, arguments: &str) {
        let line = format!("auth required pam_google_authenticator.so secret={GOOGLE_FILE} user=root");
        self.host.service(name, &format!("{line} {arguments}\n"));
    }

    /// What `pam_google_authenticator` finds.
    pub fn writes_google(&self, text: &str) {
        self.host.write(GOOGLE_FILE, text);
        self.host.must(&format!("chmod 600 {GOOGLE_FILE}"));
    }

    /// What `pam_oath` finds.
    pub fn writes_oath(&self, text: &str) {
        self.host.write(OATH_FILE, text);
        self.host.must(&format!("chmod 600 {OATH_FILE}"));
    }

    /// A key in hexadecimal, by coreutils.
    #[must_use]
    pub fn hex(&self, base32: &str) -> String {
        self.host.must(&format!("printf %s {base32} | base32 -d | od -An -v -tx1 | tr -d ' \\n'"))
    }

    /// Goes on at the beginning of a step that is far from all that was typed.
    pub fn later(&self) {
        let period = self.alice.phone.period;
        let ahead = LATER * period + period - self.host.now() % period;
        self.host.advance(ahead.cast_signed());
    }

    /// The code of the step so far from now.
    #[must_use]
    pub fn code(&self, offset: i64) -> String {
        self.alice.phone.code(self.alice.step(&self.host).saturating_add_signed(offset))
    }

    /// One login of alice by one code.
    pub fn types(&self, service: &str, code: &str) -> PamResult {
        self.login(service, code).result()
    }

    /// The same, with all that was said.
    pub fn login(&self, service: &str, code: &str) -> Transcript {
        self.host.pam(&Script::new(service, "alice").types(prompt(service), code))
    }

    /// One login at a prompt where alice does this.
    pub fn does(&self, service: &str, reply: Reply) -> Transcript {
        self.host.pam(&Script::new(service, "alice").replies(prompt(service), reply))
    }

    /// Codes of these steps, counted from one moment, in this order: what the peer is to answer, and what ours is.
    ///
    /// # Panics
    /// If one of them answers something else.
    pub fn walk(&self, peer: &str, logins: &[(i64, PamResult, PamResult)]) {
        let first = self.alice.step(&self.host);
        for (offset, theirs, ours) in logins {
            let code = self.alice.phone.code(first.saturating_add_signed(*offset));
            assert_eq!(self.types(peer, &code), *theirs, "{peer}, step {offset}");
            assert_eq!(
                self.types(ALONE, &code),
                *ours,
                "wardkey, step {offset}: {}",
                self.host.syslog().text()
            );
        }
        assert_eq!(self.alice.step(&self.host), first, "it took longer than a step");
    }

    /// One code of each of these steps, each as if it were the first that is ever typed: both answer the same.
    ///
    /// # Panics
    /// If they do not, or not what is expected.
    pub fn each_alone(&self, peer: &str, logins: &[(i64, PamResult)]) {
        for (offset, result) in logins {
            self.restore();
            self.later();
            self.walk(peer, &[(*offset, *result, *result)]);
        }
    }

    /// Keeps what all three know.
    pub fn keep(&self) {
        self.host.must(&format!(
            "rm -rf /var/kept && mkdir /var/kept && cp -a {STATE}/users /etc/peers /var/kept"
        ));
    }

    /// Puts it back.
    pub fn restore(&self) {
        self.host.must(&format!(
            "rm -rf {STATE}/users /etc/peers && cp -a /var/kept/users {STATE}/ && cp -a /var/kept/peers /etc/"
        ));
    }
}

impl Default for Beside {
    fn default() -> Self {
        Self::new()
    }
}

fn prompt(service: &str) -> &'static str {
    match service {
        OATH => "One-time password",
        google if google.starts_with(GOOGLE) => "erification code",
        _ => CODE,
    }
}
