//! The gallery of broken systems on real libpam: what `doctor` calls a way in lets somebody in without a right code, and
//! what it calls a lock-out refuses the right password and code.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::{Door, PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::run;
use wardkey_tests::proof::promises::root;

/// A part of the prompt for a password.
const ASKS_PASSWORD: &str = "assword";
/// A well-formed code that opens nothing but by one chance in a million.
const WRONG: &str = "000000";
/// Somebody whom the configuration exempts.
const EXEMPT: &str =
    "[[exempt]]\nuser = \"eve\"\nreason = \"no phone\"\napproved_by = \"head\"\nuntil = 2099-01-01\n";
/// Cases of which this machine cannot show what is found, each with what it would take.
const APART: [(&str, &str); 8] = [
    ("at-include-elsewhere", "the libpam of another distribution"),
    ("capital-in-a-name", "a program that asks for a name in capitals"),
    ("config-of-another", "a second configuration"),
    ("key-without-password", "a machine with security keys set up"),
    ("lines-where-libpam-never-looks", "a libpam that does not look there"),
    ("password-lost", "an enrolment that fails"),
    ("session-error-lost", "an enrolment that was not made"),
    ("sudo-i-has-no-file", "a look at all services: one without a file has no name to ask for"),
];
/// Files that are no service's example.
const PARTS: [&str; 4] = ["combined", "common-auth", "key-or-code", "wardkey"];

