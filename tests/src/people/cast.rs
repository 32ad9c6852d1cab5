//! People of every kind that a stranger might want to tell apart, and what each of them meets.

use crate::machine::host::{Host, STATE};
use crate::people::person::Person;
use crate::programs::pam::PamResult;

/// Enrolled.
pub const ENROLLED: &str = "alice";
/// Has an account and was never enrolled.
pub const UNENROLLED: &str = "bobby";
/// Was shown a key and has not confirmed it.
pub const PENDING: &str = "peter";
/// Enrolled, but the account has another uid since.
pub const MOVED: &str = "molly";
/// Has typed too many wrong codes.
pub const WAITING: &str = "wanda";
/// Has typed far too many.
pub const DISABLED: &str = "david";
/// Was reset and needs a pass.
pub const RESET: &str = "rosie";
/// The record is damaged.
pub const DAMAGED: &str = "dylan";
/// Has no account.
pub const UNKNOWN: &str = "nolan";

/// Everybody with an account who is refused by a code that is wrong, and is told nothing else. All names are of one
/// length: programs fill up lines.
pub const ALIKE: [&str; 4] = [ENROLLED, UNENROLLED, PENDING, MOVED];
/// Those who are told, once they have typed, that it is not the code.
pub const TOLD_MORE: [&str; 4] = [WAITING, DISABLED, RESET, DAMAGED];

/// What one of them met: the name is always replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// All up to the moment at which a code is typed.
    pub asked: String,
    /// All, with what came after it.
    pub told: String,
}

impl Met {
    /// What `name` met.
    #[must_use]
    pub fn new(name: &str, asked: &str, told: &str) -> Self {
        let anonymous = |text: &str| text.replace(name, "NAME");
        Self { asked: anonymous(asked), told: anonymous(told) }
    }
}

/// A host with all of them; the code is wrong for everybody.
pub struct Cast {
    /// Where they are.
    pub host: Host,
    /// A code of nobody.
    pub code: String,
}

impl Cast {
    /// Everybody becomes what they are. A wrong code more makes nobody wait who does not wait yet.
    ///
    /// # Panics
    /// If somebody does not.
    #[must_use]
    pub fn new() -> Self {
        let host = Host::with_config(
            "[throttle]\nfree_tries = 3\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\ndisable_after = 5\n",
        );
        let alice = host.person(ENROLLED);
        for name in [WAITING, DISABLED, RESET, DAMAGED, MOVED] {
            host.person(name);
        }
        host.add_account(UNENROLLED);
        host.add_account(PENDING);
        host.json(&["enroll", PENDING], "");
        host.must(&format!("sed -i 's/^{MOVED}:x:[0-9]*:/{MOVED}:x:4999:/' /etc/passwd"));
        host.must(&format!(
            "chown -R {MOVED} /home/{MOVED}; printf ' ' >> {STATE}/users/{DAMAGED}/enrolment"
        ));
        host.json(&["reset", RESET, "--verified-by", "passport"], "");
        let code = nobodys(&host, &alice);
        let cast = Self { host, code };
        // Each of the later ones needs that the wait is over.
        cast.tires_out(DISABLED, 5, 3601);
        cast.tires_out(WAITING, 3, 0);
        cast
    }

    fn tires_out(&self, name: &str, codes: i64, apart: i64) {
        for _ in 0..codes {
            assert_eq!(self.host.types(name, &self.code).result(), PamResult::AuthErr, "{name}");
            self.host.advance(apart);
        }
        self.host.advance(-apart * codes);
        let waits = self.host.types(name, &self.code).waits();
        assert!(waits, "{name}: {:#}", self.host.status(name));
    }

    /// What each of these people met; somebody enrolled begins without wrong codes each time.
    ///
    /// # Panics
    /// If they were asked differently, or those who are to be told the same were not.
    pub fn meet_the_same(&self, names: &[&str], meets: impl Fn(&str) -> Met) {
        let met: Vec<(&str, Met)> = names.iter().map(|name| (*name, self.meets(name, &meets))).collect();
        let (first, theirs) = &met[0];
        for (name, other) in &met[1..] {
            assert_eq!(other.asked, theirs.asked, "{name} is asked otherwise than {first}");
            if !TOLD_MORE.contains(name) {
                assert_eq!(other.told, theirs.told, "{name} is told otherwise than {first}");
            }
        }
    }

    fn meets(&self, name: &str, meets: &impl Fn(&str) -> Met) -> Met {
        if name == ENROLLED {
            self.host.wardkey(&["unlock", name], "").exits(0);
        }
        meets(name)
    }
}

impl Default for Cast {
    fn default() -> Self {
        Self::new()
    }
}

/// A code that is certainly wrong for one of them, and for the others but once in ten thousand runs.
fn nobodys(host: &Host, alice: &Person) -> String {
    alice.wrong_code(host)
}
