//! Authenticator apps: independent programs that make codes.

use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::proof::outcome::run;

/// A phone with one entry: a secret, and what codes to make of it.
#[derive(Clone, Debug)]
pub struct Authenticator {
    /// The secret in base32.
    pub secret: String,
    /// `SHA1`, `SHA256` or `SHA512`.
    pub algorithm: String,
    /// Digits of a code.
    pub digits: u64,
    /// Seconds a code lasts.
    pub period: u64,
}

impl Authenticator {
    /// What `wardkey --json enroll` printed.
    ///
    /// # Panics
    /// If it lacks a field of the contract.
    #[must_use]
    pub fn from_enrolment(printed: &Value) -> Self {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let kind = &printed["authenticator"];
        Self {
            secret: text(&printed["secret"]),
            algorithm: text(&kind["algorithm"]),
            digits: kind["digits"].as_u64().expect("digits"),
            period: kind["period"].as_u64().expect("period"),
        }
    }

    /// What an app makes of the key alone: codes of the usual kind.
    #[must_use]
    pub fn of_key(secret: String) -> Self {
        Self { secret, algorithm: "SHA1".into(), digits: 6, period: 30 }
    }

    /// The code of `step`, by oathtool.
    #[must_use]
    pub fn code(&self, step: u64) -> String {
        self.codes(step, 1).remove(0)
    }

    /// The codes of `count` steps from `first` on, by oathtool.
    ///
    /// # Panics
    /// If oathtool fails.
    #[must_use]
    pub fn codes(&self, first: u64, count: u64) -> Vec<String> {
        let mut oathtool = Command::new("oathtool");
        oathtool
            .args([format!("--totp={}", self.algorithm), format!("--digits={}", self.digits)])
            .arg(format!("--time-step-size={}", self.period))
            .arg(format!("--now=@{}", first * self.period))
            .args([format!("--window={}", count - 1), "--base32".into(), self.secret.clone()]);
        run(&mut oathtool, b"").exits(0).stdout.lines().map(str::to_owned).collect()
    }

    /// The code of `step`, by pyotp.
    #[must_use]
    pub fn code_by_pyotp(&self, step: u64) -> String {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/pyotp_code.py");
        let mut python = Command::new("/usr/bin/python3");
        python.arg(script).args([&self.secret, &self.algorithm]);
        python.args([self.digits, self.period, step * self.period].map(|number| number.to_string()));
        run(&mut python, b"").exits(0).stdout.trim().to_owned()
    }

    /// A well-formed code that is right at no step within ten minutes and more of `step`.
    ///
    /// # Panics
    /// Never: a million codes are not all right.
    #[must_use]
    pub fn wrong_code(&self, step: u64) -> String {
        let right = self.codes(step - 60, 121);
        let width = usize::try_from(self.digits).expect("a few digits");
        let mut candidates = (0..).map(|number: u32| format!("{:0width$}", number * 7919 % 1_000_000));
        candidates.find(|code| !right.contains(code)).expect("a wrong code")
    }
}

/// Seconds since 1970, by the machine's clock.
///
/// # Panics
/// If the clock stands before 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970").as_secs()
}
