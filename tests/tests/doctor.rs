//! `doctor` on real files, held against what a login there does.

use serde_json::Value;
use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::Script;

const EXAMPLES: [&str; 7] = ["login", "sshd", "su", "sudo", "sudo-i", "gdm-password", "xscreensaver"];

/// A host with Debian's files and the examples.
fn host() -> Host {
    let host = Host::new();
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    EXAMPLES.iter().for_each(|name| example::install(&host, name));
    host
}

/// The exit status, and each finding's name.
fn findings(host: &Host, service: &str) -> (Option<i32>, Vec<String>) {
    let outcome = host.wardkey(&["--json", "doctor", service], "");
    let answer: Value =
        serde_json::from_str(&outcome.stdout).unwrap_or_else(|why| panic!("{why}: {outcome:?}"));
    let ids = answer["findings"].as_array().expect("findings").iter();
    let ids = ids.map(|finding| finding["id"].as_str().expect("an id").to_owned());
    (outcome.code(), ids.filter(|id| !id.starts_with("sshd-")).collect())
}

#[test]
fn the_examples_are_found_sound() {
    let host = host();
    for service in EXAMPLES {
        let (status, found) = findings(&host, service);
        assert_eq!(found, [""; 0], "{service}");
        // What the sshd of the machine under test does is another matter.
        assert!(status == Some(0) || service == "sshd", "{service}: {status:?}");
    }
}

/// What is found to be open lets a wrong code in, and what is found to be shut refuses a right one.
#[test]
fn what_is_found_is_what_a_login_meets() {
    let host = host();
    host.configure("[recovery]\ncodes = 9\n");
    let alice = host.person("alice");
    let mut codes = alice.recovery_codes.iter();
    let password = "auth requisite pam_permit.so\n";
    for (auth, id, status, wrong_opens, right_opens) in [
        ("auth optional pam_wardkey.so\n", "way-past-code", 3, true, true),
        ("auth [success=ok default=ignore] pam_wardkey.so\n", "way-past-code", 3, true, true),
        ("auth requisite pam_wardkey.so\nauth requisite pam_deny.so\n", "nobody-gets-in", 3, false, false),
        ("auth requisite pam_wardkey.so nullok\n", "unknown-argument", 3, false, false),
        ("auth requird pam_wardkey.so\n", "line-misread", 3, false, false),
        ("auth requisite pam_wardkey.so\n", "code-before-password", 3, false, true),
        (
            "auth required pam_wardkey.so\nauth [success=reset default=ignore] pam_localuser.so\nauth required pam_permit.so\n",
            "way-past-code",
            3,
            true,
            true,
        ),
    ] {
        host.service("login", &format!("{password}{auth}account required pam_wardkey.so\n"));
        let (exit, found) = findings(&host, "login");
        assert!(found.iter().any(|found| found == id), "{auth}: {found:?}");
        assert_eq!(exit, Some(status), "{auth}");
        let script = || Script::new("login", "alice");
        if id == "unknown-argument" {
            assert!(!host.pam(&script()).accepted(), "{auth}");
            continue;
        }
        let opens = |code: &str| host.pam(&script().types(CODE, code)).accepted();
        let right = codes.next().expect("a code");
        assert_eq!((opens("000000"), opens(right)), (wrong_opens, right_opens), "{auth}");
        host.wardkey(&["unlock", "alice"], "").exits(0);
    }
}

