//! One fault a stack, and none in a sound one.

use super::*;
use pam_stack::{Reader, Root};

const COMMON: [(&str, &str); 3] = [
    (
        "common-auth",
        "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\nauth required pam_permit.so\n",
    ),
    (
        "common-account",
        "account [success=1 new_authtok_reqd=done default=ignore] pam_unix.so\naccount requisite pam_deny.so\n\
         account required pam_permit.so\n",
    ),
    ("other", "auth required pam_deny.so\naccount required pam_deny.so\n"),
];

fn service(name: &str, text: &str) -> Service {
    let directory = tempfile::tempdir().unwrap();
    let place = directory.path().join("etc/pam.d");
    std::fs::create_dir_all(&place).unwrap();
    let files = COMMON.into_iter().chain([(name, text)]);
    files.for_each(|(name, text)| std::fs::write(place.join(name), text).unwrap());
    Service::load(&Root::new(directory.path()), name, Reader::Growing)
}

fn about() -> About<'static> {
    About {
        has_module: &|path| !path.contains("missing"),
        can_hold: &|line| !line.has("nopasswdlogin"),
        is_combined: &|service| service == "combined-by-file",
        exempts: true,
        key_came_first: false,
        config: "/etc/wardkey/wardkey.toml",
        has_file: &|path| !path.contains("missing"),
    }
}

/// The faults by their names.
fn ids(name: &str, text: &str) -> Vec<&'static str> {
    let faults = faults(&service(name, text), &about());
    faults.iter().map(|fault| super::super::about(name, fault).0).collect()
}

const SOUND: &str = "@include common-auth\nauth requisite pam_wardkey.so\naccount required pam_wardkey.so\n\
                     @include common-account\n";

#[test]
fn a_sound_stack_has_no_fault() {
    for (name, text) in [
        ("sshd", SOUND.to_owned()),
        ("sshd", SOUND.replace("requisite", "required")),
        ("su", format!("auth sufficient pam_rootok.so\n{SOUND}")),
        (
            "sddm",
            format!("auth sufficient pam_succeed_if.so user ingroup nopasswdlogin\n{SOUND}")
                .replace("so\naccount", "so forward_pass\naccount")
                .replace("@include common-auth\n", "")
                .replace("forward_pass\n", "forward_pass\nauth required pam_unix.so try_first_pass\n"),
        ),
        (
            "i3lock",
            "auth requisite pam_wardkey.so forward_pass\nauth required pam_unix.so try_first_pass\n"
                .to_owned(),
        ),
    ] {
        assert_eq!(ids(name, &text), [""; 0], "{name}:\n{text}");
    }
}

