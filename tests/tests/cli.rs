//! The command as scripts and administrators meet it: exit statuses, JSON, errors with a remedy.

use wardkey_tests::machine::host::{CONFIG, Host};
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::example;
use wardkey_tests::proof::outcome::Outcome;

/// An error as the contract has it, with this status; the answer is the hint.
fn refusal(outcome: Outcome, status: i32) -> String {
    let outcome = outcome.exits(status);
    let error = outcome.json()["error"].clone();
    for key in ["kind", "message"] {
        assert!(error[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {outcome:?}");
    }
    assert!(error.as_object().is_some_and(|object| object.contains_key("hint")), "{outcome:?}");
    error["hint"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn exit_statuses_tell_refused_from_misused_from_broken() {
    let host = Host::new();
    host.person("alice");
    let json = |arguments: &[&str], input: &str| host.wardkey(&[&["--json"], arguments].concat(), input);
    json(&["status", "alice"], "").exits(0);
    refusal(json(&["check", "nobody-here"], "123456\n"), 1);
    refusal(json(&["confirm", "alice"], "123456\n"), 1);
    refusal(json(&["reset", "alice"], ""), 2);
    refusal(json(&["frobnicate"], ""), 2);
    refusal(json(&["enroll", "alice", "--digits", "7"], ""), 2);
    host.must("chmod 666 /var/lib/wardkey/users/alice/ledger");
    refusal(json(&["status", "alice"], ""), 3);
}

#[test]
fn options_stand_before_or_after_the_command() {
    let host = Host::new();
    host.person("alice");
    let before = host.wardkey(&["--json", "--config", CONFIG, "status", "alice"], "").exits(0);
    let after = host.wardkey(&["status", "alice", "--config", CONFIG, "--json"], "").exits(0);
    assert_eq!(before.json(), after.json());
}

#[test]
fn somebody_enrolled_is_sent_to_replace() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let hint = refusal(host.wardkey(&["--json", "enroll", "alice"], ""), 1);
    assert!(hint.contains("replace"), "{hint}");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "the old one is untouched");
}

// Row: S2-2
#[test]
fn a_pending_authenticator_can_be_started_over_and_ends_in_a_day() {
    let host = Host::new();
    host.add_account("alice");
    let first = Authenticator::from_enrolment(&host.json(&["enroll", "alice"], ""));
    assert_eq!(host.state("alice"), "pending");
    let second = Authenticator::from_enrolment(&host.json(&["enroll", "alice"], ""));
    assert_ne!(first.secret, second.secret);
    let step = |host: &Host| host.now() / 30;
    let with_first = format!("{}\n", first.code(step(&host)));
    refusal(host.wardkey(&["--json", "confirm", "alice"], &with_first), 1);
    host.advance(86_400 + 60);
    assert_eq!(host.state("alice"), "not-enrolled");
    let late = format!("{}\n", second.code(step(&host)));
    refusal(host.wardkey(&["--json", "confirm", "alice"], &late), 1);
    host.enrol("alice");
}

// Row: S1-12
#[test]
fn a_secret_may_be_brought_along() {
    let host = Host::new();
    host.add_account("alice");
    let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    let printed = host.json(&["enroll", "alice", "--secret-stdin"], &format!("{secret}\n"));
    assert_eq!(printed["secret"], secret);
    host.confirm("alice", Authenticator::from_enrolment(&printed));
    host.add_account("bob");
    refusal(host.wardkey(&["--json", "enroll", "bob", "--secret-stdin"], "not base32!\n"), 2);
    assert_eq!(host.state("bob"), "not-enrolled");
}

#[test]
fn init_makes_what_is_missing_and_replaces_nothing() {
    let host = Host::bare();
    host.configure("");
    let look = || {
        host.must(
            "stat -c '%n %U %a' /var/lib/wardkey /etc/wardkey/seal.key; sha256sum /etc/wardkey/seal.key",
        )
    };
    let first = look();
    assert!(first.contains("/var/lib/wardkey root 700\n/etc/wardkey/seal.key root 600\n"), "{first}");
    let mut alice = host.person("alice");
    host.wardkey(&["init"], "").exits(0);
    assert_eq!(look(), first);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
}

// Row: S1-3
#[test]
fn init_and_config_check_warn_while_nobody_enrolled_can_become_root() {
    let host = Host::new();
    for command in [&["init"][..], &["config", "check"]] {
        let outcome = host.wardkey(command, "").exits(0);
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(said.contains("nobody who can become root is enrolled"), "{command:?}: {said}");
    }
    host.enrol("root");
    for command in [&["init"][..], &["config", "check"]] {
        let outcome = host.wardkey(command, "").exits(0);
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!said.contains("nobody who can become root is enrolled"), "{command:?}: {said}");
    }
}

/// Their programs answer every prompt with what was typed into their only field: two prompts let nobody in.
#[test]
fn config_check_names_a_program_with_one_field_that_is_asked_twice() {
    let host = Host::new();
    let said = || {
        let outcome = host.wardkey(&["config", "check"], "").exits(0);
        outcome.stdout + &outcome.stderr
    };
    let named = |name: &str| said().contains(&format!("/etc/pam.d/{name}: its program has one field"));
    for name in ["i3lock", "swaylock", "kde", "sddm", "xrdp-sesman"] {
        host.must(&format!("rm -f /etc/pam.d/{name}"));
        assert!(!named(name), "{name}: no file");
        host.service(name, "auth required pam_unix.so\nauth required pam_wardkey.so\n");
        assert!(named(name), "{name}: {}", said());
        host.configure(&format!("[service.{name}]\nentry = \"combined\"\n"));
        assert!(!named(name), "{name}: by the configuration");
        host.configure("");
        example::install(&host, name);
        assert!(!named(name), "{name}: the example");
    }
    for name in ["vsftpd", "proftpd", "lxdm", "ly", "gtklock", "waylock", "hyprlock", "xlock"] {
        host.service(name, "auth required pam_unix.so\nauth required pam_wardkey.so\n");
        assert!(named(name), "{name}: {}", said());
        host.must(&format!("rm /etc/pam.d/{name}"));
    }
    host.service("common-auth", "auth required pam_unix.so\nauth required pam_wardkey.so\n");
    host.service("kde", "@include common-auth\n");
    assert!(named("kde"), "{}", said());
}

#[test]
fn config_check_names_file_line_and_key() {
    let host = Host::new();
    let cases = [
        ("suport = \"x\"\n", "1", "suport"),
        ("support = \"x\"\n[totp]\ndigits = 7\n", "3", "digits"),
        ("[throttle]\nfirst_wait = 30\n", "2", "first_wait"),
        ("[policy]\nunenrolled = \"maybe\"\n", "2", "unenrolled"),
        ("[throttle]\ndisable_after = 101\n", "2", "disable_after"),
        ("[recovery]\ncodes = 4\n", "2", "codes"),
        ("[[exempt]]\nuser = \"x\"\nreason = \"y\"\nuntil = 2099-01-01\n", "1", "approved_by"),
    ];
    for (text, line, key) in cases {
        host.write(CONFIG, text);
        let outcome = host.wardkey(&["config", "check"], "").exits(3);
        let said = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!([CONFIG, line, key].iter().all(|part| said.contains(part)), "{text}: {said}");
    }
    host.write(CONFIG, "support = \"x\"\n");
    let outcome = host.wardkey(&["config", "check"], "").exits(0);
    assert!(outcome.stdout.contains("support") && outcome.stdout.contains("window"), "{outcome:?}");
}

// Row: S1-8
#[test]
fn status_and_list_have_the_keys_scripts_rely_on() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.types("alice", &alice.fresh_code(&host));
    let status = host.status("alice");
    let keys: Vec<_> = status.as_object().expect("an object").keys().map(String::as_str).collect();
    for key in
        ["user", "state", "wait_until", "authenticators", "email", "recovery_codes", "last_success", "exempt"]
    {
        assert!(keys.contains(&key), "{key}: {status:#}");
    }
    assert_eq!((&status["user"], &status["state"]), (&"alice".into(), &"enrolled".into()));
    assert_eq!(status["recovery_codes"], serde_json::json!({ "left": 5, "issued": 5 }));
    assert!(status["authenticators"][0]["last_used"].is_string(), "{status:#}");
    assert!(status["last_success"].is_string(), "{status:#}");
    for key in ["authenticator", "combined", "single_use", "mailed"] {
        assert!(status["wait_until"].as_object().is_some_and(|waits| waits.contains_key(key)), "{key}");
    }
    host.person("bob");
    host.wardkey(&["reset", "bob", "--verified-by", "passport"], "").exits(0);
    let names = |arguments: &[&str]| -> Vec<_> {
        let listed = host.json(arguments, "");
        listed.as_array().expect("an array").iter().map(|one| one["user"].clone()).collect()
    };
    assert_eq!(names(&["list"]), ["alice", "bob"]);
    assert_eq!(names(&["list", "--state", "must-enroll"]), ["bob"]);
}

