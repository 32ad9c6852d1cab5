//! People enrolled and looked after by the real command.

use serde_json::Value;

use crate::machine::host::Host;
use crate::people::person::Person;
use crate::programs::authenticator_app::Authenticator;

impl Host {
    /// Runs `wardkey --json` with these arguments, which must succeed, and reads what it printed.
    pub fn json(&self, arguments: &[&str], input: &str) -> Value {
        let arguments = [&["--json"], arguments].concat();
        self.wardkey(&arguments, input).exits(0).json()
    }

    /// A new account, enrolled.
    pub fn person(&self, name: &str) -> Person {
        self.add_account(name);
        self.enrol(name)
    }

    /// Enrols an account that is there.
    pub fn enrol(&self, name: &str) -> Person {
        let phone = Authenticator::from_enrolment(&self.json(&["enroll", name], ""));
        self.confirm(name, phone)
    }

    /// Confirms a pending authenticator with a code by oathtool.
    ///
    /// # Panics
    /// If the answer lacks a field of the contract.
    pub fn confirm(&self, name: &str, phone: Authenticator) -> Person {
        let last_step = self.now() / phone.period;
        let printed = self.json(&["confirm", name], &format!("{}\n", phone.code(last_step)));
        assert_eq!((&printed["user"], &printed["state"]), (&name.into(), &"enrolled".into()), "{printed:#}");
        let recovery_codes = texts(&printed["recovery_codes"]);
        Person { name: name.into(), phone, recovery_codes, last_step }
    }

    /// `wardkey --json status`, which must succeed.
    pub fn status(&self, name: &str) -> Value {
        self.json(&["status", name], "")
    }

    /// The state of `name` by `wardkey status`.
    ///
    /// # Panics
    /// If there is none.
    pub fn state(&self, name: &str) -> String {
        self.status(name)["state"].as_str().expect("a state").to_owned()
    }

    /// A pass for `name`, from the help desk.
    ///
    /// # Panics
    /// If the answer lacks it.
    pub fn pass(&self, name: &str) -> String {
        let printed = self.json(&["pass", name, "--verified-by", "call-back to the ward"], "");
        printed["pass"].as_str().expect("a pass").to_owned()
    }

    /// The files in a person's state directory, sorted.
    ///
    /// # Panics
    /// If there is no such directory.
    #[must_use]
    pub fn files_of(&self, name: &str) -> Vec<String> {
        let directory = self.path(format!("{}/users/{name}", crate::machine::host::STATE));
        let entries = std::fs::read_dir(&directory).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// The texts of a JSON array.
///
/// # Panics
/// If it is none.
#[must_use]
pub fn texts(array: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    array.as_array().unwrap_or_else(|| panic!("no array: {array}")).iter().map(text).collect()
}
