//! A person with a history, from which each round of a test of crashes starts.

use crate::machine::host::{Host, STATE};
use crate::people::person::Person;

/// A person with an accepted code and a used recovery code behind them, as everybody has after a while.
pub struct History {
    /// Where they are.
    pub host: Host,
    /// The person.
    pub alice: Person,
    /// The code that was accepted.
    pub spent_code: String,
}

impl History {
    /// Lets the person have their history.
    ///
    /// # Panics
    /// If they are not let in.
    #[must_use]
    pub fn new() -> Self {
        let host = Host::new();
        let mut alice = host.person("alice");
        let spent_code = alice.fresh_code(&host);
        assert!(host.types("alice", &spent_code).accepted());
        assert!(host.types("alice", &alice.recovery_codes[0]).accepted());
        Self { host, alice, spent_code }
    }

    /// Keeps a copy of the state.
    pub fn keep(&self) {
        self.host.must(&format!("rm -rf /var/kept && cp -a {STATE} /var/kept"));
    }

    /// Puts the kept state back.
    pub fn restore(&self) {
        self.host.must(&format!("rm -rf {STATE}/users && cp -a /var/kept/users {STATE}/users"));
    }

    /// The next code the person would type, without typing it.
    #[must_use]
    pub fn next_code(&self) -> String {
        self.alice.clone().fresh_code(&self.host)
    }

    /// Whatever was killed: the record is whole, spent codes stay spent, the person can be let in, and then there is
    /// nothing in their directory that does not belong there.
    ///
    /// # Panics
    /// If one of these does not hold; `what` was killed.
    pub fn survives(&self, what: &str) {
        let host = &self.host;
        let status = host.wardkey(&["--json", "status", "alice"], "");
        assert_eq!(status.code(), Some(0), "{what}: {status:?}");
        for spent in [&self.spent_code, &self.alice.recovery_codes[0]] {
            assert!(!host.types("alice", spent).accepted(), "{what}: a spent code was accepted");
        }
        let code = self.code_that_opens(&status.json());
        let login = host.types("alice", &code);
        assert!(login.accepted(), "{what}: {}{login:#?}\n{}", status.stdout, host.syslog().text());
        if host.preloads() {
            // A hidden name stays until the record is next amended.
            host.pass("alice");
        }
        assert_eq!(host.files_of("alice"), ["enrolment", "ledger"], "{what}: {}", status.stdout);
    }

    fn code_that_opens(&self, status: &serde_json::Value) -> String {
        let waits = !status["wait_until"]["authenticator"].is_null();
        match status["state"].as_str() {
            Some("enrolled") if waits => self.alice.recovery_codes[1].clone(),
            Some("enrolled") => {
                // The killed program may have spent the next one.
                let mut alice = self.alice.clone();
                alice.fresh_code(&self.host);
                alice.fresh_code(&self.host)
            }
            _ => self.host.pass("alice"),
        }
    }
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}