/// Where no prompt comes at all: what is found to be open is open, and what is found to be shut is shut.
#[test]
fn what_is_found_without_a_prompt_is_what_a_login_meets() {
    let host = host();
    host.configure("[policy]\nunenrolled = \"ignore\"\n");
    host.add_account("bob");
    host.person("alice");
    host.write("/etc/wardkey/pam_wardkey.so", "<html>404</html>");
    let ours = "auth requisite pam_wardkey.so";
    for (person, auth, id, is_open) in [
        ("alice", format!("auth sufficient pam_echo.so Be careful\n{ours}\n"), "way-past-code", true),
        (
            "alice",
            format!("auth requisite pam_permit.so\nauth sufficient pam_faillock.so authsucc\n{ours}\n"),
            "way-past-code",
            true,
        ),
        ("alice", format!("auth sufficient pam_succeed_if.so uid > 0\n{ours}\n"), "way-past-code", true),
        (
            "alice",
            format!(
                "auth required pam_permit.so\nauth [default=1] pam_debug.so\n{ours}\nauth optional pam_permit.so\n"
            ),
            "way-past-code",
            true,
        ),
        (
            "bob",
            "auth [success=1 ignore=2 default=die] pam_wardkey.so\nauth requisite pam_deny.so\nauth requisite pam_unix.so\nauth required pam_permit.so\n".to_owned(),
            "way-past-code",
            true,
        ),
        (
            "bob",
            format!("auth requisite pam_permit.so\n{ours} config=/etc/wardkey/missing.toml\n"),
            "configuration-missing",
            false,
        ),
        (
            "bob",
            format!("auth requisite pam_permit.so\n{ours} try_first_pass use_first_pass\n"),
            "unknown-argument",
            false,
        ),
        (
            "bob",
            "auth requisite pam_permit.so\nauth requisite /etc/wardkey/pam_wardkey.so\nauth required pam_permit.so\n".to_owned(),
            "module-missing",
            false,
        ),
        (
            "bob",
            format!("auth include nothing\n{ours}\nauth required pam_permit.so\n"),
            "nobody-gets-in",
            false,
        ),
        (
            "bob",
            format!("auth requisite pam_debug.so auth=cred_err\n{ours}\nauth required pam_permit.so\n"),
            "nobody-gets-in",
            false,
        ),
    ] {
        host.service("login", &format!("{auth}account required pam_wardkey.so\n"));
        let (exit, found) = findings(&host, "login");
        assert!(found.iter().any(|found| found == id), "{auth}: {found:?}");
        assert_eq!(exit, Some(3), "{auth}");
        assert_eq!(host.pam(&Script::new("login", person)).accepted(), is_open, "{auth}");
    }
}

/// `sudo -i` asks for the service `sudo-i`, and Debian's `other` lets in by the password alone.
#[test]
fn a_file_that_is_missing_is_missed_where_other_opens() {
    let host = host();
    let alice = host.person("alice");
    host.must("rm /etc/pam.d/sudo-i");
    assert_eq!(findings(&host, "sudo").1, [""; 0], "`other` denies here");
    host.service("other", "@include common-auth\n@include common-account\n");
    for arguments in [["doctor"].as_slice(), &["doctor", "sudo"]] {
        let outcome = host.wardkey(arguments, "");
        assert!(outcome.stdout.contains("[not-asked] /etc/pam.d/sudo-i"), "{outcome:?}");
    }
    assert!(host.pam(&Script::new("sudo-i", &alice.name).types("Password", PASSWORD)).accepted());
}

