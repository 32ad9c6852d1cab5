//! A person with a history, from which each round of a test of crashes starts.

use crate::machine::world::{STATE, World};
use crate::people::person::Person;

/// A person with an accepted code and a used recovery code behind them, as everybody has after a while.
pub struct Scene {
    /// Where they are.
    pub world: World,
    /// The person.
    pub alice: Person,
    /// The code that was accepted.
    pub spent_code: String,
}

impl Scene {
    /// Lets the person have their history.
    ///
    /// # Panics
    /// If they are not let in.
    #[must_use]
    pub fn new() -> Self {
        let world = World::new();
        let mut alice = world.person("alice");
        let spent_code = alice.fresh_code(&world);
        assert!(world.types("alice", &spent_code).accepted());
        assert!(world.types("alice", &alice.recovery_codes[0]).accepted());
        Self { world, alice, spent_code }
    }

    /// Keeps a copy of the state.
    pub fn keep(&self) {
        self.world.must(&format!("rm -rf /var/kept && cp -a {STATE} /var/kept"));
    }

    /// Puts the kept state back.
    pub fn restore(&self) {
        self.world.must(&format!("rm -rf {STATE}/users && cp -a /var/kept/users {STATE}/users"));
    }

    /// The next code the person would type, without typing it.
    #[must_use]
    pub fn next_code(&self) -> String {
        self.alice.clone().fresh_code(&self.world)
    }

    /// Whatever was killed: the record is whole, spent codes stay spent, the person can be let in, and then there is
    /// nothing in their directory that does not belong there.
    ///
    /// # Panics
    /// If one of these does not hold; `what` was killed.
    pub fn survives(&self, what: &str) {
        let world = &self.world;
        let status = world.wardkey(&["--json", "status", "alice"], "");
        assert_eq!(status.code(), Some(0), "{what}: {status:?}");
        for spent in [&self.spent_code, &self.alice.recovery_codes[0]] {
            assert!(!world.types("alice", spent).accepted(), "{what}: a spent code was accepted");
        }
        let code = self.code_that_opens(&status.json());
        let login = world.types("alice", &code);
        assert!(login.accepted(), "{what}: {}{login:#?}\n{}", status.stdout, world.syslog().text());
        if world.preloads() {
            // A hidden name stays until the record is next amended.
            world.pass("alice");
        }
        assert_eq!(world.files_of("alice"), ["enrolment.toml", "ledger"], "{what}: {}", status.stdout);
    }

    fn code_that_opens(&self, status: &serde_json::Value) -> String {
        let waits = !status["wait_until"]["authenticator"].is_null();
        match status["state"].as_str() {
            Some("enrolled") if waits => self.alice.recovery_codes[1].clone(),
            Some("enrolled") => {
                // The killed program may have spent the next one.
                let mut alice = self.alice.clone();
                alice.fresh_code(&self.world);
                alice.fresh_code(&self.world)
            }
            _ => self.world.pass("alice"),
        }
    }
}

impl Default for Scene {
    fn default() -> Self {
        Self::new()
    }
}
