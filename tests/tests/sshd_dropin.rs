//! The settings for sshd win by their name, as the real `sshd -T` says, whatever the distribution has there.

use wardkey_tests::machine::host::Host;
use wardkey_tests::proof::documents::read;

const EXAMPLE: &str = "config/sshd_config.d/00-wardkey.conf";

/// What sshd says with this file of a distribution beside ours, which has the name `ours`; none if it would not start.
fn settings(ours: &str, theirs: Option<(&str, &str)>) -> Option<Vec<String>> {
    let host = Host::bare();
    host.must("mkdir -p /run/sshd /etc/ssh/sshd_config.d && rm -f /etc/ssh/sshd_config.d/*");
    host.must("test -e /etc/ssh/wardkey_host || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/wardkey_host");
    host.write(&format!("/etc/ssh/sshd_config.d/{ours}"), read(EXAMPLE).expect(EXAMPLE));
    if let Some((name, text)) = theirs {
        host.write(&format!("/etc/ssh/sshd_config.d/{name}"), text);
    }
    host.write(
        "/etc/ssh/wardkey_sshd",
        "Include /etc/ssh/sshd_config.d/*.conf\nHostKey /etc/ssh/wardkey_host\nKbdInteractiveAuthentication no\n",
    );
    let said = host.must(
        "/usr/sbin/sshd -t -f /etc/ssh/wardkey_sshd && /usr/sbin/sshd -T -f /etc/ssh/wardkey_sshd; true",
    );
    let wanted =
        ["usepam", "kbdinteractiveauthentication", "passwordauthentication", "authenticationmethods"];
    let ours = |line: &&str| wanted.iter().any(|word| line.split(' ').next() == Some(word));
    let mut lines: Vec<String> = said.lines().filter(ours).map(str::to_owned).collect();
    lines.sort();
    (!lines.is_empty()).then_some(lines)
}

/// What Debian, Ubuntu's cloud image, RHEL 9 and Arch put there.
const DISTRIBUTIONS: [Option<(&str, &str)>; 5] = [
    None,
    Some(("50-cloud-init.conf", "PasswordAuthentication yes\n")),
    Some(("60-cloudimg-settings.conf", "PasswordAuthentication no\nKbdInteractiveAuthentication no\n")),
    Some((
        "50-redhat.conf",
        "SyslogFacility AUTHPRIV\nChallengeResponseAuthentication no\nUsePAM yes\nX11Forwarding yes\nPrintMotd no\n",
    )),
    Some(("99-archlinux.conf", "KbdInteractiveAuthentication no\nUsePAM yes\nPrintMotd no\n")),
];

#[test]
fn sshd_asks_for_both_whatever_the_distribution_has_there() {
    for theirs in DISTRIBUTIONS {
        assert_eq!(
            settings("00-wardkey.conf", theirs).expect("sshd starts"),
            [
                "authenticationmethods keyboard-interactive",
                "kbdinteractiveauthentication yes",
                "passwordauthentication no",
                "usepam yes"
            ],
            "{theirs:?}"
        );
    }
}

#[test]
fn a_name_behind_the_distributions_does_not_do() {
    assert_eq!(settings("wardkey.conf", DISTRIBUTIONS[3]), None);
}
