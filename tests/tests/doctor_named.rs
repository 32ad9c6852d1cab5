//! `doctor` on services that are named: nothing that concerns one of them is lost by naming it.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::example;

use crate::enabling;

/// The findings of a run, as `id where`.
fn found(host: &Host, services: &[&str]) -> Vec<String> {
    let answer = host.wardkey(&[&["--json", "doctor"], services].concat(), "").json();
    let findings = answer["findings"].as_array().expect("findings").iter();
    let word = |of: &serde_json::Value| of.as_str().expect("a word").to_owned();
    findings.map(|finding| format!("{} {}", word(&finding["id"]), word(&finding["where"]))).collect()
}

#[test]
fn a_service_that_is_on_and_asks_no_more_is_told_by_its_name_too() {
    let host = enabling::host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let stock = enabling::files(&host);
    host.wardkey(&["enable", "sudo", "--no-revert"], "").exits(0);
    assert_eq!(found(&host, &["sudo"]), [""; 0]);
    for take in ["the lines", "the file"] {
        match take {
            "the lines" => host.service("sudo", &stock["sudo"]),
            _ => drop(host.must("rm /etc/pam.d/sudo")),
        }
        // No other service asks either.
        for name in ["sudo", "SUDO"] {
            let said = host.wardkey(&["doctor", name], "").exits(1).stdout;
            let what = "[not-asked] /etc/pam.d/sudo: sudo no longer asks for a code: wardkey's lines in /etc/pam.d/sudo are gone";
            assert!(said.contains(what), "{take}: {said}");
            assert!(said.contains("wardkey disable sudo, then wardkey enable sudo"), "{take}: {said}");
        }
        assert!(found(&host, &[]).contains(&"not-asked /etc/pam.d/sudo".to_owned()), "{take}");
    }
    assert!(!found(&host, &["login"]).contains(&"not-asked /etc/pam.d/sudo".to_owned()));
    host.service("sudo", &stock["sudo"]);
    host.wardkey(&["disable", "sudo"], "").exits(0);
    host.wardkey(&["enable", "sudo", "--no-revert"], "").exits(0);
    assert_eq!(found(&host, &["sudo"]), [""; 0]);
}

/// A locker's own file has no line of ours: the remedy names the service that was switched on.
#[test]
fn a_locker_that_asked_by_lines_of_login_is_sent_to_login() {
    let host = enabling::host();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    host.service("vlock", "auth include login\naccount include login\n");
    let stock = enabling::files(&host);
    host.wardkey(&["enable", "login", "--no-revert"], "").exits(0);
    host.service("login", &stock["login"]);
    let said = host.wardkey(&["doctor", "vlock"], "").exits(1).stdout;
    assert!(said.contains("[not-asked] /etc/pam.d/vlock: vlock no longer asks"), "{said}");
    assert!(said.contains("wardkey disable login, then wardkey enable login"), "{said}");
}

#[test]
fn a_service_that_nobody_switched_on_is_told_where_none_asks() {
    let host = Host::new();
    host.must("rm /etc/pam.d/*");
    host.service("su", "auth required pam_unix.so\naccount required pam_unix.so\n");
    host.service("other", "auth required pam_deny.so\naccount required pam_deny.so\n");
    assert_eq!(found(&host, &["su"]), ["not-asked /etc/pam.d/su"]);
}

#[test]
fn what_asks_nothing_beside_a_named_service_is_told_with_it_alone() {
    let host = Host::new();
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    for name in ["login", "sudo", "sudo-i", "polkit-1", "gdm-password"] {
        example::install(&host, name);
    }
    host.service("cups", "auth requisite pam_wardkey.so\naccount required pam_wardkey.so\n");
    host.write("/etc/sudoers", "%ops ALL=(ALL) NOPASSWD: ALL\n");
    host.must("mkdir -p /etc/gdm3 /etc/polkit-1/rules.d && groupadd -f ops");
    host.write("/etc/gdm3/daemon.conf", "[daemon]\nAutomaticLoginEnable = true\nAutomaticLogin = ward\n");
    host.write(
        "/etc/polkit-1/rules.d/10-ours.rules",
        "polkit.addRule(function(action, subject) { return polkit.Result.YES; });\n",
    );
    let beside = |name: &str| {
        let begins = ["sudo-", "autologin", "polkit-", "nobody-to-ask"];
        let all = found(&host, &[name]).into_iter();
        all.filter(|line| begins.iter().any(|begin| line.starts_with(begin))).collect::<Vec<_>>()
    };
    for (name, expected) in [
        ("login", None),
        ("sudo", Some("sudo-asks-nothing /etc/sudoers:1")),
        ("sudo-i", Some("sudo-asks-nothing /etc/sudoers:1")),
        ("polkit-1", Some("polkit-asks-nothing /etc/polkit-1/rules.d/10-ours.rules:1")),
        ("gdm-password", Some("autologin /etc/gdm3/daemon.conf")),
        ("cups", Some("nobody-to-ask /etc/pam.d/cups")),
    ] {
        let expected: Vec<&str> = expected.into_iter().collect();
        assert_eq!(beside(name), expected, "{name}");
    }
}
