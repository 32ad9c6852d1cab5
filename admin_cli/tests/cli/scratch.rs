//! A whole installation in a scratch directory, and the command run on it.

use serde_json::Value;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;

/// An account of every Debian that nobody logs in with.
pub(crate) const GAMES: &str = "games";

/// What the command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// The one JSON document on standard output.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The same, which ended with `status`.
    pub(crate) fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:#?}");
        self
    }

    /// Kind, message and hint of the error in JSON.
    pub(crate) fn error(&self) -> (String, String, String) {
        let json = self.json();
        let part =
            |key: &str| json["error"][key].as_str().unwrap_or_else(|| panic!("{key}: {json}")).to_owned();
        (part("kind"), part("message"), part("hint"))
    }
}

/// The scratch installation.
pub(crate) struct Scratch {
    dir: TempDir,
}

impl Scratch {
    /// Configured, but before `init`.
    pub(crate) fn bare(tables: &str) -> Self {
        assert!(nix::unistd::geteuid().is_root(), "these tests run as root (make test)");
        let dir = tempfile::tempdir().unwrap();
        // Everybody's programs must reach the configuration.
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let scratch = Self { dir };
        let path = |name: &str| scratch.path(name).display().to_string();
        let paths = format!(
            "[store]\npath = \"{}\"\n[seal]\nkey = \"{}\"\n[log]\naudit_file = \"{}\"\n",
            path("state"),
            path("etc/seal.key"),
            path("log/audit.jsonl")
        );
        std::fs::write(scratch.path("wardkey.toml"), format!("support = \"ext. 204\"\n{tables}\n{paths}"))
            .unwrap();
        scratch
    }

    /// After `init`.
    pub(crate) fn with(tables: &str) -> Self {
        let scratch = Self::bare(tables);
        scratch.run(&["init"], "").exits(0);
        scratch
    }

    /// After `init`, with the defaults.
    pub(crate) fn new() -> Self {
        Self::with("")
    }

    /// A path in the scratch directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The command, to be run by the test.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wardkey"));
        command.env_clear().arg("--config").arg(self.path("wardkey.toml")).args(arguments);
        command
    }

    /// Runs the command with `input` on its standard input.
    pub(crate) fn run(&self, arguments: &[&str], input: &str) -> Said {
        say(&mut self.command(arguments), input)
    }

    /// Runs the command with `--json`.
    pub(crate) fn json(&self, arguments: &[&str], input: &str) -> Said {
        self.run(&[&["--json"], arguments].concat(), input)
    }

    /// Enrols `user`, whose phone this is.
    pub(crate) fn enrol(&self, user: &str) -> Phone {
        let begun = self.json(&["enroll", user], "").exits(0).json();
        let mut phone = Phone::new(begun["secret"].as_str().unwrap());
        let printed = self.json(&["confirm", user], &phone.code(0)).exits(0).json();
        let codes = printed["recovery_codes"].as_array().unwrap();
        phone.recovery_codes = codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect();
        phone
    }

    /// The lines of the audit file.
    pub(crate) fn audit(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(self.path("log/audit.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Runs `command` to its end.
pub(crate) fn say(command: &mut Command, input: &str) -> Said {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that reads nothing may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { status: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
}

/// A person's phone and printed codes.
pub(crate) struct Phone {
    key: Secret,
    /// The step it was set up in: a test may run into the next one.
    step: u64,
    pub(crate) recovery_codes: Vec<String>,
}

impl Phone {
    /// Set up now with a key as it is shown.
    pub(crate) fn new(key: &str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        Self { key: Secret::from_base32(key).unwrap(), step: now / 30, recovery_codes: Vec::new() }
    }

    /// The step it was set up in.
    pub(crate) const fn step(&self) -> u64 {
        self.step
    }

    /// The code `steps` after the set-up, as a line.
    pub(crate) fn code(&self, steps: i64) -> String {
        let step = self.step.checked_add_signed(steps).unwrap();
        format!("{}\n", *Parameters::default().code(&self.key, step))
    }

    /// A code that is none of those around now.
    pub(crate) fn wrong_code(&self) -> String {
        let near: Vec<String> = (-30..=30).map(|step| self.code(step)).collect();
        (0..1_000_000).map(|n| format!("{n:06}\n")).find(|guess| !near.contains(guess)).unwrap()
    }
}

/// Whether `path` is there.
pub(crate) fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}
