//! A machine with the package or without, anna, who may become root, and PAM's files as a stack has them.

use std::fs;

use super::packages::Packages;
use super::programs::all_work;
use super::stack::Stack;
use crate::machine::booted::Machine;
use crate::people::person::{PASSWORD, Person};
use crate::programs::authenticator_app::Authenticator;
use crate::proof::outcome::Outcome;

/// Codes that the programs may take before there are others.
const CODES: usize = 4;

/// Beside the package's database, as `make install` puts them.
const BY_HAND: &str = "dpkg-deb --fsys-tarfile /root/built.deb | tar -C / -x --keep-directory-symlink && \
    systemctl daemon-reload && systemctl start wardkey-helper.socket";

/// What sshd was told for PAM's sake.
const DROP_IN: &str = "/etc/ssh/sshd_config.d/00-wardkey.conf";

/// Each line that names the module, by its file and the first of its lines.
const NAMED: &str = r#"awk '{ if (!more) { first = FNR; line = "" } line = line $0; more = /\\$/ }
    !more && line !~ /^#/ && line ~ /pam_wardkey\.so/ { print FILENAME ":" first }' /etc/pam.d/*"#;

/// What is there before the operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Start {
    /// The files, and no package; pristine: nothing.
    NoPackage,
    /// This package.
    Package(&'static str),
}

/// The machine.
pub(super) struct Scene {
    pub(super) machine: Machine,
    pub(super) stack: &'static Stack,
    anna: Person,
    /// Who asks for a code.
    pub(super) asks: &'static [&'static str],
}

impl Scene {
    pub(super) fn set(stack: &'static Stack, start: Start, packages: &Packages) -> Self {
        let machine = Machine::boot();
        machine.must("rm -f /usr/sbin/policy-rc.d");
        for (name, file) in packages.files() {
            fs::copy(file, machine.path(&format!("/root/{name}"))).expect("a copy");
        }
        machine.add_account("anna", PASSWORD);
        machine.must("usermod --append --groups sudo anna && systemctl start ssh cron");
        match start {
            Start::Package(name) => drop(machine.must(&format!("dpkg --install /root/{name}"))),
            Start::NoPackage if stack.made_by.is_empty() => {}
            Start::NoPackage => drop(machine.must(BY_HAND)),
        }
        let phone = Authenticator::of_key(String::new());
        let anna = Person { name: "anna".into(), phone, recovery_codes: Vec::new(), last_step: 0 };
        let mut scene = Self { machine, stack, anna, asks: stack.asks };
        if !stack.made_by.is_empty() {
            scene.machine.configure("");
            scene.anna = scene.machine.enrol("anna");
            scene.machine.must(stack.made_by);
        }
        scene
    }

    /// Each of the programs works, and those ask for a code that shall.
    ///
    /// # Panics
    /// If one does not.
    pub(super) fn works(&mut self, when: &str) {
        if !self.asks.is_empty() && self.anna.recovery_codes.len() < CODES {
            self.machine.remove("anna");
            self.anna = self.machine.enrol("anna");
        }
        let asked = all_work(&self.machine, &mut self.anna);
        let asked = asked.unwrap_or_else(|locked_out| panic!("LOCK-OUT, {when}: {locked_out}"));
        assert_eq!(asked, self.asks, "{when}");
    }

    /// Runs apt-get over what is in `/root`.
    pub(super) fn apt(&self, words: &str) -> Outcome {
        let apt = "DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet --no-install-recommends";
        self.machine.shell(&format!("{apt} {words} 2>&1"))
    }

    /// dpkg takes the package, and it is there afterwards.
    pub(super) fn takes(&self, name: &str) {
        self.machine.must(&format!("dpkg --install /root/{name}"));
        self.is_installed();
    }

    /// dpkg does not take it.
    pub(super) fn does_not_take(&self, name: &str) {
        let outcome = self.machine.shell(&format!("dpkg --install /root/{name}"));
        assert_ne!(outcome.code(), Some(0), "{name}: {outcome:?}");
    }

    pub(super) fn status(&self) -> String {
        self.machine.shell("dpkg-query --show --showformat='${db:Status-Abbrev}${Version}' wardkey").stdout
    }

    pub(super) fn is_installed(&self) {
        let status = self.status();
        assert!(status.starts_with("ii "), "{status:?}");
    }

    /// Removes or purges it: it goes and nobody is asked for a code, or it stays and every line that keeps it is named.
    pub(super) fn leaves_or_refuses(&mut self, word: &str) -> String {
        let named = self.machine.must(NAMED);
        let said = self.apt(&format!("{word} wardkey"));
        if self.stack.goes {
            assert_eq!(said.code(), Some(0), "{said:?}");
            assert!(!self.status().starts_with("ii "), "{said:?}");
            assert_eq!(self.machine.must(NAMED), "", "{said:?}");
            self.asks = &[];
            self.works(word);
            return "gone".into();
        }
        assert_ne!(said.code(), Some(0), "{said:?}");
        let drop_in =
            self.machine.shell(&format!("awk '/^[^#]/ {{ print FILENAME \":\" FNR; exit }}' {DROP_IN}"));
        for place in named.lines().chain(drop_in.stdout.lines()) {
            // apt may give dpkg a terminal, whose lines end otherwise.
            let is_it = |line: &str| line.trim() == place;
            assert!(said.stdout.lines().any(is_it), "{place} is not named: {said:?}");
        }
        assert_eq!(self.status().get(1..2), Some("i"), "installed");
        self.works(word);
        "refused".into()
    }
}