#[test]
fn a_file_that_is_none_is_named_and_never_sound() {
    let host = host();
    for (what, make) in [
        ("a directory", "rm /etc/pam.d/sudo && mkdir /etc/pam.d/sudo"),
        ("a link to nothing", "ln -sf /nothing /etc/pam.d/sudo"),
        ("a link to itself", "ln -sf sudo /etc/pam.d/sudo"),
        ("a link to a directory", "ln -sf /etc /etc/pam.d/sudo"),
        ("a device without an end", "ln -sf /dev/zero /etc/pam.d/sudo"),
        (
            "a socket",
            "rm /etc/pam.d/sudo && python3 -c 'import socket; socket.socket(1).bind(\"/etc/pam.d/sudo\")'",
        ),
        ("an empty file", ": > /etc/pam.d/sudo"),
        ("a file of comments", "echo '# nothing' > /etc/pam.d/sudo"),
        ("bytes that are no text", "printf '\\377\\376auth required pam_permit.so\\n' > /etc/pam.d/sudo"),
        (
            "an include of a directory",
            "mkdir -p /etc/pam.d/inner && sed -i '1i @include inner' /etc/pam.d/sudo",
        ),
        ("an include that is missing", "sed -i '1i @include no-such-file' /etc/pam.d/sudo"),
        ("an include without a name", "sed -i '1i @include' /etc/pam.d/sudo"),
        ("an unknown kind", "sed -i '1i autth required pam_permit.so' /etc/pam.d/sudo"),
        ("a line of one word", "sed -i '1i auth' /etc/pam.d/sudo"),
        ("a FIFO", "rm /etc/pam.d/sudo && mkfifo /etc/pam.d/sudo"),
        ("a large file", "yes '# x' | head -c 1100000 > /etc/pam.d/sudo"),
        ("too many lines", "yes 'auth optional pam_permit.so' | head -2000 > /etc/pam.d/sudo"),
        ("line ends of DOS", "sed -i 's/$/\\r/' /etc/pam.d/sudo"),
        ("a circle", "echo '@include sudo' >> /etc/pam.d/sudo"),
        ("a circle of includes", "sed -i '1i auth include sudo' /etc/pam.d/sudo"),
        ("a jump too far", "sed -i 's,^auth  *requisite,auth [success=99 default=die],' /etc/pam.d/sudo"),
        ("no end", "printf 'auth required pam_permit.so \\\\' >> /etc/pam.d/sudo"),
        ("an unknown control", "sed -i '1i auth needed pam_permit.so' /etc/pam.d/sudo"),
        ("a NUL", "printf 'auth required\\0pam_permit.so\\n' >> /etc/pam.d/sudo"),
    ] {
        host.must(make);
        let outcome = host.wardkey(&["doctor", "sudo"], "");
        assert!(matches!(outcome.code(), Some(1 | 3)), "{what}: {outcome:?}");
        assert!(outcome.stdout.contains("sudo"), "{what}: {outcome:?}");
        assert!(!outcome.stderr.contains("panicked"), "{what}: {outcome:?}");
        host.must("rm -rf /etc/pam.d/sudo /etc/pam.d/inner");
        example::install(&host, "sudo");
    }
}

#[test]
fn a_link_to_a_sound_file_is_sound_as_libpam_follows_it() {
    let host = host();
    host.must("mv /etc/pam.d/sudo /etc/sudo.pam && ln -s /etc/sudo.pam /etc/pam.d/sudo");
    host.wardkey(&["doctor", "sudo"], "").exits(0);
}

#[test]
fn a_line_start_behind_the_one_that_asks_is_named_as_config_check_does() {
    let host = host();
    host.must("sed -i '/^auth .*wardkey/p; s,^\\(auth .*\\)requisite\\(.*wardkey.so\\),\\1optional\\2 start,' /etc/pam.d/sudo");
    let (status, found) = findings(&host, "sudo");
    assert_eq!((status, found), (Some(1), vec!["start-misplaced".to_owned()]));
    let outcome = host.wardkey(&["config", "check"], "").exits(3);
    assert!(outcome.stderr.contains("`start` is not in the first `auth` line"), "{outcome:?}");
}

/// One field for two questions is said once, and not again in the words of `config check`.
#[test]
fn a_program_with_one_field_is_said_once() {
    let host = host();
    host.service("i3lock", "@include common-auth\nauth requisite pam_wardkey.so\n");
    // Debian's file includes that of login: one more.
    host.must("rm -f /etc/pam.d/swaylock");
    let outcome = host.wardkey(&["doctor"], "").exits(3);
    assert_eq!(outcome.stdout.matches("one field").count(), 1, "{outcome:?}");
    assert!(host.wardkey(&["config", "check"], "").stderr.contains("one field"));
}

#[test]
fn only_root_looks_and_a_service_that_is_not_there_is_named() {
    let host = host();
    host.add_account("bob");
    host.wardkey_as("bob", &["doctor"], "").exits(1);
    let outcome = host.wardkey(&["doctor", "sudoo"], "").exits(1);
    assert!(outcome.stderr.contains("sudoo") && outcome.stderr.contains("Did you mean sudo"), "{outcome:?}");
}

#[test]
fn what_is_found_is_said_in_french_too() {
    let host = host();
    host.configure("language = \"fr\"\n");
    host.service("sudo", "@include common-auth\nauth optional pam_wardkey.so\n");
    let outcome = host.wardkey(&["doctor", "sudo"], "").exits(3);
    for words in ["Accès ouvert [way-past-code]", "le mot de passe seul ouvre sans code", "Remède : "] {
        assert!(outcome.stdout.contains(words), "{words}: {outcome:?}");
    }
}