// Row: S2-12
#[test]
fn new_recovery_codes_void_the_old_set() {
    let host = Host::new();
    let alice = host.person("alice");
    let printed = host.json(&["recovery-codes", "alice"], "");
    let codes = wardkey_tests::programs::wardkey::texts(&printed["recovery_codes"]);
    assert_eq!(codes.len(), 5);
    for old in &alice.recovery_codes[..2] {
        assert!(!host.types("alice", old).accepted());
    }
    assert!(host.types("alice", &codes[0]).accepted());
    assert_eq!(host.status("alice")["recovery_codes"]["left"], 4);
}

// Row: S1-21
// Row: S1-27
// Row: S2-10
#[test]
fn neither_key_nor_codes_are_ever_shown_again() {
    let host = Host::new();
    let alice = host.person("alice");
    let commands: [&[&str]; 5] =
        [&["status", "alice"], &["--json", "status", "alice"], &["list"], &["config", "check"], &["init"]];
    for command in commands {
        let shown = host.wardkey(command, "").exits(0);
        let shown = shown.stdout + &shown.stderr;
        for secret in alice.recovery_codes.iter().chain([&alice.phone.secret]) {
            assert!(!shown.contains(secret), "{command:?}");
        }
    }
}

#[test]
fn check_spends_a_code_as_a_login_would() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host) + "\n";
    assert_eq!(host.json(&["check", "alice"], &code)["result"], "accepted");
    let again = host.wardkey(&["--json", "check", "alice"], &code).exits(1);
    assert_eq!(again.json()["result"], "refused", "{again:?}");
    assert!(!host.types("alice", code.trim()).accepted());
}

