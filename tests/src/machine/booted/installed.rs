//! wardkey installed in a machine, as `make install` does it, and people who are enrolled there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::Value;

use super::Machine;
use crate::machine::built::Built;
use crate::machine::host::{AUDIT, CONFIG, SUPPORT};
use crate::people::person::{PASSWORD, Person};
use crate::programs::authenticator_app::{Authenticator, now};
use crate::programs::example;
use crate::programs::wardkey::texts;
use crate::proof::outcome::{Outcome, run};

/// Where the helper is.
const HELPER: &str = "/usr/libexec/wardkey/wardkey-helper";

/// The units, as they are shipped.
const UNITS: [(&str, &str); 5] = [
    ("wardkey-put-back.service", include_str!("../../../../packaging/systemd/wardkey-put-back.service")),
    ("wardkey-watch.path", include_str!("../../../../packaging/systemd/wardkey-watch.path")),
    ("wardkey-watch.service", include_str!("../../../../packaging/systemd/wardkey-watch.service")),
    ("wardkey-helper.socket", include_str!("../../../../packaging/systemd/wardkey-helper.socket")),
    ("wardkey-helper.service", include_str!("../../../../packaging/systemd/wardkey-helper.service")),
];

impl Machine {
    /// A booted machine with wardkey, and anna, who is enrolled.
    #[must_use]
    pub fn with_anna(tables: &str) -> (Self, Person) {
        let machine = Self::boot();
        machine.install_wardkey();
        machine.configure(tables);
        machine.add_account("anna", PASSWORD);
        let anna = machine.enrol("anna");
        (machine, anna)
    }

    /// Installs the built files and units, and starts the helper's socket. The window is five steps.
    ///
    /// # Panics
    /// If that fails.
    pub fn install_wardkey(&self) {
        self.install_files();
        self.configure("");
        self.must("systemctl daemon-reload && systemctl start wardkey-helper.socket");
    }

    /// The built files and units alone: no configuration, no key, no directories.
    ///
    /// # Panics
    /// If that fails.
    pub fn install_files(&self) {
        let built = Built::find();
        let modules = self.must("dirname $(find /lib /usr/lib -name pam_unix.so | head -n 1)");
        self.copy(&built.module, &format!("{}/pam_wardkey.so", modules.trim()), 0o644);
        self.copy(&built.command, "/usr/bin/wardkey", 0o755);
        self.copy(&built.helper, HELPER, 0o755);
        for (name, unit) in UNITS {
            self.write(
                &format!("/usr/lib/systemd/system/{name}"),
                unit.replace("@HELPER@", HELPER).replace("@WARDKEY@", "/usr/bin/wardkey"),
            );
        }
        self.write("/etc/pam.d/wardkey", example::text(example::OWN));
    }

    /// Writes a configuration with these tables, and makes key and directories where they are missing.
    pub fn configure(&self, tables: &str) {
        self.write(
            CONFIG,
            format!("issuer = \"Lakeside Clinic\"\nsupport = \"{SUPPORT}\"\n{tables}\n[totp]\nwindow = 5\n"),
        );
        self.wardkey(&["init"], "").exits(0);
    }

    /// Installs the shipped example as the service of its name.
    pub fn install_example(&self, name: &str) {
        self.write(&format!("/etc/pam.d/{name}"), example::text(name));
    }

    fn copy(&self, from: &Path, to: &str, mode: u32) {
        self.write(to, fs::read(from).expect("a built file"));
        fs::set_permissions(self.path(to), fs::Permissions::from_mode(mode)).expect("its mode");
    }

    /// Runs the administration command as root.
    pub fn wardkey(&self, arguments: &[&str], input: &str) -> Outcome {
        run(self.command("wardkey").args(arguments), input.as_bytes())
    }

    /// The same with `--json`; it must succeed.
    pub fn json(&self, arguments: &[&str], input: &str) -> Value {
        self.wardkey(&[&["--json"], arguments].concat(), input).exits(0).json()
    }

    /// Enrols an account that is there.
    pub fn enrol(&self, name: &str) -> Person {
        let phone = Authenticator::from_enrolment(&self.json(&["enroll", name], ""));
        let last_step = now() / phone.period;
        let printed = self.json(&["confirm", name], &format!("{}\n", phone.code(last_step)));
        Person { name: name.into(), phone, recovery_codes: texts(&printed["recovery_codes"]), last_step }
    }

    /// A pass of somebody who was reset.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn reset_with_pass(&self, name: &str) -> String {
        self.wardkey(&["reset", name, "--verified-by", "badge"], "").exits(0);
        let printed = self.json(&["pass", name, "--verified-by", "badge"], "");
        printed["pass"].as_str().expect("a pass").to_owned()
    }

    /// How far the person is, by `wardkey status`.
    ///
    /// # Panics
    /// If it does not say.
    #[must_use]
    pub fn state(&self, name: &str) -> String {
        self.json(&["status", name], "")["state"].as_str().expect("a state").to_owned()
    }

    /// The person's record taken away, as when somebody leaves.
    pub fn remove(&self, name: &str) {
        self.wardkey(&["remove", name, "--reason", "left"], "").exits(0);
    }

    /// What stands in the audit file, line by line.
    ///
    /// # Panics
    /// If a line is not JSON.
    #[must_use]
    pub fn audit(&self) -> Vec<Value> {
        self.read(AUDIT).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }
}
