//! `doctor` on random stacks, held against what libpam does with them.
//!
//! Modules that always say yes, no, or nothing stand in for the password and for ours, under their names: so each login is
//! tried with either password and either code, and every answer of the doctor has its counterpart.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use serde_json::Value;
use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::pam::{Event, PamResult, Script};

const SERVICES: usize = 150;
const UNIX: &str = "/etc/modules/pam_unix.so";
const OURS: &str = "/etc/modules/pam_wardkey.so";

/// Whether a login succeeds: by the password's module, and ours.
type Outcomes = BTreeMap<(&'static str, &'static str), Vec<bool>>;

#[test]
fn what_is_said_of_random_stacks_is_what_logins_meet() {
    let host = Host::with_config("[policy]\nunenrolled = \"ignore\"\n");
    host.must("mkdir /etc/modules; cp /usr/lib/*-linux-*/security/pam_permit.so /etc/modules/pam_unix.so");
    host.must("cp /etc/modules/pam_unix.so /etc/modules/pam_wardkey.so");
    let mut dice = Rng::with_seed(16);
    let names: Vec<_> = (0..SERVICES).map(|number| format!("random-{number}")).collect();
    for name in &names {
        let (part, in_part) = (format!("{name}-part"), dice.bool());
        host.write(&format!("/etc/pam.d/{name}"), stack(&mut dice, Some(&part), !in_part));
        host.write(&format!("/etc/pam.d/{part}"), stack(&mut dice, None, in_part));
    }
    let found = found(&host, &names);
    let outcomes = outcomes(&host, &names);
    let mut seen = BTreeMap::new();
    for (at, name) in names.iter().enumerate() {
        let opens = |unix, ours| outcomes[&(unix, ours)][at];
        let nothing = BTreeSet::new();
        let found = found.get(name).unwrap_or(&nothing);
        let says = |id: &str| found.contains(id);
        let text = || {
            format!(
                "{found:?}\n{}\n{}",
                host.read(&format!("/etc/pam.d/{name}")),
                host.read(&format!("/etc/pam.d/{name}-part"))
            )
        };
        let past = opens("permit", "deny") || opens("deny", "deny");
        let alone = opens("deny", "permit") && !opens("deny", "deny");
        let bare = opens("deny", "warn") && !opens("deny", "permit") && !past;
        let shut = !opens("permit", "permit") && !opens("deny", "permit");
        assert_eq!(says("way-past-code"), past || bare, "{}", text());
        assert!(!alone || says("code-alone"), "{}", text());
        assert!(!says("code-alone") || opens("deny", "permit"), "{}", text());
        assert!(!shut || says("nobody-gets-in"), "{}", text());
        assert!(!says("nobody-gets-in") || shut || past, "{}", text());
        let refused = says("exempt-refused");
        assert!(!refused || !opens("permit", "warn") || past, "{}", text());
        found.iter().for_each(|id| *seen.entry(id.clone()).or_insert(0) += 1);
    }
    for id in ["way-past-code", "code-alone", "nobody-gets-in", "exempt-refused", "code-before-password"] {
        assert!(seen.get(id).is_some_and(|times| *times > 10), "{id} is hardly found: {seen:?}");
    }
    assert!(
        names.iter().filter(|name| !found.contains_key(*name)).count() > 10,
        "hardly any is sound: {seen:?}"
    );
}

fn one<'a>(dice: &mut Rng, words: &[&'a str]) -> &'a str {
    words[dice.usize(0..words.len())]
}

/// A few lines: one of ours among a service's own, the password's in one of its two files, and each file once.
fn stack(dice: &mut Rng, part: Option<&str>, has_password: bool) -> String {
    let mut modules: Vec<String> = (0..dice.usize(0..3))
        .map(|_| {
            let others = [
                "pam_deny.so",
                "pam_permit.so",
                "pam_permit.so",
                "pam_debug.so auth=cred_err",
                "pam_debug.so auth=ignore",
            ];
            one(dice, &others).to_owned()
        })
        .collect();
    modules.extend(part.map(|_| OURS.to_owned()));
    modules.extend(has_password.then(|| UNIX.to_owned()));
    if part.is_some() && has_password && dice.bool() {
        return format!("auth requisite {UNIX}\nauth requisite {OURS}\nauth required pam_permit.so\n");
    }
    dice.shuffle(&mut modules);
    let mut lines: Vec<String> =
        modules.iter().map(|module| format!("auth {} {module}\n", control(dice))).collect();
    if let Some(part) = part.filter(|_| !has_password || dice.bool()) {
        let how = one(dice, &["include", "substack", "substack"]);
        lines.insert(dice.usize(0..=lines.len()), format!("auth {how} {part}\n"));
    }
    lines.concat()
}

/// Failures of every kind are treated alike, as the stand-ins know one only.
fn control(dice: &mut Rng) -> String {
    if dice.u8(0..3) > 0 {
        return one(dice, &["required", "requisite", "requisite", "sufficient", "optional"]).to_owned();
    }
    let actions = ["ok", "done", "ignore", "bad", "die", "reset", "1", "2"];
    let [success, ignore, default] = [0; 3].map(|_| one(dice, &actions));
    format!("[success={success} ignore={ignore} default={default}]")
}

/// The names of what is found, by service.
fn found(host: &Host, names: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let arguments: Vec<&str> =
        ["--json", "doctor"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let outcome = host.wardkey(&arguments, "");
    let answer: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {outcome:?}"));
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for finding in answer["findings"].as_array().expect("findings") {
        let text = |key: &str| finding[key].as_str().expect("text").to_owned();
        let service = text("what").split(':').next().expect("a service").to_owned();
        if text("id") != "account-line-missing" {
            found.entry(service).or_default().insert(text("id"));
        }
    }
    found
}

fn outcomes(host: &Host, names: &[String]) -> Outcomes {
    let scripts: Vec<_> = names.iter().map(|name| Script::new(name, "root")).collect();
    let mut outcomes = Outcomes::new();
    for unix in ["permit", "deny"] {
        for ours in ["permit", "deny", "warn"] {
            let copy = |from: &str, to: &str| {
                host.must(&format!("cp /usr/lib/*-linux-*/security/pam_{from}.so {to}"))
            };
            copy(unix, UNIX);
            copy(ours, OURS);
            let output = host.pam_command(&scripts).output().expect("pamclient");
            let events = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
            let opened = events.filter_map(|line| match serde_json::from_slice(line).expect("an event") {
                Event::Door { result, .. } => Some(result == PamResult::Success),
                _ => None,
            });
            let opened: Vec<bool> = opened.collect();
            assert_eq!(opened.len(), names.len(), "pamclient ended early: {:?}", output.status);
            outcomes.insert((unix, ours), opened);
        }
    }
    outcomes
}