#[test]
fn every_fault_is_named() {
    let mut wrong = Vec::new();
    let auth = |lines: &str| format!("{lines}account required pam_wardkey.so\n@include common-account\n");
    for (name, text, expected) in [
        ("sshd", auth("@include common-auth\nauth optional pam_wardkey.so\n"), &["way-past-code"] as &[_]),
        ("sshd", auth("auth sufficient pam_unix.so\nauth requisite pam_wardkey.so\n"), &["way-past-code", "code-alone", "code-before-password"]),
        ("su", auth("auth sufficient pam_fprintd.so\n@include common-auth\nauth requisite pam_wardkey.so\n"), &["way-past-code"]),
        ("sudo", auth("auth sufficient pam_rootok.so\n@include common-auth\nauth requisite pam_wardkey.so\n"), &["way-past-code"]),
        ("login", auth("auth requisite pam_wardkey.so\n"), &["code-alone", "exempt-refused", "code-before-password"]),
        ("login", auth("@include common-auth\nauth requisite pam_wardkey.so\nauth requisite pam_deny.so\n"), &["nobody-gets-in"]),
        // As pam-auth-update writes it where a directory's account lines are Additional, and pam_unix's profile is off.
        ("login", SOUND.replace("@include common-account", "account requisite pam_deny.so\naccount required pam_permit.so\naccount required pam_sss.so"), &["account-refuses-all"]),
        ("login", auth("auth requisite pam_wardkey.so\n@include common-auth\n"), &["code-before-password"]),
        ("gdm-password", auth("@include common-auth\nauth required pam_wardkey.so\nauth optional pam_gnome_keyring.so\n"), &["acts-after-refusal"]),
        ("sshd", "@include common-auth\nauth requisite pam_wardkey.so\n@include common-account\n".to_owned(), &["account-line-missing"]),
        ("sshd", "@include common-auth\nauth requisite pam_wardkey.so\naccount sufficient pam_other.so\naccount required pam_wardkey.so\n".to_owned(), &["line-passed-by"]),
        ("sshd", SOUND.replace("account required pam_w", "account optional pam_w"), &["refusal-lost"]),
        ("sshd", format!("{SOUND}session required pam_unix.so\n"), &["session-line-missing"]),
        ("sshd", format!("{SOUND}password required pam_unix.so\n"), &["password-line-missing"]),
        ("sudo", auth("@include common-auth\nauth requisite pam_wardkey.so\nauth requisite pam_wardkey.so\n"), &["asked-twice"]),
        ("sudo", auth("@include common-auth\nauth requisite pam_wardkey.so nullok\n"), &["unknown-argument"]),
        ("sudo", auth("@include common-auth\nauth requisite pam_wardkey.so debug debug\n"), &["unknown-argument"]),
        ("sudo", auth("@include common-auth\nauth requisite /missing/pam_wardkey.so\n"), &["module-missing"]),
        ("i3lock", "@include common-auth\nauth requisite pam_wardkey.so\n".to_owned(), &["one-field"]),
        ("xsecurelock", "@include common-auth\nauth optional pam_wardkey.so\n".to_owned(), &["way-past-code"]),
        ("sudo", auth("@include common-auth\nauth requisite pam_wardkey.so try_first_pass use_first_pass\n"), &["unknown-argument"]),
        ("sudo", auth("@include common-auth\nauth requisite pam_wardkey.so config=/etc/missing.toml\n"), &["configuration-missing"]),
        ("sudo", auth("@include common-auth\nauth requisite pam_wardkey.so config=/etc/other.toml\n"), &["other-configuration"]),
        ("sudo", auth("auth sufficient pam_echo.so Hello\n@include common-auth\nauth requisite pam_wardkey.so\n"), &["way-past-code"]),
        ("su", auth("auth sufficient pam_wheel.so trust\n@include common-auth\nauth requisite pam_wardkey.so\n"), &["way-past-code"]),
        ("sudo", auth("auth sufficient pam_ssh_agent_auth.so file=/etc/keys\n@include common-auth\nauth requisite pam_wardkey.so\n"), &["way-past-code"]),
        ("sudo", auth("@include common-auth\nauth required pam_wardkey.so\nauth [success=reset default=ignore] pam_permit.so\nauth required pam_permit.so\n"), &["way-past-code"]),
        ("sudo", auth("auth [success=1 ignore=2 default=die] pam_wardkey.so\nauth requisite pam_deny.so\nauth requisite pam_unix.so\nauth required pam_permit.so\n"), &["way-past-code", "code-before-password"]),
        ("login", auth("auth requisite pam_acme.so\nauth requisite pam_wardkey.so\nauth required pam_permit.so\n"), &["unknown-module"]),
        ("sudo", format!("{SOUND}session [success=ok session_err=ignore default=bad] pam_wardkey.so\nsession required pam_unix.so\n"), &["refusal-lost"]),
        ("sudo", format!("{SOUND}password [success=done ignore=ignore authtok_err=ignore default=die] pam_wardkey.so\npassword required pam_unix.so\n"), &["refusal-lost"]),
    ] {
        let found = ids(name, &text);
        if found != expected {
            wrong.push(format!("{name}:\n{text}found {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What sysadmins have in place of Debian's own `common-auth`.
const HEALTHY: [&str; 14] = [
    "auth [success=2 default=ignore] pam_unix.so nullok\nauth [success=1 default=ignore] pam_sss.so use_first_pass\nDENY",
    "auth [success=3 default=ignore] pam_krb5.so minimum_uid=1000\nauth [success=2 default=ignore] pam_unix.so try_first_pass\n\
     auth [success=1 default=ignore] pam_ldap.so minimum_uid=1000 use_first_pass\nDENY",
    "auth [success=2 default=ignore] pam_unix.so\nauth [success=1 default=ignore] pam_winbind.so krb5_auth cached_login try_first_pass\nDENY",
    "auth [success=2 default=ignore] pam_fprintd.so max-tries=1 timeout=10\nauth [success=1 default=ignore] pam_unix.so nullok\nDENY",
    "auth [success=2 default=ignore] pam_authd_exec.so /usr/libexec/authd-pam\nauth [success=1 default=ignore] pam_unix.so nullok\nDENY",
    "-auth [success=2 default=ignore] pam_systemd_home.so\nauth [success=1 default=ignore] pam_unix.so try_first_pass\nDENY",
    "auth requisite pam_faillock.so preauth\nauth [success=1 default=ignore] pam_unix.so nullok\nauth [default=die] pam_faillock.so \
     authfail\nauth required pam_faillock.so authsucc\nauth required pam_permit.so\n",
    "auth required pam_tally2.so deny=5 unlock_time=900\nauth [success=1 default=ignore] pam_unix.so\nDENY",
    "auth [success=1 default=ignore] pam_unix.so\nDENYauth optional pam_ecryptfs.so unwrap\nauth optional pam_mount.so\n",
    "auth optional pam_exec.so quiet /usr/local/sbin/told\nauth [success=1 default=ignore] pam_unix.so\nDENY",
    "auth requisite pam_sss.so\n",
    "auth requisite pam_kanidm.so\n",
    "auth optional pam_faildelay.so delay=3000000\nauth requisite pam_nologin.so\nauth [success=ok new_authtok_reqd=ok \
     ignore=ignore user_unknown=bad default=die] pam_securetty.so\nauth requisite pam_unix.so\n",
    "auth sufficient pam_succeed_if.so uid = 0 use_uid quiet\nauth required pam_wheel.so use_uid\nauth requisite pam_unix.so\n",
];

#[test]
fn what_sysadmins_have_before_our_line_raises_no_alarm() {
    let deny = "auth requisite pam_deny.so\nauth required pam_permit.so\nauth optional pam_cap.so\n";
    for auth in HEALTHY {
        let text = SOUND.replace("@include common-auth\n", &auth.replace("DENY", deny));
        assert_eq!(ids("su", &text), [""; 0], "{text}");
    }
}

#[test]
fn a_key_in_place_of_a_code_is_only_noted() {
    let text = "@include common-auth\nauth [success=1 default=ignore] pam_u2f.so cue\nauth requisite pam_wardkey.so\n\
                auth required pam_permit.so\naccount required pam_wardkey.so\n@include common-account\n";
    assert_eq!(ids("sshd", text), ["other-factor"]);
}

#[test]
fn the_witness_shows_the_lines_that_led_in() {
    let text = "auth sufficient pam_unix.so\nauth requisite pam_wardkey.so\n";
    let faults = faults(&service("xsecurelock", text), &about());
    let Some(StackFault::Past(_, way)) = faults.first() else { panic!("{faults:?}") };
    let [step] = &way[..] else { panic!("{way:?}") };
    assert_eq!((step.module.as_str(), step.place.line, step.action), ("pam_unix.so", 1, Action::Done));
}