fn gallery(part: &str) -> PathBuf {
    root().join("admin_cli/gallery").join(part)
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten();
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    entries
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// A host on which one case after another is laid.
struct Machine {
    host: Host,
    /// Where libpam's modules are.
    modules: PathBuf,
    codes: Vec<String>,
}

impl Machine {
    fn new() -> Self {
        let host = Host::with_config(EXEMPT);
        host.must("mkdir -p /var/vendor && mount --bind /var/vendor /usr/lib/pam.d");
        host.add_account("eve");
        host.person("alice");
        // The group of which a case makes an exception.
        host.must("groupadd -f nurses && usermod -aG nurses alice");
        let modules = host.must("dirname \"$(find /usr/lib -name pam_unix.so | head -n 1)\"");
        Self { modules: host.path(modules.trim()), host, codes: Vec::new() }
    }

    /// Debian's files, the examples over them, and what the case breaks.
    fn lay(&self, case: &Path) {
        self.host.must("rm -rf /etc/pam.d/* /var/vendor/*");
        let stock = gallery("stock/debian-12");
        for part in [&*stock, case] {
            for (from, to) in [("etc/pam.d", "/etc/pam.d"), ("usr/lib/pam.d", "/var/vendor")] {
                for file in entries(&part.join(from)) {
                    self.service(to, &name(&file), &fs::read_to_string(&file).expect("text"));
                }
            }
            if part == stock {
                let examples = example::names().into_iter().filter(|name| !PARTS.contains(&name.as_str()));
                examples.for_each(|name| self.service("/etc/pam.d", &name, &example::text(&name)));
            }
        }
        let removed = fs::read_to_string(case.join("removed")).unwrap_or_default();
        removed.lines().for_each(|path| {
            self.host.must(&format!("rm /{path}"));
        });
    }

    /// Whether every module that the case names is here: one that is not can open nothing.
    fn has_modules_of(&self, case: &Path) -> bool {
        let files = entries(&case.join("etc/pam.d"));
        let text: String = files.iter().map(|file| fs::read_to_string(file).expect("text")).collect();
        let names = text.split_whitespace().filter(|word| word.starts_with("pam_") && word.ends_with(".so"));
        let mut others = names.filter(|name| *name != "pam_wardkey.so");
        others.all(|name| self.modules.join(name).exists())
    }

    fn service(&self, directory: &str, name: &str, lines: &str) {
        let module = self.host.built("libpam_wardkey.so");
        let lines = lines.replace("pam_wardkey.so", module.to_str().expect("a plain path"));
        self.host.write(&format!("{directory}/{name}"), lines);
    }

    /// What doctor says of this service: each finding's name and weight.
    fn findings(&self, service: &str) -> BTreeSet<(String, String)> {
        let outcome = self.host.wardkey(&["--json", "doctor", service], "");
        let answer: Value =
            serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {outcome:?}"));
        let text = |finding: &Value, key: &str| finding[key].as_str().expect("a text").to_owned();
        let findings = answer["findings"].as_array().expect("findings").iter();
        findings.map(|finding| (text(finding, "id"), text(finding, "severity"))).collect()
    }

    /// A code of alice's that nobody has typed.
    fn next_code(&mut self) -> String {
        if self.codes.is_empty() {
            let set = self.host.wardkey(&["--json", "recovery-codes", "alice"], "").exits(0).json();
            let codes = set["recovery_codes"].as_array().expect("codes").iter();
            self.codes.extend(codes.map(|code| code.as_str().expect("a code").to_owned()));
        }
        self.codes.pop().expect("a code")
    }

    /// What libpam does where somebody answers the prompts so, one after the other.
    fn tries(&self, service: &str, user: &str, answers: &[(&str, &str)], doors: &[Door]) -> Transcript {
        let script = Script::new(service, user).doors(doors);
        let script = answers.iter().fold(script, |script, (prompt, typed)| script.types(prompt, typed));
        Transcript::read(&run(&mut self.host.pam_command(&[script]), b"").stdout)
    }

    /// Whether `auth` says yes to them. Of programs that ask `account` too, our line there refuses what `auth` let through.
    fn lets_in(&self, service: &str, user: &str, answers: &[(&str, &str)]) -> bool {
        self.tries(service, user, answers, &[Door::Auth]).accepted()
    }

    /// Whether one of these doors is open to somebody whom `auth` has refused.
    fn opens_after_refusal(&self, service: &str, doors: &[Door]) -> bool {
        let answers = [(ASKS_PASSWORD, PASSWORD), (CODE, WRONG)];
        let opens = doors.iter().any(|door| {
            let results = self.tries(service, "alice", &answers, &[Door::Auth, *door]).results();
            matches!(results[..], [first, second] if first != PamResult::Success && second == PamResult::Success)
        });
        self.host.wardkey(&["unlock", "alice"], "").exits(0);
        opens
    }

    /// Whether a code is asked of somebody who has typed no right password.
    fn asks_strangers(&self, service: &str) -> bool {
        let answers = [vec![], vec![(ASKS_PASSWORD, "wrong")]];
        let mut tries = answers.iter().map(|answers| self.tries(service, "alice", answers, &[Door::Auth]));
        tries.any(|transcript| transcript.prompts().contains(CODE))
    }

    /// Whether the right password lets somebody in, or a right code, but not both.
    fn opens_by_less(&mut self, service: &str) -> bool {
        let code = self.next_code();
        let wrong = [
            vec![],
            vec![(ASKS_PASSWORD, PASSWORD)],
            vec![(ASKS_PASSWORD, PASSWORD), (CODE, WRONG)],
            vec![(CODE, WRONG)],
            vec![(CODE, code.as_str())],
        ];
        let opens = wrong.iter().any(|answers| self.lets_in(service, "alice", answers));
        self.host.wardkey(&["unlock", "alice"], "").exits(0);
        opens
    }

    /// Whether both let somebody in, typed in whichever order the service asks for them.
    fn opens_by_both(&mut self, service: &str) -> bool {
        let code = self.next_code();
        let both = format!("{PASSWORD}{code}");
        let right = [
            vec![(ASKS_PASSWORD, PASSWORD), (CODE, code.as_str())],
            vec![(CODE, code.as_str()), (ASKS_PASSWORD, PASSWORD)],
            vec![("", both.as_str())],
        ];
        right.iter().any(|answers| self.lets_in(service, "alice", answers))
    }

    /// Whether a program with one field, which answers everything by it, lets somebody in.
    fn opens_by_one_field(&mut self, service: &str) -> bool {
        let code = self.next_code();
        let fields = [PASSWORD.to_owned(), code.clone(), format!("{PASSWORD}{code}")];
        fields.iter().any(|field| self.lets_in(service, "alice", &[("", field), ("", field)]))
    }

    /// Whether what is said of this service is so; `None`: it says nothing of this kind.
    fn is_so(&mut self, service: &str, id: &str) -> Option<bool> {
        Some(match id {
            // eve is exempt from the code, and not from the password.
            "way-past-code" | "code-alone" | "line-shadowed" => {
                self.opens_by_less(service) || self.lets_in(service, "eve", &[])
            }
            "nobody-gets-in"
            | "service-refused"
            | "unknown-argument"
            | "module-missing"
            | "module-misspelt"
            | "configuration-missing" => !self.opens_by_both(service),
            "one-field" => !self.opens_by_one_field(service),
            "exempt-refused" => {
                let answers = [vec![(ASKS_PASSWORD, PASSWORD)], vec![]];
                !answers.iter().any(|answers| self.lets_in(service, "eve", answers))
            }
            "refusal-lost" | "line-passed-by" => {
                self.opens_after_refusal(service, &[Door::Account, Door::OpenSession])
            }
            "account-line-missing" => self.opens_after_refusal(service, &[Door::Account]),
            "session-line-missing" => self.opens_after_refusal(service, &[Door::OpenSession]),
            "code-before-password" => self.asks_strangers(service),
            "not-asked" => self.lets_in(service, "alice", &[(ASKS_PASSWORD, PASSWORD)]),
            // A person who has typed one code has to wait for the next.
            "asked-twice" => !self.opens_by_both(service),
            _ => return None,
        })
    }
}

/// Whom libpam lets in at once, since the client is root: there nothing can be shown.
fn is_for_callers(service: &str) -> bool {
    service.starts_with("su") && !service.starts_with("sudo")
}

#[test]
fn ways_in_and_lock_outs_of_the_gallery_are_what_libpam_does() {
    let mut machine = Machine::new();
    let (mut shown, mut wrong) = (0, Vec::new());
    // What is shown of each case can be shown: on the sound files the contrary holds.
    machine.lay(Path::new("/nothing"));
    assert!(machine.opens_by_both("sudo") && !machine.opens_by_less("sudo"));
    assert!(machine.lets_in("sudo", "eve", &[(ASKS_PASSWORD, PASSWORD)]));
    assert!(!machine.asks_strangers("sudo"));
    for service in ["sshd", "login"] {
        assert!(!machine.opens_after_refusal(service, &[Door::Account, Door::OpenSession]), "{service}");
    }
    let is_apart = |case: &Path| APART.iter().any(|(apart, _)| *apart == name(case));
    let cases = entries(&gallery("broken")).into_iter().filter(|case| !is_apart(case));
    for case in cases.filter(|case| machine.has_modules_of(case)).collect::<Vec<_>>() {
        machine.lay(&case);
        let expected = fs::read_to_string(case.join("expected")).expect("what is expected");
        for (id, service) in expected.lines().filter_map(|line| line.split_once(' ')) {
            let findings = machine.findings(service);
            let Some((_, severity)) = findings.iter().find(|(found, _)| found == id) else {
                wrong.push(format!("{}: no {id} of {service}: {findings:?}", name(&case)));
                continue;
            };
            if is_for_callers(service) {
                continue;
            }
            let is_grave = ["way-in", "lock-out"].contains(&severity.as_str());
            match machine.is_so(service, id) {
                Some(true) => shown += 1,
                Some(false) => wrong.push(format!("{}: {id} of {service} is not so", name(&case))),
                None if is_grave => wrong.push(format!("{}: nothing shows {id}", name(&case))),
                None => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(shown >= 40, "{shown}");
}
