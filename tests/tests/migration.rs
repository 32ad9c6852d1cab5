//! People who come from other modules, with files that those modules' own tools and logins wrote.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::pam::Script;

/// Where each module keeps what it knows.
const GOOGLE: &str = "/home/alice/.google_authenticator";
const OATH: &str = "/etc/users.oath";

/// One login at another module.
fn logs_in(host: &Host, service: &str, prompt: &str, code: &str) {
    let login = host.pam(&Script::new(service, "alice").types(prompt, code));
    assert!(login.accepted(), "{service}: {login:#?}\n{}", host.syslog().text());
}

fn app(secret: &str) -> Authenticator {
    Authenticator { secret: secret.into(), algorithm: "SHA1".into(), digits: 6, period: 30 }
}

/// Imports, sees that the source is as it was byte for byte, and answers what was printed.
fn import(host: &Host, words: &[&str], file: &str) -> serde_json::Value {
    let bytes = |host: &Host| std::fs::read(host.path(file)).expect("the source");
    let before = bytes(host);
    let printed = host.json(words, "");
    assert!(bytes(host) == before, "{file} was written to");
    printed
}

/// A file of google-authenticator's own making, and its first line.
fn google_file(host: &Host, options: &str) -> String {
    host.must(&format!("google-authenticator -t -f -q {options} -s {GOOGLE}"));
    host.read(GOOGLE).lines().next().expect("a key").to_owned()
}

#[test]
fn a_google_authenticator_user_keeps_the_app_and_the_used_stays_used() {
    let host = Host::new();
    host.add_account("alice");
    let phone = app(&google_file(&host, "-d -r 3 -R 30 -w 3"));
    host.service("google", &format!("auth required pam_google_authenticator.so secret={GOOGLE} user=root\n"));
    let step = host.now() / 30;
    let used = phone.code(step);
    logs_in(&host, "google", "Verification code", &used);
    host.must(&format!("chown alice:alice {GOOGLE}"));

    let printed = import(&host, &["import", "google-authenticator", GOOGLE, "--user", "alice"], GOOGLE);
    assert_eq!(printed["imported"][0]["user"], "alice", "{printed:#}");
    assert_eq!(printed["imported"][0]["recovery_codes"].as_array().map(Vec::len), Some(5));
    let left = printed["left_out"].to_string();
    assert!(left.contains("limit of logins") && left.contains("scratch codes"), "{left}");
    assert!(!host.types("alice", &used).accepted(), "used there");
    let scratch_code = host.read(GOOGLE).lines().last().expect("a scratch code").to_owned();
    assert!(!host.types("alice", &scratch_code).accepted());
    assert!(host.types("alice", &phone.code(step + 1)).accepted(), "{}", host.syslog().text());
    assert!(
        host.types("alice", printed["imported"][0]["recovery_codes"][0].as_str().expect("a code")).accepted()
    );
}

/// A link in a person's home leads to somebody else's key, and in a file of one's own anybody's name can stand.
#[test]
fn nobody_is_enrolled_by_another_accounts_file() {
    let host = Host::new();
    for name in ["alice", "mallory"] {
        host.add_account(name);
    }
    let _key = google_file(&host, "-d -u -w 3");
    host.must(&format!(
        "mkdir -p /home/mallory && ln -s /home/alice /home/mallory/d && chown alice:alice {GOOGLE}"
    ));
    let through = "/home/mallory/d/.google_authenticator";
    let words = |user| ["import", "google-authenticator", through, "--user", user];
    let refused = host.wardkey(&words("mallory"), "").exits(1);
    assert!(refused.stderr.contains("belongs to alice, not to mallory or root"), "{refused:?}");
    assert_eq!(host.state("mallory"), "not-enrolled");
    host.wardkey(&words("alice"), "").exits(0);

    let key = "3132333435363738393031323334353637383930";
    host.add_account("bob");
    host.write(OATH, format!("HOTP/T30/6 bob - {key}\nHOTP/T30/6 mallory - {key}\n"));
    host.must(&format!("chown mallory {OATH}"));
    let printed = host.json(&["import", "oath", OATH], "");
    assert_eq!(printed["imported"][0]["user"], "mallory", "{printed:#}");
    let why = printed["left_out"][0]["why"].as_str().expect("why");
    assert!(why.contains("belongs to mallory, not to bob or root"), "{printed:#}");
    assert_eq!(host.state("bob"), "not-enrolled");
}

#[test]
fn a_skew_that_was_learned_there_is_held_as_far_as_ours_goes() {
    let host = Host::with_config("[totp]\nwindow = 0\n");
    host.add_account("alice");
    let phone = app(&google_file(&host, "-d -u -w 3"));
    for (skew, works) in [(3, true), (40, false)] {
        let file = host
            .read(GOOGLE)
            .lines()
            .filter(|line| !line.contains("TIME_SKEW"))
            .fold(String::new(), |file, line| file + line + "\n");
        host.write(GOOGLE, file + &format!("\" TIME_SKEW {skew}\n"));
        let printed = import(&host, &["import", "google-authenticator", GOOGLE, "--user", "alice"], GOOGLE);
        let said = printed["left_out"].to_string().contains("off by 40 steps");
        assert_eq!(said, !works, "{printed:#}");
        // The step may end between the two.
        let step = host.now() / 30 + skew;
        let opened = [step, step + 1].iter().any(|step| host.types("alice", &phone.code(*step)).accepted());
        assert_eq!(opened, works, "{skew}");
        host.wardkey(&["remove", "alice", "--reason", "the next round"], "").exits(0);
    }
}

#[test]
fn people_of_oath_log_in_with_the_same_app_and_what_was_used_stays_used() {
    let host = Host::new();
    for name in ["alice", "bob"] {
        host.add_account(name);
    }
    let key = "3132333435363738393031323334353637383930";
    let phone = app("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    host.write(OATH, format!("HOTP/T30/6 alice - {key}\nHOTP bob - {key}\n"));
    host.must(&format!("chmod 600 {OATH}"));
    host.service("oath", &format!("auth required pam_oath.so usersfile={OATH} window=5 digits=6\n"));
    let step = host.now() / 30;
    let used = phone.code(step);
    logs_in(&host, "oath", "One-time password", &used);
    assert!(host.read(OATH).contains(&used), "its module rewrote the file: {}", host.read(OATH));

    let printed = import(&host, &["import", "oath", OATH], OATH);
    assert_eq!(printed["imported"].as_array().map(Vec::len), Some(1), "{printed:#}");
    assert!(printed["left_out"][0]["why"].as_str().is_some_and(|why| why.contains("HOTP")), "{printed:#}");
    assert_eq!(host.state("bob"), "not-enrolled");
    assert!(!host.types("alice", &used).accepted(), "used there");
    assert!(host.types("alice", &phone.code(step + 1)).accepted(), "{}", host.syslog().text());
}

#[test]
fn counters_are_refused_with_a_clear_word() {
    let host = Host::new();
    host.add_account("alice");
    host.must(&format!("google-authenticator -c -f -q -u -w 3 -s {GOOGLE}"));
    let words = ["--json", "import", "google-authenticator", GOOGLE, "--user", "alice"];
    let refused = host.wardkey(&words, "").exits(1).json();
    assert!(refused["left_out"][0]["why"].as_str().is_some_and(|why| why.contains("HOTP")), "{refused:#}");
    assert_eq!(host.state("alice"), "not-enrolled");
}