// Row: S1-25
#[test]
fn only_root_may_use_the_command_on_others() {
    let host = Host::new();
    host.person("alice");
    host.add_account("bob");
    let command = host.built("wardkey");
    for line in [
        "status alice",
        "list",
        "reset alice --verified-by me",
        "remove alice --reason mine",
        "pass bob --verified-by me",
    ] {
        let outcome = host.shell(&format!(
            "exec setpriv --reuid=bob --regid=bob --init-groups {} --json {line}",
            command.display()
        ));
        refusal(outcome, 1);
    }
    assert_eq!(host.state("alice"), "enrolled");
}

// Row: S1-25
#[test]
fn a_second_factor_ends_only_with_its_removal_for_a_reason() {
    let host = Host::new();
    let mut alice = host.person("alice");
    for words in
        [&["remove", "alice"][..], &["remove", "alice", "--reason", " "], &["enroll", "alice", "--off"]]
    {
        refusal(host.wardkey(&[&["--json"], words].concat(), ""), 2);
    }
    refusal(host.wardkey(&["--json", "authenticator", "remove", "alice", "app"], ""), 1);
    // It switches services off, and alice is none.
    refusal(host.wardkey(&["--json", "disable", "alice"], ""), 1);
    assert_eq!(host.state("alice"), "enrolled");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
    host.json(&["remove", "alice", "--reason", "left the clinic"], "");
    assert_eq!(host.state("alice"), "not-enrolled");
}

#[test]
fn two_commands_at_once_leave_one_whole_record() {
    let host = Host::new();
    host.person("alice");
    let command = host.built("wardkey");
    host.must(&format!(
        "for n in 1 2 3 4 5 6; do {0} --json recovery-codes alice > /var/set$n & done; wait",
        command.display()
    ));
    assert_eq!(host.status("alice")["recovery_codes"]["left"], 5);
    assert_eq!(host.files_of("alice"), ["enrolment", "ledger"]);
}

#[test]
fn completions_are_there_for_every_usual_shell() {
    let host = Host::bare();
    for shell in ["bash", "zsh", "fish"] {
        let script = host.wardkey(&["completions", shell], "").exits(0).stdout;
        assert!(script.contains("recovery-codes"), "{shell}");
    }
}
